use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An error of the API, as the CLI reads it: `message` (providers.md §1.3). Statuses and words are
/// the sandbox's own where that page names none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Problem {
    status: StatusCode,
    /// Where the words stand: in `message`, or in `error`.
    member: &'static str,
    message: &'static str,
    /// The value of WWW-Authenticate.
    challenge: Option<&'static str>,
}

impl Problem {
    pub(super) fn bad_request(message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    pub(super) fn not_found(message: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, message)
    }

    pub(super) fn forbidden(message: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    /// The other form, in which a workflow is refused: `{"error":"invalid_install_user_id"}`.
    pub(super) fn code(code: &'static str) -> Self {
        Self { member: "error", ..Self::new(StatusCode::BAD_REQUEST, code) }
    }

    /// No access token at all: no error code either (RFC 6750 §3.1).
    pub(super) fn no_token() -> Self {
        Self {
            challenge: Some("Bearer realm=\"Relay\""),
            ..Self::new(StatusCode::UNAUTHORIZED, "Missing access token")
        }
    }

    /// No key for api.relaypro.com (providers.md §1.3).
    pub(super) fn no_key() -> Self {
        Self { challenge: Some("RelayApiKey"), ..Self::new(StatusCode::UNAUTHORIZED, "Missing API key") }
    }

    pub(super) fn unknown_key() -> Self {
        Self { challenge: Some("RelayApiKey"), ..Self::new(StatusCode::UNAUTHORIZED, "Unknown API key") }
    }

    /// An access token that isn't good, or isn't any more (RFC 6750 §3.1).
    pub(super) fn invalid_token(message: &'static str) -> Self {
        Self {
            challenge: Some("Bearer realm=\"Relay\", error=\"invalid_token\""),
            ..Self::new(StatusCode::UNAUTHORIZED, message)
        }
    }

    fn new(status: StatusCode, message: &'static str) -> Self {
        Self { status, member: "message", message, challenge: None }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = Json(json!({ self.member: self.message }));
        let challenge = self.challenge.map(|challenge| [(header::WWW_AUTHENTICATE, challenge)]);
        match challenge {
            Some(headers) => (self.status, headers, body).into_response(),
            None => (self.status, body).into_response(),
        }
    }
}
