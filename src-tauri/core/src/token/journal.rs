//! “A renewal was sent”: written before the request and taken back when its answer was dealt with. What is still there at
//! the next start says that the process was ended in between, and that the server may have taken the refresh token for
//! spent (security.md E5).

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::paths::{read_json, write_json};
use crate::secret::Secret;

/// The entries, a file for each connection.
pub(super) struct Journal {
    folder: PathBuf,
}

/// What is written. The token itself is not in it.
#[derive(Serialize, Deserialize)]
struct Sent {
    refresh_token_sha256: String,
    /// Whether it was answered with another refresh token, which could not be kept.
    #[serde(default)]
    spent: bool,
}

impl Journal {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// A renewal is about to be sent. Not written, it is sent all the same: a full disk must not end a login.
    pub fn sent(&self, connection: &str, refresh_token: &Secret) {
        self.write(connection, refresh_token, false);
    }

    /// It was answered with another refresh token, which could not be kept.
    pub fn spent(&self, connection: &str, refresh_token: &Secret) {
        self.write(connection, refresh_token, true);
    }

    /// It was answered, and the answer dealt with.
    pub fn done(&self, connection: &str) {
        let _ = std::fs::remove_file(self.file(connection));
    }

    /// Whether a renewal with this refresh token was sent and never finished.
    pub fn is_open(&self, connection: &str, refresh_token: &Secret) -> bool {
        self.entry(connection, refresh_token).is_some_and(|entry| !entry.spent)
    }

    /// Whether another refresh token was given for this one and is not kept.
    pub fn is_spent(&self, connection: &str, refresh_token: &Secret) -> bool {
        self.entry(connection, refresh_token).is_some_and(|entry| entry.spent)
    }

    fn entry(&self, connection: &str, refresh_token: &Secret) -> Option<Sent> {
        let entry: Option<Sent> = read_json(&self.file(connection)).ok().flatten();
        entry.filter(|entry| entry.refresh_token_sha256 == digest(refresh_token))
    }

    fn write(&self, connection: &str, refresh_token: &Secret, spent: bool) {
        let entry = Sent { refresh_token_sha256: digest(refresh_token), spent };
        if let Err(error) = write_json(&self.file(connection), &entry) {
            tracing::warn!(%error, "a renewal is not in the journal");
        }
    }

    fn file(&self, connection: &str) -> PathBuf {
        self.folder.join(format!("{connection}.json"))
    }
}

fn digest(secret: &Secret) -> String {
    Sha256::digest(secret.expose()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e5_a_renewal_that_was_not_finished_is_known_by_its_token_and_the_token_is_not_written() {
        let home = tempfile::tempdir().unwrap();
        let journal = Journal::new(home.path().to_owned());
        let token = Secret::new("refresh-token-0123456789");
        assert!(!journal.is_open("c", &token));
        journal.sent("c", &token);
        assert!(journal.is_open("c", &token));
        assert!(!journal.is_open("c", &Secret::new("another")) && !journal.is_open("d", &token));
        assert!(!journal.is_spent("c", &token));
        let written = std::fs::read_to_string(home.path().join("c.json")).unwrap();
        assert!(!written.contains(token.expose()));
        journal.spent("c", &token);
        assert!(journal.is_spent("c", &token) && !journal.is_open("c", &token));
        journal.done("c");
        assert!(!journal.is_open("c", &token) && !journal.is_spent("c", &token));
    }
}
