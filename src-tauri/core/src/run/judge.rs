//! What an outcome means for its target and for the others.

use std::time::Instant;

use jiff::Timestamp;

use super::runner::Runner;
use super::step::{Claimed, Told};
use super::view::{RunState, TargetState};
use crate::action::{Fate, MOMENT, Outcome};
use crate::clock::after;
use crate::error::ErrorCode;

/// Rows that are told at once at most.
const ROWS: usize = 200;
/// Refusals one after the other, of renewed tokens too, after which a person is asked.
const REFUSALS: u32 = 3;
/// What is kept of a body, where there are several, and of a single one; in bytes.
const BODY: usize = 16 * 1024;
const SINGLE_BODY: usize = 256 * 1024;

impl Runner {
    /// What is kept of a body, in bytes.
    pub(super) fn most_of_a_body(&self) -> usize {
        if self.several { BODY } else { SINGLE_BODY }
    }

    /// An outcome has come.
    pub(super) fn take(&mut self, sent: &Claimed, mut outcome: Outcome) {
        self.left.under_way -= 1;
        self.left.scouted = true;
        let state = self.judge(&outcome, sent.attempts);
        if self.several && outcome.body.as_ref().is_some_and(|body| body.len() > self.left.bodies) {
            (outcome.body, outcome.truncated) = (None, true);
        }
        self.left.bodies -= if self.several { outcome.body.as_ref().map_or(0, String::len) } else { 0 };
        {
            let mut now = self.live.now();
            now.counts.moved(TargetState::Sending, state);
            now.speed.add(1, Instant::now());
        }
        let told = Told { number: sent.number, state, attempts: sent.attempts + outcome.attempts, outcome };
        self.left.moved = true;
        if self.live.is_heard() && (self.left.changed.len() < ROWS || self.left.changed.contains_key(&told.number)) {
            self.left.changed.insert(told.number, told.row(&sent.target));
        }
        self.left.told.push(told);
    }

    /// How it stands with a target after this, and what it means for the others.
    fn judge(&mut self, outcome: &Outcome, before: u32) -> TargetState {
        let code = outcome.error.as_ref().map_or(ErrorCode::Internal, |error| error.code);
        match outcome.fate {
            Fate::Unknown => return TargetState::Unknown,
            // One request waits a moment where the server asks for it, once.
            Fate::Later(Some(wait)) if !self.several && wait <= MOMENT && before == 0 => {
                self.pace.hold(Some(wait), self.clock.now());
                return TargetState::Waiting;
            }
            Fate::Later(_) | Fate::Stuck if !self.several => return TargetState::Failed,
            Fate::Later(wait) => {
                if !self.pace.hold(wait, self.clock.now()) {
                    self.pause(code);
                }
                return TargetState::Waiting;
            }
            // The token lets others in, or a person has said once that it goes on: it is this target that is refused.
            Fate::Stuck if outcome.dead && (before > 0 || self.live.now().counts.accepted > 0) => self.pace.answered(),
            Fate::Stuck => {
                let wait = outcome.error.as_ref().filter(|_| code == ErrorCode::DailyLimit);
                let wait = wait.and_then(|error| error.retry_after);
                self.pause_until(code, wait.map(|seconds| after(self.clock.now(), i64::from(seconds))));
                return TargetState::Waiting;
            }
            Fate::Accepted | Fate::Failed => self.pace.answered(),
        }
        self.left.refusals = if outcome.dead { self.left.refusals + 1 } else { 0 };
        if self.several && self.left.refusals >= REFUSALS {
            self.left.refusals = 0;
            self.pause(code);
        }
        if outcome.fate == Fate::Accepted { TargetState::Accepted } else { TargetState::Failed }
    }

    /// Waits for a person. One who has stopped it meanwhile has the last word.
    pub(super) fn pause(&mut self, why: ErrorCode) {
        self.pause_until(why, None);
    }

    /// The same, and says from when on it makes sense to go on.
    fn pause_until(&mut self, why: ErrorCode, resumes: Option<Timestamp>) {
        let mut now = self.live.now();
        if now.state == RunState::Running {
            (now.state, now.note, now.waits_until) = (RunState::Paused, Some(why), resumes);
            self.left.moved = true;
        }
    }
}
