//! A file that several processes read and change: whoever reads it sees whether another has written it since, and whoever
//! changes it holds a lock from reading to writing.

use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// The file, and the lock of those that change it.
pub struct SharedFile {
    path: PathBuf,
    lock: PathBuf,
}

/// Another for every file that is put in the place of the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp(u64, u64, SystemTime);

impl SharedFile {
    /// Nothing is opened yet.
    pub fn new(path: PathBuf, lock: PathBuf) -> Self {
        Self { path, lock }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Which file it is now; none where there is none.
    pub fn stamp(&self) -> Option<Stamp> {
        let found = std::fs::metadata(&self.path).ok()?;
        Some(Stamp(number(&found), found.len(), found.modified().ok()?))
    }

    /// Waits until no other process changes it. What is returned is the lock.
    ///
    /// # Errors
    /// When the system gives none.
    pub fn lock(&self) -> io::Result<File> {
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(&self.lock)?;
        file.lock()?;
        Ok(file)
    }
}

#[cfg(unix)]
fn number(file: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(file)
}

#[cfg(not(unix))]
fn number(_: &Metadata) -> u64 {
    0
}
