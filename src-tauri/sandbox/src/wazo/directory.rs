//! What was added to the users and tenants that are there at the start: POST `/users` and `/tenants` (providers.md §5.2).
//! The answers are as the lists have them, the conflicts the sandbox's. Who was added does not log in here: there is no
//! session to be had of somebody without an ACL.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::caller::Caller;
use super::failure::Failure;
use super::user::User;
use super::{Server, field, tenant};

/// A bound for a sandbox left running for days: the oldest go first.
const MOST: usize = 1000;

/// Rows as they are shown.
#[derive(Default)]
pub(super) struct Added(Mutex<Vec<Value>>);

impl Added {
    pub(super) fn all(&self) -> Vec<Value> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn add(&self, row: Value) {
        let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if rows.len() >= MOST {
            rows.remove(0);
        }
        rows.push(row);
    }
}

/// `{"name","slug"}`; without a slug it gets one.
pub(super) async fn add_tenant(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Failure> {
    let caller = Caller::demand(&server, &headers, "auth.tenants.create")?;
    let parent = caller.tenant(&headers)?;
    let body: Value = serde_json::from_slice(&body).map_err(|_| Failure::bad_json())?;
    let uuid = server.shared.random.uuid();
    let slug = text(&body, "slug")?.unwrap_or_else(|| uuid[..8].to_owned());
    let known = tenant::slugs().any(|known| known == slug) || has(&server.tenants, "slug", &slug);
    if known {
        return Err(Failure::conflict("slug", &slug, "tenants"));
    }
    let row = json!({ "uuid": uuid, "parent_uuid": parent, "name": text(&body, "name")?, "slug": slug });
    server.tenants.add(row.clone());
    Ok(Json(row))
}

/// A user name must be there, and no one else's.
pub(super) async fn add_user(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Failure> {
    let caller = Caller::demand(&server, &headers, "auth.users.create")?;
    let tenant = caller.tenant(&headers)?;
    let body: Value = serde_json::from_slice(&body).map_err(|_| Failure::bad_json())?;
    let username = text(&body, "username")?.ok_or_else(|| Failure::invalid_data("username", &field::required()))?;
    if User::called(&username).is_some() || has(&server.users, "username", &username) {
        return Err(Failure::conflict("username", &username, "users"));
    }
    let email = text(&body, "email_address")?.map(
        |address| json!({ "uuid": server.shared.random.uuid(), "address": address, "main": true, "confirmed": false }),
    );
    let row = json!({
        "uuid": server.shared.random.uuid(),
        "username": username,
        "firstname": text(&body, "firstname")?,
        "lastname": text(&body, "lastname")?,
        "emails": email.into_iter().collect::<Vec<_>>(),
        "enabled": true,
        "purpose": text(&body, "purpose")?.unwrap_or_else(|| "user".to_owned()),
        "tenant_uuid": tenant,
        "authentication_method": "default",
    });
    server.users.add(row.clone());
    Ok(Json(row))
}

fn has(added: &Added, member: &str, value: &str) -> bool {
    added.all().iter().any(|row| row[member] == value)
}

fn text(body: &Value, name: &str) -> Result<Option<String>, Failure> {
    match body.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if !text.is_empty() => Ok(Some(text.clone())),
        Some(Value::String(_)) => Err(Failure::invalid_data(name, &field::too_short(1))),
        Some(_) => Err(Failure::invalid_data(name, &field::not_a_text())),
    }
}
