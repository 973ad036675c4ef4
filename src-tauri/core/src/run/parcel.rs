//! A request of a run on its way: whatever becomes of its task, the run hears of it.

use tokio::sync::mpsc::UnboundedSender;

use super::step::{Claimed, Told};
use super::view::RunRow;
use crate::action::{Outcome, Target};
use crate::error::{Error, ErrorCode};
use crate::exchange::NoAnswer;

/// A target that is being sent.
pub struct Parcel {
    /// The target.
    pub claimed: Claimed,
    sender: UnboundedSender<(Claimed, Outcome)>,
    arrived: bool,
}

impl Parcel {
    /// It leaves.
    pub fn new(claimed: Claimed, sender: UnboundedSender<(Claimed, Outcome)>) -> Self {
        Self { claimed, sender, arrived: false }
    }

    /// It has come to an end.
    pub fn arrive(mut self, outcome: Outcome) {
        self.arrived = true;
        self.send(outcome);
    }

    fn send(&mut self, outcome: Outcome) {
        // Where nobody carries the run out any more, there is nobody to tell.
        let _ = self.sender.send((std::mem::take(&mut self.claimed), outcome));
    }
}

impl Drop for Parcel {
    /// Its task has panicked: what was sent may have been done.
    fn drop(&mut self) {
        if !self.arrived {
            let error = Error::new(ErrorCode::Internal, "Keydesk has lost sight of this request.");
            self.send(Outcome::of_no_answer(NoAnswer { error, sent: true }));
        }
    }
}

impl Told {
    /// As a row.
    pub fn row(&self, target: &Target) -> RunRow {
        let Outcome { status, took, replayed, truncated, error, .. } = &self.outcome;
        RunRow {
            number: self.number,
            target: target.value.clone(),
            label: target.label.clone(),
            state: self.state,
            status: *status,
            duration_ms: Some(u32::try_from(took.as_millis()).unwrap_or(u32::MAX)),
            attempts: self.attempts,
            replayed: *replayed,
            error: error.clone(),
            body: None,
            truncated: *truncated,
            refusal: None,
        }
    }
}
