use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::authorization_server::Desk;
use super::client::ANOTHER_API_KEY;
use crate::account;
use crate::credentials::{are_given, basic, credentials};
use crate::oauth::{Grant, Parameters, Presented};

/// By what a request was authenticated.
#[derive(Debug, Clone)]
pub(super) enum Caller {
    AccessToken(Grant),
    KeyInHeader,
    KeyInQuery,
    Basic,
}

/// Why one was not (RFC 6750 §3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Problem {
    /// No credentials at all.
    Unauthenticated,
    InvalidToken(&'static str),
    WrongKey,
    WrongPassword,
    TwoMethods,
    InsufficientScope,
}

/// Who asks the API, whichever of its four ways was taken.
pub(super) fn check(desk: &Desk, headers: &HeaderMap, query: &Parameters) -> Result<Caller, Problem> {
    let in_header = headers.get("x-api-key").and_then(|key| key.to_str().ok());
    let in_query = query.get("api_key");
    match (are_given(headers), in_header, in_query) {
        (false, None, None) => Err(Problem::Unauthenticated),
        (true, None, None) => by_authorization(desk, headers),
        (false, Some(key), None) => by_key(key, Caller::KeyInHeader),
        (false, None, Some(key)) => by_key(key, Caller::KeyInQuery),
        _ => Err(Problem::TwoMethods),
    }
}

fn by_authorization(desk: &Desk, headers: &HeaderMap) -> Result<Caller, Problem> {
    if let Some(token) = credentials(headers, "Bearer") {
        return by_access_token(desk, token).map(Caller::AccessToken);
    }
    match basic(headers) {
        Some((username, password)) if account::accepts(&username, &password) => Ok(Caller::Basic),
        _ => Err(Problem::WrongPassword),
    }
}

pub(super) fn by_access_token(desk: &Desk, token: &str) -> Result<Grant, Problem> {
    match desk.server.ledger.present(token) {
        Presented::Good(grant) => Ok(grant),
        Presented::Expired => Err(Problem::InvalidToken("The access token expired")),
        Presented::Unknown => Err(Problem::InvalidToken("Unknown access token")),
    }
}

fn by_key(key: &str, caller: Caller) -> Result<Caller, Problem> {
    if key == ANOTHER_API_KEY { Ok(caller) } else { Err(Problem::WrongKey) }
}

impl Problem {
    fn parts(self) -> (StatusCode, &'static str, &'static str, Option<&'static str>) {
        let unauthorized = StatusCode::UNAUTHORIZED;
        match self {
            Self::Unauthenticated => (unauthorized, "unauthorized", "No credentials", Some("Bearer realm=\"sandbox\"")),
            Self::InvalidToken(message) => {
                let challenge = "Bearer realm=\"sandbox\", error=\"invalid_token\"";
                (unauthorized, "invalid_token", message, Some(challenge))
            }
            Self::WrongKey => (unauthorized, "unauthorized", "Unknown API key", None),
            Self::WrongPassword => {
                let challenge = "Basic realm=\"sandbox\", charset=\"UTF-8\"";
                (unauthorized, "unauthorized", "Wrong username or password", Some(challenge))
            }
            // RFC 6750 §2: one way in each request.
            Self::TwoMethods => (StatusCode::BAD_REQUEST, "invalid_request", "More than one kind of credentials", None),
            Self::InsufficientScope => {
                let challenge = "Bearer realm=\"sandbox\", error=\"insufficient_scope\", scope=\"openid\"";
                (StatusCode::FORBIDDEN, "insufficient_scope", "The scope doesn't allow this", Some(challenge))
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let (status, error, message, challenge) = self.parts();
        let mut response = (status, Json(json!({ "error": error, "message": message }))).into_response();
        if let Some(challenge) = challenge {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}
