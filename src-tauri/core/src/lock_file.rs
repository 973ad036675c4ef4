//! Locks that processes respect. The system frees one when its holder dies.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

/// Between two looks at a lock that another process holds.
const PAUSE: Duration = Duration::from_millis(5);

/// Opens the file of a lock; what is in it does not matter.
///
/// # Errors
/// When the system refuses.
pub fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).truncate(false).write(true).open(path)
}

/// Takes a lock that nobody holds. Whether it was taken.
///
/// # Errors
/// When the system knows no locks there.
pub fn take(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Opens and takes a lock, and waits so long for whoever holds it. For what is held for moments: the thread waits.
///
/// # Errors
/// As for [`open`] and [`take`]; `TimedOut` when it is held for longer.
pub fn wait(path: &Path, patience: Duration) -> io::Result<File> {
    let (file, begun) = (open(path)?, Instant::now());
    while !take(&file)? {
        if begun.elapsed() > patience {
            return Err(io::Error::new(io::ErrorKind::TimedOut, "another Keydesk does not finish with it"));
        }
        std::thread::sleep(PAUSE);
    }
    Ok(file)
}
