use std::sync::Arc;

use axum::extract::Path;
use axum::{Extension, Json};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::api::{Subscribed, check_subscriber};
use super::fixtures::{GROUPS, device_id, device_index, device_name, vary};
use super::problem::Problem;
use super::time::{ago, without_zone};
use crate::shared::Shared;

/// The hotel's front door; the devices are within some hundred metres.
pub(super) const LATITUDE: f64 = 35.779_59;
pub(super) const LONGITUDE: f64 = -78.638_18;

pub(super) async fn device_ids(
    Extension(shared): Extension<Arc<Shared>>,
    Path(subscriber): Path<String>,
) -> Result<Json<Value>, Problem> {
    check_subscriber(&subscriber)?;
    let ids: Vec<_> = (0..shared.options().trigger_devices).map(device_id).collect();
    Ok(Json(json!({ "devices": ids })))
}

/// providers.md §1.4.
pub(super) async fn device(
    Extension(shared): Extension<Arc<Shared>>,
    Path(id): Path<String>,
    _: Subscribed,
) -> Result<Json<Value>, Problem> {
    let index =
        device_index(&id, shared.options().trigger_devices).ok_or_else(|| Problem::not_found("Device not found"))?;
    Ok(Json(info(index)))
}

fn info(index: u64) -> Value {
    let online = is_online(index);
    let name = device_name(index);
    // The string "undefined" says none (providers.md §1.4).
    let mode = if vary(index, 1, 8) == 0 { "dnd" } else { "undefined" };
    let groups: Vec<_> = GROUPS
        .iter()
        .filter(|group| group.holds(&name))
        .map(|group| json!({ "group_id": group.id, "name": group.name }))
        .collect();
    let channels: Vec<_> = GROUPS
        .iter()
        .filter(|group| group.holds(&name))
        .map(|group| json!({ "channel_id": format!("ch_{}", group.id), "name": group.name, "type": "group" }))
        .collect();
    json!({
        "ibot_node": "ibot@sandbox",
        "device_id": device_id(index),
        "session_id": format!("ses_{:08}", 40_000_000 + index),
        "device_name": name,
        "device_label": name,
        "disable_sos": false,
        "emergency_info": "",
        "background_audio": "",
        "mode": mode,
        "device_status": if online { "online" } else { "offline" },
        "last_connect_timestamp": without_zone(seen(index)),
        "disable_location": false,
        "active_channel": channels.first().map_or(json!(""), |channel| channel["channel_id"].clone()),
        "features": { "indoor_positioning": true, "nfc": true },
        "capabilities": { "workflow_sdk": true, "calling": true },
        "groups": groups,
        "channels": channels,
        "rendezvous": [],
        "active_incidents": [],
        "device_details": { "location": location(index), "device_info": hardware(index, online) },
    })
}

fn location(index: u64) -> Value {
    let seen = seen(index);
    json!({
        "lat": LATITUDE + offset(index, 2),
        "long": LONGITUDE + offset(index, 3),
        "address": "1 Hillside Drive, Raleigh, NC 27601, USA",
        "accuracy": 4 + vary(index, 4, 30),
        "timestamp": without_zone(seen),
        "timestamp_z": seen.to_string(),
        "geofence_state": "inside",
        "geofence_id": "gf_hillside",
        "geofence_events": [{
            "timestamp": without_zone(seen),
            "timestamp_z": seen.to_string(),
            "type": "entry",
            "geofence_id": "gf_hillside",
            "label": "Hillside",
        }],
        "indoor_position": {
            "best": format!("Floor {}", index % 5 + 1),
            "best_match": ["Hillside", format!("Floor {}", index % 5 + 1)],
            "best_match_id": format!("pos_{index:04}"),
        },
    })
}

fn hardware(index: u64, online: bool) -> Value {
    let battery = 4 + vary(index, 5, 97);
    let charging = index >= 34 || vary(index, 6, 4) == 0;
    let wifi = vary(index, 7, 5) > 0;
    json!({
        "battery_level": battery,
        "battery_status": if charging { "charging" } else { "discharging" },
        "rom_version": "2.6.1.1188",
        "app_version": "5.40.2",
        "build_id": "relay-user-5.40.2",
        "product_name": "Relay+",
        "model": "RelayX",
        "wifi_mac": format!("02:00:5e:10:{:02x}:{:02x}", index / 256, index % 256),
        "volume_level": 20 + vary(index, 8, 9) * 10,
        "imei": device_id(index),
        "iccid": format!("8901260{:012}", 240_000_000 + index),
        "fcc_id": "2AGHE-SANDBOX",
        "ic_id": "00000-SANDBOX",
        "network_status": {
            "connection_type": if wifi { "wifi" } else { "cellular" },
            "wifi_bars": if online && wifi { 1 + vary(index, 9, 4) } else { 0 },
            "cell_bars": if online { 1 + vary(index, 11, 4) } else { 0 },
        },
        "bluetooth_status": "disconnected",
        "bluetooth_info": { "address": "", "name": "" },
    })
}

/// Most are; the front desk always is.
fn is_online(index: u64) -> bool {
    index == 0 || vary(index, 12, 9) > 0
}

fn seen(index: u64) -> Timestamp {
    if is_online(index) { ago(20 + vary(index, 13, 600)) } else { ago(86_400 + vary(index, 13, 600_000)) }
}

/// Up to some 150 metres, rounded to a metre.
fn offset(index: u64, salt: u64) -> f64 {
    let steps = vary(index, salt, 301) as f64;
    ((steps - 150.0) * 0.000_01 * 1e5).round() / 1e5
}
