use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::api::Subscribed;
use super::fixtures::{device_id, device_index};
use super::hotel::Hotel;
use super::problem::Problem;
use crate::shared::Shared;

/// The first two are seed 0's and the tour's; the rest show the other kinds of trigger.
pub(super) const IDS: [&str; 7] = [
    "wf_http_Y4xdLSLW8gJIpGaCjqOSp3",
    "wf_guestrequest_4hTq0mZb1XnUe7RkYwPa29",
    "wf_roomready_8KcVfJ2sLd6GyNtQo3WiEx",
    "wf_panic_1ZbHr5XuAm9PjTgSk7DvCq",
    "wf_checkin_6RwEy3NfLo0IxVhBt8MzUa",
    "wf_lowbattery_2QpSd7GkCj4WnYvFe5XrTb",
    "wf_minibar_9LmOu1ZaHi6KtRcDy3JsNg",
];

/// What a workflow can be installed on, beside single devices.
const EVERYWHERE: &str = "urn:relay-resource:all:device";
const TAGGED: &str = "urn:relay-resource:id:tag:";

/// providers.md §1.3: `config` may be an object or a JSON-encoded string; the sandbox gives both.
pub(super) fn first() -> Vec<Value> {
    vec![
        everywhere(0, "my_http_wf", &json!({ "on_http": "POST" }), true),
        everywhere(1, "guest_request", &json!({ "on_http": "POST" }), false),
        installed(2, "room_ready", &json!({ "on_http": "POST" }), 9..15),
        everywhere(3, "panic", &json!({ "on_button": "action_button_double_tap" }), true),
        installed(4, "check_in", &json!({ "on_phrases": ["check in", "arrived"] }), 0..4),
        everywhere(5, "low_battery", &json!({ "on_battery_discharge": 20 }), false),
        installed(
            6,
            "minibar",
            &json!({ "on_nfc": { "type": "custom", "category": "room", "label": "minibar" } }),
            29..30,
        ),
    ]
}

pub(super) async fn list(State(hotel): State<Arc<Hotel>>, _: Subscribed) -> Json<Value> {
    Json(json!({ "results": hotel.workflows.all() }))
}

/// providers.md §1.3. `args` are strings, numbers and booleans, or lists of strings.
#[derive(Deserialize)]
struct Sent {
    workflow_id: Option<String>,
    name: String,
    options: Options,
    config: Config,
    install: Option<Vec<String>>,
    install_rule: Option<String>,
}

#[derive(Deserialize)]
struct Options {
    transient: bool,
    hidden: bool,
    absorb_triggers: Option<Value>,
}

#[derive(Deserialize)]
struct Config {
    trigger: Map<String, Value>,
}

/// POST creates, or with `workflow_id` changes. The answer is an array: here of the one workflow.
pub(super) async fn save(
    State(hotel): State<Arc<Hotel>>,
    Extension(shared): Extension<Arc<Shared>>,
    _: Subscribed,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent = read(&body, shared.options().trigger_devices)?;
    let id = match &sent.workflow_id {
        Some(id) if hotel.workflows.get(id).is_some() => id.clone(),
        Some(_) => return Err(Problem::not_found("Workflow not found")),
        None => new_id(&sent.name, &shared.random.hex()),
    };
    let row = row(&id, &sent);
    if hotel.workflows.change(&id, |known| known.clone_from(&row)).is_none() {
        hotel.workflows.add(row.clone());
    }
    Ok(Json(json!([row])))
}

/// The body of the answer is ignored by the CLI: here there is none.
pub(super) async fn delete(
    State(hotel): State<Arc<Hotel>>,
    Path(id): Path<String>,
    _: Subscribed,
) -> Result<StatusCode, Problem> {
    hotel.workflows.remove(&id, "Workflow not found")
}

/// Where a workflow runs.
pub(super) fn uri(workflow: &Value) -> Value {
    let config = match &workflow["config"] {
        Value::String(text) => serde_json::from_str(text).unwrap_or_default(),
        config => config.clone(),
    };
    config["trigger"]["start"]["workflow"]["uri"].clone()
}

fn read(body: &[u8], devices: u64) -> Result<Sent, Problem> {
    let bad = Problem::bad_request;
    let sent: Sent = serde_json::from_slice(body).map_err(|_| {
        bad("The body must be JSON: name, options (transient, hidden), config (trigger), install or install_rule")
    })?;
    let is_on = |key: &String| key.starts_with("on_");
    if sent.config.trigger.keys().filter(|key| is_on(key)).count() != 1 {
        return Err(bad("config.trigger says in one way what starts it"));
    }
    let started = &sent.config.trigger.get("start").unwrap_or(&Value::Null)["workflow"];
    if sent.name.trim().is_empty() || !started["uri"].is_string() || !started["args"].is_object() {
        return Err(bad("A workflow needs a name, and start.workflow with uri and args"));
    }
    if sent.install.iter().flatten().any(|id| device_index(id, devices).is_none()) {
        return Err(Problem::code("invalid_install_user_id"));
    }
    // Whether the real server takes both, or neither, is UNVERIFIED: the CLI always sends one.
    let rule = sent.install_rule.as_deref();
    if rule.is_some_and(|rule| rule != EVERYWHERE && !rule.starts_with(TAGGED))
        || rule.is_some() == sent.install.is_some()
    {
        return Err(bad("A workflow needs install, or an install_rule that is known"));
    }
    Ok(sent)
}

fn row(id: &str, sent: &Sent) -> Value {
    let mut row = json!({
        "workflow_id": id,
        "name": sent.name,
        "options": { "hidden": sent.options.hidden, "transient": sent.options.transient },
        // A JSON-encoded string, as the CLI expects it may be.
        "config": json!({ "trigger": sent.config.trigger }).to_string(),
    });
    if let Some(absorb) = &sent.options.absorb_triggers {
        row["options"]["absorb_triggers"] = absorb.clone();
    }
    match (&sent.install_rule, &sent.install) {
        (Some(rule), _) => row["install_rule"] = json!(rule),
        (None, install) => row["install"] = json!(install),
    }
    row
}

/// `wf_<name>_<base62>`.
fn new_id(name: &str, hex: &str) -> String {
    let name: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("wf_{}_{}", name.to_ascii_lowercase(), &hex[..22])
}

fn everywhere(index: usize, name: &str, trigger: &Value, as_string: bool) -> Value {
    let mut workflow = workflow(index, name, trigger, as_string);
    workflow["install_rule"] = json!(EVERYWHERE);
    workflow
}

fn installed(index: usize, name: &str, trigger: &Value, devices: std::ops::Range<u64>) -> Value {
    let mut workflow = workflow(index, name, trigger, false);
    workflow["install"] = devices.map(device_id).collect();
    workflow
}

fn workflow(index: usize, name: &str, trigger: &Value, as_string: bool) -> Value {
    let mut trigger = trigger.clone();
    trigger["start"] = json!({
        "workflow": { "uri": format!("wss://hillside.example/{name}"), "args": {} }
    });
    let config = json!({ "trigger": trigger });
    json!({
        "workflow_id": IDS[index],
        "name": name,
        "options": { "hidden": false, "transient": true, "absorb_triggers": false },
        "config": if as_string { json!(config.to_string()) } else { config },
    })
}
