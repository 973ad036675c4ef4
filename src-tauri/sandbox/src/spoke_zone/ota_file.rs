use axum::Json;
use axum::extract::{Path, RawQuery};
use axum::http::HeaderMap;
use axum::response::Response;
use serde_json::{Value, json};

use super::caller::Caller;
use super::list::List;
use super::problem::Problem;
use crate::file_answer::{file_answer, made_up};

/// How many bytes each has.
const SIZE: usize = 4096;

pub(super) struct OtaFile {
    /// A number in the vendor's client, a text in its sample (providers.md §3): here a number.
    pub(super) id: u64,
    pub(super) model: u64,
    pub(super) module: &'static str,
    module_id: u64,
    pub(super) version: &'static str,
    active: bool,
    created: &'static str,
    pub(super) released: Option<&'static str>,
    notes: &'static str,
}

static FILES: [OtaFile; 6] = [
    OtaFile {
        id: 501,
        model: 11,
        module: "firmware",
        module_id: 1,
        version: "2.0.0",
        active: false,
        created: "2026-02-03T09:00:00.000Z",
        released: Some("2026-02-10T09:00:00.000Z"),
        notes: "First release",
    },
    OtaFile {
        id: 502,
        model: 11,
        module: "firmware",
        module_id: 1,
        version: "2.1.0",
        active: true,
        created: "2026-05-18T09:00:00.000Z",
        released: Some("2026-05-20T09:00:00.000Z"),
        notes: "Quieter reversing alarm",
    },
    OtaFile {
        id: 503,
        model: 11,
        module: "app",
        module_id: 2,
        version: "1.4.2",
        active: true,
        created: "2026-06-01T09:00:00.000Z",
        released: Some("2026-06-02T09:00:00.000Z"),
        notes: "New map of the grounds",
    },
    OtaFile {
        id: 504,
        model: 12,
        module: "firmware",
        module_id: 1,
        version: "2.2.0",
        active: true,
        created: "2026-07-07T09:00:00.000Z",
        released: Some("2026-07-08T09:00:00.000Z"),
        notes: "Longer life of the battery",
    },
    OtaFile {
        id: 505,
        model: 12,
        module: "app",
        module_id: 2,
        version: "1.4.4",
        active: true,
        created: "2026-08-12T09:00:00.000Z",
        released: Some("2026-08-13T09:00:00.000Z"),
        notes: "",
    },
    OtaFile {
        id: 506,
        model: 13,
        module: "firmware",
        module_id: 1,
        version: "3.0.0-beta",
        active: false,
        created: "2026-09-30T09:00:00.000Z",
        released: None,
        notes: "Not for general use",
    },
];

pub(super) fn active() -> impl Iterator<Item = &'static OtaFile> {
    FILES.iter().filter(|file| file.active)
}

/// An array (providers.md §3). All callers see all files: UNVERIFIED.
pub(super) async fn ota_files(_: Caller, RawQuery(query): RawQuery) -> Result<Json<Value>, Problem> {
    let list = List::read(
        query.as_deref(),
        &["id", "modelId", "moduleId", "module", "version", "createdDate", "releaseDate", "releaseNotes"],
    )?;
    let active = match list.get("isActive") {
        None => None,
        Some("1") => Some(true),
        Some("0") => Some(false),
        Some(_) => return Err(Problem::invalid("isActive", "1 or 0")),
    };
    let module = list.get("module");
    let wanted = |file: &&OtaFile| {
        active.is_none_or(|active| file.active == active) && module.is_none_or(|module| file.module == module)
    };
    Ok(Json(list.apply(FILES.iter().filter(wanted).map(info).collect())))
}

/// Active files only (providers.md §3). The bytes are made up.
pub(super) async fn file(_: Caller, Path(id): Path<String>, headers: HeaderMap) -> Result<Response, Problem> {
    let file = active().find(|file| file.id.to_string() == id);
    let file = file.ok_or_else(|| Problem::not_found("ota-file", &id))?;
    let name = format!("{}-{}.bin", file.module, file.version);
    Ok(file_answer(&headers, &name, &format!("{}-{}", file.id, file.version), &made_up(SIZE, file.id)))
}

fn info(file: &OtaFile) -> Value {
    json!({
        "id": file.id,
        "modelId": file.model,
        "moduleId": file.module_id,
        "module": file.module,
        "version": file.version,
        "fileLocation": format!("ota-files/{}/{}-{}.bin", file.id, file.module, file.version),
        "isActive": file.active,
        "createdDate": file.created,
        "releaseDate": file.released,
        "releaseNotes": file.notes,
    })
}
