//! Types of tasks and their versions, which everybody may read and an administrator's token write (providers.md §1.3).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value, json};

use super::RELAY_ADMIN_TOKEN;
use super::api::Subscribed;
use super::hotel::Hotel;
use super::problem::Problem;
use crate::credentials::credentials;

/// The one namespace that there is at the start.
pub(super) const SYSTEM: &str = "system";

/// A type is kept whole: `{"key","namespace","name","majors":[{"major","minors":[{"minor","comment","capsule_source"}]}]}`.
pub(super) fn first() -> Vec<Value> {
    let kind = |name: &str, minors: u64| {
        let minors: Vec<_> =
            (0..minors).map(|number| minor(number, &format!("Version 1.{number}"), "capsule { }")).collect();
        row(SYSTEM, name, &[json!({ "major": 1, "minors": minors })])
    };
    vec![kind("alerts", 5), kind("broadcasts", 2), kind("checklist", 3)]
}

#[derive(Deserialize)]
struct NewType {
    name: String,
    major: NewMajor,
}

#[derive(Deserialize)]
struct NewMajor {
    minor: NewMinor,
}

#[derive(Deserialize)]
struct NewMinor {
    capsule_source: String,
    comment: String,
}

type Shelf = State<Arc<Hotel>>;
type Outcome = Result<Json<Value>, Problem>;

/// That there is such a type.
pub(super) fn demand(hotel: &Hotel, namespace: &str, name: &str) -> Result<Value, Problem> {
    hotel.task_types.get(&key(namespace, name)).ok_or(Problem::not_found("Task type not found"))
}

pub(super) async fn types(State(hotel): Shelf, Path(namespace): Path<String>, _: Subscribed) -> Json<Value> {
    let shown = |kind: &Value| json!({ "name": kind["name"], "namespace": kind["namespace"], "major": latest(&kind["majors"]) });
    let all = hotel.task_types.all();
    let own = all.iter().filter(|kind| kind["namespace"] == namespace.as_str());
    Json(json!({ "results": own.map(shown).collect::<Vec<_>>() }))
}

pub(super) async fn majors(
    State(hotel): Shelf,
    Path((namespace, name)): Path<(String, String)>,
    _: Subscribed,
) -> Outcome {
    let kind = demand(&hotel, &namespace, &name)?;
    Ok(Json(json!({ "results": members(&kind["majors"]).iter().map(shown).collect::<Vec<_>>() })))
}

pub(super) async fn major(
    State(hotel): Shelf,
    Path((namespace, name, wanted)): Path<(String, String, u64)>,
    _: Subscribed,
) -> Outcome {
    let kind = demand(&hotel, &namespace, &name)?;
    numbered(&kind["majors"], "major", wanted).map(|major| Json(shown(major)))
}

pub(super) async fn minors(
    State(hotel): Shelf,
    Path((namespace, name, wanted)): Path<(String, String, u64)>,
    _: Subscribed,
) -> Outcome {
    let kind = demand(&hotel, &namespace, &name)?;
    Ok(Json(json!({ "results": numbered(&kind["majors"], "major", wanted)?["minors"] })))
}

pub(super) async fn one_minor(
    State(hotel): Shelf,
    Path((namespace, name, major, minor)): Path<(String, String, u64, u64)>,
    _: Subscribed,
) -> Outcome {
    let kind = demand(&hotel, &namespace, &name)?;
    let major = numbered(&kind["majors"], "major", major)?;
    numbered(&major["minors"], "minor", minor).map(|minor| Json(minor.clone()))
}

