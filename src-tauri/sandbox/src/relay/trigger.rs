use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::{Extension, Json};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::api::Subscribed;
use super::fixtures::{SUBSCRIBER_ID, device_index};
use super::hotel::Hotel;
use super::problem::Problem;
use super::{instance, workflow};
use crate::oauth::Parameters;
use crate::record::Trigger;
use crate::shared::Shared;

/// providers.md §1.3: `{"action":"invoke"}` is the least; arrays and objects are to be trusted, the
/// other spellings that some SDKs send are not (§1.5).
#[derive(Deserialize)]
struct Call {
    action: String,
    #[serde(default)]
    target_device_ids: Vec<String>,
    #[serde(default)]
    action_args: Map<String, Value>,
}

/// POST on a workflow: it runs from then on, until it is stopped. Success is 200; what the real body
/// holds is UNVERIFIED.
pub(super) async fn trigger(
    State(hotel): State<Arc<Hotel>>,
    Extension(shared): Extension<Arc<Shared>>,
    Path(workflow_id): Path<String>,
    Subscribed(query): Subscribed,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let workflow = hotel.workflows.get(&workflow_id).ok_or(Problem::not_found("Workflow not found"))?;
    let uri = workflow::uri(&workflow);
    let call = read(&body)?;
    let at = Timestamp::now().to_string();
    for device_id in targets(&query, &call, shared.options().trigger_devices)? {
        hotel.instances.add(instance::row(&shared.random.hex()[..22], &workflow_id, &device_id, &uri));
        shared.record.trigger(Trigger {
            at: at.clone(),
            workflow_id: workflow_id.clone(),
            device_id,
            subscriber_id: SUBSCRIBER_ID.to_owned(),
            action_args: call.action_args.clone(),
        });
    }
    let trigger_id = shared.random.uuid();
    Ok(Json(json!({ "result": "success", "trigger_id": trigger_id })))
}

fn read(body: &[u8]) -> Result<Call, Problem> {
    let bad = Problem::bad_request;
    let call: Call = serde_json::from_slice(body)
        .map_err(|_| bad("The body must be JSON: action, target_device_ids (array), action_args (object)"))?;
    if call.action != "invoke" {
        return Err(bad("Unknown action"));
    }
    let plain = |value: &Value| value.is_string() || value.is_number() || value.is_boolean();
    if !call.action_args.values().all(plain) {
        return Err(bad("action_args takes strings, numbers and booleans"));
    }
    Ok(call)
}

/// `target_device_ids`, or the query's `user_id` where there are none. Both must be devices.
fn targets(query: &Parameters, call: &Call, devices: u64) -> Result<Vec<String>, Problem> {
    let user_id = query.get("user_id").map(str::to_owned);
    let named = call.target_device_ids.iter().chain(&user_id);
    if named.clone().any(|id| device_index(id, devices).is_none()) {
        return Err(Problem::not_found("Device not found"));
    }
    if named.clone().next().is_none() {
        let message = "No device: give user_id or target_device_ids";
        return Err(Problem::bad_request(message));
    }
    if call.target_device_ids.is_empty() {
        return Ok(named.cloned().collect());
    }
    Ok(call.target_device_ids.clone())
}
