use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::api::read;
use super::fixtures::{FILE_TYPE, FIRST_USER};
use super::id::Id;
use super::paging::Paging;
use super::problem::Problem;

/// providers.md §2.3, "from URL". The sandbox fetches nothing.
#[derive(Deserialize)]
struct FromUrl {
    filename: String,
    folder_id: u64,
    file_type_id: u64,
    url: String,
}

/// A file's members are not documented on one page; these are the sandbox's choice.
pub(super) fn row(name: &str, folder: u64, size: usize) -> Value {
    json!({
        "name": name,
        "folder_id": folder,
        "file_type_id": FILE_TYPE,
        "content_type": "image/jpeg",
        "size": size,
        "user_id": FIRST_USER,
        "created_at": "2026-02-03T14:05:00Z",
        "updated_at": "2026-02-03T14:05:00Z",
    })
}

/// The files of a folder: `query`, `recursive` and `file_type_id` are heeded, the dates are not.
pub(super) async fn of_folder(State(desk): State<Desk>, Id(id): Id, paging: Paging) -> Result<Response, Problem> {
    let library = desk.library();
    library.folders.get(id).ok_or(Problem::not_found())?;
    let mut files = library.files_in(id, paging.query.get("recursive") == Some("true"));
    if let Some(wanted) = paging.query.get("query") {
        let wanted = wanted.to_lowercase();
        files.retain(|file| file["name"].as_str().is_some_and(|name| name.to_lowercase().contains(&wanted)));
    }
    if let Some(wanted) = paging.query.get("file_type_id").and_then(|id| id.parse::<u64>().ok()) {
        files.retain(|file| file["file_type_id"] == wanted);
    }
    Ok(paging.array(&desk.shared.url, &files))
}

pub(super) async fn file(State(desk): State<Desk>, Id(id): Id) -> Result<Json<Value>, Problem> {
    desk.library().files.get(id).cloned().map(Json).ok_or(Problem::not_found())
}

pub(super) async fn create(State(desk): State<Desk>, body: Bytes) -> Result<Response, Problem> {
    let sent: FromUrl = read(&body)?;
    if !sent.url.starts_with("https://") && !sent.url.starts_with("http://") {
        return Err(Problem::bad_request("url must be an address"));
    }
    let mut library = desk.library();
    library.folders.get(sent.folder_id).ok_or(Problem::not_found())?;
    if sent.file_type_id != FILE_TYPE {
        return Err(Problem::not_found());
    }
    let file = library.files.insert(row(&sent.filename, sent.folder_id, 0));
    Ok((StatusCode::CREATED, Json(file)).into_response())
}

pub(super) async fn remove(State(desk): State<Desk>, Id(id): Id) -> Result<StatusCode, Problem> {
    let removed = desk.library().files.remove(id);
    if removed { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}
