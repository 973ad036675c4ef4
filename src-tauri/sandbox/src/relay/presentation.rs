use axum::http::HeaderMap;

use super::problem::Problem;
use crate::credentials::credentials;
use crate::oauth::{Grant, Ledger, Presented};

/// What stands behind the access token that a request presents (RFC 6750 §2.1), whichever of the
/// servers gave it.
pub(super) fn check(headers: &HeaderMap, ledgers: &[&Ledger]) -> Result<Grant, Problem> {
    let token = credentials(headers, "Bearer").ok_or(Problem::no_token())?;
    let mut message = "Unknown access token";
    for ledger in ledgers {
        match ledger.present(token) {
            Presented::Good(grant) => return Ok(grant),
            Presented::Expired => message = "Access token expired",
            Presented::Unknown => {}
        }
    }
    Err(Problem::invalid_token(message))
}
