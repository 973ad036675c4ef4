//! How many targets stand how, and how fast it goes.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

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

/// Over how long a rate is measured.
const WINDOW: Duration = Duration::from_secs(5);
/// What is counted together.
const SLICE: Duration = Duration::from_millis(100);

/// How many requests ended in the last seconds.
#[derive(Debug, Default)]
pub struct Speed {
    slices: VecDeque<(Instant, u32)>,
    begun: Option<Instant>,
}

impl Speed {
    /// So many ended.
    pub fn add(&mut self, count: u32, now: Instant) {
        self.begun.get_or_insert(now);
        match self.slices.back_mut() {
            Some((begun, sum)) if now.duration_since(*begun) < SLICE => *sum += count,
            _ => self.slices.push_back((now, count)),
        }
        while self.slices.front().is_some_and(|(begun, _)| now.duration_since(*begun) > WINDOW) {
            self.slices.pop_front();
        }
    }

    /// Requests a second.
    pub fn rate(&self, now: Instant) -> f64 {
        let Some(begun) = self.begun else { return 0.0 };
        let recent = self.slices.iter().filter(|(begun, _)| now.duration_since(*begun) <= WINDOW);
        let sum: u32 = recent.map(|(_, count)| count).sum();
        let over = now.duration_since(begun).min(WINDOW).max(SLICE);
        f64::from(sum) / over.as_secs_f64()
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

    #[test]
    fn the_rate_is_that_of_the_last_five_seconds() {
        let (mut speed, begun) = (Speed::default(), Instant::now());
        let at = |seconds: u64| begun + Duration::from_secs(seconds);
        assert_eq!(speed.rate(begun) as u32, 0);
        for second in 0..10 {
            speed.add(20, at(second));
        }
        assert_eq!(speed.rate(at(9)) as u32, 6 * 20 / 5);
        assert_eq!(speed.rate(at(60)) as u32, 0);
    }
}
