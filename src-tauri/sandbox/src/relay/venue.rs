use axum::Json;
use axum::extract::Path;
use serde_json::{Value, json};

use super::api::Subscribed;
use super::problem::Problem;

/// The hotel's two buildings, and how many floors each has.
const VENUES: [(&str, &str, u64); 2] = [("ven_hillside", "Hillside", 5), ("ven_annex", "Annex", 2)];

/// providers.md §1.3.
pub(super) async fn list(_: Subscribed) -> Json<Value> {
    let venue = |(id, name, _): &(&str, &str, u64)| json!({ "venue_id": id, "venue_name": name });
    Json(json!({ "results": VENUES.iter().map(venue).collect::<Vec<_>>() }))
}

/// providers.md §1.3: what a device can be near to, by tags.
pub(super) async fn positions(Path(venue): Path<String>, _: Subscribed) -> Result<Json<Value>, Problem> {
    let known = VENUES.iter().find(|(id, _, _)| *id == venue);
    let (id, name, floors) = known.ok_or(Problem::not_found("Venue not found"))?;
    let position = |floor: u64| {
        let tags = [(*name).to_owned(), format!("Floor {}", floor + 1)];
        json!({ "position_id": format!("pos_{id}_{floor:04}"), "tags": tags, "venue_id": id })
    };
    Ok(Json(json!({ "results": (0..*floors).map(position).collect::<Vec<_>>() })))
}
