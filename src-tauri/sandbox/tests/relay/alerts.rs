use keydesk_sandbox::RELAY_API_KEY;
use reqwest::header::{AUTHORIZATION, USER_AGENT};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

use crate::client::{CURRENT, Client, SUBSCRIBER, read, text};

fn request(client: &Client, method: &Method, path: &str) -> RequestBuilder {
    let path = format!("/relay/alerts/subscribers/{SUBSCRIBER}/api/v1/{path}");
    let key = format!("RelayApiKey {RELAY_API_KEY}");
    client.request(method.clone(), &path).header(AUTHORIZATION, key).header(USER_AGENT, "keydesk-tests")
}

async fn post(client: &Client, path: &str, body: &Value) -> (u16, Value) {
    read(request(client, &Method::POST, path).json(body)).await
}

fn call() -> Value {
    json!({ "notification": "Fire drill at ten", "groups": ["Housekeeping", "grp_rooms"], "timeout": 300, "name": "fire" })
}

#[tokio::test]
async fn alert_is_sent_seen_among_the_events_and_cancelled_once() {
    let client = Client::of(CURRENT).await;
    let response = request(&client, &Method::POST, "alerts").json(&call()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let location = response.headers()["location"].to_str().unwrap().to_owned();
    let body: Value = response.json().await.unwrap();
    assert!(location.ends_with(text(&body["task_id"])));
    let (_, events) = read(request(&client, &Method::GET, "events")).await;
    assert_eq!((&events[0]["category"], &events[0]["content"]["type"]), (&json!("tasks"), &json!("start")));
    assert_eq!((&events[0]["task"]["id"], &events[0]["task"]["name"]), (&body["task_id"], &json!("fire")));
    assert!(events[0].as_object().unwrap().contains_key("profile_id"));
    let path = format!("alerts/{}", text(&body["task_id"]));
    assert_eq!(read(request(&client, &Method::DELETE, &path)).await.0, 204);
    assert_eq!(read(request(&client, &Method::DELETE, &path)).await.0, 404);
    // Each thing that happens to it is an event, of the same task.
    let (_, events) = read(request(&client, &Method::GET, "events")).await;
    assert_eq!((&events[0]["content"]["type"], &events[0]["task"]["id"]), (&json!("cancel"), &body["task_id"]));
    assert_eq!(events.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_broadcast_cannot_be_cancelled() {
    let client = Client::of(CURRENT).await;
    let (_, body) = post(&client, "broadcasts", &call()).await;
    let path = format!("alerts/{}", text(&body["task_id"]));
    assert_eq!(read(request(&client, &Method::DELETE, &path)).await.0, 404);
}

#[tokio::test]
async fn events_are_limited_and_not_older_than_asked() {
    let client = Client::of(CURRENT).await;
    for _ in 0..3 {
        assert_eq!(post(&client, "broadcasts", &call()).await.0, 200);
    }
    for (query, count) in [("", 3), ("?limit=2", 2), ("?oldest=2999-01-01T00:00:00Z", 0)] {
        let (_, events) = read(request(&client, &Method::GET, &format!("events{query}"))).await;
        assert_eq!(events.as_array().unwrap().len(), count, "{query}");
    }
    for query in ["?oldest=yesterday", "?limit=many"] {
        assert_eq!(read(request(&client, &Method::GET, &format!("events{query}"))).await.0, 400, "{query}");
    }
}

#[tokio::test]
async fn key_and_user_agent_are_demanded() {
    let client = Client::of(CURRENT).await;
    let path = format!("/relay/alerts/subscribers/{SUBSCRIBER}/api/v1/events");
    let key = format!("RelayApiKey {RELAY_API_KEY}");
    assert_eq!(read(client.get(&path).header(AUTHORIZATION, &key)).await.0, 403);
    let bearer = format!("Bearer {RELAY_API_KEY}");
    for authorization in [bearer.as_str(), "RelayApiKey unknown", ""] {
        let request = client.get(&path).header(AUTHORIZATION, authorization).header(USER_AGENT, "keydesk-tests");
        assert_eq!(read(request).await.0, 401, "{authorization}");
    }
}

#[tokio::test]
async fn malformed_alerts_and_unknown_groups_are_refused() {
    let client = Client::of(CURRENT).await;
    for (name, value, status) in [
        ("notification", json!(" "), 400),
        ("groups", json!("Rooms"), 400),
        ("groups", json!(["Nobody"]), 404),
        ("quorum", json!(0), 400),
        ("timeout", json!("soon"), 400),
    ] {
        let mut body = call();
        body[name] = value;
        assert_eq!(post(&client, "alerts", &body).await.0, status, "{name}");
    }
    let elsewhere = format!("/relay/alerts/subscribers/{}/api/v1/events", SUBSCRIBER.replace('e', "f"));
    let request = client.get(&elsewhere).header(USER_AGENT, "keydesk-tests");
    assert_eq!(read(request.header(AUTHORIZATION, format!("RelayApiKey {RELAY_API_KEY}"))).await.0, 403);
}
