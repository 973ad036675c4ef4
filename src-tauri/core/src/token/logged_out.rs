//! “This connection was logged out”: known to every process. One that still has the token in memory forgets it, and what could not be
//! deleted because the keychain was locked is deleted when it opens (security.md E14, F13).

use std::path::PathBuf;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::TokenSet;
use super::journal::digest;
use crate::error::{Error, Result};
use crate::paths::{read_json, write_json};

/// How the name of a mark ends.
const ENDING: &str = ".logged-out.json";

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
        self.write(connection, &Mark { at, owed, spared: None })
    }

    /// There is another login, of which this is what there is now: it is not meant.
    pub fn spare(&self, connection: &str, set: &TokenSet) {
        if let Some(mark) = self.of(connection).filter(|mark| set.obtained_at <= mark.at) {
            self.note(connection, &Mark { spared: Some(digest(&set.access_token)), ..mark });
        }
    }

    /// Nothing is kept any more of what was logged out.
    pub fn settle(&self, connection: &str) {
        if let Some(mark) = self.of(connection).filter(|mark| mark.owed) {
            self.note(connection, &Mark { owed: false, ..mark });
        }
    }

    /// Whether this token set was logged out.
    pub fn ended(&self, connection: &str, set: &TokenSet) -> bool {
        let ends = |mark: Mark| {
            set.obtained_at <= mark.at && mark.spared.is_none_or(|spared| spared != digest(&set.access_token))
        };
        self.of(connection).is_some_and(ends)
    }

    /// The connections of which something may still be kept that was logged out.
    pub fn owed(&self) -> Vec<String> {
        let files = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        let names = files.filter_map(|file| Some(file.file_name().to_str()?.strip_suffix(ENDING)?.to_owned()));
        names.filter(|connection| self.is_owed(connection)).collect()
    }

    /// Whether something may still be kept that was logged out.
    pub fn is_owed(&self, connection: &str) -> bool {
        self.of(connection).is_some_and(|mark| mark.owed)
    }

    /// Not written, the worst is that a login after it is taken for logged out, or that something is deleted once more.
    fn note(&self, connection: &str, mark: &Mark) {
        if let Err(error) = self.write(connection, mark) {
            tracing::warn!(code = ?error.code, "what followed a log-out is not kept");
        }
    }

    fn write(&self, connection: &str, mark: &Mark) -> Result<()> {
        write_json(&self.file(connection), mark).map_err(|error| Error::internal("write down a log-out", error))
    }

    fn of(&self, connection: &str) -> Option<Mark> {
        read_json(&self.file(connection)).ok().flatten()
    }

    fn file(&self, connection: &str) -> PathBuf {
        self.folder.join(format!("{connection}{ENDING}"))
    }
}
