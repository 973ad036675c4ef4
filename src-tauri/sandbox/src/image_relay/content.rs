use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;

use super::Desk;
use super::problem::Problem;
use crate::file_answer::{file_answer, made_up};

/// What a quick link leads to, outside the API: no token is wanted there (providers.md §2.2, IRMAC). That one is refused,
/// as stores of files do where the address itself lets in, is the sandbox's choice. The bytes are made up.
pub(super) async fn content(
    State(desk): State<Desk>,
    Path(uid): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    if headers.contains_key(header::AUTHORIZATION) {
        return Err(Problem::bad_request("Only one way to authenticate is allowed"));
    }
    let library = desk.library();
    let link = library.quick_links.rows().iter().find(|link| link["uid"] == uid.as_str());
    let asset = link.and_then(|link| link["asset_id"].as_u64()).ok_or(Problem::not_found())?;
    let file = library.files.get(asset).ok_or(Problem::not_found())?;
    let size = file["size"].as_u64().and_then(|size| usize::try_from(size).ok()).unwrap_or_default();
    let name = file["filename"].as_str().unwrap_or_default().replace('"', "");
    Ok(file_answer(&headers, &name, &format!("{asset}-{size}"), &made_up(size, asset)))
}
