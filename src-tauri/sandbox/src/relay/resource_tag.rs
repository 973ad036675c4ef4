use axum::Json;
use serde_json::{Value, json};

use super::api::Subscribed;
use super::fixtures::{PEOPLE, SUBSCRIBER_ID};
use super::profile::profile_id;

const ROOT: &str = "fld_hillside";
const FOLDERS: [(&str, &str); 3] = [
    ("fld_front_of_house", "Front of house"),
    ("fld_housekeeping", "Housekeeping"),
    ("fld_engineering", "Engineering"),
];

/// The folders that users are tagged by, and who is in which (providers.md §1.3; the members are those of api.d.ts).
pub(super) async fn users(_: Subscribed) -> Json<Value> {
    let folder = |(id, name): &(&str, &str)| folder(id, name, Some(ROOT));
    let entities: Vec<_> = (0..PEOPLE.len()).map(entity).collect();
    Json(json!({
        "results": {
            "folder": self::folder(ROOT, "Hillside", None),
            "folders": FOLDERS.iter().map(folder).collect::<Vec<_>>(),
            "entities": entities,
        }
    }))
}

fn folder(id: &str, name: &str, parent: Option<&str>) -> Value {
    let mut folder = json!({ "resource_folder_id": id, "folder_name": name, "subscriber_id": SUBSCRIBER_ID });
    if let Some(parent) = parent {
        folder["parent_id"] = json!(parent);
    }
    folder
}

fn entity(person: usize) -> Value {
    json!({
        "resource_entity_id": format!("ent_{person:04}"),
        "resource_folder_id": FOLDERS[person % FOLDERS.len()].0,
        "entity_id": profile_id(person as u64),
        "entity_type": "user",
        "entity_attributes": { "tag_type": "user" },
        "subscriber_id": SUBSCRIBER_ID,
    })
}
