use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::failure::Failure;
use super::ledger::Opening;
use super::token_request::TokenRequest;
use super::user::User;
use super::{Server, TOKEN_PATH};
use crate::oauth::no_store;

/// How long a token lives where nothing is asked for (providers.md §5.1).
const DEFAULT_EXPIRATION: i64 = 7200;
const REVOKED: HeaderName = HeaderName::from_static("wazo-sessions-revoked");

/// POST `/token` (providers.md §5.1): by Basic authentication or by a refresh token.
pub(super) async fn log_in(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let request = TokenRequest::read(&json_body(&headers, &body)?)?;
    let user = authenticate(&server, &request, &headers)?;
    let opening = Opening {
        user,
        lifetime: lifetime(&server, request.expiration),
        offline: request.offline,
        client_id: request.client_id.as_deref(),
        refresh_token: request.refresh_token.as_deref(),
        mobile: is_mobile(&headers),
        user_agent: headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default(),
        cap: server.shared.options().wazo_session_cap,
    };
    let (token, revoked) = server.ledger.open(&server.shared.random, &opening)?;
    let mut data = token.given();
    // A refresh brings none: the old one stays.
    if request.offline {
        data["refresh_token"] = json!(token.refresh_token);
    }
    Ok(([(REVOKED, revoked.to_string())], no_store(), Json(json!({ "data": data }))).into_response())
}

/// Forms are no JSON whatever they hold; else the type says nothing (providers.md §5.1).
fn json_body(headers: &HeaderMap, body: &[u8]) -> Result<Value, Failure> {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if content_type.starts_with("application/x-www-form-urlencoded") || content_type.starts_with("multipart/") {
        return Err(Failure::bad_json());
    }
    serde_json::from_slice(body).map_err(|_| Failure::bad_json())
}

/// A refresh token goes before Basic; all failures look alike (providers.md §5.3).
fn authenticate(server: &Server, request: &TokenRequest, headers: &HeaderMap) -> Result<&'static User, Failure> {
    if let Some(token) = &request.refresh_token {
        count(server, "refresh_token");
        let client_id = request.client_id.as_deref().unwrap_or_default();
        return server.ledger.refresh(token, client_id).ok_or_else(Failure::authentication);
    }
    count(server, "password");
    let (login, password) = basic(headers).ok_or_else(Failure::authentication)?;
    let user = User::called(&login).filter(|user| server.ledger.knows_password(user, &password));
    user.filter(|_| !request.elsewhere).ok_or_else(Failure::authentication)
}

/// Lets a test count refreshes apart from logins. The names are OAuth's; Wazo has none.
fn count(server: &Server, grant_type: &str) {
    server.shared.record.request(&format!("{TOKEN_PATH}?grant_type={grant_type}"));
}

/// UTF-8, or else Latin-1 (providers.md §5.1).
fn basic(headers: &HeaderMap) -> Option<(String, String)> {
    let encoded = headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Basic ")?;
    let decoded = BASE64_STANDARD.decode(encoded.trim()).ok()?;
    let text =
        String::from_utf8(decoded).unwrap_or_else(|error| error.into_bytes().into_iter().map(char::from).collect());
    let (login, password) = text.split_once(':')?;
    (!login.is_empty() && !password.is_empty()).then(|| (login.to_owned(), password.to_owned()))
}

/// As asked for, but no longer than a sandbox that was told to give short lives gives them.
fn lifetime(server: &Server, expiration: Option<i64>) -> SignedDuration {
    let asked = SignedDuration::from_secs(expiration.unwrap_or(DEFAULT_EXPIRATION));
    let told = server.shared.access_token_lifetime();
    if told < Duration::from_secs(DEFAULT_EXPIRATION.unsigned_abs()) {
        return asked.min(SignedDuration::try_from(told).unwrap_or(asked));
    }
    asked
}

fn is_mobile(headers: &HeaderMap) -> bool {
    headers.get("wazo-session-type").is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"mobile"))
}

/// When a token given now ends.
pub(super) fn end(from: Timestamp, lifetime: SignedDuration) -> Timestamp {
    from.checked_add(lifetime).unwrap_or(Timestamp::MAX)
}
