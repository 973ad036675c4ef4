use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::body::Body;
use super::problem::Problem;
use super::{Server, user};
use crate::oauth::no_store;

/// POST `/login` (providers.md §3). What `expires` counts is UNVERIFIED: here it is the token's
/// `exp`. Of `user` only `username` is known.
pub(super) async fn login(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let body = Body::read(&headers, &body)?;
    let (username, password) = (body.text("username")?, body.text("password")?);
    let user = user::log_in(username, password).ok_or_else(|| Problem::unauthorized("Wrong username or password"))?;
    let (token, expires) = server.tokens.give_user(&server.shared, user);
    let answer = json!({
        "token": token,
        "expires": expires,
        "user": {
            "id": user.id,
            "username": user.username,
            "firstName": user.first_name,
            "lastName": user.last_name,
            "customerId": user.customer,
        },
    });
    Ok((no_store(), Json(answer)).into_response())
}
