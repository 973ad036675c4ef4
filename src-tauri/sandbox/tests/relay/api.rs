use std::time::Duration;

use keydesk_sandbox::Options;
use reqwest::header::{AUTHORIZATION, USER_AGENT, WWW_AUTHENTICATE};
use serde_json::{Value, json};

use crate::client::{CURRENT, Client, SUBSCRIBER, text};

const CONTEXT: &str = "/relay/api/ibot/authz_context";
const WORKFLOW: &str = "wf_http_Y4xdLSLW8gJIpGaCjqOSp3";
const DEVICE: &str = "990007560234567";

fn with_subscriber(path: &str) -> String {
    format!("/relay/api{path}?subscriber_id={SUBSCRIBER}")
}

fn trigger_path(workflow: &str, device: &str) -> String {
    with_subscriber(&format!("/ibot/workflow/{workflow}")) + &format!("&user_id={device}")
}

async fn logged_in() -> (Client, String) {
    let client = Client::of(CURRENT).await;
    let tokens = client.log_in().await;
    (client, text(&tokens["access_token"]).to_owned())
}

#[tokio::test]
async fn missing_or_empty_user_agent_is_forbidden() {
    let (client, token) = logged_in().await;
    for agent in [None, Some(""), Some("  ")] {
        let mut request = client.get(CONTEXT).header(AUTHORIZATION, format!("Bearer {token}"));
        if let Some(agent) = agent {
            request = request.header(USER_AGENT, agent);
        }
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 403, "{agent:?}");
        let body = response.text().await.unwrap();
        assert!(serde_json::from_str::<Value>(&body).is_err(), "plain text");
    }
}

#[tokio::test]
async fn no_other_token_than_an_access_token_is_taken() {
    let client = Client::of(CURRENT).await;
    let tokens = client.log_in().await;
    for token in ["nonsense", text(&tokens["id_token"]), text(&tokens["refresh_token"])] {
        let (status, body) = client.ask(CONTEXT, token).await;
        assert_eq!(status, 401);
        assert!(body["message"].is_string());
    }
}

#[tokio::test]
async fn refusal_carries_a_challenge() {
    let client = Client::of(CURRENT).await;
    let request = client.get(CONTEXT).header(USER_AGENT, "x");
    let response = request.try_clone().unwrap().send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()[WWW_AUTHENTICATE], "Bearer realm=\"Relay\"");
    let response = request.header(AUTHORIZATION, "Bearer x").send().await.unwrap();
    let challenge = response.headers()[WWW_AUTHENTICATE].to_str().unwrap();
    assert!(challenge.contains("error=\"invalid_token\""));
}

