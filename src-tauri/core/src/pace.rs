//! How fast requests may leave: so many a second, and not before a server that asked to wait wants to be asked again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use crate::clock::after;

/// Waits without a word of the server: one second, then twice as long each time, up to this.
const LONGEST: u32 = 60;
/// So many waits without any success, and a person is asked.
const PATIENCE: u32 = 6;

/// Requests that begin one after the other, evenly.
#[derive(Debug)]
pub struct Even {
    step: Duration,
    next: Option<Instant>,
}

/// Steps shorter than this may be caught up with: clocks are not finer, and nobody counts so closely.
const FINE: Duration = Duration::from_millis(20);

impl Even {
    /// So many in a second. A little more apart than that: what leaves evenly does not arrive evenly.
    pub fn new(per_second: u32) -> Self {
        Self { step: Duration::from_secs_f64(1.02 / f64::from(per_second.max(1))), next: None }
    }

    /// So that a server counts no more than this, also where one is a fifth of a second later on its way than the next.
    pub fn below(limit: u32) -> Self {
        Self { step: Duration::from_secs_f64(1.2 / f64::from(limit.max(1))), next: None }
    }

    /// How long the next one has to wait; none: it may begin now.
    pub fn left(&self, now: Instant) -> Option<Duration> {
        self.next.and_then(|next| next.checked_duration_since(now)).filter(|left| !left.is_zero())
    }

    /// Takes the next place; how long until then.
    pub fn reserve(&mut self, now: Instant) -> Duration {
        let wait = self.left(now).unwrap_or_default();
        self.next = Some(now + wait + self.step);
        wait
    }

    /// One begins.
    pub fn begin(&mut self, now: Instant) {
        let late = self.next.filter(|next| self.step < FINE && now.duration_since(*next) < FINE);
        self.next = Some(late.unwrap_or(now) + self.step);
    }
}

/// What all runs and transfers of a connection share.
#[derive(Debug, Default)]
pub struct Pace(Mutex<State>);

/// The pace of each connection.
#[derive(Debug, Default)]
pub struct Paces(Mutex<HashMap<String, Arc<Pace>>>);

impl Paces {
    /// That of a connection, with at most so many requests a second.
    pub fn of(&self, connection: &str, per_second: Option<u32>) -> Arc<Pace> {
        let mut paces = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let pace = paces.entry(connection.to_owned()).or_default().clone();
        pace.limit(per_second);
        pace
    }
}

#[derive(Debug, Default)]
struct State {
    even: Option<(u32, Even)>,
    until: Option<Timestamp>,
    waits: u32,
}

impl Pace {
    /// At most so many a second, as the provider's file says.
    pub fn limit(&self, per_second: Option<u32>) {
        let mut state = self.state();
        if state.even.as_ref().map(|(known, _)| *known) != per_second {
            state.even = per_second.map(|limit| (limit, Even::below(limit)));
        }
    }

    /// Whether there is a limit.
    pub fn is_limited(&self) -> bool {
        self.state().even.is_some()
    }

    /// How long the next request has to wait; none: it begins now.
    pub fn begin(&self, now: Instant) -> Option<Duration> {
        let mut state = self.state();
        let (_, even) = state.even.as_mut()?;
        let left = even.left(now);
        if left.is_none() {
            even.begin(now);
        }
        left
    }

    /// For a request that stands alone: takes the next place among all. How long to wait for it; none: it begins now. Even no
    /// time at all would be a timer's turn, which is a millisecond.
    pub fn reserve(&self, now: Instant) -> Option<Duration> {
        let wait = self.state().even.as_mut().map(|(_, even)| even.reserve(now));
        wait.filter(|wait| !wait.is_zero())
    }

    /// Until when nothing is sent.
    pub fn held_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.state().until.filter(|until| now < *until)
    }

    /// A server asks to wait, or is not there. What was under way at the same time says the same and counts once.
    /// Whether it is worth another try.
    pub fn hold(&self, wait: Option<Duration>, now: Timestamp) -> bool {
        let mut state = self.state();
        let held = state.until.is_some_and(|until| now < until);
        if !held {
            state.waits += 1;
        }
        let own = 2_u32.saturating_pow(state.waits.saturating_sub(1)).min(LONGEST);
        let seconds = wait.map_or(u64::from(own), |wait| wait.as_secs().max(1));
        let until = after(now, i64::try_from(seconds).unwrap_or(i64::MAX));
        if !held || (wait.is_some() && state.until.is_some_and(|known| known < until)) {
            state.until = Some(until);
        }
        state.waits <= PATIENCE
    }

    /// A server answered.
    pub fn answered(&self) {
        self.state().waits = 0;
    }

    /// A person says: go on.
    pub fn go_on(&self) {
        let mut state = self.state();
        (state.waits, state.until) = (0, None);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h8_no_more_begin_in_a_second_than_the_limit_says() {
        let mut even = Even::new(5);
        let begun = Instant::now();
        let mut now = begun;
        let mut sent = Vec::new();
        while sent.len() < 20 {
            match even.left(now) {
                Some(left) => now += left,
                None => {
                    even.begin(now);
                    sent.push(now);
                }
            }
        }
        for first in &sent {
            let within = sent.iter().filter(|at| **at >= *first && **at < *first + Duration::from_secs(1)).count();
            assert!(within <= 5, "{within}");
        }
        let later = now + Duration::from_secs(60);
        assert!(even.left(later).is_none());
        even.begin(later);
        assert!(even.left(later).is_some(), "a rest is not caught up with");
    }

    #[test]
    fn h8_a_server_that_asks_to_wait_is_obeyed_and_one_that_does_not_say_how_long_is_asked_ever_later() {
        let (pace, now) = (Pace::default(), Timestamp::UNIX_EPOCH);
        assert!(pace.hold(Some(Duration::from_secs(7)), now));
        // Those that were under way say so too; the longest counts.
        assert!(pace.hold(Some(Duration::from_secs(9)), now));
        assert!(pace.hold(None, now));
        assert_eq!(pace.held_until(now), Some(after(now, 9)));
        let mut now = after(now, 9);
        assert_eq!(pace.held_until(now), None);
        for wait in [2, 4, 8, 16, 32] {
            assert!(pace.hold(None, now));
            assert_eq!(pace.held_until(now), Some(after(now, wait)));
            now = after(now, wait);
        }
        assert!(!pace.hold(None, now), "a person is asked");
        pace.answered();
        pace.go_on();
        assert!(pace.hold(None, now));
    }

    #[test]
    fn h8_each_who_waits_alone_has_a_place_of_its_own_and_all_of_them_one_pace() {
        let (pace, now) = (Pace::default(), Instant::now());
        assert_eq!((pace.reserve(now), pace.reserve(now)), (None, None), "without a limit");
        pace.limit(Some(5));
        let step = Duration::from_millis(240);
        assert_eq!([pace.reserve(now), pace.reserve(now), pace.reserve(now)], [None, Some(step), Some(step * 2)]);
        // A run comes after those.
        assert_eq!(pace.begin(now), Some(step * 3));
        assert_eq!(pace.begin(now + step * 3), None);
        assert_eq!(pace.reserve(now + step * 3), Some(step));
    }
}
