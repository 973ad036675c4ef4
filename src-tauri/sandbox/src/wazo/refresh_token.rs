use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::Server;
use super::caller::Caller;
use super::failure::Failure;
use super::ledger::RefreshToken;
use super::list::List;
use super::token::uuid;
use super::user::{User, visible};

const COLUMNS: [&str; 3] = ["created_at", "client_id", "mobile"];

/// GET `/users/me/tokens` (providers.md §5.2): the values themselves are never listed.
pub(super) async fn own(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Failure> {
    let caller = Caller::demand(&server, &headers, "auth.users.me.tokens.read")?;
    let user = visible(caller.token.user.uuid, &caller.tenant(&headers)?)?;
    list(&server, query.as_deref(), |token, _| token.user.uuid == user.uuid)
}

pub(super) async fn of_user(
    State(server): State<Arc<Server>>,
    Path(user): Path<String>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Failure> {
    let user = uuid(&user)?;
    let caller = Caller::demand(&server, &headers, &format!("auth.users.{user}.tokens.read"))?;
    let user = visible(&user, &caller.tenant(&headers)?)?;
    list(&server, query.as_deref(), |token, _| token.user.uuid == user.uuid)
}

/// GET `/tokens`, for administrators.
pub(super) async fn all(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Failure> {
    let caller = Caller::demand(&server, &headers, "auth.tokens.read")?;
    let tenant = caller.tenant(&headers)?;
    list(&server, query.as_deref(), |token, list| list.covers(token.user.tenant, &tenant))
}

/// DELETE `/users/me/tokens/{client_id}`: 204, or 404 where there is none.
pub(super) async fn delete_own(
    State(server): State<Arc<Server>>,
    Path(client_id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Failure> {
    let required = format!("auth.users.me.tokens.{}.delete", word(&client_id)?);
    let caller = Caller::demand(&server, &headers, &required)?;
    let user = visible(caller.token.user.uuid, &caller.tenant(&headers)?)?;
    delete(&server, user, &client_id)
}

pub(super) async fn delete_of_user(
    State(server): State<Arc<Server>>,
    Path((user, client_id)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, Failure> {
    let user = uuid(&user)?;
    let required = format!("auth.users.{user}.tokens.{}.delete", word(&client_id)?);
    let caller = Caller::demand(&server, &headers, &required)?;
    let user = visible(&user, &caller.tenant(&headers)?)?;
    delete(&server, user, &client_id)
}

/// A `client_id` as one word of an ACL. One with a slash never gets here (providers.md §5.2).
fn word(client_id: &str) -> Result<String, Failure> {
    if client_id.contains('/') { Err(Failure::NoRoute) } else { Ok(client_id.replace('.', "_")) }
}

fn delete(server: &Server, user: &User, client_id: &str) -> Result<StatusCode, Failure> {
    if server.ledger.remove_refresh_token(user, client_id) {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Failure::unknown_refresh_token(client_id))
}

fn list(
    server: &Server,
    query: Option<&str>,
    wanted: impl Fn(&RefreshToken, &List) -> bool,
) -> Result<Json<Value>, Failure> {
    let list = List::read(query, &COLUMNS, Some("created_at"))?;
    let known = server.ledger.refresh_tokens();
    Ok(Json(list.apply(known.iter().filter(|token| wanted(token, &list)).map(info).collect(), &COLUMNS)))
}

fn info(token: &RefreshToken) -> Value {
    json!({
        "client_id": token.client_id,
        // Here with a zone, unlike the times of an access token.
        "created_at": token.created_at.strftime("%Y-%m-%dT%H:%M:%S%.6f+00:00").to_string(),
        "mobile": token.mobile,
        "user_uuid": token.user.uuid,
        "tenant_uuid": token.user.tenant,
        "metadata": {},
    })
}
