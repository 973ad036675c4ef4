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
use super::id::{Id, either};
use super::paging::Paging;
use super::problem::Problem;
use super::thumbnail;

/// providers.md §2.3, "from URL". The sandbox fetches nothing.
#[derive(Deserialize)]
struct FromUrl {
    filename: String,
    #[serde(deserialize_with = "either")]
    folder_id: u64,
    #[serde(deserialize_with = "either")]
    file_type_id: u64,
    url: String,
}

/// A file as the vendor's document has it (IRAPI sections/files.md). `folder_ids` was seen live (IRMAC).
pub(super) fn row(name: &str, folder: u64, size: usize) -> Value {
    json!({
        "filename": name,
        "folder_ids": [folder],
        "file_type_id": FILE_TYPE,
        "content_type": "image/jpeg",
        "size": size,
        "width": 4000,
        "height": 3000,
        "user_id": FIRST_USER,
        "created_at": "2026-02-03T14:05:00Z",
        "updated_on": "2026-02-03T14:05:00Z",
        "deleted": null,
        "terms": [{ "term_id": 411, "value": "" }, { "term_id": 412, "value": "" }],
        "tags": [],
    })
}

/// With the address of its picture, which is made for each answer.
pub(super) fn shown(desk: &Desk, file: &Value) -> Value {
    let mut shown = file.clone();
    let id = file["id"].as_u64().unwrap_or_default();
    shown["short_lived_thumbnail"] = json!(thumbnail::url(desk.shared.port, id));
    shown
}

/// The files of a folder: `query`, `recursive` and `file_type_id` are heeded, the dates are not.
pub(super) async fn of_folder(State(desk): State<Desk>, Id(id): Id, paging: Paging) -> Result<Response, Problem> {
    let library = desk.library();
    library.folders.get(id).ok_or(Problem::not_found())?;
    let mut files = library.files_in(id, paging.query.get("recursive") == Some("true"));
    if let Some(wanted) = paging.query.get("query") {
        let wanted = wanted.to_lowercase();
        let has = |text: &Value| text.as_str().is_some_and(|text| text.to_lowercase().contains(&wanted));
        let tagged = |file: &Value| file["tags"].as_array().into_iter().flatten().any(|tag| has(&tag["value"]));
        files.retain(|file| has(&file["filename"]) || tagged(file));
    }
    if let Some(wanted) = paging.query.get("file_type_id").and_then(|id| id.parse::<u64>().ok()) {
        files.retain(|file| file["file_type_id"] == wanted);
    }
    let files: Vec<_> = files.iter().map(|file| shown(&desk, file)).collect();
    Ok(paging.array(&desk.shared.url, &files))
}

pub(super) async fn file(State(desk): State<Desk>, Id(id): Id) -> Result<Json<Value>, Problem> {
    let file = desk.library().files.get(id).cloned().ok_or(Problem::not_found())?;
    Ok(Json(shown(&desk, &file)))
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
    Ok((StatusCode::CREATED, Json(shown(&desk, &file))).into_response())
}

pub(super) async fn remove(State(desk): State<Desk>, Id(id): Id) -> Result<StatusCode, Problem> {
    let removed = desk.library().files.remove(id);
    if removed { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}
