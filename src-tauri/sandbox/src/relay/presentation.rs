use axum::http::{HeaderMap, header};

use super::problem::Problem;
use crate::oauth::{Grant, Ledger, Presented};

/// What stands behind the access token that a request presents (RFC 6750 §2.1), whichever of the
/// servers gave it.
pub(super) fn check(headers: &HeaderMap, ledgers: &[&Ledger]) -> Result<Grant, Problem> {
    let token = bearer(headers).ok_or(Problem::no_token())?;
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

/// The token of the one Authorization header; two of them are none.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next()?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let single = values.next().is_none();
    (single && scheme.eq_ignore_ascii_case("Bearer")).then(|| token.trim())
}