pub(super) async fn add(
    State(hotel): Shelf,
    Path(namespace): Path<String>,
    _: Subscribed,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    demand_administrator(&headers)?;
    let sent: NewType = read(&body)?;
    if demand(&hotel, &namespace, &sent.name).is_ok() {
        return Err(Problem::bad_request("There is such a task type"));
    }
    let minor = minor(0, &sent.major.minor.comment, &sent.major.minor.capsule_source);
    let row = row(&namespace, &sent.name, &[json!({ "major": 1, "minors": [minor] })]);
    hotel.task_types.add(row.clone());
    Ok((StatusCode::CREATED, Json(json!({ "name": row["name"], "namespace": namespace }))).into_response())
}

pub(super) async fn remove(
    State(hotel): Shelf,
    Path((namespace, name)): Path<(String, String)>,
    _: Subscribed,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    demand_administrator(&headers)?;
    hotel.task_types.remove(&key(&namespace, &name), "Task type not found")
}

pub(super) async fn add_major(
    State(hotel): Shelf,
    Path((namespace, name)): Path<(String, String)>,
    _: Subscribed,
    headers: HeaderMap,
    body: Bytes,
) -> Outcome {
    demand_administrator(&headers)?;
    let NewMajor { minor: sent } = read(&body)?;
    let changed = hotel.task_types.change(&key(&namespace, &name), |kind| {
        if let Some(majors) = kind["majors"].as_array_mut() {
            let minor = minor(0, &sent.comment, &sent.capsule_source);
            majors.push(json!({ "major": majors.len() + 1, "minors": [minor] }));
        }
    });
    let kind = changed.ok_or(Problem::not_found("Task type not found"))?;
    Ok(Json(latest(&kind["majors"])))
}

pub(super) async fn add_minor(
    State(hotel): Shelf,
    Path((namespace, name, wanted)): Path<(String, String, u64)>,
    _: Subscribed,
    headers: HeaderMap,
    body: Bytes,
) -> Outcome {
    demand_administrator(&headers)?;
    let sent: NewMinor = read(&body)?;
    let mut added = None;
    hotel.task_types.change(&key(&namespace, &name), |kind| {
        let mut majors = kind["majors"].as_array_mut().into_iter().flatten();
        let minors = majors.find(|major| major["major"] == wanted).and_then(|major| major["minors"].as_array_mut());
        if let Some(minors) = minors {
            let minor = minor(minors.len() as u64, &sent.comment, &sent.capsule_source);
            minors.push(minor.clone());
            added = Some(minor);
        }
    });
    added.map(Json).ok_or(Problem::not_found("Task type or major not found"))
}

/// What status another's token is refused with is UNVERIFIED.
fn demand_administrator(headers: &HeaderMap) -> Result<(), Problem> {
    match credentials(headers, "Bearer") {
        Some(RELAY_ADMIN_TOKEN) => Ok(()),
        _ => Err(Problem::forbidden("An administrator's token is needed")),
    }
}

fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, Problem> {
    serde_json::from_slice(body)
        .map_err(|_| Problem::bad_request("The body must be JSON: name, major, minor, capsule_source, comment"))
}

fn key(namespace: &str, name: &str) -> String {
    format!("{namespace}/{name}")
}

fn row(namespace: &str, name: &str, majors: &[Value]) -> Value {
    json!({ "key": key(namespace, name), "namespace": namespace, "name": name, "majors": majors })
}

fn minor(number: u64, comment: &str, source: &str) -> Value {
    json!({ "minor": number, "comment": comment, "capsule_source": source })
}

/// A major version, as its latest minor has it.
fn shown(major: &Value) -> Value {
    let latest = members(&major["minors"]).last().cloned().unwrap_or_default();
    json!({ "major": major["major"], "capsule_source": latest["capsule_source"], "comment": latest["comment"] })
}

fn latest(majors: &Value) -> Value {
    members(majors).last().map(shown).unwrap_or_default()
}

fn members(list: &Value) -> &[Value] {
    list.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn numbered<'a>(list: &'a Value, member: &str, number: u64) -> Result<&'a Value, Problem> {
    members(list).iter().find(|one| one[member] == number).ok_or(Problem::not_found("No such version"))
}
