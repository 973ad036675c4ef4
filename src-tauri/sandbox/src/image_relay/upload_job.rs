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
use super::file;
use super::fixtures::FILE_TYPE;
use super::id::{Id, either, number};
use super::problem::Problem;

/// providers.md §2.3: a chunk is 5 MB at most.
pub(super) const LARGEST_CHUNK: usize = 5 * 1024 * 1024;
/// What is read before it is judged.
pub(super) const LARGEST_BODY: usize = LARGEST_CHUNK + 1024 * 1024;
/// The sandbox keeps sizes only, and no more jobs than these.
const MOST_JOBS: usize = 1000;

/// The uploads under way and done.
#[derive(Default)]
pub(super) struct UploadJobs(BTreeMap<u64, UploadJob>);

struct UploadJob {
    folder: u64,
    created_at: String,
    name: String,
    size: usize,
    /// The size of each chunk that came.
    chunks: BTreeMap<u64, usize>,
    asset: Option<u64>,
    /// Asked about since it was done.
    seen: bool,
}

#[derive(Deserialize)]
struct Sent {
    #[serde(deserialize_with = "either")]
    folder_id: u64,
    #[serde(deserialize_with = "either")]
    file_type_id: u64,
    files: Vec<SentFile>,
}

#[derive(Deserialize)]
struct SentFile {
    name: String,
    size: usize,
}

/// A job is one file here, as the vendor's reference says of them; its file has the job's number.
pub(super) async fn create(State(desk): State<Desk>, body: Bytes) -> Result<Response, Problem> {
    let sent: Sent = read(&body)?;
    let [file] = <[SentFile; 1]>::try_from(sent.files).map_err(|_| Problem::bad_request("files holds one file"))?;
    let mut library = desk.library();
    library.folders.get(sent.folder_id).ok_or(Problem::not_found())?;
    if sent.file_type_id != FILE_TYPE {
        return Err(Problem::not_found());
    }
    let jobs = &mut library.upload_jobs.0;
    if jobs.len() >= MOST_JOBS {
        jobs.pop_first();
    }
    let id = jobs.last_key_value().map_or(1, |(id, _)| id + 1);
    let job = UploadJob {
        folder: sent.folder_id,
        created_at: Timestamp::now().to_string(),
        name: file.name,
        size: file.size,
        chunks: BTreeMap::new(),
        asset: None,
        seen: false,
    };
    let body = json!({
        "id": id,
        "created_at": job.created_at,
        "files": [{ "id": id, "name": job.name, "size": job.size }],
    });
    jobs.insert(id, job);
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// 204 while more is to come, 201 at the last, 422 for what doesn't fit (providers.md §2.3).
pub(super) async fn chunk(
    State(desk): State<Desk>,
    Path((job, file_id, chunk)): Path<(u64, u64, String)>,
    body: Bytes,
) -> Result<StatusCode, Problem> {
    let chunk = number(&chunk).filter(|chunk| *chunk > 0).ok_or(Problem::not_found())?;
    let mut library = desk.library();
    let known = library.upload_jobs.0.get_mut(&job).filter(|_| file_id == job).ok_or(Problem::not_found())?;
    if known.asset.is_some() {
        return Err(Problem::unprocessable("The file is complete"));
    }
    if body.is_empty() || body.len() > LARGEST_CHUNK {
        return Err(Problem::unprocessable("A chunk is a byte at least, and 5 MB at most"));
    }
    let others: usize = known.chunks.iter().filter(|(number, _)| **number != chunk).map(|(_, size)| size).sum();
    let received = others + body.len();
    if received > known.size {
        return Err(Problem::unprocessable("More came than the file has"));
    }
    known.chunks.insert(chunk, body.len());
    if received < known.size {
        return Ok(StatusCode::NO_CONTENT);
    }
    let row = file::row(&known.name, known.folder, known.size);
    let asset = library.files.insert(row)["id"].as_u64();
    if let Some(known) = library.upload_jobs.0.get_mut(&job) {
        known.asset = asset;
    }
    Ok(StatusCode::CREATED)
}

/// `asset_id` is null while the file is processed (providers.md §2.3). Here until it was asked for
/// once.
pub(super) async fn upload_job(State(desk): State<Desk>, Id(id): Id) -> Result<Json<Value>, Problem> {
    let mut library = desk.library();
    let job = library.upload_jobs.0.get_mut(&id).ok_or(Problem::not_found())?;
    let asset = job.asset.filter(|_| job.seen);
    job.seen = job.asset.is_some();
    Ok(Json(json!({
        "id": id,
        "created_at": job.created_at,
        "finished": asset.is_some(),
        "files": [{ "id": id, "name": job.name, "size": job.size, "asset_id": asset }],
    })))
}
