use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde::Deserialize;
use serde_json::{Value, json};

use super::api::Subscribed;
use super::device::{LATITUDE, LONGITUDE};
use super::hotel::Hotel;
use super::problem::Problem;
use crate::shared::Shared;

/// The hotel's own is the one that its devices are in.
pub(super) fn first() -> Vec<Value> {
    vec![
        row("gf_hillside", "Hillside", "1 Hillside Drive, Raleigh, NC 27601, USA", LATITUDE, LONGITUDE, 250.0),
        row("gf_annex", "Annex", "9 Mill Lane, Raleigh, NC 27601, USA", LATITUDE + 0.004, LONGITUDE - 0.003, 80.0),
    ]
}

pub(super) async fn list(State(hotel): State<Arc<Hotel>>, _: Subscribed) -> Json<Value> {
    Json(json!({ "results": hotel.geofences.all() }))
}

/// providers.md §1.3: by an address, or by a place.
#[derive(Deserialize)]
struct Sent {
    label: String,
    radius: f64,
    address: Option<String>,
    lat: Option<f64>,
    long: Option<f64>,
}

/// The answer is the geofence. What the server makes of an address, the sandbox does not know: it is
/// always the same place.
pub(super) async fn create(
    State(hotel): State<Arc<Hotel>>,
    Extension(shared): Extension<Arc<Shared>>,
    _: Subscribed,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let bad = Problem::bad_request;
    let sent: Sent = serde_json::from_slice(&body)
        .map_err(|_| bad("The body must be JSON: label, radius (metres), and address or lat and long"))?;
    let (address, lat, long) = match (sent.address, sent.lat, sent.long) {
        (Some(address), None, None) if !address.trim().is_empty() => (address, LATITUDE, LONGITUDE),
        (None, Some(lat), Some(long)) if lat.abs() <= 90.0 && long.abs() <= 180.0 => (String::new(), lat, long),
        _ => return Err(bad("A geofence needs either an address, or lat and long")),
    };
    if sent.label.trim().is_empty() || sent.radius <= 0.0 {
        return Err(bad("A geofence needs a label, and a radius in metres"));
    }
    let id = format!("gf_{}", &shared.random.hex()[..22]);
    let row = row(&id, &sent.label, &address, lat, long, sent.radius);
    hotel.geofences.add(row.clone());
    Ok(Json(row))
}

/// The body of the answer is ignored by the CLI: here there is none.
pub(super) async fn delete(
    State(hotel): State<Arc<Hotel>>,
    Path(id): Path<String>,
    _: Subscribed,
) -> Result<StatusCode, Problem> {
    hotel.geofences.remove(&id, "Geofence not found")
}

/// The CLI's types have the coordinates as texts, and the radius as a number.
fn row(id: &str, label: &str, address: &str, lat: f64, long: f64, radius: f64) -> Value {
    json!({
        "geofence_id": id,
        "label": label,
        "address": address,
        "lat": format!("{lat:.6}"),
        "long": format!("{long:.6}"),
        "radius": radius,
    })
}
