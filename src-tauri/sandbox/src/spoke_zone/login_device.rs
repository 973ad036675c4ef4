use std::sync::Arc;
use std::time::SystemTime;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Server;
use super::body::Body;
use super::problem::Problem;
use super::token::{Holder, Issued, renewal_window};
use crate::oauth::no_store;

/// POST `/loginDevice` (providers.md §3): a device brings its token and takes the next.
///
/// 200 and no token while the one it has is good for more than the window, 201 and a token when it
/// ends sooner or has ended no longer ago than the window (seed 2), else 400. That a token too old is
/// a wrong field, and that 200 comes with an empty object, is the sandbox's choice.
pub(super) async fn login_device(
    State(server): State<Arc<Server>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let body = Body::read(&headers, &body)?;
    let (cpu_id, uuid, token) = (body.text("cpu_id")?, body.text("uuid")?, body.text("token")?);
    let Some(Issued { holder: Holder::Device(id), expires_at }) = server.tokens.find(token) else {
        return Err(Problem::invalid("token", "Not a device token"));
    };
    let device = server.fleet.find(id).ok_or_else(|| Problem::invalid("token", "The device is gone"))?;
    if device.cpu_id.as_deref() != Some(cpu_id) {
        return Err(Problem::invalid("cpu_id", "Not the CPU id of the device"));
    }
    if device.uuid != uuid {
        return Err(Problem::invalid("uuid", "Not the UUID of the device"));
    }
    let (now, window) = (SystemTime::now(), renewal_window(&server.shared));
    if expires_at > now + window {
        return Ok((no_store(), Json(json!({}))).into_response());
    }
    if expires_at + window < now {
        return Err(Problem::invalid("token", "The token expired too long ago"));
    }
    let token = server.tokens.give_device(&server.shared, id);
    Ok((StatusCode::CREATED, no_store(), Json(json!({ "token": token }))).into_response())
}
