//! The programs' secrets: made anew each time the broker starts, and each in a file of its own, as the header that the
//! program sends. They go when it stops.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::programs::Program;
use crate::error::{Error, Result};
use crate::paths::write_whole;
use crate::secret::Secret;

/// The header with the secret.
pub const HEADER: &str = "Keydesk-Program";
/// How many requests of one program may wait at the same time.
const AT_ONCE: usize = 16;

/// The secrets of this start.
pub(super) struct Keys {
    folder: PathBuf,
    held: RwLock<HashMap<String, Key>>,
}

struct Key {
    /// When its program was added: one that is added again, by the same name, is another.
    added_at: Timestamp,
    secret: Secret,
    places: Arc<Semaphore>,
}

impl Keys {
    /// Files go into `folder`.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder, held: RwLock::default() }
    }

    /// The file of a program.
    pub fn file(&self, program: &str) -> PathBuf {
        self.folder.join(format!("{program}.header"))
    }

    /// Makes a secret for each program that has none, and forgets those of programs that are gone. Says whether any did.
    ///
    /// # Errors
    /// `internal` when there is no randomness, or a file cannot be written.
    pub fn follow(&self, programs: &[Program]) -> Result<bool> {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let before = held.len();
        held.retain(|id, key| {
            let stays = programs.iter().any(|program| &program.id == id && program.added_at == key.added_at);
            if !stays {
                self.delete(id);
            }
            stays
        });
        let mut changed = held.len() < before;
        for Program { id, added_at, .. } in programs {
            if !held.contains_key(id) {
                let secret = fresh()?;
                let places = Arc::new(Semaphore::new(AT_ONCE));
                let line = Secret::new(format!("{HEADER}: {}\n", secret.expose()));
                write_whole(&self.file(id), line.expose().as_bytes())
                    .map_err(|error| Error::internal("write a program's header", error))?;
                held.insert(id.clone(), Key { added_at: *added_at, secret, places });
                changed = true;
            }
        }
        Ok(changed)
    }

    /// Whose secret this is. Compares with every one, each in constant time, so that timing says nothing of any
    /// (security.md I3).
    pub fn whose(&self, secret: &str) -> Option<String> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.iter().fold(None, |found, (id, key)| if key.secret.same_as(secret) { Some(id.clone()) } else { found })
    }

    /// A place to wait at, unless the program takes too many.
    pub fn place(&self, program: &str) -> Option<OwnedSemaphorePermit> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.get(program)?.places.clone().try_acquire_owned().ok()
    }

    /// Forgets all. Their files go with the socket.
    pub fn clear(&self) {
        self.held.write().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn delete(&self, program: &str) {
        if let Err(error) = std::fs::remove_file(self.file(program)) {
            tracing::warn!(%error, "a program's header is still there");
        }
    }
}

/// 256 random bits, in characters that a header takes.
fn fresh() -> Result<Secret> {
    let mut bits = [0; 32];
    getrandom::fill(&mut bits).map_err(|error| Error::internal("make a secret", error))?;
    let secret = Secret::new(URL_SAFE_NO_PAD.encode(bits));
    zeroize::Zeroize::zeroize(&mut bits);
    Ok(secret)
}
