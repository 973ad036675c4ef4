//! The daemons beside wazo-auth (providers.md §5.2): what of them tells that a token works.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::caller::Caller;
use super::failure::Failure;
use super::{Server, XIVO_UUID};

pub(super) async fn confd_status(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
) -> Result<Json<Value>, Failure> {
    Caller::demand_elsewhere(&server, &headers, "confd.status.read")?;
    Ok(Json(json!({
        "bus_consumer": { "status": "ok" },
        "master_tenant": { "status": "ok" },
        "rest_api": { "status": "ok" },
        "service_token": { "status": "ok" },
    })))
}

/// The version is that of the source that providers.md was written from.
pub(super) async fn confd_infos(State(server): State<Arc<Server>>, headers: HeaderMap) -> Result<Json<Value>, Failure> {
    Caller::demand_elsewhere(&server, &headers, "confd.infos.read")?;
    Ok(Json(json!({ "uuid": XIVO_UUID, "wazo_version": "26.04" })))
}

pub(super) async fn calld_status(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
) -> Result<Json<Value>, Failure> {
    Caller::demand_elsewhere(&server, &headers, "calld.status.read")?;
    Ok(Json(json!({
        "ari": { "status": "ok" },
        "bus_consumer": { "status": "ok" },
        "service_token": { "status": "ok" },
        "plugins": {},
    })))
}
