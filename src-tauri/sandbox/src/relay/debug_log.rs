use std::time::Duration;

use axum::body::Body;
use axum::http::header;
use axum::response::IntoResponse;
use jiff::Timestamp;
use serde_json::json;

use super::api::Subscribed;
use super::fixtures::{SUBSCRIBER_ID, device_id};
use super::workflow::IDS;
use crate::drip::drip;

const PAUSE: Duration = Duration::from_millis(500);
const MESSAGES: [(&str, &str); 4] = [
    ("info", "workflow started"),
    ("debug", "prompted the user"),
    ("info", "heard: towels please"),
    ("warn", "no answer, asking again"),
];

/// NDJSON that does not end (providers.md §1.3): whoever asks goes away at some time.
pub(super) async fn log(Subscribed(query): Subscribed) -> impl IntoResponse {
    let workflow = query.get("workflow_id").unwrap_or(IDS[1]).to_owned();
    let user = query.get("user_id").map_or_else(|| device_id(0), str::to_owned);
    let line = move |number: u64| {
        let (level, message) = MESSAGES[usize::try_from(number).unwrap_or_default() % MESSAGES.len()];
        let context = json!({ "subscriber_id": SUBSCRIBER_ID, "user_id": user, "workflow_id": workflow });
        let at = Timestamp::now().to_string();
        let line = json!({ "level": level, "timestamp": at, "message": message, "context": context });
        Some(format!("{line}\n").into())
    };
    ([(header::CONTENT_TYPE, "application/x-ndjson")], Body::from_stream(drip(PAUSE, line)))
}
