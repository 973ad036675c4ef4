use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::api::read;
use super::fixtures::{FIRST_USER, ROOT};
use super::id::{Id, Number};
use super::library::Library;
use super::paging::Paging;
use super::problem::Problem;

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct Change {
    name: Option<String>,
    parent_id: Option<Number>,
}

/// Its members beyond id, name and parent are the sandbox's guess.
pub(super) fn row(name: &str, parent: Option<u64>) -> Value {
    json!({
        "name": name,
        "parent_id": parent,
        "user_id": FIRST_USER,
        "created_on": "2026-01-12T09:30:00Z",
        "updated_on": "2026-01-12T09:30:00Z",
    })
}

pub(super) async fn folders(State(desk): State<Desk>, paging: Paging) -> Response {
    // Those at the top: what is below the root, which nobody sees (IRAPI sections/folders.md).
    let library = desk.library();
    paging.array(&desk.shared.url, &below(&library, ROOT))
}

pub(super) async fn root(State(desk): State<Desk>) -> Result<Json<Value>, Problem> {
    folder(State(desk), Id(ROOT)).await
}

pub(super) async fn folder(State(desk): State<Desk>, Id(id): Id) -> Result<Json<Value>, Problem> {
    let library = desk.library();
    let mut folder = library.folders.get(id).cloned().ok_or(Problem::not_found())?;
    count(&library, &mut folder);
    Ok(Json(folder))
}

fn below(library: &Library, id: u64) -> Vec<Value> {
    let mut folders = library.folders.with("parent_id", id);
    folders.iter_mut().for_each(|folder| count(library, folder));
    folders
}

fn count(library: &Library, folder: &mut Value) {
    let id = folder["id"].as_u64().unwrap_or_default();
    folder["child_count"] = json!(library.folders.with("parent_id", id).len());
    folder["asset_count"] = json!(library.files_in(id, false).len());
}

pub(super) async fn children(State(desk): State<Desk>, Id(id): Id, paging: Paging) -> Result<Response, Problem> {
    let library = desk.library();
    library.folders.get(id).ok_or(Problem::not_found())?;
    let rows = below(&library, id);
    // Without a page, as it used to be.
    let paged = paging.query.get("page").is_some();
    Ok(if paged { paging.object("folders", &rows) } else { paging.array(&desk.shared.url, &rows) })
}

pub(super) async fn create(State(desk): State<Desk>, Id(parent): Id, body: Bytes) -> Result<Response, Problem> {
    let Named { name } = read(&body)?;
    check(&name)?;
    let mut library = desk.library();
    library.folders.get(parent).ok_or(Problem::not_found())?;
    let folder = library.folders.insert(row(&name, Some(parent)));
    Ok((StatusCode::CREATED, Json(folder)).into_response())
}

/// Its name, and LIVE3P in providers.md §2.3: where it is.
pub(super) async fn change(State(desk): State<Desk>, Id(id): Id, body: Bytes) -> Result<Json<Value>, Problem> {
    let Change { name, parent_id } = read(&body)?;
    if let Some(name) = &name {
        check(name)?;
    }
    let mut library = desk.library();
    let parent = parent_id.map(|Number(parent)| parent);
    if parent.is_some_and(|parent| library.folders.get(parent).is_none() || is_within(&library, parent, id)) {
        return Err(Problem::bad_request("parent_id is no folder that it can be in"));
    }
    let folder = library.folders.get_mut(id).ok_or(Problem::not_found())?;
    if let Some(name) = name {
        folder["name"] = json!(name);
    }
    if let Some(parent) = parent {
        folder["parent_id"] = json!(parent);
    }
    Ok(Json(folder.clone()))
}

/// Whether a folder is another, or somewhere below it.
fn is_within(library: &Library, folder: u64, above: u64) -> bool {
    let parent = library.folders.get(folder).and_then(|row| row["parent_id"].as_u64());
    folder == above || parent.is_some_and(|parent| is_within(library, parent, above))
}

/// With what is in it; what the real one does to that is not documented.
pub(super) async fn remove(State(desk): State<Desk>, Id(id): Id) -> Result<StatusCode, Problem> {
    if id == ROOT {
        return Err(Problem::bad_request("The root folder stays"));
    }
    let removed = desk.library().folders.remove(id);
    if removed { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}

/// LIVE3P in providers.md §2.3; the status is the sandbox's choice.
fn check(name: &str) -> Result<(), Problem> {
    if name.trim().is_empty() {
        return Err(Problem::bad_request("A folder needs a name"));
    }
    if name.contains(['/', '&', '<', '>']) {
        return Err(Problem::bad_request("A folder's name may not contain / & < >"));
    }
    Ok(())
}
