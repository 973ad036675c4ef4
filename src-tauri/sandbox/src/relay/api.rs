use std::sync::Arc;

use axum::extract::{FromRequestParts, Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Extension, Json, Router};
use serde_json::{Map, Value, json};

use super::fixtures::SUBSCRIBER_ID;
use super::hotel::Hotel;
use super::problem::Problem;
use super::{
    RELAY_ADMIN_TOKEN, Relay, analytics, audit, custom_audio, debug_log, device, geofence, group, instance, nfc_tag,
    presentation, profile, resource_tag, task, task_type, trigger, venue, workflow,
};
use crate::credentials::credentials;
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
        .route("/ibot/workflowdebug", get(debug_log::log))
        .route("/ibot/resource/tags/user", get(resource_tag::users))
        .route("/ibot/custom_audio", get(custom_audio::list).post(custom_audio::create))
        .route("/ibot/custom_audio/{audio}", delete(custom_audio::delete))
        .nest("/relaypro/api/v1", tasks())
        .fallback(unknown_path)
        .layer(from_fn_with_state(relay.clone(), guard))
        .layer(from_fn(demand_user_agent))
        .layer(Extension(Arc::clone(shared)))
        .with_state(Arc::clone(&relay.hotel))
}

/// What of the API is about tasks, the workflows that are made of them too.
fn tasks() -> Router<Arc<Hotel>> {
    let majors = "/task_types/{namespace}/{name}/majors";
    Router::new()
        .route("/workflow", post(workflow::save))
        .route("/task", get(task::list).post(task::start))
        .route("/task/{task}", delete(task::stop))
        .route("/task_event/{*done_path}", post(task::event))
        .route("/task_groups", get(task::groups).post(task::create_group))
        .route("/task_groups/{group}", delete(task::delete_group))
        .route("/task_types/{namespace}", get(task_type::types).post(task_type::add))
        .route("/task_types/{namespace}/{name}", delete(task_type::remove))
        .route(majors, get(task_type::majors).post(task_type::add_major))
        .route(&format!("{majors}/{{major}}"), get(task_type::major))
        .route(&format!("{majors}/{{major}}/minors"), get(task_type::minors).post(task_type::add_minor))
        .route(&format!("{majors}/{{major}}/minors/{{minor}}"), get(task_type::one_minor))
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

/// What every path demands: an access token of either server, or the administrator's.
async fn guard(State(relay): State<Relay>, request: Request, next: Next) -> Response {
    if credentials(request.headers(), "Bearer") == Some(RELAY_ADMIN_TOKEN) {
        return next.run(request).await;
    }
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

/// What a subscriber can be allowed (api.d.ts of the vendor's CLI), and whether this one is; the first five as in seed 0.
const CAPABILITIES: [(&str, bool); 33] = [
    ("workflow_sdk", true),
    ("indoor_positioning", true),
    ("ui_nfc", true),
    ("calling", true),
    ("enable_audit_logs", false),
    ("allow_sos_override", false),
    ("audit_rich_logging", false),
    ("background_audio", true),
    ("calling_between_devices_support", true),
    ("devmon_event_support", false),
    ("dnd", true),
    ("eavesdrop_support", false),
    ("enable_team_support", true),
    ("escalated_sos", false),
    ("geofencing", true),
    ("group_persistence", true),
    ("group_transcriptions", false),
    ("group_translations", false),
    ("intent_support", true),
    ("location", true),
    ("location_history", true),
    ("low_latency_audio", false),
    ("offnet_calling", false),
    ("pstn_calling", false),
    ("remote_push_notifications", true),
    ("sip_register", false),
    ("sos", true),
    ("ui_allow_incident_resolution", true),
    ("ui_summon", false),
    ("ui_translate", false),
    ("ui_user_profiles", true),
    ("ui_work_tracking", false),
    ("virtual_device_location_reporting", false),
];

async fn subscriber_info(Path(subscriber): Path<String>) -> Result<Json<Value>, Problem> {
    check_subscriber(&subscriber)?;
    let capabilities: Map<_, _> = CAPABILITIES.map(|(name, has)| (name.to_owned(), json!(has))).into_iter().collect();
    Ok(Json(json!({ "capabilities": capabilities })))
}
