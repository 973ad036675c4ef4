//! A file in more folders than one, a copy of it, and the picture that stands for it. What these answer is not
//! documented; here the file.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::api::read;
use super::file::shown;
use super::id::{Id, Number, either};
use super::paging::Paging;
use super::problem::Problem;
use super::upload_job::LARGEST_CHUNK;

#[derive(Deserialize)]
struct Folders {
    folder_ids: Vec<Number>,
}

#[derive(Deserialize)]
struct Copy {
    #[serde(deserialize_with = "either")]
    folder_id: u64,
    should_copy_metadata: bool,
}

/// The same file in these folders too.
pub(super) async fn sync(State(desk): State<Desk>, Id(id): Id, body: Bytes) -> Result<Json<Value>, Problem> {
    let Folders { folder_ids } = read(&body)?;
    let mut library = desk.library();
    if folder_ids.is_empty() || folder_ids.iter().any(|Number(id)| library.folders.get(*id).is_none()) {
        return Err(Problem::not_found());
    }
    let file = library.files.get_mut(id).ok_or(Problem::not_found())?;
    if let Some(known) = file["folder_ids"].as_array_mut() {
        for Number(id) in folder_ids {
            if !known.iter().any(|known| *known == id) {
                known.push(json!(id));
            }
        }
    }
    Ok(Json(shown(&desk, file)))
}

/// Without its metadata, terms and keywords are empty. That it is 200 says IRREF.
pub(super) async fn duplicate(State(desk): State<Desk>, Id(id): Id, body: Bytes) -> Result<Json<Value>, Problem> {
    let sent: Copy = read(&body)?;
    let mut library = desk.library();
    library.folders.get(sent.folder_id).ok_or(Problem::not_found())?;
    let mut copy = library.files.get(id).cloned().ok_or(Problem::not_found())?;
    copy["folder_ids"] = json!([sent.folder_id]);
    if !sent.should_copy_metadata {
        copy["tags"] = json!([]);
        let terms = copy["terms"].as_array_mut().into_iter().flatten();
        terms.for_each(|term| term["value"] = json!(""));
    }
    if let Some(copy) = copy.as_object_mut() {
        copy.remove("id");
    }
    let copy = library.files.insert(copy);
    Ok(Json(shown(&desk, &copy)))
}

/// The bytes are not kept: the picture stays the one that the sandbox draws.
pub(super) async fn thumbnail(
    State(desk): State<Desk>,
    Id(id): Id,
    paging: Paging,
    body: Bytes,
) -> Result<Response, Problem> {
    let file = desk.library().files.get(id).cloned().ok_or(Problem::not_found())?;
    paging.query.get("file_name").ok_or(Problem::bad_request("file_name is missing"))?;
    if body.is_empty() || body.len() > LARGEST_CHUNK {
        return Err(Problem::bad_request("A picture is a byte at least, and 5 MB at most"));
    }
    Ok((StatusCode::OK, Json(shown(&desk, &file))).into_response())
}
