use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Extension, Json, Router};
use serde_json::{Value, json};

use super::fixtures::SUBSCRIBER_ID;
use super::problem::Problem;
use super::{
    Relay, analytics, audit, device, geofence, group, instance, nfc_tag, presentation, profile, trigger, venue,
    workflow,
};
use crate::oauth::Parameters;
use crate::shared::Shared;

/// The API host ("iBot"). Paths and answers: providers.md §1.3.
pub(super) fn router(shared: &Arc<Shared>, relay: &Relay) -> Router {
    Router::new()
        .route("/ibot/authz_context", get(authz_context))
        .route("/ibot/subscriber_info/{subscriber}", get(subscriber_info))
        .route("/ibot/subscriber/{subscriber}/device_ids", get(device::device_ids))
        .route("/ibot/workflow", get(workflow::list).post(workflow::save))
        .route("/ibot/workflow/{workflow}", post(trigger::trigger).delete(workflow::delete))
        .route("/ibot/workflow_instances", get(instance::list))
        .route("/ibot/workflow_instances/{instance}", delete(instance::stop))
        .route("/ibot/workflow_analytics_events", get(analytics::events))
        .route("/relaypro/api/v1/device/{device}", get(device::device))
        // The older path for the same (providers.md §1.3).
        .route("/ibot/device/{device}", get(device::device))
        .route("/ibot/user_profile", get(profile::list))
        .route("/ibot/audit", get(audit::audit))
        .route("/ibot/groups", get(group::list))
        .route("/ibot/geofence", get(geofence::list).post(geofence::create))
        .route("/ibot/geofence/{geofence}", delete(geofence::delete))
        .route("/ibot/relay_nfc_tag", get(nfc_tag::list).post(nfc_tag::create))
        .route("/ibot/relay_nfc_tag/{tag}", get(nfc_tag::show).put(nfc_tag::change).delete(nfc_tag::delete))
        .route("/ibot/indoor_venue", get(venue::list))
        .route("/ibot/indoor_position/{venue}", get(venue::positions))
        .fallback(unknown_path)
        .layer(from_fn_with_state(relay.clone(), guard))
        .layer(from_fn(demand_user_agent))
        .layer(Extension(Arc::clone(shared)))
        .with_state(Arc::clone(&relay.hotel))
}

/// Seed 0, providers.md §1.3: a firewall before the API demands a User-Agent. Its words are ours, and
/// that it stands before api.relaypro.com too is the sandbox's choice.
pub(super) async fn demand_user_agent(request: Request, next: Next) -> Response {
    if has_user_agent(request.headers()) {
        return next.run(request).await;
    }
    let message = "Forbidden: a User-Agent header is required";
    (StatusCode::FORBIDDEN, message).into_response()
}

/// What every path demands: an access token of either server.
async fn guard(State(relay): State<Relay>, request: Request, next: Next) -> Response {
    let ledgers = [&relay.current.ledger, &relay.legacy.ledger];
    match presentation::check(request.headers(), &ledgers) {
        Ok(_) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn has_user_agent(headers: &HeaderMap) -> bool {
    headers.get(header::USER_AGENT).is_some_and(|value| !value.as_bytes().trim_ascii().is_empty())
}

async fn unknown_path() -> Problem {
    Problem::not_found("No such path")
}

/// Demands the query that the table of providers.md §1.3 calls S, and holds the rest of it.
pub(super) struct Subscribed(pub(super) Parameters);

impl<S: Sync> FromRequestParts<S> for Subscribed {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = Parameters::parse(parts.uri.query().unwrap_or_default().as_bytes());
        let Some(subscriber_id) = query.get("subscriber_id") else {
            return Err(Problem::bad_request("Missing query parameter: subscriber_id"));
        };
        check_subscriber(subscriber_id)?;
        Ok(Self(query))
    }
}

/// The account has one subscriber.
pub(super) fn check_subscriber(subscriber_id: &str) -> Result<(), Problem> {
    if subscriber_id == SUBSCRIBER_ID {
        return Ok(());
    }
    Err(Problem::forbidden("Not a subscriber of this account"))
}

async fn authz_context() -> Json<Value> {
    Json(json!([{ "subscriber_id": SUBSCRIBER_ID }]))
}

/// The capabilities that providers.md §1.3 names, of the 33 there are; values as seed 0's `whoami`.
async fn subscriber_info(Path(subscriber): Path<String>) -> Result<Json<Value>, Problem> {
    check_subscriber(&subscriber)?;
    Ok(Json(json!({
        "capabilities": {
            "workflow_sdk": true,
            "indoor_positioning": true,
            "ui_nfc": true,
            "calling": true,
            "enable_audit_logs": false,
        }
    })))
}
