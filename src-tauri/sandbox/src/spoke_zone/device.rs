use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use super::Server;
use super::body::Body;
use super::caller::Caller;
use super::fleet::Device;
use super::list::List;
use super::problem::Problem;

const FIELDS: [&str; 10] = [
    "customerId",
    "identifier",
    "oemId",
    "modelId",
    "statusId",
    "serialNumber",
    "cpuId",
    "uuid",
    "manufactureDate",
    "userIdentifier",
];
/// providers.md §3.
const ACTIVE: u64 = 1;
const DISABLED: u64 = 3;

/// An array, and the query of the OTA files: UNVERIFIED, chosen after those (providers.md §3).
pub(super) async fn devices(
    State(server): State<Arc<Server>>,
    caller: Caller,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    caller.demand_user()?;
    let list = List::read(query.as_deref(), &["id", "identifier", "serialNumber", "name", "lastOnline"])?;
    let seen = server.fleet.all().into_iter().filter(|device| caller.sees(device));
    Ok(Json(list.apply(seen.map(|device| info(&device)).collect())))
}

pub(super) async fn device(
    State(server): State<Arc<Server>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let device = server.fleet.named(&id)?;
    caller.demand_sight(&device)?;
    Ok(Json(info(&device)))
}

/// The answer holds a token (seed 2). 201 and the rest of it are UNVERIFIED: the device, as asked for.
pub(super) async fn create(
    State(server): State<Arc<Server>>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    caller.demand_super()?;
    let device = read(&server, &Body::read(&headers, &body)?)?;
    let device = server.fleet.enter(device)?;
    let mut answer = info(&device);
    answer["customerId"] = json!(device.customer);
    answer["oemId"] = json!(device.oem);
    answer["statusId"] = json!(device.status);
    answer["userIdentifier"] = json!(device.user_identifier);
    answer["cpuId"] = json!(device.cpu_id);
    answer["uuid"] = json!(device.uuid);
    answer["token"] = json!(server.tokens.give_device(&server.shared, device.id));
    Ok((StatusCode::CREATED, Json(answer)).into_response())
}

fn read(server: &Server, body: &Body) -> Result<Device, Problem> {
    body.knows_only(&FIELDS)?;
    let status = body.optional_number("statusId")?.unwrap_or(DISABLED);
    if ![ACTIVE, DISABLED].contains(&status) {
        return Err(Problem::invalid("statusId", "1 is active, 3 is disabled"));
    }
    if let Some(date) = body.optional_text("manufactureDate")?
        && !is_iso(date)
    {
        return Err(Problem::invalid("manufactureDate", "Not an ISO 8601 date"));
    }
    let own = |field| body.optional_text(field).map(|text| text.map(str::to_owned));
    Ok(Device {
        id: 0,
        customer: body.number("customerId")?,
        identifier: body.text("identifier")?.to_owned(),
        model: body.optional_number("modelId")?,
        oem: body.optional_number("oemId")?,
        status,
        serial_number: own("serialNumber")?,
        cpu_id: own("cpuId")?,
        // Without one it could never log in: the sandbox draws it.
        uuid: own("uuid")?.unwrap_or_else(|| server.shared.random.uuid()),
        user_identifier: own("userIdentifier")?,
        seen: false,
    })
}

fn is_iso(date: &str) -> bool {
    date.parse::<Date>().is_ok() || date.parse::<Timestamp>().is_ok()
}

/// providers.md §3.
fn info(device: &Device) -> Value {
    json!({
        "id": device.id,
        "identifier": device.identifier,
        "serialNumber": device.serial_number,
        "modelId": device.model,
        "name": device.name(),
        "lastOnline": device.seen.then(|| last_online(device.id).to_string()),
        "lastLatitude": device.seen.then(|| place(device.id).0),
        "lastLongitude": device.seen.then(|| place(device.id).1),
        "softwareVersions": if device.seen { versions(device.id) } else { json!({}) },
    })
}

/// The fleet reports every 15 seconds; every seventh is in the garage.
fn last_online(id: u64) -> Timestamp {
    let seconds = if id.is_multiple_of(7) { 86_400 * 3 } else { i64::try_from(id % 15).unwrap_or_default() };
    let whole = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
    whole.checked_sub(SignedDuration::from_secs(seconds)).unwrap_or_default()
}

/// Latitude and longitude.
pub(super) fn place(id: u64) -> (f64, f64) {
    (35.7796 + spread(id, 7), -78.6382 + spread(id, 11))
}

/// Some hundred metres about, the same at every start.
fn spread(id: u64, step: u64) -> f64 {
    let place = (id * step) % 41;
    (place as f64 - 20.0) / 10_000.0
}

pub(super) fn versions(id: u64) -> Value {
    json!({ "firmware": format!("2.{}.0", id % 3), "app": format!("1.4.{}", id % 5) })
}
