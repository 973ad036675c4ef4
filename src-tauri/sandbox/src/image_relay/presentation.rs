use axum::http::HeaderMap;

use super::client::{IMAGE_RELAY_KEY, IMAGE_RELAY_VIEWER_KEY};
use super::problem::Problem;
use crate::account;
use crate::credentials::{basic, credentials};
use crate::oauth::{Ledger, Presented};

/// What the caller may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Caller {
    /// The demo account.
    Administrator,
    /// Whoever made the viewer's key.
    Viewer,
}

/// providers.md §2.1: `OAuth` before a token of the authorization server, `Bearer` before an API
/// key, or Basic. One of the vendor's own clients sends `Bearer` before both; whether the live
/// service takes that is UNVERIFIED, and the sandbox doesn't.
pub(super) fn check(headers: &HeaderMap, ledger: &Ledger) -> Result<Caller, Problem> {
    if let Some(token) = credentials(headers, "OAuth") {
        return match ledger.present(token) {
            Presented::Good(_) => Ok(Caller::Administrator),
            Presented::Expired | Presented::Unknown => Err(Problem::unauthorized()),
        };
    }
    if let Some(key) = credentials(headers, "Bearer") {
        return match key {
            IMAGE_RELAY_KEY => Ok(Caller::Administrator),
            IMAGE_RELAY_VIEWER_KEY => Ok(Caller::Viewer),
            _ => Err(Problem::unauthorized()),
        };
    }
    match basic(headers) {
        Some((username, password)) if account::accepts(&username, &password) => Ok(Caller::Administrator),
        _ => Err(Problem::unauthorized()),
    }
}
