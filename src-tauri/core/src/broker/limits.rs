//! Who guesses is slowed down, and who repeats itself fills no activity.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Over how long wrong secrets are counted.
const WINDOW: Duration = Duration::from_secs(60);
/// So many are answered at once. A program that missed a start of the broker needs one.
const FREE: u32 = 10;

/// Counts wrong secrets. Right ones never pass here: a flood of wrong ones locks nobody out (security.md I10).
#[derive(Default)]
pub(super) struct SlowDown {
    /// When the window began, and how many there were since.
    counted: Mutex<Option<(Instant, u32)>>,
}

impl SlowDown {
    /// How long an answer to a wrong secret is held back.
    pub const HELD: Duration = Duration::from_millis(50);

    /// One more. Once there are too many: for how many seconds.
    pub fn wrong(&self) -> Option<u32> {
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let (begun, count) = counted.filter(|(begun, _)| begun.elapsed() < WINDOW).unwrap_or((Instant::now(), 0));
        *counted = Some((begun, count.saturating_add(1)));
        let left = WINDOW.saturating_sub(begun.elapsed()).as_secs() + 1;
        (count >= FREE).then(|| u32::try_from(left).unwrap_or(u32::MAX))
    }
}

/// Lets through what is new, or was a minute ago.
pub(super) struct OnceAMinute<K> {
    told: Mutex<HashMap<K, Instant>>,
}

impl<K> Default for OnceAMinute<K> {
    fn default() -> Self {
        Self { told: Mutex::default() }
    }
}

impl<K: Eq + Hash> OnceAMinute<K> {
    /// Whether it is to be told.
    pub fn is_new(&self, key: K) -> bool {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.retain(|_, at| at.elapsed() < WINDOW);
        let new = !told.contains_key(&key);
        if new {
            told.insert(key, Instant::now());
        }
        new
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i10_the_eleventh_wrong_secret_in_a_minute_is_one_too_many() {
        let slow_down = SlowDown::default();
        assert!((0..FREE).all(|_| slow_down.wrong().is_none()));
        let seconds = slow_down.wrong().unwrap();
        assert!((1..=61).contains(&seconds), "{seconds}");
    }

    #[test]
    fn the_same_is_told_once() {
        let told = OnceAMinute::default();
        assert_eq!([told.is_new(1), told.is_new(2), told.is_new(1)], [true, true, false]);
    }
}
