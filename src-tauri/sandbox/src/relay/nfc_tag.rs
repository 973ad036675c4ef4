use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::{Extension, Json};
use serde_json::{Map, Value, json};

use super::api::Subscribed;
use super::fixtures::SUBSCRIBER_ID;
use super::hotel::Hotel;
use super::problem::Problem;
use super::profile::profile_id;
use crate::shared::Shared;

/// Three that are on a wall or in a pocket, and one that waits for its chip: it has no `uid`.
pub(super) fn first() -> Vec<Value> {
    let custom = |category: &str, label: &str| json!({ "type": "custom", "category": category, "label": label });
    let mut profile = custom("profile", "Amara Okafor");
    profile["type"] = json!("user_profile");
    profile["type_id"] = json!(profile_id(0));
    vec![
        row("7Q2mJc0XfV1uRk9LzTnW4e", "04a1c2f2b15e80", 41, &custom("room", "minibar")),
        row("1ZyHp5DsKa8BqGv3CxEo6r", "04a1c2f2b15e81", 7, &custom("round", "boiler room")),
        row("9LwNt4UjSd2MfIb7PhYg0k", "04a1c2f2b15e82", 112, &profile),
        row("3RvXe6ZoQm1HtLc8WaJn5i", "", 0, &custom("round", "pool")),
    ]
}

pub(super) async fn list(State(hotel): State<Arc<Hotel>>, _: Subscribed) -> Json<Value> {
    Json(json!({ "results": hotel.tags.all() }))
}

pub(super) async fn show(
    State(hotel): State<Arc<Hotel>>,
    Path(id): Path<String>,
    _: Subscribed,
) -> Result<Json<Value>, Problem> {
    hotel.tags.get(&id).map(Json).ok_or(Problem::not_found("Tag not found"))
}

/// The answer is printed by nobody: here it is the tag, without a chip yet.
pub(super) async fn create(
    State(hotel): State<Arc<Hotel>>,
    Extension(shared): Extension<Arc<Shared>>,
    _: Subscribed,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let content = content(&body)?;
    let row = row(&shared.random.hex()[..22], "", 0, &content);
    hotel.tags.add(row.clone());
    Ok(Json(row))
}

/// The content as a whole takes the place of what was there.
pub(super) async fn change(
    State(hotel): State<Arc<Hotel>>,
    Path(id): Path<String>,
    _: Subscribed,
    body: Bytes,
) -> Result<Json<Value>, Problem> {
    let content = content(&body)?;
    let changed = hotel.tags.change(&id, |row| row["content"] = content);
    changed.map(Json).ok_or(Problem::not_found("Tag not found"))
}

/// The body of the answer is ignored by the CLI: here there is none.
pub(super) async fn delete(
    State(hotel): State<Arc<Hotel>>,
    Path(id): Path<String>,
    _: Subscribed,
) -> Result<StatusCode, Problem> {
    hotel.tags.remove(&id, "Tag not found")
}

/// providers.md §1.3: `{"content":{"type","category","label",…}}`, all of it texts.
fn content(body: &[u8]) -> Result<Value, Problem> {
    let bad = Problem::bad_request;
    let body: Map<String, Value> =
        serde_json::from_slice(body).map_err(|_| bad("The body must be JSON: content (type, category, label)"))?;
    let Some(content) = body.get("content").and_then(Value::as_object) else {
        return Err(bad("The body must hold content"));
    };
    let text = |name| content.get(name).and_then(Value::as_str).filter(|text: &&str| !text.trim().is_empty());
    if !text("type").is_some_and(|kind| ["custom", "user_profile"].contains(&kind)) {
        return Err(bad("content.type is custom or user_profile"));
    }
    if text("category").is_none() || text("label").is_none() || !content.values().all(Value::is_string) {
        return Err(bad("content needs a category and a label; all of it are texts"));
    }
    Ok(Value::Object(content.clone()))
}

fn row(id: &str, uid: &str, counter: u64, content: &Value) -> Value {
    json!({ "tag_id": id, "uid": uid, "counter": counter, "subscriber_id": SUBSCRIBER_ID, "content": content })
}
