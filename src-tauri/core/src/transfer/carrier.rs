//! Who carries a transfer out: obeys the pace, waits, and keeps what is shown.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::live::Live;
use super::transfers::Means;
use super::view::TransferState;
use crate::account::Account;
use crate::pace::Pace;

/// What is kept of the last answer, in bytes.
const RESULT: usize = 16 * 1024;

/// Who carries a transfer out.
pub struct Carrier {
    pub means: Arc<Means>,
    pub live: Arc<Live>,
    pub pace: Arc<Pace>,
    /// What it works on, to be shown after a wait.
    state: TransferState,
    /// Tries one after the other that came no further, and how far that was.
    pub(super) tries: (u32, u64),
}

impl Carrier {
    /// Begins, or goes on.
    pub fn new(means: &Arc<Means>, live: &Arc<Live>, account: &Account) -> Self {
        let pace = means.paces.of(&account.connection.id, account.provider.api.per_second);
        let state = TransferState::Preparing;
        Self { means: means.clone(), live: live.clone(), pace, state, tries: (0, 0) }
    }

    /// Works on another part of it.
    pub fn work_in(&mut self, state: TransferState) {
        self.state = state;
        self.live.set(state);
    }

    /// Waits until a request may leave.
    pub async fn turn(&self) {
        loop {
            if let Some(until) = self.pace.held_until(self.means.clock.now()) {
                self.wait(until).await;
                continue;
            }
            match self.pace.begin(Instant::now()) {
                None => return,
                Some(wait) => tokio::time::sleep(wait).await,
            }
        }
    }

    /// Waits until then by the wall clock, which goes on while a laptop sleeps, and shows it.
    pub async fn wait(&self, until: Timestamp) {
        self.live.change(|now| (now.state, now.waits_until) = (TransferState::Waiting, Some(until)));
        self.rest(until).await;
        self.live.set(self.state);
    }

    /// The same, without a word.
    pub async fn rest(&self, until: Timestamp) {
        const LOOK: Duration = Duration::from_millis(100);
        loop {
            let left = until.duration_since(self.means.clock.now());
            match Duration::try_from(left) {
                Ok(left) if !left.is_zero() => tokio::time::sleep(left.min(LOOK)).await,
                _ => return,
            }
        }
    }

    /// Keeps an answer to be shown.
    pub fn answered(&self, body: &[u8]) {
        // A server may echo what it was sent (security.md F8). Masked whole, then cut.
        let mut text = self.means.redactor.mask(&String::from_utf8_lossy(body));
        text.truncate(text.floor_char_boundary(RESULT));
        if !text.is_empty() {
            self.live.now().result = Some(text);
        }
    }
}
