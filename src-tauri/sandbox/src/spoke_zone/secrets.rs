use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Server;
use super::body::Body;
use super::caller::Caller;
use super::problem::Problem;
use crate::oauth::no_store;

/// GET with a JSON body for all but super users, who bring none (providers.md §3).
pub(super) async fn secrets(
    State(server): State<Arc<Server>>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    caller.demand_user()?;
    let device = server.fleet.named(&id)?;
    caller.demand_sight(&device)?;
    if !caller.is_super() {
        let body = Body::read(&headers, &body)?;
        if device.cpu_id.as_deref() != Some(body.text("cpuId")?) {
            return Err(Problem::invalid("cpuId", "Not the CPU id of the device"));
        }
    }
    let token = server.tokens.give_device(&server.shared, device.id);
    let answer = json!({ "cpuId": device.cpu_id, "uuid": device.uuid, "token": token });
    Ok((no_store(), Json(answer)).into_response())
}
