use axum::Json;
use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use serde_json::{Map, Value, json};

/// Headers that bring what is secret.
const SECRET: [&str; 6] =
    ["authorization", "proxy-authorization", "cookie", "x-api-key", "x-access-token", "x-auth-token"];

/// Says what came: of what is secret, that it did.
pub(super) async fn echo(method: Method, RawQuery(query): RawQuery, headers: HeaderMap, body: Bytes) -> Json<Value> {
    let query: Map<_, _> = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .filter(|(name, _)| name != "api_key")
        .map(|(name, value)| (name.into_owned(), json!(value)))
        .collect();
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let size = body.len();
    let text = serde_json::from_slice(&body).unwrap_or_else(|_| json!(String::from_utf8_lossy(&body)));
    Json(json!({
        "method": method.as_str(),
        "query": query,
        "headers": shown(&headers),
        "content_type": content_type,
        "size": size,
        "body": text,
    }))
}

/// By name; those that came more than once with commas between.
fn shown(headers: &HeaderMap) -> Map<String, Value> {
    let all = |name: &str| headers.get_all(name).iter().map(|value| masked(name, value)).collect::<Vec<_>>().join(", ");
    headers.keys().map(|name| (name.to_string(), json!(all(name.as_str())))).collect()
}

/// A scheme may be seen, which is no secret.
fn masked(name: &str, value: &HeaderValue) -> String {
    let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
    match text.split_once(' ') {
        _ if !SECRET.contains(&name) => text,
        Some((scheme, _)) if name.ends_with("authorization") => format!("{scheme} •••"),
        _ => "•••".to_owned(),
    }
}
