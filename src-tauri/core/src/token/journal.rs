//! “A renewal was sent”: written before the request and taken back when its answer was dealt with. What is still there at
//! the next start says that the process was ended in between, and that the server may have taken the refresh token for
//! spent (security.md E5).

use std::path::{Path, PathBuf};

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
struct Entry {
    refresh_token_sha256: String,
}

impl Journal {
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// A renewal is about to be sent. Not written, it is sent all the same: a full disk must not end a login.
    pub fn sent(&self, connection: &str, refresh_token: &Secret) {
        write(&self.open(connection), refresh_token);
    }

    /// It was answered, and the answer dealt with.
    pub fn done(&self, connection: &str) {
        let _ = std::fs::remove_file(self.open(connection));
    }

    /// Whether a renewal with this refresh token was sent and never finished.
    pub fn is_open(&self, connection: &str, refresh_token: &Secret) -> bool {
        is_of(&self.open(connection), refresh_token)
    }

    /// It was answered with another refresh token, which could not be kept. Of several in a row the first one counts: it
    /// is what the keychain still has.
    pub fn unkept(&self, connection: &str, refresh_token: &Secret) {
        let file = self.spent(connection);
        if !file.exists() {
            write(&file, refresh_token);
        }
    }

    /// What the keychain has is the newest.
    pub fn kept(&self, connection: &str) {
        let _ = std::fs::remove_file(self.spent(connection));
    }

    /// Whether another refresh token was given for this one and is not kept.
    pub fn is_spent(&self, connection: &str, refresh_token: &Secret) -> bool {
        is_of(&self.spent(connection), refresh_token)
    }

    fn open(&self, connection: &str) -> PathBuf {
        self.folder.join(format!("{connection}.json"))
    }

    fn spent(&self, connection: &str) -> PathBuf {
        self.folder.join(format!("{connection}.spent.json"))
    }
}

fn write(file: &Path, refresh_token: &Secret) {
    if let Err(error) = write_json(file, &Entry { refresh_token_sha256: digest(refresh_token) }) {
        tracing::warn!(%error, "a renewal is not in the journal");
    }
}

fn is_of(file: &Path, refresh_token: &Secret) -> bool {
    let entry: Option<Entry> = read_json(file).ok().flatten();
    entry.is_some_and(|entry| entry.refresh_token_sha256 == digest(refresh_token))
}

/// What a secret is told by without being written.
pub(super) fn digest(secret: &Secret) -> String {
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
        let written = std::fs::read_to_string(home.path().join("c.json")).unwrap();
        assert!(!written.contains(token.expose()));
        journal.done("c");
        assert!(!journal.is_open("c", &token));
    }

    #[test]
    fn e3_what_the_keychain_still_has_is_known_as_spent_until_something_newer_is_kept() {
        let home = tempfile::tempdir().unwrap();
        let journal = Journal::new(home.path().to_owned());
        let [first, second] = ["refresh-token-1", "refresh-token-2"].map(Secret::new);
        for token in [&first, &second] {
            journal.sent("c", token);
            journal.unkept("c", token);
            journal.done("c");
        }
        assert!(journal.is_spent("c", &first) && !journal.is_spent("c", &second) && !journal.is_open("c", &first));
        journal.kept("c");
        assert!(!journal.is_spent("c", &first));
    }
}
