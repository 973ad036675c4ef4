use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Value, json};

use super::api::{Subscribed, check_subscriber};
use super::fixtures::SUBSCRIBER_ID;
use super::hotel::Hotel;
use super::problem::Problem;
use crate::shared::Shared;

pub(super) fn first() -> Vec<Value> {
    vec![row("aud_welcome_chime", "welcome chime"), row("aud_evacuation", "evacuation announcement")]
}

/// Its list is an array, as the CLI reads it.
pub(super) async fn list(State(hotel): State<Arc<Hotel>>, _: Subscribed) -> Json<Value> {
    Json(Value::Array(hotel.audio.all()))
}

#[derive(Deserialize)]
struct Sent {
    audio_format: String,
    subscriber_id: String,
    short_name: String,
}

/// providers.md §1.3: the bytes are put to the address in the answer, which is another server's.
pub(super) async fn create(
    State(hotel): State<Arc<Hotel>>,
    Extension(shared): Extension<Arc<Shared>>,
    _: Subscribed,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let bad = Problem::bad_request;
    let sent: Sent = serde_json::from_slice(&body)
        .map_err(|_| bad("The body must be JSON: audio_format, subscriber_id, short_name"))?;
    check_subscriber(&sent.subscriber_id)?;
    if sent.audio_format != "wave" || sent.short_name.trim().is_empty() {
        return Err(bad("audio_format is wave, and short_name a name"));
    }
    let id = format!("aud_{}", &shared.random.hex()[..22]);
    let row = row(&id, &sent.short_name);
    hotel.audio.add(row.clone());
    let url = format!("http://localhost:{}/relay/audio/{id}?signature=demo", shared.port);
    Ok(Json(json!({ "result": row, "s3_upload_url": url })))
}

pub(super) async fn delete(
    State(hotel): State<Arc<Hotel>>,
    Path(id): Path<String>,
    _: Subscribed,
) -> Result<StatusCode, Problem> {
    hotel.audio.remove(&id, "Audio not found")
}

/// The other server: its address lets in, so that a token is one way too many. The bytes are not kept.
pub(super) async fn upload(
    State(hotel): State<Arc<Hotel>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Err(Problem::bad_request("Only one way to authenticate is allowed"));
    }
    let is_wave = headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind == "audio/wave");
    if !is_wave {
        return Err(Problem::bad_request("content-type is audio/wave"));
    }
    hotel.audio.get(&id).map(|_| StatusCode::OK).ok_or(Problem::not_found("Audio not found"))
}

fn row(id: &str, name: &str) -> Value {
    json!({ "id": id, "subscriber_id": SUBSCRIBER_ID, "audio_format": "wave", "short_name": name })
}
