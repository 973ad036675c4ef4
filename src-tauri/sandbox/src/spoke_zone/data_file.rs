use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use serde_json::{Value, json};

use super::Server;
use super::body::Body;
use super::caller::Caller;
use super::multipart;
use super::problem::Problem;

/// providers.md §3.
pub(super) const TYPES: [&str; 7] = ["log", "event", "gps", "debug", "journal", "dmesg", "txt"];
const FIRST: usize = 99;

/// The types of the data files announced, by id from [`FIRST`]. What is uploaded is not kept.
#[derive(Default)]
pub(super) struct DataFiles(Mutex<Vec<&'static str>>);

impl DataFiles {
    pub(super) fn announce(&self, kind: &'static str) -> usize {
        let mut files = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        files.push(kind);
        FIRST + files.len() - 1
    }

    fn kind(&self, id: &str) -> Option<&'static str> {
        let index = id.parse::<usize>().ok()?.checked_sub(FIRST)?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(index).copied()
    }
}

/// Announces a data file: `{"id":99}` (providers.md §3).
pub(super) async fn create(
    State(server): State<Arc<Server>>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    caller.demand_upload()?;
    let body = Body::read(&headers, &body)?;
    let wanted = body.text("type")?;
    body.optional_text("module")?;
    let kind = TYPES.into_iter().find(|kind| *kind == wanted);
    let kind = kind.ok_or_else(|| Problem::invalid("type", "Not a type of data file"))?;
    Ok(Json(json!({ "id": server.data_files.announce(kind) })))
}

/// Multipart with the field `files` (providers.md §3), or the bytes as they are. The answer has "the
/// upload path"; that its name is `path` is the sandbox's choice.
pub(super) async fn upload(
    State(server): State<Arc<Server>>,
    caller: Caller,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    caller.demand_upload()?;
    let kind = server.data_files.kind(&id).ok_or_else(|| Problem::not_found("data-file", &id))?;
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let file = match content_type.and_then(multipart::boundary) {
        Some(boundary) => multipart::field(boundary, &body, "files").ok_or_else(|| Problem::required("files"))?,
        None => &body[..],
    };
    if file.is_empty() {
        return Err(Problem::invalid("files", "File is empty"));
    }
    Ok(Json(json!({ "path": format!("data-files/{id}/{kind}"), "size": file.len() })))
}
