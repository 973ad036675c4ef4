use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::api::read;
use super::file::shown as shown_file;
use super::fixtures::MADE;
use super::id::Id;
use super::paging::Paging;
use super::problem::Problem;

/// `asset_ids` is a comma string (providers.md §2.3).
#[derive(Deserialize)]
struct Sent {
    name: Option<String>,
    #[serde(default)]
    asset_ids: String,
}

pub(super) async fn collections(State(desk): State<Desk>, paging: Paging) -> Response {
    let rows: Vec<_> = desk.library().collections.rows().iter().map(shown).collect();
    paging.array(&desk.shared.url, &rows)
}

pub(super) async fn collection(State(desk): State<Desk>, Id(id): Id) -> Result<Json<Value>, Problem> {
    desk.library().collections.get(id).map(shown).map(Json).ok_or(Problem::not_found())
}

pub(super) async fn files(State(desk): State<Desk>, Id(id): Id, paging: Paging) -> Result<Response, Problem> {
    let library = desk.library();
    let collection = library.collections.get(id).ok_or(Problem::not_found())?;
    let files = ids(collection).into_iter().filter_map(|id| library.files.get(id));
    let files: Vec<_> = files.map(|file| shown_file(&desk, file)).collect();
    Ok(paging.array(&desk.shared.url, &files))
}

pub(super) async fn create(State(desk): State<Desk>, body: Bytes) -> Result<Response, Problem> {
    let sent: Sent = read(&body)?;
    let name = sent.name.ok_or(Problem::bad_request("A collection needs a name"))?;
    let added = parse(&sent.asset_ids)?;
    let collection = desk
        .library()
        .collections
        .insert(json!({ "name": name, "created_on": MADE, "updated_on": MADE, "asset_ids": added }));
    Ok((StatusCode::CREATED, Json(shown(&collection))).into_response())
}

/// LIVE3P in providers.md §2.3: it only adds.
pub(super) async fn add(State(desk): State<Desk>, Id(id): Id, body: Bytes) -> Result<Json<Value>, Problem> {
    let sent: Sent = read(&body)?;
    let added = parse(&sent.asset_ids)?;
    let mut library = desk.library();
    let collection = library.collections.get_mut(id).ok_or(Problem::not_found())?;
    if let Some(name) = sent.name {
        collection["name"] = json!(name);
    }
    let mut all = ids(collection);
    all.extend(added);
    all.sort_unstable();
    all.dedup();
    collection["asset_ids"] = json!(all);
    Ok(Json(shown(collection)))
}

pub(super) async fn remove(State(desk): State<Desk>, Id(id): Id) -> Result<StatusCode, Problem> {
    let removed = desk.library().collections.remove(id);
    if removed { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

fn shown(collection: &Value) -> Value {
    let mut shown = collection.clone();
    // Both names were seen live (IRMAC).
    if let Some(shown) = shown.as_object_mut() {
        shown.remove("asset_ids");
        shown.insert("file_count".to_owned(), json!(ids(collection).len()));
    }
    shown
}

fn ids(collection: &Value) -> Vec<u64> {
    collection["asset_ids"].as_array().into_iter().flatten().filter_map(Value::as_u64).collect()
}

fn parse(asset_ids: &str) -> Result<Vec<u64>, Problem> {
    let parts = asset_ids.split(',').map(str::trim).filter(|part| !part.is_empty());
    parts.map(|part| part.parse().map_err(|_| Problem::bad_request("asset_ids are numbers with commas"))).collect()
}
