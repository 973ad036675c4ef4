use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use jiff::tz::Offset;
use serde_json::{Map, Value, json};

use super::access::Access;
use super::failure::Failure;
use super::tenant::is_within;
use super::user::User;
use super::{Server, XIVO_UUID};
use crate::oauth::{Parameters, no_store};

/// Where the server stands. Its local times carry no zone (providers.md §5.1), so whoever takes one
/// for UTC is five hours off, and notices.
const LOCAL: Offset = Offset::constant(-5);

/// An access token, and the session it opened.
#[derive(Clone)]
pub(super) struct Token {
    pub(super) uuid: String,
    pub(super) session: String,
    pub(super) user: &'static User,
    pub(super) mobile: bool,
    pub(super) issued_at: Timestamp,
    pub(super) expires_at: Timestamp,
    /// The refresh token that came with it, or that it came of.
    pub(super) refresh_token: Option<String>,
    pub(super) user_agent: String,
}

impl Token {
    pub(super) fn access(&self) -> Access<'_> {
        Access::new(self.user.acl, self.user.uuid, &self.session)
    }

    /// What a login answers: times to the microsecond.
    pub(super) fn given(&self) -> Value {
        self.info(self.issued_at, self.expires_at)
    }

    /// What GET answers: times to the second (providers.md §5.1).
    fn kept(&self) -> Value {
        let whole = |at: Timestamp| Timestamp::from_second(at.as_second()).unwrap_or(at);
        self.info(whole(self.issued_at), whole(self.expires_at))
    }

    fn info(&self, issued_at: Timestamp, expires_at: Timestamp) -> Value {
        let user = self.user.uuid;
        json!({
            "token": self.uuid,
            "auth_id": user,
            "xivo_user_uuid": user,
            "xivo_uuid": XIVO_UUID,
            "issued_at": local(issued_at),
            "expires_at": local(expires_at),
            "utc_issued_at": utc(issued_at),
            "utc_expires_at": utc(expires_at),
            "acl": self.user.acl,
            "metadata": {
                "uuid": user,
                "tenant_uuid": self.user.tenant,
                "auth_id": user,
                "pbx_user_uuid": user,
                "xivo_uuid": XIVO_UUID,
                "purpose": "user",
            },
            "session_uuid": self.session,
            "remote_addr": "127.0.0.1",
            "user_agent": self.user_agent,
        })
    }
}

/// Python's `isoformat`: no fraction where there is none.
fn local(at: Timestamp) -> String {
    let format = if at.subsec_microsecond() == 0 && at.subsec_millisecond() == 0 {
        "%Y-%m-%dT%H:%M:%S"
    } else {
        "%Y-%m-%dT%H:%M:%S%.6f"
    };
    LOCAL.to_datetime(at).strftime(format).to_string()
}

fn utc(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}

/// A UUID of a path, or the page that says there is no such path (providers.md §5.2).
pub(super) fn uuid(text: &str) -> Result<String, Failure> {
    let groups: Vec<_> = text.split('-').collect();
    let lengths: Vec<_> = groups.iter().map(|group| group.len()).collect();
    let digits = groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()));
    if lengths == [8, 4, 4, 4, 12] && digits { Ok(text.to_ascii_lowercase()) } else { Err(Failure::NoRoute) }
}

/// GET `/token/{t}` (providers.md §5.2): for anyone who has it.
pub(super) async fn show(
    State(server): State<Arc<Server>>,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let token = checked(&server, &token, query.as_deref())?;
    Ok((no_store(), Json(json!({ "data": token.kept() }))).into_response())
}

/// HEAD `/token/{t}`.
pub(super) async fn check(
    State(server): State<Arc<Server>>,
    Path(token): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<StatusCode, Failure> {
    checked(&server, &token, query.as_deref())?;
    Ok(StatusCode::NO_CONTENT)
}

/// DELETE `/token/{t}`: always the same, even for one it never gave.
pub(super) async fn revoke(
    State(server): State<Arc<Server>>,
    Path(token): Path<String>,
) -> Result<Json<Value>, Failure> {
    server.ledger.remove_token(&uuid(&token)?);
    Ok(Json(json!({ "data": { "message": "success" } })))
}

/// POST `/token/{t}/scopes/check`: an object is answered, no list.
pub(super) async fn check_scopes(
    State(server): State<Arc<Server>>,
    Path(token): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Failure> {
    let token = uuid(&token)?;
    let body: Value = serde_json::from_slice(&body).map_err(|_| Failure::bad_json())?;
    // As in the source: without scopes it fails over its own feet.
    let scopes = body["scopes"].as_array().ok_or_else(Failure::internal)?;
    let token = living(&server, &token)?;
    let access = token.access();
    let told: Map<_, _> = scopes
        .iter()
        .filter_map(Value::as_str)
        .map(|scope| (scope.to_owned(), Value::Bool(access.allows(scope))))
        .collect();
    demand_tenant(&token, body["tenant_uuid"].as_str())?;
    Ok(Json(json!({ "scopes": told })))
}

fn checked(server: &Server, token: &str, query: Option<&str>) -> Result<Token, Failure> {
    let query = Parameters::parse(query.unwrap_or_default().as_bytes());
    let token = living(server, &uuid(token)?)?;
    if let Some(scope) = query.get("scope")
        && !token.access().allows(scope)
    {
        return Err(Failure::token(StatusCode::FORBIDDEN, &format!("Unauthorized for {scope}")));
    }
    demand_tenant(&token, query.get("tenant"))?;
    Ok(token)
}

fn living(server: &Server, token: &str) -> Result<Token, Failure> {
    server.ledger.living(token).ok_or_else(|| Failure::token(StatusCode::NOT_FOUND, "No such token"))
}

fn demand_tenant(token: &Token, tenant: Option<&str>) -> Result<(), Failure> {
    match tenant.filter(|tenant| !tenant.is_empty()) {
        Some(tenant) if !is_within(tenant, token.user.tenant) => {
            Err(Failure::token(StatusCode::FORBIDDEN, &format!("Unauthorized for tenant {tenant}")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_no_zone() {
        let at: Timestamp = "2026-11-22T03:02:04.774826Z".parse().unwrap();
        assert_eq!(utc(at), "2026-11-22T03:02:04.774826");
        assert_eq!(local(at), "2026-11-21T22:02:04.774826");
        let whole: Timestamp = "2026-11-22T03:02:04Z".parse().unwrap();
        assert_eq!(utc(whole), "2026-11-22T03:02:04.000000");
        assert_eq!(local(whole), "2026-11-21T22:02:04");
    }
}
