use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// An error of v2 (providers.md §3): `{"errors":[{"type","message","details"}]}`.
///
/// Seen types are `invalid-field` and `required-field`; the vendor describes the others without
/// their slugs, so those here are the sandbox's, as are all words and, but for an entity that is
/// not found, the members of `details`.
#[derive(Debug)]
pub(super) struct Problem {
    status: StatusCode,
    kind: &'static str,
    message: String,
    details: Value,
}

impl Problem {
    /// A field that must be there and is not.
    pub(super) fn required(field: &str) -> Self {
        Self::of_field("required-field", field, format!("Field {field} is required"))
    }

    /// A field that is there and is wrong.
    pub(super) fn invalid(field: &str, message: &str) -> Self {
        Self::of_field("invalid-field", field, message.to_owned())
    }

    pub(super) fn unknown_field(field: &str) -> Self {
        Self::of_field("unknown-field", field, format!("Field {field} is not known"))
    }

    pub(super) fn invalid_operation(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid-operation", message)
    }

    /// No token, one that is dead, or a login that fails: 401 (providers.md §6).
    pub(super) fn unauthorized(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }

    /// A good token without the permission. 403 is the sandbox's choice; §3 names no status.
    pub(super) fn forbidden(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "unauthorized", message)
    }

    /// `details` as providers.md §3 has them.
    pub(super) fn not_found(entity: &str, id: &str) -> Self {
        let details = json!({ "entityType": entity, "entityId": id });
        let message = format!("The {entity} was not found");
        Self { details, ..Self::new(StatusCode::NOT_FOUND, "entity-not-found", &message) }
    }

    pub(super) fn no_path() -> Self {
        Self::new(StatusCode::NOT_FOUND, "invalid-operation", "No such path")
    }

    fn of_field(kind: &'static str, field: &str, message: String) -> Self {
        Self { status: StatusCode::BAD_REQUEST, kind, message, details: json!({ "field": field }) }
    }

    fn new(status: StatusCode, kind: &'static str, message: &str) -> Self {
        Self { status, kind, message: message.to_owned(), details: json!({}) }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let error = json!({ "type": self.kind, "message": self.message, "details": self.details });
        (self.status, Json(json!({ "errors": [error] }))).into_response()
    }
}
