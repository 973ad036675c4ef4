use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use serde_json::json;

use super::authorization_server::Desk;
use super::client::{DEFAULT_SCOPE, authenticate};
use super::token::{refuse_secrets_in, scope};
use crate::oauth::{OauthError, form, no_store, with_query};

/// The device authorization endpoint (RFC 8628 §3.1 and §3.2).
pub(super) async fn device_authorization(
    State(desk): State<Desk>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<impl IntoResponse, OauthError> {
    refuse_secrets_in(query.as_deref().unwrap_or_default())?;
    let form = form(&headers, &body)?;
    let client = authenticate(&headers, &form)?;
    let scope = scope(&form, DEFAULT_SCOPE)?;
    let options = desk.shared.options();
    let (lifetime, interval) = (options.device_code_lifetime, options.device_interval);
    let given = desk.server.device_codes.give(&desk.shared.random, client.id, scope, lifetime, interval);
    let page = format!("{}/device", desk.server.issuer);
    let body = json!({
        "device_code": given.device_code,
        "user_code": given.user_code,
        "verification_uri": page,
        "verification_uri_complete": with_query(&page, &[("user_code", &given.user_code)]),
        "expires_in": lifetime.as_secs(),
        "interval": interval.as_secs(),
    });
    Ok((no_store(), Json(body)))
}
