use axum::Json;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::api::Subscribed;
use super::fixtures::{PEOPLE, device_id, vary};
use super::page::Page;
use super::problem::Problem;
use super::profile::profile_id;
use super::time::ago;

/// Ten days: some more than a page.
const DAYS: u64 = 10;

/// providers.md §1.3: which profile took which device. The order, newest first, is the sandbox's.
pub(super) async fn audit(Subscribed(query): Subscribed) -> Result<Json<Value>, Problem> {
    let page = Page::read(&query)?;
    if query.get("event_type").is_some_and(|kind| kind != "ibot_user_profile") {
        return Err(Problem::bad_request("Unknown event_type"));
    }
    let others = query.get("action").is_some_and(|action| action != "assigned");
    let device = query.get("user_id");
    let people = 0..PEOPLE.len() as u64;
    let wanted = |person: &u64| !others && device.is_none_or(|id| id == device_id(*person));
    let rows = (0..DAYS).flat_map(|day| people.clone().filter(wanted).map(move |person| assignment(day, person)));
    Ok(page.cut(rows))
}

/// `data` is a JSON-encoded string.
fn assignment(day: u64, person: u64) -> (Timestamp, Value) {
    let at = ago(3600 + day * 86_400 + person * 1800 + vary(person, 10, 1500));
    let data = json!({ "id": profile_id(person), "device_id": device_id(person) });
    let row = json!({
        "audit_id": format!("aud_{:06}", day * 100 + person),
        "action": "assigned",
        "data": data.to_string(),
        "timestamp_action": at.to_string(),
    });
    (at, row)
}
