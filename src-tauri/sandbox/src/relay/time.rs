use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// So many seconds ago, to the second.
pub(super) fn ago(seconds: u64) -> Timestamp {
    let duration = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or_default());
    let whole = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
    whole.checked_sub(duration).unwrap_or_default()
}

/// providers.md §1.4: no zone. It is UTC.
pub(super) fn without_zone(at: Timestamp) -> String {
    at.to_string().trim_end_matches('Z').to_owned()
}

/// An instant of a query. The CLI passes on what was typed and its types say a number in one place
/// and a text in the other (`latest`, `oldest`); what the real server takes is UNVERIFIED. Here:
/// ISO 8601, in UTC where it names no zone, or seconds or milliseconds since 1970.
pub(super) fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(number) = text.parse::<i64>() {
        let milliseconds = number.unsigned_abs() > 100_000_000_000;
        return if milliseconds { Timestamp::from_millisecond(number) } else { Timestamp::from_second(number) }.ok();
    }
    let in_utc = || Some(text.parse::<DateTime>().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp());
    text.parse().ok().or_else(in_utc)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_read_in_each_of_its_forms() {
        let at: Timestamp = "2026-01-31T12:00:00Z".parse().unwrap();
        let number = at.as_second().to_string();
        let forms = ["2026-01-31T12:00:00Z", "2026-01-31T13:00:00+01:00", "2026-01-31T12:00:00", &number];
        for text in forms {
            assert_eq!(instant(text), Some(at), "{text}");
        }
        assert_eq!(instant(&at.as_millisecond().to_string()), Some(at));
        assert_eq!(instant("yesterday"), None);
    }
}
