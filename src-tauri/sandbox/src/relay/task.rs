//! Tasks, and groups of them (providers.md §1.3; the members are those of the vendor's CLI, api.d.ts).

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::api::Subscribed;
use super::fixtures::SUBSCRIBER_ID;
use super::hotel::Hotel;
use super::problem::Problem;
use super::task_type::SYSTEM;
use super::workflow::IDS;
use crate::shared::Shared;

const MADE: &str = "2026-11-20T06:30:00Z";

pub(super) fn first() -> Vec<Value> {
    [
        ("tsk_morning_round", "Morning round", "checklist", Some("tgr_rounds")),
        ("tsk_pool_check", "Pool check", "checklist", Some("tgr_rounds")),
        ("tsk_fire_drill", "Fire drill", "alerts", None),
    ]
    .map(|(id, name, kind, group)| {
        let args = json!({ "tags": ["hillside"], "interval_minutes": 240 });
        row(
            id,
            MADE,
            &json!({ "task_name": name, "task_type_name": kind, "task_type_namespace": SYSTEM,
            "task_type_major": 1, "args": args, "task_group_id": group }),
        )
    })
    .into()
}

pub(super) fn first_groups() -> Vec<Value> {
    let members = json!({ "group_name": "Rounds", "task_type_namespace": SYSTEM, "task_type_name": "checklist",
        "task_type_major": 1, "members": {} });
    vec![group_row("tgr_rounds", MADE, &members)]
}

#[derive(Deserialize)]
struct NewTask {
    task_name: String,
    task_type_name: String,
    task_type_namespace: String,
    task_type_major: u64,
    args: Map<String, Value>,
}

#[derive(Deserialize)]
struct NewGroup {
    group_name: String,
    task_type_name: String,
    task_type_namespace: String,
    task_type_major: u64,
    members: Map<String, Value>,
}

/// All, or those of a group.
pub(super) async fn list(State(hotel): State<Arc<Hotel>>, Subscribed(query): Subscribed) -> Json<Value> {
    let mut tasks = hotel.tasks.all();
    if let Some(group) = query.get("task_group_id") {
        tasks.retain(|task| task["task_group_id"] == group);
    }
    Json(json!({ "results": tasks }))
}

/// What is answered is ignored by the CLI: here the task.
pub(super) async fn start(
    State(hotel): State<Arc<Hotel>>,
    Extension(shared): Extension<Arc<Shared>>,
    _: Subscribed,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let bad = Problem::bad_request;
    let sent: NewTask = serde_json::from_slice(&body).map_err(|_| {
        bad("The body must be JSON: task_name, task_type_name, task_type_namespace, task_type_major, args")
    })?;
    if !sent.args.get("tags").is_some_and(Value::is_array) {
        return Err(bad("args needs tags, a list"));
    }
    super::task_type::demand(&hotel, &sent.task_type_namespace, &sent.task_type_name)?;
    let row = row(
        &format!("tsk_{}", &shared.random.hex()[..22]),
        &Timestamp::now().to_string(),
        &json!({
            "task_name": sent.task_name, "task_type_name": sent.task_type_name,
            "task_type_namespace": sent.task_type_namespace, "task_type_major": sent.task_type_major, "args": sent.args,
        }),
    );
    hotel.tasks.add(row.clone());
    Ok(Json(row))
}

pub(super) async fn stop(
    State(hotel): State<Arc<Hotel>>,
    Path(id): Path<String>,
    _: Subscribed,
) -> Result<StatusCode, Problem> {
    hotel.tasks.remove(&id, "Task not found")
}

/// Tells a task that it is done: by a path of its own, which the CLI takes from what the task said. That it is known
/// by the task's number, is the sandbox's choice.
pub(super) async fn event(
    State(hotel): State<Arc<Hotel>>,
    Path(done_path): Path<String>,
    _: Subscribed,
) -> Result<Json<Value>, Problem> {
    let id = done_path.rsplit('/').next().unwrap_or_default();
    let changed = hotel.tasks.change(id, |task| task["status"] = json!("done"));
    changed.map(Json).ok_or(Problem::not_found("Task not found"))
}

pub(super) async fn groups(State(hotel): State<Arc<Hotel>>, _: Subscribed) -> Json<Value> {
    Json(json!({ "results": hotel.task_groups.all() }))
}

pub(super) async fn create_group(
    State(hotel): State<Arc<Hotel>>,
    Extension(shared): Extension<Arc<Shared>>,
    _: Subscribed,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let sent: NewGroup = serde_json::from_slice(&body).map_err(|_| {
        Problem::bad_request(
            "The body must be JSON: group_name, task_type_name, task_type_namespace, task_type_major, members",
        )
    })?;
    super::task_type::demand(&hotel, &sent.task_type_namespace, &sent.task_type_name)?;
    let row = group_row(
        &format!("tgr_{}", &shared.random.hex()[..22]),
        &Timestamp::now().to_string(),
        &json!({
            "group_name": sent.group_name, "task_type_namespace": sent.task_type_namespace,
            "task_type_name": sent.task_type_name, "task_type_major": sent.task_type_major, "members": sent.members,
        }),
    );
    hotel.task_groups.add(row.clone());
    Ok(Json(row))
}

pub(super) async fn delete_group(
    State(hotel): State<Arc<Hotel>>,
    Path(id): Path<String>,
    _: Subscribed,
) -> Result<StatusCode, Problem> {
    hotel.task_groups.remove(&id, "Task group not found")
}

fn row(id: &str, at: &str, said: &Value) -> Value {
    let mut row = said.clone();
    row["task_id"] = json!(id);
    row["workflow_id"] = json!(IDS[1]);
    row["workflow_instance_id"] = json!("GzpGAKVPGlhfHt4H3kuWXA");
    row["timestamp"] = json!(at);
    row["status"] = json!("running");
    row["subscriber_id"] = json!(SUBSCRIBER_ID);
    row
}

fn group_row(id: &str, at: &str, said: &Value) -> Value {
    let mut row = said.clone();
    row["task_group_id"] = json!(id);
    row["timestamp"] = json!(at);
    row["subscriber_id"] = json!(SUBSCRIBER_ID);
    row
}
