//! The limit of a day, told apart from the short one: both are status 429 (providers.md section 2.2).

use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::clock::seconds_between;
use crate::provider::{Api, DailyLimit};
use crate::transport::Answer;

/// No more is taken today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Day {
    /// How long it is until requests are taken again, where the answer says it.
    pub left: Option<Duration>,
}

/// Whether an answer says so.
pub(super) fn limit(api: &Api, answer: &Answer) -> Option<Day> {
    let limit = api.daily_limit.as_ref().filter(|_| answer.status == 429)?;
    let text = String::from_utf8_lossy(&answer.body);
    if !text.to_lowercase().contains(&limit.contains.to_lowercase()) {
        return None;
    }
    // By the server's own clock, where it shows it.
    let now = answer.date().unwrap_or_else(Timestamp::now);
    let left = resumes(limit, &text).and_then(|at| u64::try_from(seconds_between(now, at)).ok());
    Some(Day { left: left.map(Duration::from_secs).or_else(|| answer.retry_after()) })
}

/// When requests are taken again.
fn resumes(limit: &DailyLimit, text: &str) -> Option<Timestamp> {
    let (_, rest) = text.split_once(limit.resumes_after.as_deref()?)?;
    let rest = rest.trim_start();
    let word = rest.split_whitespace().next()?.trim_end_matches(['.', ',']);
    let naive = || rest.get(..19)?.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok().map(|at| at.timestamp());
    word.parse().ok().or_else(naive)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(status: u16, body: &str, headers: &[(&str, &str)]) -> Option<Day> {
        let api = "base_url = \"https://a.example\"\n[daily_limit]\ncontains = \"daily limit\"\nresumes_after = \"resume at\"";
        let mut map = reqwest::header::HeaderMap::new();
        for (name, value) in [&[("date", "Sun, 22 Nov 2026 22:00:00 GMT")], headers].concat() {
            map.insert(reqwest::header::HeaderName::try_from(name).unwrap(), value.parse().unwrap());
        }
        let body = body.as_bytes().to_vec();
        let answer = Answer { status, headers: map, body, truncated: false, took: Duration::ZERO };
        limit(&toml::from_str(api).unwrap(), &answer)
    }

    #[test]
    fn the_limit_of_a_day_is_told_by_its_words_and_ends_when_they_say() {
        let left = |body: &str, headers: &[_]| limited(429, body, headers).unwrap().left.map(|left| left.as_secs());
        assert_eq!(left("Your Daily limit. Access will resume at 2026-11-23 00:00:00 UTC", &[]), Some(7200));
        assert_eq!(left("daily limit, resume at 2026-11-23T00:00:00Z.", &[]), Some(7200));
        assert_eq!(left("daily limit, resume at 2026-11-23T05:00:00+05:00", &[]), Some(7200));
        // Past, unreadable or not said: then what the header asks for.
        for body in ["daily limit, resume at 2026-11-21 00:00:00", "daily limit, resume at noon", "daily limit"] {
            assert_eq!((left(body, &[]), left(body, &[("retry-after", "60")])), (None, Some(60)), "{body}");
        }
        assert_eq!(limited(429, "Too many requests", &[("retry-after", "1")]), None);
        assert_eq!(limited(403, "daily limit", &[]), None);
    }
}
