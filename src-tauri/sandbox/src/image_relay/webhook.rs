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
use super::id::Id;
use super::paging::Paging;
use super::problem::Problem;

/// Some of those in the vendor's document (IRAPI sections/webhooks.md).
const SUPPORTED: [(&str, &[&str]); 3] = [
    ("file", &["created", "name_changed", "added_to_folder", "keywords_updated", "processed"]),
    ("folder", &["created", "renamed", "moved", "deleted"]),
    ("user", &["created", "modified", "destroyed"]),
];

#[derive(Deserialize)]
struct Sent {
    resource: String,
    action: String,
    url: String,
    #[serde(default)]
    notification_emails: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Change {
    state: String,
}

/// Needs no authentication (providers.md §2.3).
pub(super) async fn supported() -> Json<Value> {
    let one = |(resource, actions): (&str, &[&str])| json!({ "resource": resource, "supported_actions": actions });
    Json(SUPPORTED.into_iter().map(one).collect())
}

pub(super) async fn webhooks(State(desk): State<Desk>, paging: Paging) -> Response {
    paging.bare(desk.library().webhooks.rows())
}

pub(super) async fn webhook(State(desk): State<Desk>, Id(id): Id) -> Result<Json<Value>, Problem> {
    desk.library().webhooks.get(id).cloned().map(Json).ok_or(Problem::not_found())
}

/// Kept and never called: the sandbox sends nothing anywhere.
pub(super) async fn create(State(desk): State<Desk>, body: Bytes) -> Result<Response, Problem> {
    let sent: Sent = read(&body)?;
    let known =
        |(resource, actions): &(&str, &[&str])| *resource == sent.resource && actions.contains(&sent.action.as_str());
    if !SUPPORTED.iter().any(known) {
        return Err(Problem::bad_request("No such resource and action: see webhooks/supported"));
    }
    let webhook = desk.library().webhooks.insert(json!({
        "resource": sent.resource,
        "action": sent.action,
        "url": sent.url,
        "notification_emails": sent.notification_emails,
        "state": "normal",
        "user_id": FIRST_USER,
        "created_at": Timestamp::now().to_string(),
    }));
    Ok((StatusCode::CREATED, Json(webhook)).into_response())
}

/// `error` is a state that one can be in, and not be put in.
pub(super) async fn change(State(desk): State<Desk>, Id(id): Id, body: Bytes) -> Result<Json<Value>, Problem> {
    let Change { state } = read(&body)?;
    if !["normal", "paused"].contains(&state.as_str()) {
        return Err(Problem::bad_request("state is normal or paused"));
    }
    let mut library = desk.library();
    let webhook = library.webhooks.get_mut(id).ok_or(Problem::not_found())?;
    webhook["state"] = json!(state);
    Ok(Json(webhook.clone()))
}

pub(super) async fn remove(State(desk): State<Desk>, Id(id): Id) -> Result<StatusCode, Problem> {
    let removed = desk.library().webhooks.remove(id);
    if removed { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found()) }
}
