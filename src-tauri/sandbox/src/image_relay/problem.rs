use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An error of the API. Statuses: providers.md §2.2. Bodies are not documented; these are the
/// sandbox's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Problem {
    status: StatusCode,
    message: &'static str,
}

impl Problem {
    pub(super) const fn not_found() -> Self {
        Self { status: StatusCode::NOT_FOUND, message: "Not Found" }
    }

    pub(super) const fn bad_request(message: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, message }
    }

    /// A dead token and a lacking permission look alike (providers.md §2.2).
    pub(super) const fn unauthorized() -> Self {
        Self { status: StatusCode::UNAUTHORIZED, message: "Unauthorized" }
    }

    /// A chunk that doesn't fit (providers.md §2.2).
    pub(super) const fn unprocessable(message: &'static str) -> Self {
        Self { status: StatusCode::UNPROCESSABLE_ENTITY, message }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "error": self.message }))).into_response()
    }
}
