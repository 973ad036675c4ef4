//! A file that several processes read and change: whoever reads it sees whether another has written it since, and whoever
//! changes it holds a lock from reading to writing.

use std::fs::{File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use crate::lock_file;

/// Far longer than one holder takes.
const PATIENCE: Duration = Duration::from_secs(10);

/// The file, and the lock of those that change it.
pub struct SharedFile {
    path: PathBuf,
    lock: PathBuf,
}

/// Differs after each replacement of the file.
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
    /// When the system gives none, or one that holds it does not finish.
    pub fn lock(&self) -> io::Result<File> {
        lock_file::wait(&self.lock, PATIENCE)
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
