//! “This connection was logged out”: known to every process. One that still has the token in memory forgets it, and what could not be
//! deleted because the keychain was locked is deleted when it opens (security.md E14, F13).

use std::path::Path;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::TokenSet;
use super::journal::digest;
use super::notes::Notes;
use crate::error::{Error, Result};

/// A log-out.
#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    /// What was obtained until then is over.
    at: Timestamp,
    /// Whether something may still be kept.
    owed: bool,
    /// The access token that is not meant, by its digest: of a login after that, obtained by a clock that was set back.
    #[serde(default)]
    spared: Option<String>,
}

/// The marks, a file for each connection that was logged out last and not in again.
pub(super) struct LoggedOut(Notes<Mark>);

impl LoggedOut {
    pub fn new(folder: &Path) -> Self {
        Self(Notes::new(folder, ".logged-out.json"))
    }

    /// It is logged out now. `owed` says whether something may still be kept.
    ///
    /// # Errors
    /// `internal` when the disk refuses: no other process knows of it.
    pub fn mark(&self, connection: &str, at: Timestamp, owed: bool) -> Result<()> {
        let written = self.0.write(connection, &Mark { at, owed, spared: None });
        written.map_err(|error| Error::internal("write down a log-out", error))
    }

    /// Exempts this token from the mark: it is of a later login.
    pub fn spare(&self, connection: &str, set: &TokenSet) {
        // Not written, it is taken for logged out where the clock was set back.
        if let Some(mark) = self.0.read(connection).filter(|mark| set.obtained_at <= mark.at) {
            self.0.try_write(connection, &Mark { spared: Some(digest(&set.access_token)), ..mark });
        }
    }

    /// Nothing is kept any more of what was logged out.
    pub fn settle(&self, connection: &str) {
        // Not written, it is deleted once more.
        if let Some(mark) = self.0.read(connection).filter(|mark| mark.owed) {
            self.0.try_write(connection, &Mark { owed: false, ..mark });
        }
    }

    /// Whether this token set was logged out.
    pub fn ended(&self, connection: &str, set: &TokenSet) -> bool {
        let ends = |mark: Mark| {
            set.obtained_at <= mark.at && mark.spared.is_none_or(|spared| spared != digest(&set.access_token))
        };
        self.0.read(connection).is_some_and(ends)
    }

    /// The connections of which something may still be kept that was logged out.
    pub fn owed(&self) -> Vec<String> {
        let mut marked = self.0.connections();
        marked.retain(|connection| self.is_owed(connection));
        marked
    }

    /// Whether something may still be kept that was logged out.
    pub fn is_owed(&self, connection: &str) -> bool {
        self.0.read(connection).is_some_and(|mark| mark.owed)
    }
}
