//! What else wazo-auth lists for an administrator (providers.md §5.2): the shape of the lists is known, what is in a row
//! only in part.

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, header};
use axum::response::IntoResponse;
use serde_json::{Value, json};

use super::Server;
use super::caller::Caller;
use super::failure::Failure;
use super::list::List;
use super::session;
use super::tenant::{HILLSIDE, TOP};

/// The description of the API, for anyone. The sandbox's own, of what the sandbox answers.
const API: &str = include_str!("api.yml");

type Outcome = Result<Json<Value>, Failure>;

pub(super) async fn api() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/x-yaml")], API)
}

pub(super) async fn policies(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Outcome {
    let policy = |(uuid, slug, name, tenant, acl): (&str, &str, &str, &str, &[&str])| {
        json!({ "uuid": uuid, "slug": slug, "name": name, "description": null, "acl": acl, "tenant_uuid": tenant,
            "read_only": true, "shared": tenant == TOP })
    };
    let rows = [
        (
            "c1a55a5e-34ec-4a7d-9a2e-0f8f3c1d2b01",
            "wazo_default_master_user_policy",
            "wazo_default_master_user_policy",
            TOP,
            &["#"][..],
        ),
        (
            "c1a55a5e-34ec-4a7d-9a2e-0f8f3c1d2b02",
            "wazo_default_user_policy",
            "wazo_default_user_policy",
            TOP,
            &["auth.users.me.#"],
        ),
        (
            "c1a55a5e-34ec-4a7d-9a2e-0f8f3c1d2b03",
            "front-desk",
            "Front desk",
            HILLSIDE,
            &["auth.tenants.read", "confd.infos.read"],
        ),
    ];
    listed(&server, &headers, query.as_deref(), "auth.policies.read", rows.map(policy).into())
}

pub(super) async fn groups(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Outcome {
    let group = |(uuid, slug, name, tenant): (&str, &str, &str, &str)| {
        json!({ "uuid": uuid, "slug": slug, "name": name, "tenant_uuid": tenant, "read_only": tenant == TOP,
            "system_managed": tenant == TOP })
    };
    let rows = [
        ("a4b7d0f2-7c11-4f3f-8b27-5e1d7a9c3e01", "wazo-all-users-master", "All users (master)", TOP),
        ("a4b7d0f2-7c11-4f3f-8b27-5e1d7a9c3e02", "front-desk", "Front desk", HILLSIDE),
        ("a4b7d0f2-7c11-4f3f-8b27-5e1d7a9c3e03", "housekeeping", "Housekeeping", HILLSIDE),
    ];
    listed(&server, &headers, query.as_deref(), "auth.groups.read", rows.map(group).into())
}

pub(super) async fn sessions(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Outcome {
    let rows = server.ledger.all_sessions().iter().map(session::info).collect();
    listed(&server, &headers, query.as_deref(), "auth.sessions.read", rows)
}

/// The ways that a user can be known in.
pub(super) async fn identity_providers(State(server): State<Arc<Server>>, headers: HeaderMap) -> Outcome {
    Caller::demand(&server, &headers, "auth.idp.read")?;
    Ok(Json(json!({ "total": 3, "filtered": 3, "items": ["native", "ldap", "saml"] })))
}

/// Some of it.
pub(super) async fn config(State(server): State<Arc<Server>>, headers: HeaderMap) -> Outcome {
    Caller::demand(&server, &headers, "auth.config.read")?;
    Ok(Json(json!({
        "debug": false,
        "default_token_lifetime": 7200,
        "log_level": "info",
        "max_user_concurrent_sessions": server.shared.options().wazo_session_cap,
        "rest_api": { "listen": "127.0.0.1", "port": 9497, "cors": { "enabled": true } },
        "enabled_http_plugins": { "tokens": true, "user": true, "tenants": true, "policies": true, "groups": true },
    })))
}

/// Those of the tenant, with `recurse` of those below too.
fn listed(server: &Server, headers: &HeaderMap, query: Option<&str>, access: &str, mut rows: Vec<Value>) -> Outcome {
    let caller = Caller::demand(server, headers, access)?;
    let tenant = caller.tenant(headers)?;
    let list = List::read(query, &["uuid", "name", "slug"], None)?;
    rows.retain(|row| list.covers(row["tenant_uuid"].as_str().unwrap_or_default(), &tenant));
    Ok(Json(list.apply(rows, &["uuid", "name", "slug"])))
}
