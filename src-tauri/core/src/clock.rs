//! What time it is. Injected, so that tests can move it.

use jiff::Timestamp;

/// The wall clock. A monotonic one would stand still while a laptop sleeps (security.md E12).
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;
}

/// The system's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// `now` plus seconds, which may be negative; saturates where a timestamp ends.
pub fn after(now: Timestamp, seconds: i64) -> Timestamp {
    let limit = if seconds < 0 { Timestamp::MIN } else { Timestamp::MAX };
    now.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(limit)
}

/// Whole seconds from `from` to `to`, negative when `to` is before.
pub fn seconds_between(from: Timestamp, to: Timestamp) -> i64 {
    to.as_second().saturating_sub(from.as_second())
}
