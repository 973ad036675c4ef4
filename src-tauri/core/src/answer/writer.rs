//! Puts an answer down as it comes, and tells who reads it how far it is.

use std::fs::File;
use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::error::{Error, Result};
use crate::redact::{Masking, Redactor};

/// How far an answer is that is being written.
#[derive(Default)]
pub struct Coming {
    now: Mutex<Reached>,
    moved: Condvar,
}

/// So many bytes, and whether that is all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reached {
    /// How many bytes are there.
    pub size: u64,
    /// Whether no more will come.
    pub over: bool,
}

impl Coming {
    /// One that is there.
    pub fn whole(size: u64) -> Self {
        Self { now: Mutex::new(Reached { size, over: true }), moved: Condvar::default() }
    }

    /// How far it is.
    pub fn reached(&self) -> Reached {
        *self.lock()
    }

    /// Waits until there is more than this, or no more will come; not longer than so.
    pub fn wait(&self, size: u64, at_most: Duration) -> Reached {
        let waits = |now: &mut Reached| now.size <= size && !now.over;
        let waited = self.moved.wait_timeout_while(self.lock(), at_most, waits);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn reach(&self, change: impl FnOnce(&mut Reached)) {
        change(&mut self.lock());
        self.moved.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Reached> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Writes an answer. One that is dropped ends as it is: what is there stays, and can be looked at.
pub struct Writer {
    id: String,
    file: File,
    coming: Arc<Coming>,
    masking: Masking,
}

impl Writer {
    pub(super) fn new(id: String, file: File, coming: Arc<Coming>, redactor: &Arc<Redactor>) -> Self {
        Self { id, file, coming, masking: Masking::new(redactor) }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How many bytes are written. What may begin a secret is held back until more of it came.
    pub fn written(&self) -> u64 {
        self.coming.reached().size
    }

    /// Writes a piece, without the secrets that are in use.
    ///
    /// # Errors
    /// `not_written`: the disk is full, say. What is there stays.
    pub fn write(&mut self, piece: &[u8]) -> Result<()> {
        let masked = self.masking.piece(piece);
        put(&mut self.file, &self.coming, &masked)
    }

    /// Writes what was held back: there is no more. Gives how many bytes it has.
    ///
    /// # Errors
    /// `not_written`, as above.
    pub fn finish(mut self) -> Result<u64> {
        let rest = self.masking.rest();
        put(&mut self.file, &self.coming, &rest)?;
        Ok(self.written())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.coming.reach(|now| now.over = true);
    }
}

fn put(file: &mut File, coming: &Coming, bytes: &[u8]) -> Result<()> {
    let written = file.write_all(bytes);
    // Of what could not be written whole, a part may be there.
    let failed = written.is_err().then(|| file.metadata().map(|it| it.len()).ok()).flatten();
    coming.reach(|now| match failed {
        Some(size) => now.size = size,
        None if written.is_ok() => now.size += bytes.len() as u64,
        None => {}
    });
    written.map_err(Error::not_written)
}
