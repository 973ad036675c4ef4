use axum::Json;
use axum::response::Response;
use serde_json::{Value, json};

use super::fixtures::FILE_TYPE;
use super::id::Id;
use super::paging::Paging;
use super::problem::Problem;

const PERMISSIONS: [(u64, &str, &str); 3] = [
    (1, "Administrator", "May do everything"),
    (2, "Editor", "May upload, change and share"),
    (3, "Viewer", "May look and download"),
];

pub(super) fn permission(id: u64) -> Option<Value> {
    let known = PERMISSIONS.iter().find(|known| known.0 == id)?;
    Some(json!({ "id": known.0, "name": known.1, "description": known.2 }))
}

/// One of those whose Link header is still missing (providers.md §2.2; which these are is the
/// sandbox's choice).
pub(super) async fn permissions(paging: Paging) -> Response {
    let rows: Vec<_> = PERMISSIONS.iter().filter_map(|known| permission(known.0)).collect();
    paging.bare(&rows)
}

pub(super) async fn permission_by_id(Id(id): Id) -> Result<Json<Value>, Problem> {
    permission(id).map(Json).ok_or(Problem::not_found())
}

pub(super) async fn file_types(paging: Paging) -> Response {
    paging.bare(&[file_type()])
}

pub(super) async fn file_type_by_id(Id(id): Id) -> Result<Json<Value>, Problem> {
    if id == FILE_TYPE { Ok(Json(file_type())) } else { Err(Problem::not_found()) }
}

fn file_type() -> Value {
    json!({
        "id": FILE_TYPE,
        "name": "Photograph",
        "terms": [
            { "id": 411, "name": "Photographer", "field_type": "text" },
            { "id": 412, "name": "Usage", "field_type": "select", "metaterm_options": ["Web", "Print", "Press"] },
        ],
    })
}
