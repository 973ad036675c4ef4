//! “A renewal was sent”: written before the request and taken back when its answer was dealt with. What is still there at
//! the next start says that the process was ended in between, and that the server may have taken the refresh token for
//! spent (security.md E5).

use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use super::notes::Notes;
use crate::secret::Secret;

/// The entries.
pub(super) struct Journal {
    open: Notes<Entry>,
    spent: Notes<Spent>,
}

/// What is written. The token itself is not in it.
#[derive(Serialize, Deserialize)]
struct Entry {
    refresh_token_sha256: String,
}

/// The refresh tokens for which another one was given, the newest last.
#[derive(Default, Serialize, Deserialize)]
struct Spent {
    refresh_tokens_sha256: Vec<String>,
    /// Whether the one that was given last is where others find it.
    kept: bool,
}

/// So many are remembered: more than a process is behind that was left alone for some days.
const REMEMBERED: usize = 512;

impl Journal {
    pub fn new(folder: &Path) -> Self {
        Self { open: Notes::new(folder, ".json"), spent: Notes::new(folder, ".spent.json") }
    }

    /// A renewal is about to be sent. Whether that is written.
    pub fn sent(&self, connection: &str, refresh_token: &Secret) -> bool {
        self.open.try_write(connection, &Entry { refresh_token_sha256: digest(refresh_token) })
    }

    /// It was answered, and the answer dealt with.
    pub fn done(&self, connection: &str) {
        self.open.remove(connection);
    }

    /// Whether a renewal with this refresh token was sent and never finished.
    pub fn is_open(&self, connection: &str, refresh_token: &Secret) -> bool {
        let entry = self.open.read(connection);
        entry.is_some_and(|entry| entry.refresh_token_sha256 == digest(refresh_token))
    }

    /// It was answered with another refresh token. `kept` says whether that is where others find it.
    pub fn rotated(&self, connection: &str, refresh_token: &Secret, kept: bool) {
        let mut spent = self.all_spent(connection);
        spent.refresh_tokens_sha256.push(digest(refresh_token));
        let surplus = spent.refresh_tokens_sha256.len().saturating_sub(REMEMBERED);
        spent.refresh_tokens_sha256.drain(..surplus);
        spent.kept = kept;
        self.spent.try_write(connection, &spent);
    }

    /// A server has just given it: it is good, whatever became of it before. Some give the same one again.
    pub fn given(&self, connection: &str, refresh_token: &Secret) {
        let (mut spent, given) = (self.all_spent(connection), digest(refresh_token));
        if spent.refresh_tokens_sha256.contains(&given) {
            spent.refresh_tokens_sha256.retain(|known| *known != given);
            self.spent.try_write(connection, &spent);
        }
    }

    /// What the store has is the newest.
    pub fn kept(&self, connection: &str) {
        let mut spent = self.all_spent(connection);
        if !spent.kept {
            // First away: where the disk is full, nothing must say that what is kept now is spent.
            self.forget(connection);
            spent.kept = true;
            self.spent.try_write(connection, &spent);
        }
    }

    /// There is no login any more.
    pub fn forget(&self, connection: &str) {
        self.spent.remove(connection);
    }

    /// Whether another refresh token was given for this one.
    pub fn is_spent(&self, connection: &str, refresh_token: &Secret) -> bool {
        self.all_spent(connection).refresh_tokens_sha256.contains(&digest(refresh_token))
    }

    /// Whether another refresh token was given for this one, and is in the memory of one process only.
    pub fn is_spent_and_unkept(&self, connection: &str, refresh_token: &Secret) -> bool {
        !self.all_spent(connection).kept && self.is_spent(connection, refresh_token)
    }

    fn all_spent(&self, connection: &str) -> Spent {
        self.spent.read(connection).unwrap_or(Spent { kept: true, ..Spent::default() })
    }
}

/// What a secret is told by without being written.
pub(super) fn digest(secret: &Secret) -> String {
    let digest = hashed(secret);
    wipe_what_was_used();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// In a frame of its own: what is hashed is copied block by block.
#[inline(never)]
fn hashed(secret: &Secret) -> [u8; 32] {
    Sha256::digest(secret.expose()).into()
}

/// Wipes the part of the stack that was used by [`hashed`], which stands at the same depth (security.md F7).
#[inline(never)]
fn wipe_what_was_used() {
    let mut used = [0_u8; 4096];
    used.zeroize();
    std::hint::black_box(&used);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e5_a_renewal_that_was_not_finished_is_known_by_its_token_and_the_token_is_not_written() {
        let home = tempfile::tempdir().unwrap();
        let journal = Journal::new(home.path());
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
    fn e3_what_the_store_still_has_is_known_as_spent_until_something_newer_is_kept() {
        let home = tempfile::tempdir().unwrap();
        let journal = Journal::new(home.path());
        let [first, second, third] = ["refresh-token-1", "refresh-token-2", "refresh-token-3"].map(Secret::new);
        for token in [&first, &second] {
            journal.rotated("c", token, false);
        }
        assert!(journal.is_spent_and_unkept("c", &first) && !journal.is_spent("c", &third));
        journal.kept("c");
        assert!(!journal.is_spent_and_unkept("c", &first) && journal.is_spent("c", &first));
        let written = std::fs::read_to_string(home.path().join("c.spent.json")).unwrap();
        assert!(!written.contains(first.expose()));
        journal.forget("c");
        assert!(!journal.is_spent("c", &first));
    }

    #[test]
    fn e2_the_refresh_tokens_that_were_spent_last_are_remembered_and_no_more_than_are_needed() {
        let home = tempfile::tempdir().unwrap();
        let journal = Journal::new(home.path());
        let token = |number: usize| Secret::new(format!("refresh-token-{number}"));
        (0..600).for_each(|number| journal.rotated("c", &token(number), true));
        assert!(journal.is_spent("c", &token(599)) && journal.is_spent("c", &token(600 - REMEMBERED)));
        assert!(!journal.is_spent("c", &token(0)));
        // Some servers give the same one again.
        journal.given("c", &token(599));
        assert!(!journal.is_spent("c", &token(599)) && journal.is_spent("c", &token(598)));
    }
}
