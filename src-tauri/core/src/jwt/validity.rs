//! Whether a token's time is now, by its own word. Another matter than its signature: an old token may be well signed.

use jiff::Timestamp;
use serde::Serialize;
use specta::Type;

use super::claims::{ClaimView, instant};

/// How it stands with a token's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TimeState {
    /// It has begun and not ended.
    InTime,
    /// Its `exp` is past.
    Expired,
    /// Its `nbf` is to come.
    NotYet,
    /// It names no end.
    NoEnd,
    /// It names an end that is no time.
    Unreadable,
    /// It says nothing that can be read.
    Unknown,
}

/// How it stands with a token's time, and the times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TimeVerdict {
    /// In a word.
    pub state: TimeState,
    /// Its `nbf`.
    #[specta(type = Option<String>)]
    pub not_before: Option<Timestamp>,
    /// Its `exp`.
    #[specta(type = Option<String>)]
    pub expires_at: Option<Timestamp>,
}

impl TimeVerdict {
    /// By these claims, at this instant (RFC 7519 sections 4.1.4 and 4.1.5), without any tolerance.
    pub(super) fn of(claims: &[ClaimView], now: Timestamp) -> Self {
        let has = |name: &str| claims.iter().any(|claim| claim.name == name);
        let (not_before, expires_at) = (instant(claims, "nbf"), instant(claims, "exp"));
        let state = match (not_before, expires_at) {
            _ if claims.is_empty() => TimeState::Unknown,
            (_, Some(end)) if end <= now => TimeState::Expired,
            (Some(begin), _) if begin > now => TimeState::NotYet,
            (_, Some(_)) => TimeState::InTime,
            _ if has("exp") => TimeState::Unreadable,
            _ => TimeState::NoEnd,
        };
        Self { state, not_before, expires_at }
    }
}
