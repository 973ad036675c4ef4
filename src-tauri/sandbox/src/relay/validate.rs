use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::authorization_server::Desk;
use super::presentation;
use super::problem::Problem;
use crate::account;

/// providers.md §1.2: who an opaque legacy token belongs to. Which id `userid` is, is UNVERIFIED;
/// the sandbox gives the "Auth User ID" of seed 0.
pub(super) async fn validate(State(desk): State<Desk>, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    let grant = presentation::check(&headers, &[&desk.server.ledger])?;
    Ok(Json(json!({
        "userid": grant.subject,
        "email": account::USERNAME,
        "given_name": account::GIVEN_NAME,
        "family_name": account::FAMILY_NAME,
    })))
}
