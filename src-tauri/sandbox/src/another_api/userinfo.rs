use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::authorization_server::Desk;
use super::presentation::{Problem, by_access_token};
use super::token_set::person;
use crate::credentials::credentials;

/// OpenID Connect Core §5.3.
pub(super) async fn userinfo(State(desk): State<Desk>, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    let token = credentials(&headers, "Bearer").ok_or(Problem::Unauthenticated)?;
    let grant = by_access_token(&desk, token)?;
    if !grant.has_scope("openid") {
        return Err(Problem::InsufficientScope);
    }
    let mut claims = json!({ "sub": grant.subject });
    for (name, value) in person(&grant) {
        claims[name] = value;
    }
    Ok(Json(claims))
}
