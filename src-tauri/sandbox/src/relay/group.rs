use std::sync::Arc;

use axum::{Extension, Json};
use serde_json::{Value, json};

use super::api::Subscribed;
use super::fixtures::{GROUPS, Group, SUBSCRIBER_ID, device_id, device_name};
use crate::shared::Shared;

/// providers.md §1.3: an array, which may arrive as a JSON-encoded string.
pub(super) async fn list(Extension(shared): Extension<Arc<Shared>>, _: Subscribed) -> Json<Value> {
    let options = shared.options();
    let groups: Value = GROUPS.iter().map(|it| group(it, options.trigger_devices)).collect();
    Json(if options.relay_groups_as_text { json!(groups.to_string()) } else { groups })
}

fn group(group: &Group, devices: u64) -> Value {
    let users: Vec<_> = (0..devices).filter(|index| group.holds(&device_name(*index))).map(device_id).collect();
    json!({
        "group_id": group.id,
        "name": group.name,
        "owner": SUBSCRIBER_ID,
        "subscribers": [{ "subscriber_id": SUBSCRIBER_ID, "users": users }],
    })
}
