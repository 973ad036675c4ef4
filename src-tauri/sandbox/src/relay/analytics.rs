use axum::Json;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::api::Subscribed;
use super::fixtures::{SUBSCRIBER_ID, device_id, vary};
use super::page::Page;
use super::problem::Problem;
use super::time::ago;
use super::workflow::IDS;
use crate::oauth::Parameters;

/// Some more than two pages, over two weeks.
const EVENTS: u64 = 250;
const APART: u64 = 14 * 86_400 / EVENTS;

/// The parameters that name a member of an event.
const FILTERS: [&str; 5] = ["workflow_id", "workflow_instance_id", "category", "source_type", "user_id"];

/// providers.md §1.3: newest first. The order is the sandbox's.
pub(super) async fn events(Subscribed(query): Subscribed) -> Result<Json<Value>, Problem> {
    let page = Page::read(&query)?;
    let known = |source: &&str| ["system", "user"].contains(source);
    if query.get("source_type").is_some_and(|source| !known(&source)) {
        return Err(Problem::bad_request("source_type is system or user"));
    }
    Ok(page.cut((0..EVENTS).map(event).filter(|(_, event)| is_wanted(&query, event))))
}

fn is_wanted(query: &Parameters, event: &Value) -> bool {
    FILTERS.iter().all(|name| query.get(name).is_none_or(|wanted| event[name] == wanted))
}

fn event(index: u64) -> (Timestamp, Value) {
    let at = ago(60 + index * APART + vary(index, 20, APART / 2));
    let workflow = IDS[usize::try_from(vary(index, 21, IDS.len() as u64)).unwrap_or_default()];
    let device = device_id(vary(index, 22, 34));
    let (category, source, content_type, content) = content(index, at);
    let mut event = json!({
        "id": format!("{:032x}", u128::from(vary(index, 23, u64::MAX)) << 32 | u128::from(index)),
        "category": category,
        "content": content,
        "content_type": content_type,
        "source_type": source,
        "sub_id": SUBSCRIBER_ID,
        "timestamp": at.to_string(),
        "workflow_id": workflow,
        "workflow_instance_id": format!("instance-{:04}", index / 2),
    });
    // providers.md §1.3: not always there.
    if !index.is_multiple_of(7) {
        event["user_id"] = json!(device);
    }
    (at, event)
}

/// `content` is a text, of the type that `content_type` names.
fn content(index: u64, at: Timestamp) -> (&'static str, &'static str, &'static str, String) {
    const JSON: &str = "application/json";
    match index % 5 {
        0 => ("workflow", "system", JSON, json!({ "command": "start" }).to_string()),
        1 => {
            let ended = json!({ "command": "terminate", "end_time": at.to_string(), "terminate_reason": "normal" });
            ("workflow", "system", JSON, ended.to_string())
        }
        2 => {
            let task = json!({ "task": { "id": format!("task-{index}"), "name": "alerts" }, "type": "start" });
            ("tasks", "user", "application/vnd.relay.tasks.parameters.v2+json", task.to_string())
        }
        3 => ("guest_request", "user", "text/plain", format!("Towels for room {}", 100 + index % 36)),
        _ => ("guest_request", "user", JSON, json!({ "room": 100 + index % 36, "minutes": index % 12 }).to_string()),
    }
}
