//! One renewal at a time for a connection: first among the callers in this process, then among processes, so that the
//! window and the command line never send one refresh token twice.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, MutexGuard};

use crate::error::{Error, ErrorCode, Result};

/// Longer than a renewal may take: two requests whose answers are lost, a step before each, and what follows.
const PATIENCE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(20);

pub(super) struct Gate {
    file: PathBuf,
    callers: Mutex<()>,
}

/// Held while renewing. The system frees the file's lock when its holder dies.
pub(super) struct Held<'a> {
    _caller: MutexGuard<'a, ()>,
    _file: File,
}

impl Gate {
    pub fn new(file: PathBuf) -> Self {
        Self { file, callers: Mutex::new(()) }
    }

    /// Waits for its turn.
    pub async fn pass(&self) -> Result<Held<'_>> {
        let caller = self.callers.lock().await;
        let open = OpenOptions::new().create(true).truncate(false).write(true).open(&self.file);
        let file = open.map_err(|error| Error::internal("open the lock file", error))?;
        let begun = Instant::now();
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Held { _caller: caller, _file: file }),
                Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => tokio::time::sleep(PAUSE).await,
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::new(
                        ErrorCode::TimedOut,
                        "Another Keydesk is renewing this token and does not finish.",
                    ));
                }
                Err(TryLockError::Error(error)) => return Err(Error::internal("lock the lock file", error)),
            }
        }
    }
}
