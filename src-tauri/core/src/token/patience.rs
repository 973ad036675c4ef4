//! When a renewal that failed is tried again: later each time, not all at once, and never before the server allows it
//! (security.md E7, E8).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::{after, seconds_between};
use crate::error::Error;

/// Seconds to wait after the first failure; twice as many after each further one.
const FIRST: i64 = 5;
/// The most that is waited without the server asking for it.
const MOST: i64 = 300;
/// The most that a server can ask for (RFC 9110 section 10.2.3).
const MOST_ASKED: i64 = 3600;

/// What was learned from failures in a row.
#[derive(Debug, Default, Clone, Serialize, Deserialize)]
pub(super) struct Patience {
    failures: u32,
    until: Option<Timestamp>,
}

impl Patience {
    /// Another failure.
    pub fn after(&self, error: &Error, now: Timestamp) -> Self {
        let doubled = FIRST.saturating_mul(1 << self.failures.min(10)).min(MOST);
        let asked = error.retry_after.map_or(0, i64::from).min(MOST_ASKED);
        // Up to a quarter more, so that many clients do not come back together.
        let jitter = i64::from(random_byte()) * doubled / 1024;
        Self { failures: self.failures + 1, until: Some(after(now, asked.max(doubled) + jitter)) }
    }

    /// How many seconds are left. A clock that was set back does not make it longer than it can have been.
    pub fn seconds_left(&self, now: Timestamp) -> Option<i64> {
        let left = seconds_between(now, self.until?);
        (1..=MOST_ASKED + MOST).contains(&left).then_some(left)
    }

    /// When it is tried again.
    pub fn until(&self) -> Option<Timestamp> {
        self.until
    }
}

fn random_byte() -> u8 {
    let mut byte = [0];
    // Without randomness all wait equally long, which does no harm.
    let _ = getrandom::fill(&mut byte);
    byte[0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    #[test]
    fn e7_each_failure_waits_longer_and_a_server_is_obeyed_up_to_an_hour() {
        let error = Error::new(ErrorCode::ServerFailed, "");
        let mut patience = Patience::default();
        let mut waits = Vec::new();
        for _ in 0..12 {
            patience = patience.after(&error, NOW);
            waits.push(patience.seconds_left(NOW).unwrap());
        }
        assert!((5..=6).contains(&waits[0]) && (10..=12).contains(&waits[1]), "{waits:?}");
        assert!(waits[11] <= 375, "{waits:?}");
        for (asked, least, most) in [(120, 120, 122), (86_400 * 365, 3600, 3602)] {
            let error = Error { retry_after: Some(asked), ..Error::new(ErrorCode::RateLimited, "") };
            let left = Patience::default().after(&error, NOW).seconds_left(NOW).unwrap();
            assert!((least..=most).contains(&left), "{left}");
        }
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_make_the_wait_longer() {
        let patience = Patience::default().after(&Error::new(ErrorCode::ServerFailed, ""), NOW);
        assert_eq!(patience.seconds_left(after(NOW, -86_400)), None);
        assert_eq!(patience.seconds_left(after(NOW, 60)), None);
    }
}
