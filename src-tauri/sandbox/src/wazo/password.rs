use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::Value;

use super::caller::Caller;
use super::failure::Failure;
use super::token::uuid;
use super::user::visible;
use super::{Server, field, tenant};

/// PUT `/users/{uuid}/password` (providers.md §5.2). The new one holds until the sandbox stops.
pub(super) async fn change(
    State(server): State<Arc<Server>>,
    Path(user): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Failure> {
    let user = uuid(&user)?;
    Caller::demand(&server, &headers, &format!("auth.users.{user}.password.update"))?;
    let body: Value = serde_json::from_slice(&body).map_err(|_| Failure::bad_json())?;
    let (old, new) = (text(&body, "old_password")?, text(&body, "new_password")?);
    // No tenant is looked at here.
    let user = visible(&user, tenant::TOP)?;
    if !server.ledger.knows_password(user, old) {
        return Err(Failure::authentication());
    }
    server.ledger.change_password(user, new);
    Ok(StatusCode::NO_CONTENT)
}

fn text<'a>(body: &'a Value, name: &str) -> Result<&'a str, Failure> {
    match body.get(name) {
        None => Err(Failure::invalid_data(name, &field::required())),
        Some(Value::Null) => Err(Failure::invalid_data(name, &field::null())),
        Some(Value::String(text)) if !text.is_empty() => Ok(text),
        Some(Value::String(_)) => Err(Failure::invalid_data(name, &field::too_short(1))),
        Some(_) => Err(Failure::invalid_data(name, &field::not_a_text())),
    }
}
