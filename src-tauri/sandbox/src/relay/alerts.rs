use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, RawQuery, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Extension, Json, Router};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::RELAY_API_KEY;
use super::alert::{Alert, Alerts};
use super::api::{check_subscriber, demand_user_agent};
use super::fixtures::{GROUPS, SUBSCRIBER_ID};
use super::problem::Problem;
use crate::credentials::credentials;
use crate::oauth::Parameters;
use crate::shared::Shared;

/// providers.md §1.3: `limit` is 100 where it isn't named, and at most; `oldest` seven days ago.
const MOST_EVENTS: usize = 100;
const OLDEST: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The newer public API, api.relaypro.com (providers.md §1.3, end).
pub(super) fn router(shared: &Arc<Shared>, alerts: &Arc<Alerts>) -> Router {
    Router::new()
        .route("/subscribers/{subscriber}/api/v1/alerts", post(alert))
        .route("/subscribers/{subscriber}/api/v1/alerts/{task}", delete(cancel))
        .route("/subscribers/{subscriber}/api/v1/broadcasts", post(broadcast))
        .route("/subscribers/{subscriber}/api/v1/events", get(events))
        .fallback(unknown_path)
        .layer(from_fn(demand_key))
        .layer(from_fn(demand_user_agent))
        .layer(Extension(Arc::clone(shared)))
        .with_state(Arc::clone(alerts))
}

/// `Authorization: RelayApiKey <key>` (providers.md §1.3).
async fn demand_key(request: Request, next: Next) -> Response {
    match credentials(request.headers(), "RelayApiKey") {
        Some(RELAY_API_KEY) => next.run(request).await,
        Some(_) => Problem::unknown_key().into_response(),
        None => Problem::no_key().into_response(),
    }
}

/// What an alert and a broadcast have in common, and an alert's name. Its further members are heard
/// and not heeded, as there is nobody to acknowledge it.
#[derive(Deserialize)]
struct Call {
    notification: String,
    groups: Vec<String>,
    name: Option<String>,
    quorum: Option<u32>,
    timeout: Option<u32>,
}

async fn alert(
    State(alerts): State<Arc<Alerts>>,
    Extension(shared): Extension<Arc<Shared>>,
    Path(subscriber): Path<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let call = read(&subscriber, &body)?;
    let task = shared.random.uuid();
    alerts.add(Alert::new("alerts", &task, call.name, call.notification, call.groups));
    let location = format!("{}/relay/alerts/subscribers/{SUBSCRIBER_ID}/api/v1/alerts/{task}", shared.url);
    Ok(([(header::LOCATION, location)], Json(json!({ "task_id": task }))).into_response())
}

/// The body of the answer is UNVERIFIED: here there is none.
async fn cancel(
    State(alerts): State<Arc<Alerts>>,
    Path((subscriber, task)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    check_subscriber(&subscriber)?;
    if alerts.cancel(&task) { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found("Alert not found")) }
}

/// The body of the answer is UNVERIFIED: here it is as an alert's.
async fn broadcast(
    State(alerts): State<Arc<Alerts>>,
    Extension(shared): Extension<Arc<Shared>>,
    Path(subscriber): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let call = read(&subscriber, &body)?;
    let task = shared.random.uuid();
    alerts.add(Alert::new("broadcasts", &task, None, call.notification, call.groups));
    Ok(Json(json!({ "task_id": task })))
}

/// Newest first; the order, and what an event holds beyond providers.md §1.3, are the sandbox's.
async fn events(
    State(alerts): State<Arc<Alerts>>,
    Path(subscriber): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Json<Value>, Problem> {
    check_subscriber(&subscriber)?;
    let query = Parameters::parse(query.unwrap_or_default().as_bytes());
    let oldest = match query.get("oldest") {
        None => Timestamp::now().saturating_sub(OLDEST).unwrap_or(Timestamp::MIN),
        Some(text) => text.parse().map_err(|_| Problem::bad_request("oldest is an instant in ISO 8601"))?,
    };
    let limit = match query.get("limit") {
        None => MOST_EVENTS,
        Some(text) => text.parse::<usize>().map_err(|_| Problem::bad_request("limit is a number"))?.min(MOST_EVENTS),
    };
    Ok(Json(alerts.events(oldest).into_iter().take(limit).collect()))
}

fn read(subscriber: &str, body: &[u8]) -> Result<Call, Problem> {
    check_subscriber(subscriber)?;
    let bad = Problem::bad_request;
    let call: Call =
        serde_json::from_slice(body).map_err(|_| bad("The body must be JSON: notification, groups (array)"))?;
    if call.notification.trim().is_empty() || call.groups.is_empty() {
        return Err(bad("notification and groups can't be empty"));
    }
    if call.quorum == Some(0) || call.timeout == Some(0) {
        return Err(bad("quorum and timeout are at least 1"));
    }
    // Whether a group is named or numbered there is UNVERIFIED: both will do.
    let known = |name: &String| GROUPS.iter().any(|group| group.id == name || group.name == name);
    if !call.groups.iter().all(known) {
        return Err(Problem::not_found("Group not found"));
    }
    Ok(call)
}

async fn unknown_path() -> Problem {
    Problem::not_found("No such path")
}
