use axum::Json;
use axum::extract::Path;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::api::{Subscribed, check_subscriber};
use super::fixtures::{DEVICE_COUNT, GROUPS, Group, PEOPLE, SUBSCRIBER_ID, device_id, device_index, device_name, vary};
use super::problem::Problem;

/// The hotel's front door; the devices are within some hundred metres.
const LATITUDE: f64 = 35.779_59;
const LONGITUDE: f64 = -78.638_18;

pub(super) async fn device_ids(Path(subscriber): Path<String>) -> Result<Json<Value>, Problem> {
    check_subscriber(&subscriber)?;
    let ids: Vec<_> = (0..DEVICE_COUNT).map(device_id).collect();
    Ok(Json(json!({ "devices": ids })))
}

/// providers.md §1.4.
pub(super) async fn device(Path(id): Path<String>, _: Subscribed) -> Result<Json<Value>, Problem> {
    let index = device_index(&id).ok_or_else(|| Problem::not_found("Device not found"))?;
    Ok(Json(info(index)))
}

/// providers.md §1.3. Profiles are people; the first devices are in their hands.
pub(super) async fn user_profiles(_: Subscribed) -> Json<Value> {
    let results: Vec<_> = (0..).zip(PEOPLE).map(profile).collect();
    Json(json!({ "results": results }))
}

fn profile((index, name): (u64, &str)) -> Value {
    json!({ "user_profile_id": profile_id(index), "username": name })
}

/// providers.md §1.3: which profile took which device. `data` is a JSON-encoded string, and an
/// empty cursor is the end.
pub(super) async fn audit(Subscribed(query): Subscribed) -> Json<Value> {
    let wanted = query.get("user_id");
    let data: Vec<_> = (0..PEOPLE.len() as u64)
        .filter(|index| wanted.is_none_or(|id| id == device_id(*index)))
        .map(assignment)
        .collect();
    Json(json!({ "data": data, "cursor": "" }))
}

/// providers.md §1.3.
pub(super) async fn groups(_: Subscribed) -> Json<Value> {
    Json(GROUPS.iter().map(group).collect())
}

fn group(group: &Group) -> Value {
    let users: Vec<_> = (0..DEVICE_COUNT).filter(|index| group.holds(&device_name(*index))).map(device_id).collect();
    json!({
        "group_id": group.id,
        "name": group.name,
        "owner": SUBSCRIBER_ID,
        "subscribers": [{ "subscriber_id": SUBSCRIBER_ID, "users": users }],
    })
}

fn profile_id(index: u64) -> String {
    format!("up_{index:04}")
}

fn assignment(index: u64) -> Value {
    let data = json!({ "id": profile_id(index), "device_id": device_id(index) });
    json!({
        "audit_id": format!("aud_{index:06}"),
        "action": "assigned",
        "data": data.to_string(),
        "timestamp_action": ago(3600 + vary(index, 10, 36_000)).to_string(),
    })
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

fn ago(seconds: u64) -> Timestamp {
    let duration = SignedDuration::from_secs(i64::try_from(seconds).unwrap_or_default());
    let whole = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
    whole.checked_sub(duration).unwrap_or_default()
}

/// providers.md §1.4: no zone. It is UTC.
fn without_zone(at: Timestamp) -> String {
    at.to_string().trim_end_matches('Z').to_owned()
}

/// Up to some 150 metres, rounded to a metre.
fn offset(index: u64, salt: u64) -> f64 {
    let steps = vary(index, salt, 301) as f64;
    ((steps - 150.0) * 0.000_01 * 1e5).round() / 1e5
}
