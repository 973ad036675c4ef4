//! Times as people say them.

use keydesk_core::{Clock, Need, SystemClock, TokenState, TokenView};

/// Now, in seconds since 1970.
pub fn now() -> i64 {
    SystemClock.now().as_second()
}

/// How many seconds a token has left; none where nobody says when it ends.
pub fn seconds_left(token: &TokenView) -> Option<i64> {
    token.expires_at.map(|end| end.as_second() - now())
}

/// A number of seconds in words: “in 1 h 59 min”, “5 min ago”.
pub fn from_now(seconds: i64) -> String {
    let words = span(seconds.unsigned_abs());
    if seconds < 0 { format!("{words} ago") } else { format!("in {words}") }
}

/// A token's state in words.
pub fn state(token: &TokenView) -> &'static str {
    match token.state {
        TokenState::Expired if token.need == Some(Need::Renew) => "renewal in doubt",
        TokenState::Fresh | TokenState::Soon => "logged in",
        TokenState::Expired => "renews itself",
        TokenState::LoginNeeded => "login needed",
        TokenState::None => "not logged in",
    }
}

fn span(seconds: u64) -> String {
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    match seconds {
        0..120 => format!("{seconds} s"),
        120..3600 => format!("{minutes} min"),
        3600..172_800 => format!("{hours} h {} min", minutes % 60),
        _ => format!("{days} days"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_told_as_people_say_them() {
        let told = [-5, 119, 120, 7199, 7200, 172_800].map(from_now);
        assert_eq!(told, ["5 s ago", "in 119 s", "in 2 min", "in 1 h 59 min", "in 2 h 0 min", "in 2 days"]);
    }
}
