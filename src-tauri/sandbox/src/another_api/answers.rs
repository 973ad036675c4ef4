//! Answers of all kinds, for whoever looks at answers: large ones, slow ones, odd ones, and some that are no text.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{Path, RawQuery};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};
use axum::{Json, Router};
use serde_json::json;

use super::authorization_server::Desk;
use super::redirect::redirect;
use super::{documents, rows};
use crate::drip::drip;
use crate::file_answer::made_up;
use crate::oauth::Parameters;

const LARGEST: u64 = 64 * 1024 * 1024;
const DEEPEST: u64 = 10_000_000;

/// Texts that are the same each time, and their types.
const FIXED: [(&str, &str, &str); 4] = [
    // Numbers that no double holds, names that stand twice, in an order that is no alphabet's.
    (
        "/exact",
        "application/json",
        "{\"zebra\":123456789012345678901234567890,\"ant\":0.1000000000000000055511151231257827,\"big\":1e400,\
         \"minus\":-0,\"twice\":1,\"twice\":2,\"caf\\u00e9\":\"\\ud83d\\ude00 \\\"quoted\\\" \\\\ \\u0000\",\"\":null}",
    ),
    (
        "/broken",
        "application/json",
        "{\n  \"things\": [\n    {\"id\": 1, \"name\": \"Umbrella stand\"},\n    {\"id\": 2, \"na",
    ),
    (
        "/page",
        "text/html; charset=utf-8",
        "<!doctype html>\n<title>A page</title>\n<h1>A page</h1>\n<script>document.title = \"It ran\"</script>\n",
    ),
    ("/empty", "text/plain", ""),
];

pub(super) fn router() -> Router<Desk> {
    let router = Router::new()
        .route("/redirect", any(redirect))
        .route("/status/{status}", any(status))
        .route("/slow", get(slow))
        .route("/endless", get(endless))
        .route("/rows", get(rows::rows))
        .route("/gzip", get(rows::gzip))
        .route("/levels", get(levels))
        .route("/text", get(text))
        .route("/bytes", get(bytes))
        .route("/image", get(documents::image))
        .route("/pdf", get(documents::pdf));
    FIXED.into_iter().fold(router, |router, (path, kind, body)| {
        router.route(path, get(move || async move { ([(header::CONTENT_TYPE, kind)], body) }))
    })
}

/// A number of the query, within bounds.
pub(super) fn number(query: Option<&str>, name: &str, otherwise: u64, most: u64) -> u64 {
    let query = Parameters::parse(query.unwrap_or_default().as_bytes());
    query.get(name).and_then(|text| text.parse().ok()).unwrap_or(otherwise).min(most)
}

async fn status(Path(status): Path<u16>) -> Response {
    match StatusCode::from_u16(status) {
        Ok(status) if !status.is_informational() => {
            (status, Json(json!({ "status": status.as_u16() }))).into_response()
        }
        _ => StatusCode::BAD_REQUEST.into_response(),
    }
}

/// `parts` lines of text, one each `every_ms` milliseconds.
async fn slow(RawQuery(query): RawQuery) -> impl IntoResponse {
    let parts = number(query.as_deref(), "parts", 10, 10_000);
    let pause = Duration::from_millis(number(query.as_deref(), "every_ms", 200, 60_000));
    let line = move |part: u64| (part < parts).then(|| format!("Part {} of {parts}\n", part + 1).into());
    ([(header::CONTENT_TYPE, "text/plain")], Body::from_stream(drip(pause, line)))
}

/// Lines of text as fast as they are taken, until nobody takes them.
async fn endless() -> impl IntoResponse {
    let lines = |part: u64| Some(format!("This does not end, says part {part}\n").repeat(1000).into());
    ([(header::CONTENT_TYPE, "text/plain")], Body::from_stream(drip(Duration::ZERO, lines)))
}

/// Lists in lists.
async fn levels(RawQuery(query): RawQuery) -> impl IntoResponse {
    let levels = number(query.as_deref(), "levels", 1000, DEEPEST);
    let levels = usize::try_from(levels).unwrap_or_default();
    ([(header::CONTENT_TYPE, "application/json")], "[".repeat(levels) + &"]".repeat(levels))
}

/// So many bytes of text, in lines of so many; 0: in one.
async fn text(RawQuery(query): RawQuery) -> impl IntoResponse {
    let length = number(query.as_deref(), "bytes", 1000, LARGEST);
    let line = number(query.as_deref(), "line", 80, LARGEST);
    let letter = |at: u64| match at {
        at if line > 0 && (at + 1).is_multiple_of(line) => b'\n',
        at => b'a' + u8::try_from(at % 26).unwrap_or_default(),
    };
    ([(header::CONTENT_TYPE, "text/plain")], (0..length).map(letter).collect::<Vec<u8>>())
}

/// So many bytes that are no text.
async fn bytes(RawQuery(query): RawQuery) -> impl IntoResponse {
    let length = number(query.as_deref(), "bytes", 1000, LARGEST);
    let bytes = made_up(usize::try_from(length).unwrap_or_default(), 7);
    ([(header::CONTENT_TYPE, "application/octet-stream")], bytes)
}
