//! What the last renewal came to, if it failed: kept in a file, so that the next process neither asks a server that wants to be
//! left alone, nor sends a refresh token that it has refused (security.md E6, E7). A script starts a process for each token.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::TokenSet;
use super::journal::digest;
use super::notes::Notes;
use super::patience::Patience;
use crate::error::{Error, ErrorCode};

/// A renewal that failed. Holds nothing secret: the error's words are masked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Failure {
    /// Which token it was to replace.
    access_token_sha256: String,
    /// Whether the login is over.
    pub ended: bool,
    /// Whether the answer was lost.
    pub in_doubt: bool,
    /// How long it waits.
    pub patience: Patience,
    code: ErrorCode,
    message: String,
}

impl Failure {
    /// Of this token set.
    pub fn new(set: &TokenSet, ended: bool, in_doubt: bool, patience: Patience, error: &Error) -> Self {
        let access_token_sha256 = digest(&set.access_token);
        Self { access_token_sha256, ended, in_doubt, patience, code: error.code, message: error.message.clone() }
    }

    /// What went wrong.
    pub fn error(&self) -> Error {
        Error::new(self.code, self.message.as_str())
    }
}

/// The files, one for each connection whose last renewal failed.
pub(super) struct Failures(Notes<Failure>);

impl Failures {
    pub fn new(folder: &Path) -> Self {
        Self(Notes::new(folder, ".failed.json"))
    }

    /// Keeps it. Not kept, the next process asks once more.
    pub fn keep(&self, connection: &str, failure: &Failure) {
        self.0.try_write(connection, failure);
    }

    /// The last renewal went well, or there is another login.
    pub fn forget(&self, connection: &str) {
        self.0.remove(connection);
    }

    /// What came of the last renewal of this token set, if it failed.
    pub fn of(&self, connection: &str, set: &TokenSet) -> Option<Failure> {
        let failure = self.0.read(connection)?;
        (failure.access_token_sha256 == digest(&set.access_token)).then_some(failure)
    }
}
