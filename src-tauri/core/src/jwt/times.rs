//! Claims that are times (RFC 7519 section 2: NumericDate), read with what is odd about them (security.md G5).

use jiff::Timestamp;

use super::claims::ClaimHint;

/// The claims that are times: RFC 7519 section 4.1, RFC 7662 section 2.2; `auth_time` and `updated_at` are OpenID's.
pub(super) const TIMES: [&str; 5] = ["exp", "nbf", "iat", "auth_time", "updated_at"];

/// The instant that a value stands for, and what is odd about it.
pub(super) fn read(value: &str) -> (Option<Timestamp>, Option<ClaimHint>) {
    let quoted = serde_json::from_str::<String>(value).ok();
    let text = quoted.as_deref().unwrap_or(value);
    let Ok(number) = text.trim().parse::<f64>() else { return (None, Some(ClaimHint::NotATime)) };
    // After the year 4980 in seconds, or a date of our days in milliseconds: the latter is what happens.
    let milliseconds = number.abs() > 95e9;
    let instant = instant_of(if milliseconds { number / 1000.0 } else { number });
    let hint = match instant {
        None => Some(ClaimHint::NoSuchTime),
        Some(_) if milliseconds => Some(ClaimHint::Milliseconds),
        Some(_) if quoted.is_some() => Some(ClaimHint::QuotedNumber),
        Some(instant) if instant < Timestamp::UNIX_EPOCH => Some(ClaimHint::BeforeTheEpoch),
        Some(_) => None,
    };
    (instant, hint)
}

/// None for what no calendar has; a text such as `inf` is no number of JSON, and is none here either.
fn instant_of(seconds: f64) -> Option<Timestamp> {
    let duration = jiff::SignedDuration::try_from_secs_f64(seconds.trunc()).ok()?;
    Timestamp::from_duration(duration).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g5_times_of_every_form_are_read_or_hinted_at_and_never_panic() {
        use ClaimHint as H;
        for (value, second, hint) in [
            ("1300819380", Some(1_300_819_380), None),
            ("1300819380.5", Some(1_300_819_380), None),
            ("1.30081938e9", Some(1_300_819_380), None),
            ("\"1300819380\"", Some(1_300_819_380), Some(H::QuotedNumber)),
            ("0", Some(0), None),
            ("-1", Some(-1), Some(H::BeforeTheEpoch)),
            ("1300819380000", Some(1_300_819_380), Some(H::Milliseconds)),
            ("\"1300819380000\"", Some(1_300_819_380), Some(H::Milliseconds)),
            // Microseconds: a year that no calendar has.
            ("1300819380000000", None, Some(H::NoSuchTime)),
            ("1e30", None, Some(H::NoSuchTime)),
            ("-1e30", None, Some(H::NoSuchTime)),
            ("1e400", None, Some(H::NoSuchTime)),
            ("\"NaN\"", None, Some(H::NoSuchTime)),
            ("\"inf\"", None, Some(H::NoSuchTime)),
            ("\"soon\"", None, Some(H::NotATime)),
            ("\"\"", None, Some(H::NotATime)),
            ("null", None, Some(H::NotATime)),
            ("true", None, Some(H::NotATime)),
            ("[1]", None, Some(H::NotATime)),
            ("{}", None, Some(H::NotATime)),
        ] {
            let (instant, found) = read(value);
            assert_eq!((instant.map(Timestamp::as_second), found), (second, hint), "{value}");
        }
    }
}
