//! How many targets stand how, and how fast it goes.

use serde::Serialize;
use specta::Type;

use super::view::TargetState;

/// How many targets stand how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Type)]
#[allow(missing_docs)] // as in `TargetState`
pub struct RunCounts {
    pub total: u32,
    pub waiting: u32,
    pub sending: u32,
    pub accepted: u32,
    pub failed: u32,
    pub unknown: u32,
}

impl RunCounts {
    /// All of them wait.
    pub fn of(total: u32) -> Self {
        Self { total, waiting: total, ..Self::default() }
    }

    /// One goes from a state to another.
    pub fn moved(&mut self, from: TargetState, to: TargetState) {
        let count = self.of_state(from);
        *count = count.saturating_sub(1);
        *self.of_state(to) += 1;
    }

    /// Those whose outcome is known, or known to be unknown.
    pub fn over(&self) -> u32 {
        self.accepted + self.failed + self.unknown
    }

    fn of_state(&mut self, state: TargetState) -> &mut u32 {
        match state {
            TargetState::Waiting => &mut self.waiting,
            TargetState::Sending => &mut self.sending,
            TargetState::Accepted => &mut self.accepted,
            TargetState::Failed => &mut self.failed,
            TargetState::Unknown => &mut self.unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_is_counted_once() {
        let mut counts = RunCounts::of(3);
        counts.moved(TargetState::Waiting, TargetState::Sending);
        counts.moved(TargetState::Sending, TargetState::Unknown);
        assert_eq!((counts.waiting, counts.sending, counts.over()), (2, 0, 1));
    }
}
