use axum::Json;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

/// werkzeug's page.
const NOT_FOUND: &str = "<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n\
    <p>The requested URL was not found on the server. If you entered the URL manually please check your \
    spelling and try again.</p>\n";

/// An error, in one of the four shapes of providers.md §5.3.
#[derive(Debug)]
pub(super) enum Failure {
    /// Of the routes under `/token`: arrays, all of it.
    Token { status: StatusCode, reason: String },
    /// Of all other routes: a message, an id, details.
    Api { status: StatusCode, body: Box<Value> },
    /// Of what stands before the routes.
    Framework { status: StatusCode, message: &'static str },
    /// No such path: a page.
    NoRoute,
}

impl Failure {
    /// Wrong password, unknown refresh token, another `client_id`, no credentials: all alike.
    pub(super) fn authentication() -> Self {
        Self::token(StatusCode::UNAUTHORIZED, "Authentication Failed")
    }

    pub(super) fn token(status: StatusCode, reason: &str) -> Self {
        Self::Token { status, reason: reason.to_owned() }
    }

    /// A token that is unknown, revoked or expired. The body echoes it, as the real one does.
    pub(super) fn dead_token(token: &str, required_access: &str) -> Self {
        Self::unauthorized(&json!({
            "invalid_token": token,
            "reason": "not_found_or_expired",
            "required_access": required_access,
        }))
    }

    /// A good token that may not: 401 as well, told apart by `details.reason` only.
    pub(super) fn missing_permission(token: &str, required_access: &str, tenant: Option<&str>) -> Self {
        Self::unauthorized(&json!({
            "invalid_token": token,
            "reason": "missing_permission_or_invalid_tenant",
            "required_access": required_access,
            "tenant_uuid": tenant,
        }))
    }

    pub(super) fn unauthorized_tenant(tenant: &str) -> Self {
        let details = json!({ "tenant_uuid": tenant });
        Self::api(StatusCode::UNAUTHORIZED, "Unauthorized tenant", "unauthorized-tenant", &details, None)
    }

    pub(super) fn unknown_user(uuid: &str) -> Self {
        let message = format!("No such user: \"{uuid}\"");
        Self::api(StatusCode::NOT_FOUND, message, "unknown-user", &json!({ "uuid": uuid }), Some("users"))
    }

    pub(super) fn unknown_refresh_token(client_id: &str) -> Self {
        let message = format!("unknown refresh_token for client_id \"{client_id}\"");
        let id = "cannot-find-refresh-token-matching-client-id";
        Self::api(StatusCode::NOT_FOUND, message, id, &json!({ "client_id": client_id }), Some("tokens"))
    }

    /// The one whose `message` is an object.
    pub(super) fn list_parameters(errors: Value) -> Self {
        Self::api(StatusCode::BAD_REQUEST, errors, "invalid-list-param", &json!({}), Some("users"))
    }

    pub(super) fn invalid_data(field: &str, error: &Value) -> Self {
        let message = error["message"].as_str().unwrap_or_default();
        Self::api(StatusCode::BAD_REQUEST, message, "invalid-data", &json!({ field: error }), Some("users"))
    }

    pub(super) fn conflict(field: &str, value: &str, resource: &str) -> Self {
        let message = format!("The {field} \"{value}\" is already used");
        let details = json!({ field: { "constraint_id": "unique", "constraint": "unique", "message": message } });
        Self::api(StatusCode::CONFLICT, message, "conflict", &details, Some(resource))
    }

    pub(super) fn bad_json() -> Self {
        let message = "The browser (or proxy) sent a request that this server could not understand.";
        Self::Framework { status: StatusCode::BAD_REQUEST, message }
    }

    pub(super) fn wrong_method() -> Self {
        let message = "The method is not allowed for the requested URL.";
        Self::Framework { status: StatusCode::METHOD_NOT_ALLOWED, message }
    }

    pub(super) fn internal() -> Self {
        Self::Framework { status: StatusCode::INTERNAL_SERVER_ERROR, message: "Internal Server Error" }
    }

    fn unauthorized(details: &Value) -> Self {
        Self::api(StatusCode::UNAUTHORIZED, "Unauthorized", "unauthorized", details, None)
    }

    fn api(status: StatusCode, message: impl Into<Value>, id: &str, details: &Value, resource: Option<&str>) -> Self {
        let message: Value = message.into();
        let mut body = json!({ "message": message, "error_id": id, "details": details, "timestamp": now() });
        if let Some(resource) = resource {
            body["resource"] = json!(resource);
        }
        Self::Api { status, body: Box::new(body) }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        match self {
            Self::Token { status, reason } => {
                let body = json!({ "reason": [reason], "timestamp": [now()], "status_code": status.as_u16() });
                (status, Json(body)).into_response()
            }
            Self::Api { status, body } => (status, Json(*body)).into_response(),
            Self::Framework { status, message } => (status, Json(json!({ "message": message }))).into_response(),
            Self::NoRoute => (StatusCode::NOT_FOUND, Html(NOT_FOUND)).into_response(),
        }
    }
}

/// Seconds with a fraction.
fn now() -> f64 {
    Timestamp::now().as_microsecond() as f64 / 1e6
}
