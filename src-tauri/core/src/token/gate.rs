//! One renewal at a time for a connection: first among the callers in this process, then among processes, so that the
//! window and the command line never send one refresh token twice.

use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::error::{Error, ErrorCode, Result};
use crate::lock_file;

/// Longer than a renewal may take: two requests whose answers are lost, a step before each, and what follows.
const PATIENCE: Duration = Duration::from_secs(120);
const PAUSE: Duration = Duration::from_millis(20);

pub(super) struct Gate {
    file: PathBuf,
    callers: Arc<Mutex<()>>,
}

/// Its turn among the callers in this process.
pub(super) struct Turn {
    _callers: OwnedMutexGuard<()>,
}

/// Held while renewing. The system frees the file's lock when its holder dies.
pub(super) struct Held {
    _turn: Turn,
    _file: File,
}

impl Gate {
    pub fn new(file: PathBuf) -> Self {
        Self { file, callers: Arc::default() }
    }

    /// The file; where the disk is full or can only be read, what is there already: it can be locked as well.
    fn open(&self) -> io::Result<File> {
        let folder = || File::open(self.file.parent().unwrap_or(&self.file));
        lock_file::open(&self.file).or_else(|error| File::open(&self.file).or_else(|_| folder()).map_err(|_| error))
    }

    /// Waits for its turn.
    pub async fn pass(&self) -> Result<Held> {
        self.pass_among_processes(self.turn().await).await
    }

    /// Waits for its turn among the callers in this process.
    pub async fn turn(&self) -> Turn {
        Turn { _callers: self.callers.clone().lock_owned().await }
    }

    /// Whose turn it is in this process waits for its turn among processes.
    pub async fn pass_among_processes(&self, turn: Turn) -> Result<Held> {
        let file = self.open().map_err(|error| Error::internal("open the lock file", error))?;
        let begun = Instant::now();
        while !lock_file::take(&file).map_err(|error| Error::internal("lock the lock file", error))? {
            if begun.elapsed() > PATIENCE {
                let message = "Another Keydesk is renewing this token and does not finish.";
                return Err(Error::new(ErrorCode::TimedOut, message));
            }
            tokio::time::sleep(PAUSE).await;
        }
        Ok(Held { _turn: turn, _file: file })
    }
}
