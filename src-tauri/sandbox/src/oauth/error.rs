use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An error response of the token endpoint (RFC 6749 §5.2).
#[derive(Debug, Clone, Copy)]
pub(crate) struct OauthError {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
    /// The value of WWW-Authenticate.
    challenge: Option<&'static str>,
}

impl OauthError {
    pub(crate) fn invalid_request(description: &'static str) -> Self {
        Self::bad_request("invalid_request", description)
    }

    pub(crate) fn invalid_grant(description: &'static str) -> Self {
        Self::bad_request("invalid_grant", description)
    }

    pub(crate) fn unsupported_grant_type(description: &'static str) -> Self {
        Self::bad_request("unsupported_grant_type", description)
    }

    pub(crate) fn unauthorized_client(description: &'static str) -> Self {
        Self::bad_request("unauthorized_client", description)
    }

    pub(crate) fn invalid_scope(description: &'static str) -> Self {
        Self::bad_request("invalid_scope", description)
    }

    /// RFC 8628 §3.5: one of those a waiting device is told.
    pub(crate) fn of_device(error: &'static str, description: &'static str) -> Self {
        Self::bad_request(error, description)
    }

    /// For a client that came with HTTP Basic (RFC 6749 §5.2).
    pub(crate) fn invalid_basic_client(description: &'static str) -> Self {
        Self { challenge: Some("Basic realm=\"sandbox\", charset=\"UTF-8\""), ..Self::invalid_client(description) }
    }

    /// 401, as Keycloak gives it for a client that it doesn't know.
    pub(crate) fn invalid_client(description: &'static str) -> Self {
        Self { status: StatusCode::UNAUTHORIZED, error: "invalid_client", description, challenge: None }
    }

    fn bad_request(error: &'static str, description: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description, challenge: None }
    }
}

impl IntoResponse for OauthError {
    fn into_response(self) -> Response {
        let body = json!({ "error": self.error, "error_description": self.description });
        let mut response = (self.status, no_store(), Json(body)).into_response();
        if let Some(challenge) = self.challenge {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        response
    }
}

/// Demanded of every answer of the token endpoint (RFC 6749 §5.1).
pub(crate) fn no_store() -> [(header::HeaderName, &'static str); 2] {
    [(header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")]
}