#[tokio::test]
async fn expired_access_token_is_refused() {
    let options = Options { access_token_lifetime: Duration::from_millis(50), ..Options::default() };
    let client = Client::with(CURRENT, options).await;
    let tokens = client.log_in().await;
    tokio::time::sleep(Duration::from_millis(80)).await;
    let (status, body) = client.ask(CONTEXT, text(&tokens["access_token"])).await;
    assert_eq!(status, 401);
    assert_eq!(body["message"], "Access token expired");

    client.sandbox.set_access_token_lifetime(Duration::from_secs(60));
    let (_, tokens) = client.refresh(text(&tokens["refresh_token"])).await;
    assert_eq!(tokens["expires_in"], 60);
    let (status, _) = client.ask(CONTEXT, text(&tokens["access_token"])).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn access_tokens_can_be_ended_at_once_and_refreshed() {
    let client = Client::of(CURRENT).await;
    let tokens = client.log_in().await;
    client.sandbox.expire_access_tokens();
    let (status, _) = client.ask(CONTEXT, text(&tokens["access_token"])).await;
    assert_eq!(status, 401);
    let (status, tokens) = client.refresh(text(&tokens["refresh_token"])).await;
    assert_eq!(status, 200);
    client.sandbox.revoke_all();
    let (status, _) = client.ask(CONTEXT, text(&tokens["access_token"])).await;
    assert_eq!(status, 401);
    let (status, body) = client.refresh(text(&tokens["refresh_token"])).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_grant")));
}

#[tokio::test]
async fn subscriber_is_demanded_where_the_table_says_so() {
    let (client, token) = logged_in().await;
    let device = format!("/relaypro/api/v1/device/{DEVICE}");
    let old_device = format!("/ibot/device/{DEVICE}");
    for path in [
        device.as_str(),
        &old_device,
        "/ibot/workflow",
        "/ibot/workflow_instances",
        "/ibot/workflow_analytics_events",
        "/ibot/user_profile",
        "/ibot/audit",
        "/ibot/groups",
        "/ibot/geofence",
        "/ibot/relay_nfc_tag",
        "/ibot/indoor_venue",
    ] {
        let (status, body) = client.ask(&format!("/relay/api{path}"), &token).await;
        assert_eq!(status, 400, "{path}");
        assert!(body["message"].is_string(), "{path}");
        let other = format!("/relay/api{path}?subscriber_id=other");
        assert_eq!(client.ask(&other, &token).await.0, 403, "{path}");
        let (status, _) = client.ask(&with_subscriber(path), &token).await;
        assert_eq!(status, 200, "{path}");
    }
}

#[tokio::test]
async fn devices_are_listed_and_told_about() {
    let (client, token) = logged_in().await;
    let path = format!("/relay/api/ibot/subscriber/{SUBSCRIBER}/device_ids");
    let (_, body) = client.ask(&path, &token).await;
    let ids = body["devices"].as_array().unwrap();
    assert_eq!(ids.len(), 214);
    let mut offline = 0;
    for id in ids {
        let path = with_subscriber(&format!("/relaypro/api/v1/device/{}", text(id)));
        let (status, info) = client.ask(&path, &token).await;
        assert_eq!((status, &info["device_id"]), (200, id));
        let details = &info["device_details"];
        let battery = details["device_info"]["battery_level"].as_u64().unwrap();
        assert!((1..=100).contains(&battery));
        assert!(details["location"]["lat"].as_f64().unwrap() > 35.0);
        assert!(!text(&info["last_connect_timestamp"]).ends_with('Z'));
        offline += usize::from(info["device_status"] == "offline");
    }
    assert!((1..100).contains(&offline), "{offline} of 214 are offline");
    let path = with_subscriber("/relaypro/api/v1/device/1");
    assert_eq!(client.ask(&path, &token).await.0, 404);
}

/// A hotel can be as large as a test wants it.
#[tokio::test]
async fn there_are_as_many_devices_as_it_is_told() {
    let client = Client::with(CURRENT, Options { trigger_devices: 2000, ..Options::default() }).await;
    let token = text(&client.log_in().await["access_token"]).to_owned();
    let path = format!("/relay/api/ibot/subscriber/{SUBSCRIBER}/device_ids");
    let (_, body) = client.ask(&path, &token).await;
    let ids = body["devices"].as_array().unwrap();
    assert_eq!(ids.len(), 2000);
    let last = with_subscriber(&format!("/relaypro/api/v1/device/{}", text(&ids[1999])));
    assert_eq!(client.ask(&last, &token).await.1["device_name"], "Room 5522");
    let beyond = text(&ids[1999]).parse::<u64>().unwrap() + 1;
    let beyond = with_subscriber(&format!("/relaypro/api/v1/device/{beyond}"));
    assert_eq!(client.ask(&beyond, &token).await.0, 404);
}

#[tokio::test]
async fn workflow_config_comes_as_object_and_as_string() {
    let (client, token) = logged_in().await;
    let (_, body) = client.ask(&with_subscriber("/ibot/workflow"), &token).await;
    let results = body["results"].as_array().unwrap();
    assert!(results.iter().any(|workflow| workflow["config"].is_object()));
    let encoded = results.iter().find_map(|workflow| workflow["config"].as_str()).unwrap();
    let config: Value = serde_json::from_str(encoded).unwrap();
    assert!(config["trigger"].is_object());
}

#[tokio::test]
async fn capabilities_and_the_rest_are_told() {
    let (client, token) = logged_in().await;
    let path = format!("/relay/api/ibot/subscriber_info/{SUBSCRIBER}");
    let (_, body) = client.ask(&path, &token).await;
    assert_eq!(body["capabilities"]["workflow_sdk"], true);
    let (_, body) = client.ask(&with_subscriber("/ibot/audit"), &token).await;
    let data: Value = serde_json::from_str(text(&body["data"][0]["data"])).unwrap();
    assert_eq!(data["device_id"], DEVICE);
    let (_, body) = client.ask(&with_subscriber("/ibot/groups"), &token).await;
    assert!(!body[0]["subscribers"][0]["users"].as_array().unwrap().is_empty());
}

#[tokio::test]
async fn trigger_is_answered_and_logged() {
    let (client, token) = logged_in().await;
    let body = json!({
        "action": "invoke",
        "target_device_ids": [DEVICE],
        "action_args": { "room": "118", "count": 2, "urgent": true },
    });
    let path = trigger_path(WORKFLOW, DEVICE);
    let (status, answer) = client.send(&path, &token, &body).await;
    assert_eq!(status, 200);
    assert_eq!(answer["result"], "success");
    assert!(answer["trigger_id"].is_string());
    let triggers = client.sandbox.triggers();
    assert_eq!(triggers.len(), 1);
    assert_eq!(triggers[0].workflow_id, WORKFLOW);
    assert_eq!(triggers[0].device_id, DEVICE);
    assert_eq!(triggers[0].subscriber_id, SUBSCRIBER);
    assert_eq!(triggers[0].action_args["count"], 2);

    let (_, log) = client.ask("/sandbox/log", "").await;
    assert_eq!(log[0]["action_args"]["room"], "118");
    assert!(text(&log[0]["at"]).ends_with('Z'));
}

#[tokio::test]
async fn least_trigger_goes_to_the_device_of_the_query() {
    let (client, token) = logged_in().await;
    let path = trigger_path(WORKFLOW, "990007560234570");
    let (status, _) = client.send(&path, &token, &json!({ "action": "invoke" })).await;
    assert_eq!(status, 200);
    assert_eq!(client.sandbox.triggers()[0].device_id, "990007560234570");
}

#[tokio::test]
async fn wrong_triggers_are_refused_and_not_logged() {
    let (client, token) = logged_in().await;
    let invoke = json!({ "action": "invoke" });
    let workflow = with_subscriber(&format!("/ibot/workflow/{WORKFLOW}"));
    let cases = [
        (trigger_path("wf_none", DEVICE), invoke.clone(), 404),
        (trigger_path(WORKFLOW, "undefined"), invoke.clone(), 404),
        (workflow, invoke.clone(), 400),
        (format!("/relay/api/ibot/workflow/{WORKFLOW}?user_id={DEVICE}"), invoke, 400),
        (trigger_path(WORKFLOW, DEVICE), json!({ "action": "dance" }), 400),
        (trigger_path(WORKFLOW, DEVICE), json!({}), 400),
        (trigger_path(WORKFLOW, DEVICE), json!("text"), 400),
        (
            trigger_path(WORKFLOW, DEVICE),
            json!({ "action": "invoke", "target_device_ids": format!("[\"{DEVICE}\"]") }),
            400,
        ),
        (trigger_path(WORKFLOW, DEVICE), json!({ "action": "invoke", "target_device_ids": [DEVICE, "1"] }), 404),
        (trigger_path(WORKFLOW, DEVICE), json!({ "action": "invoke", "action_args": { "nested": {} } }), 400),
    ];
    for (path, body, expected) in cases {
        let (status, answer) = client.send(&path, &token, &body).await;
        assert_eq!(status, expected, "{path} {body}");
        assert!(answer["message"].is_string());
    }
    assert!(client.sandbox.triggers().is_empty());
}
