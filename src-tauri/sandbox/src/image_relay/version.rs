//! A new version of a file, in chunks that a UUID holds together (providers.md §2.3).

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::api::read;
use super::file::shown;
use super::id::{Id, number};
use super::problem::Problem;
use super::upload_job::LARGEST_CHUNK;

/// A bound for a sandbox left running for days.
const MOST: usize = 1000;

/// The versions under way, by their UUIDs. What was uploaded is not kept: sizes only.
#[derive(Default)]
pub(super) struct Versions(BTreeMap<String, Version>);

struct Version {
    file: u64,
    chunks: BTreeMap<u64, usize>,
}

#[derive(Deserialize)]
struct Complete {
    file_name: String,
    chunk_count: usize,
}

pub(super) async fn begin(State(desk): State<Desk>, Id(file): Id) -> Result<Json<Value>, Problem> {
    let mut library = desk.library();
    library.files.get(file).ok_or(Problem::not_found())?;
    let versions = &mut library.versions.0;
    if versions.len() >= MOST {
        versions.pop_first();
    }
    let uuid = desk.shared.random.uuid();
    versions.insert(uuid.clone(), Version { file, chunks: BTreeMap::new() });
    Ok(Json(json!({ "uuid": uuid })))
}

pub(super) async fn chunk(
    State(desk): State<Desk>,
    Path((file, uuid, chunk)): Path<(u64, String, String)>,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let chunk = number(&chunk).filter(|chunk| *chunk > 0).ok_or(Problem::not_found())?;
    let mut library = desk.library();
    let version = library.versions.0.get_mut(&uuid).filter(|version| version.file == file);
    let version = version.ok_or(Problem::not_found())?;
    if body.is_empty() || body.len() > LARGEST_CHUNK {
        return Err(Problem::unprocessable("A chunk is a byte at least, and 5 MB at most"));
    }
    version.chunks.insert(chunk, body.len());
    Ok(StatusCode::NO_CONTENT)
}

/// All of it came. What the answer holds is not documented: here the file.
pub(super) async fn complete(
    State(desk): State<Desk>,
    Path((file, uuid)): Path<(u64, String)>,
    body: Bytes,
) -> Result<Response, Problem> {
    let sent: Complete = read(&body)?;
    let mut library = desk.library();
    let version = library.versions.0.get(&uuid).filter(|version| version.file == file).ok_or(Problem::not_found())?;
    let came = version.chunks.keys().copied().eq(1..=sent.chunk_count as u64);
    if !came || sent.chunk_count == 0 {
        return Err(Problem::unprocessable("Not all chunks came"));
    }
    let size: usize = version.chunks.values().sum();
    library.versions.0.remove(&uuid);
    let row = library.files.get_mut(file).ok_or(Problem::not_found())?;
    row["filename"] = json!(sent.file_name);
    row["size"] = json!(size);
    row["updated_on"] = json!(Timestamp::now().to_string());
    Ok((StatusCode::CREATED, Json(shown(&desk, row))).into_response())
}
