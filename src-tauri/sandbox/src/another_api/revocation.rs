use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};

use super::authorization_server::Desk;
use super::client::authenticate;
use super::token::refuse_secrets_in;
use crate::oauth::{OauthError, form};

/// The revocation endpoint: 200 for unknown tokens too (RFC 7009 §2.2).
pub(super) async fn revoke(
    State(desk): State<Desk>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, OauthError> {
    refuse_secrets_in(query.as_deref().unwrap_or_default())?;
    let form = form(&headers, &body)?;
    let client = authenticate(&headers, &form)?;
    let token = form.get("token").ok_or(OauthError::invalid_request("Missing parameter: token"))?;
    desk.server.ledger.revoke(token, client.id);
    Ok(StatusCode::OK)
}
