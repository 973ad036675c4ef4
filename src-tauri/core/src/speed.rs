//! How fast something goes.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// Over how long a rate is measured.
const WINDOW: Duration = Duration::from_secs(5);
/// What is counted together.
const SLICE: Duration = Duration::from_millis(100);

/// How much was done in the last seconds: requests, or bytes.
#[derive(Debug, Default)]
pub struct Speed {
    slices: VecDeque<(Instant, u64)>,
    begun: Option<Instant>,
}

impl Speed {
    /// So much was done.
    pub fn add(&mut self, count: u64, now: Instant) {
        self.begun.get_or_insert(now);
        match self.slices.back_mut() {
            Some((begun, sum)) if now.duration_since(*begun) < SLICE => *sum += count,
            _ => self.slices.push_back((now, count)),
        }
        while self.slices.front().is_some_and(|(begun, _)| now.duration_since(*begun) > WINDOW) {
            self.slices.pop_front();
        }
    }

    /// So much a second.
    pub fn rate(&self, now: Instant) -> f64 {
        let Some(begun) = self.begun else { return 0.0 };
        let recent = self.slices.iter().filter(|(begun, _)| now.duration_since(*begun) <= WINDOW);
        let sum: u64 = recent.map(|(_, count)| count).sum();
        let over = now.duration_since(begun).min(WINDOW).max(SLICE);
        // Exact as far as anybody looks.
        #[allow(clippy::cast_precision_loss)]
        let sum = sum as f64;
        sum / over.as_secs_f64()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
