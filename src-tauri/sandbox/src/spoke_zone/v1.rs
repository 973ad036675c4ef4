//! What is left of v1, which is deprecated (providers.md §3): the log of a device by form, and firmware by its own names.
//! Only the fields are documented; what these answer else is the sandbox's.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use serde_json::{Value, json};

use super::Server;
use super::caller::Caller;
use super::data_file::TYPES;
use super::multipart;
use super::ota_file::{OtaFile, active};
use super::problem::Problem;

/// Form fields `deviceId, uploadType, files`.
pub(super) async fn save_log_file(
    State(server): State<Arc<Server>>,
    caller: Caller,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    caller.demand_upload()?;
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let boundary = content_type.and_then(multipart::boundary);
    let boundary = boundary.ok_or_else(|| Problem::invalid_operation("The body is no form with files"))?;
    let field = |name| multipart::field(boundary, &body, name).ok_or_else(|| Problem::required(name));
    let text = |name| field(name).map(|bytes| String::from_utf8_lossy(bytes).trim().to_owned());
    caller.demand_sight(&server.fleet.named(&text("deviceId")?)?)?;
    let wanted = text("uploadType")?;
    let kind = TYPES.into_iter().find(|kind| *kind == wanted);
    let kind = kind.ok_or_else(|| Problem::invalid("uploadType", "Not a type of data file"))?;
    let file = field("files")?;
    if file.is_empty() {
        return Err(Problem::invalid("files", "File is empty"));
    }
    let id = server.data_files.announce(kind);
    Ok(Json(json!({ "id": id, "path": format!("data-files/{id}/{kind}"), "size": file.len() })))
}

pub(super) async fn firmwares(_: Caller) -> Json<Value> {
    Json(active().filter(is_firmware).map(info).collect())
}

pub(super) async fn firmware(_: Caller, Path(id): Path<String>) -> Result<Json<Value>, Problem> {
    let found = active().filter(is_firmware).find(|file| file.id.to_string() == id);
    found.map(|file| Json(info(file))).ok_or_else(|| Problem::not_found("firmware", &id))
}

fn is_firmware(file: &&OtaFile) -> bool {
    file.module == "firmware"
}

fn info(file: &OtaFile) -> Value {
    json!({
        "firmware_id": file.id,
        "version_number": file.version,
        "model_id": file.model,
        "release_date": file.released,
    })
}
