use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, civil};

use crate::options::Options;

const SECOND: Duration = Duration::from_secs(1);

/// Counts requests against the two limits of providers.md §2.2. The sandbox has one caller's address
/// only.
#[derive(Default)]
pub(super) struct Meter(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    /// When the requests of the last second came.
    recent: VecDeque<Instant>,
    day: Option<civil::Date>,
    today: u32,
}

/// Why a request is one too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The words are the sandbox's. That Retry-After stands here and not at the daily limit is its
    /// choice too ("sometimes present, sometimes absent").
    TooFast,
    /// LIVE3P in providers.md §2.2, to the letter.
    OverTheDay(civil::Date),
}

impl Meter {
    /// Counts a request, or says why it is one too many. What is refused doesn't count.
    pub(super) fn admit(&self, options: &Options) -> Result<(), Refusal> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        if counts.day.replace(today) != Some(today) {
            counts.today = 0;
        }
        if options.image_relay_daily_limit.is_some_and(|limit| counts.today >= limit) {
            return Err(Refusal::OverTheDay(today));
        }
        let now = Instant::now();
        while counts.recent.front().is_some_and(|at| now.duration_since(*at) >= SECOND) {
            counts.recent.pop_front();
        }
        if options.image_relay_rate.is_some_and(|rate| counts.recent.len() >= rate as usize) {
            return Err(Refusal::TooFast);
        }
        counts.recent.push_back(now);
        counts.today += 1;
        Ok(())
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let status = StatusCode::TOO_MANY_REQUESTS;
        match self {
            Self::TooFast => (status, [(header::RETRY_AFTER, "1")], "Too many requests in a second\n").into_response(),
            Self::OverTheDay(today) => {
                let tomorrow = today.saturating_add(1.day());
                let message = format!(
                    "You have reached your daily API usage limit. Access will resume at {tomorrow} 00:00:00 UTC"
                );
                (status, message).into_response()
            }
        }
    }
}
