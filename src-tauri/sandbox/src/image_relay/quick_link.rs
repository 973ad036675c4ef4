use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::api::read;
use super::fixtures::FIRST_USER;
use super::id::{Id, either};
use super::paging::Paging;
use super::problem::Problem;

/// providers.md §2.3; the members for sizes and formats are heard and not heeded.
#[derive(Deserialize)]
struct Sent {
    purpose: String,
    #[serde(deserialize_with = "either")]
    asset_id: u64,
    expires: Option<String>,
}

pub(super) async fn quick_links(State(desk): State<Desk>, paging: Paging) -> Response {
    paging.array(&desk.shared.url, desk.library().quick_links.rows())
}

/// A user's, each with the name of its file.
pub(super) async fn of_user(State(desk): State<Desk>, Id(id): Id, paging: Paging) -> Result<Response, Problem> {
    let library = desk.library();
    library.users.get(id).ok_or(Problem::not_found())?;
    let mut links = library.quick_links.with("user_id", id);
    for link in &mut links {
        let file = link["asset_id"].as_u64().and_then(|id| library.files.get(id));
        link["filename"] = file.map_or(Value::Null, |file| file["filename"].clone());
    }
    Ok(paging.array(&desk.shared.url, &links))
}

/// providers.md §2.3: it is `processing` at first. Here until it is read for the first time.
pub(super) async fn quick_link(State(desk): State<Desk>, Id(id): Id) -> Result<Json<Value>, Problem> {
    let mut library = desk.library();
    let link = library.quick_links.get_mut(id).ok_or(Problem::not_found())?;
    let shown = link.clone();
    link["processing"] = json!(false);
    Ok(Json(shown))
}

pub(super) async fn create(State(desk): State<Desk>, body: Bytes) -> Result<Response, Problem> {
    let sent: Sent = read(&body)?;
    let mut library = desk.library();
    library.files.get(sent.asset_id).ok_or(Problem::not_found())?;
    let uid = desk.shared.random.hex();
    let link = library.quick_links.insert(json!({
        "uid": uid,
        "purpose": sent.purpose,
        "asset_id": sent.asset_id,
        "expires": sent.expires,
        "user_id": FIRST_USER,
        "created_at": Timestamp::now().to_string(),
        // Another origin than the API's, as a store of files is.
        "url": format!("http://localhost:{}/image-relay/ql/{uid}", desk.shared.port),
        "processing": true,
    }));
    Ok((StatusCode::CREATED, Json(link)).into_response())
}

pub(super) async fn remove(State(desk): State<Desk>, Id(id): Id) -> Result<StatusCode, Problem> {
    let removed = desk.library().quick_links.remove(id);
    if removed { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}
