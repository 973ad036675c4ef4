//! “This connection was logged out”: known to every process. One that still has the token in memory forgets it, and what could not be
//! deleted because the keychain was locked is deleted when it opens (security.md E14, F13).

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::TokenSet;
use crate::error::Result;
use crate::paths::{read_json, write_json};

/// A log-out.
#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    /// What was obtained until then is over.
    at: Timestamp,
    /// Whether something may still be kept.
    owed: bool,
}

/// The marks, a file for each connection that was logged out last and not in again.
pub(super) struct LoggedOut {
    folder: PathBuf,
}

impl LoggedOut {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// It is logged out now. `owed` says whether something may still be kept.
    ///
    /// # Errors
    /// `internal` when the disk refuses: no other process knows of it.
    pub fn mark(&self, connection: &str, at: Timestamp, owed: bool) -> Result<()> {
        let written = write_json(&self.file(connection), &Mark { at, owed });
        written.map_err(|error| crate::error::Error::internal("write down that it was logged out", error))
    }

    /// There is another login, which is not meant: what was obtained before it stays over.
    pub fn spare(&self, connection: &str, login: &TokenSet) {
        let Some(mark) = self.of(connection).filter(|mark| login.obtained_at <= mark.at) else { return };
        let before = login.obtained_at.checked_sub(SignedDuration::from_nanos(1)).unwrap_or(login.obtained_at);
        if let Err(error) = self.mark(connection, before, mark.owed) {
            tracing::warn!(code = ?error.code, "a log-out is forgotten");
            self.clear(connection);
        }
    }

    /// What was logged out is kept nowhere any more.
    pub fn clear(&self, connection: &str) {
        let _ = std::fs::remove_file(self.file(connection));
    }

    /// Whether this token set was logged out.
    pub fn ended(&self, connection: &str, set: &TokenSet) -> bool {
        self.of(connection).is_some_and(|mark| set.obtained_at <= mark.at)
    }

    /// When it was logged out, where something may still be kept.
    pub fn owed(&self, connection: &str) -> Option<Timestamp> {
        self.of(connection).filter(|mark| mark.owed).map(|mark| mark.at)
    }

    fn of(&self, connection: &str) -> Option<Mark> {
        let file = self.file(connection);
        // Nearly always there is none.
        file.exists().then(|| read_json(&file).ok().flatten()).flatten()
    }

    fn file(&self, connection: &str) -> PathBuf {
        self.folder.join(format!("{connection}.logged-out.json"))
    }
}
