use axum::Json;
use serde_json::{Value, json};

use super::api::Subscribed;
use super::fixtures::device_id;

/// The first two are seed 0's and the tour's; the rest show the other kinds of trigger.
const IDS: [&str; 7] = [
    "wf_http_Y4xdLSLW8gJIpGaCjqOSp3",
    "wf_guestrequest_4hTq0mZb1XnUe7RkYwPa29",
    "wf_roomready_8KcVfJ2sLd6GyNtQo3WiEx",
    "wf_panic_1ZbHr5XuAm9PjTgSk7DvCq",
    "wf_checkin_6RwEy3NfLo0IxVhBt8MzUa",
    "wf_lowbattery_2QpSd7GkCj4WnYvFe5XrTb",
    "wf_minibar_9LmOu1ZaHi6KtRcDy3JsNg",
];

pub(super) fn exists(id: &str) -> bool {
    IDS.contains(&id)
}

/// providers.md §1.3: `config` may be an object or a JSON-encoded string; the sandbox gives both.
pub(super) async fn workflows(_: Subscribed) -> Json<Value> {
    Json(json!({ "results": [
        everywhere(0, "my_http_wf", &json!({ "on_http": "POST" }), true),
        everywhere(1, "guest_request", &json!({ "on_http": "POST" }), false),
        installed(2, "room_ready", &json!({ "on_http": "POST" }), 9..15),
        everywhere(3, "panic", &json!({ "on_button": "action_button_double_tap" }), true),
        installed(4, "check_in", &json!({ "on_phrases": ["check in", "arrived"] }), 0..4),
        everywhere(5, "low_battery", &json!({ "on_battery_discharge": 20 }), false),
        installed(6, "minibar", &json!({
            "on_nfc": { "type": "custom", "category": "room", "label": "minibar" }
        }), 29..30),
    ] }))
}

fn everywhere(index: usize, name: &str, trigger: &Value, as_string: bool) -> Value {
    let mut workflow = workflow(index, name, trigger, as_string);
    workflow["install_rule"] = json!("urn:relay-resource:all:device");
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
