use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::api::Subscribed;
use super::fixtures::{SUBSCRIBER_ID, device_id};
use super::hotel::Hotel;
use super::problem::Problem;
use super::workflow::IDS;

/// What runs when the sandbox starts.
pub(super) fn first() -> Vec<Value> {
    vec![
        row("GzpGAKVPGlhfHt4H3kuWXA", IDS[1], &device_id(0), &json!("wss://hillside.example/guest_request")),
        row("mC4Jawrh3shriXHombQxXA", IDS[4], &device_id(2), &json!("wss://hillside.example/check_in")),
        row("P9CThKfTsEbJx23trAArHC", IDS[6], &device_id(29), &json!("wss://hillside.example/minibar")),
    ]
}

/// providers.md §1.3: an array, no `results`.
pub(super) async fn list(State(hotel): State<Arc<Hotel>>, _: Subscribed) -> Json<Value> {
    Json(Value::Array(hotel.instances.all()))
}

/// The body of the answer is ignored by the CLI: here there is none.
pub(super) async fn stop(
    State(hotel): State<Arc<Hotel>>,
    Path(id): Path<String>,
    _: Subscribed,
) -> Result<StatusCode, Problem> {
    hotel.instances.remove(&id, "Instance not found")
}

/// A workflow that runs, started by a device or for it.
pub(super) fn row(id: &str, workflow_id: &str, device_id: &str, uri: &Value) -> Value {
    json!({
        "instance_id": id,
        "subscriber_id": SUBSCRIBER_ID,
        "triggering_user_id": device_id,
        "workflow_id": workflow_id,
        "workflow_uri": uri,
    })
}
