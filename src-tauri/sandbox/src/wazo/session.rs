use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::Server;
use super::caller::Caller;
use super::failure::Failure;
use super::list::List;
use super::tenant::is_within;
use super::token::{Token, uuid};
use super::user::visible;

/// GET `/users/{uuid}/sessions` (providers.md §5.2): one for each access token.
pub(super) async fn sessions(
    State(server): State<Arc<Server>>,
    Path(user): Path<String>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Failure> {
    let user = uuid(&user)?;
    let caller = Caller::demand(&server, &headers, &format!("auth.users.{user}.sessions.read"))?;
    let user = visible(&user, &caller.tenant(&headers)?)?;
    let list = List::read(query.as_deref(), &["mobile"], None)?;
    Ok(Json(list.apply(server.ledger.sessions(user).iter().map(info).collect(), &["mobile"])))
}

/// DELETE `/users/{uuid}/sessions/{s}`: 204, whether there was one or not.
pub(super) async fn delete(
    State(server): State<Arc<Server>>,
    Path((user, session)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Failure> {
    let (user, session) = (uuid(&user)?, uuid(&session)?);
    let caller = Caller::demand(&server, &headers, &format!("auth.users.{user}.sessions.{session}.delete"))?;
    let tenant = caller.tenant(&headers)?;
    visible(&user, &tenant)?;
    server.ledger.end_session(&session, |owner| is_within(owner.tenant, &tenant));
    Ok(StatusCode::NO_CONTENT)
}

pub(super) fn info(token: &Token) -> Value {
    json!({
        "uuid": token.session,
        "mobile": token.mobile,
        "tenant_uuid": token.user.tenant,
        "user_uuid": token.user.uuid,
    })
}
