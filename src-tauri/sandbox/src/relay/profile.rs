use axum::Json;
use serde_json::{Value, json};

use super::api::Subscribed;
use super::fixtures::PEOPLE;

/// providers.md §1.3. Profiles are people; the first devices are in their hands.
pub(super) async fn list(_: Subscribed) -> Json<Value> {
    let results: Vec<_> = (0..).zip(PEOPLE).map(profile).collect();
    Json(json!({ "results": results }))
}

pub(super) fn profile_id(person: u64) -> String {
    format!("up_{person:04}")
}

fn profile((person, name): (u64, &str)) -> Value {
    json!({ "user_profile_id": profile_id(person), "username": name })
}
