use axum::Json;
use axum::http::StatusCode;
use serde_json::{Value, json};

/// GET `/backends` (providers.md §5.2), for anyone.
pub(super) async fn backends() -> Json<Value> {
    Json(json!({ "data": ["ldap_user", "wazo_user"] }))
}

/// HEAD `/status`, for anyone; there is no GET.
pub(super) async fn status() -> StatusCode {
    StatusCode::OK
}
