//! What a person sees and changes there: workflows, what runs, what happened, tags, geofences, venues.

use keydesk_sandbox::Options;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, USER_AGENT};
use serde_json::{Value, json};

use crate::client::{CURRENT, Client, SUBSCRIBER, read, text};

const DEVICE: &str = "990007560234567";
const WORKFLOW: &str = "wf_http_Y4xdLSLW8gJIpGaCjqOSp3";

struct Hotel {
    client: Client,
    token: String,
}

impl Hotel {
    async fn with(options: Options) -> Self {
        let client = Client::with(CURRENT, options).await;
        let token = text(&client.log_in().await["access_token"]).to_owned();
        Self { client, token }
    }

    async fn new() -> Self {
        Self::with(Options::default()).await
    }

    /// A request with the token and the subscriber; `path` may bring more of the query.
    async fn request(&self, method: Method, path: &str, body: Option<&Value>) -> (u16, Value) {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let path = format!("/relay/api{path}?subscriber_id={SUBSCRIBER}&{query}");
        let request = self.client.request(method, &path).header(USER_AGENT, "keydesk-tests");
        let request = request.header(AUTHORIZATION, format!("Bearer {}", self.token));
        read(match body {
            Some(body) => request.json(body),
            None => request,
        })
        .await
    }

    async fn get(&self, path: &str) -> Value {
        let (status, body) = self.request(Method::GET, path, None).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    async fn post(&self, path: &str, body: &Value) -> (u16, Value) {
        self.request(Method::POST, path, Some(body)).await
    }

    async fn delete(&self, path: &str) -> u16 {
        self.request(Method::DELETE, path, None).await.0
    }
}

fn new_workflow() -> Value {
    json!({
        "name": "Towels please",
        "options": { "transient": true, "hidden": false },
        "config": { "trigger": {
            "on_http": "POST",
            "start": { "workflow": { "uri": "wss://hillside.example/towels", "args": { "floor": 2 } } },
        } },
        "install": [DEVICE],
    })
}

#[tokio::test]
async fn a_workflow_is_made_changed_and_deleted() {
    let hotel = Hotel::new().await;
    let (status, made) = hotel.post("/ibot/workflow", &new_workflow()).await;
    assert_eq!(status, 200, "{made}");
    let id = text(&made[0]["workflow_id"]).to_owned();
    assert!(id.starts_with("wf_towelsplease_"), "{id}");
    let config: Value = serde_json::from_str(text(&made[0]["config"])).unwrap();
    assert_eq!(config["trigger"]["start"]["workflow"]["args"]["floor"], 2);
    let listed = hotel.get("/ibot/workflow").await;
    assert!(listed["results"].as_array().unwrap().iter().any(|row| row["workflow_id"] == id.as_str()));
    let mut changed = new_workflow();
    changed["workflow_id"] = json!(id);
    changed["name"] = json!("towels");
    assert_eq!(hotel.post("/ibot/workflow", &changed).await.1[0]["workflow_id"], id.as_str());
    assert_eq!(hotel.get("/ibot/workflow").await["results"].as_array().unwrap().len(), 8);
    assert_eq!(hotel.delete(&format!("/ibot/workflow/{id}")).await, 204);
    assert_eq!(hotel.delete(&format!("/ibot/workflow/{id}")).await, 404);
}

#[tokio::test]
async fn a_workflow_that_cannot_be_is_refused() {
    let hotel = Hotel::new().await;
    let mut nobody = new_workflow();
    nobody["install"] = json!(["1"]);
    assert_eq!(hotel.post("/ibot/workflow", &nobody).await, (400, json!({ "error": "invalid_install_user_id" })));
    for (pointer, value) in [
        ("/name", json!(" ")),
        ("/config/trigger/on_http", Value::Null),
        ("/config/trigger/start", json!({})),
        ("/install", Value::Null),
    ] {
        let mut body = new_workflow();
        match pointer {
            "/config/trigger/on_http" => drop(body["config"]["trigger"].as_object_mut().unwrap().remove("on_http")),
            _ => *body.pointer_mut(pointer).unwrap() = value,
        }
        let (status, answer) = hotel.post("/ibot/workflow", &body).await;
        assert!(status == 400 && answer["message"].is_string(), "{pointer}: {answer}");
    }
}

#[tokio::test]
async fn what_a_trigger_starts_runs_until_it_is_stopped() {
    let hotel = Hotel::new().await;
    let before = hotel.get("/ibot/workflow_instances").await.as_array().unwrap().len();
    let path = format!("/ibot/workflow/{WORKFLOW}?user_id={DEVICE}");
    assert_eq!(hotel.post(&path, &json!({ "action": "invoke" })).await.0, 200);
    let running = hotel.get("/ibot/workflow_instances").await;
    let last = running.as_array().unwrap().last().unwrap();
    assert_eq!(running.as_array().unwrap().len(), before + 1);
    assert_eq!((&last["workflow_id"], &last["triggering_user_id"]), (&json!(WORKFLOW), &json!(DEVICE)));
    assert_eq!(last["workflow_uri"], "wss://hillside.example/my_http_wf");
    let path = format!("/ibot/workflow_instances/{}", text(&last["instance_id"]));
    assert_eq!(hotel.delete(&path).await, 204);
    assert_eq!(hotel.delete(&path).await, 404);
}

/// How many a list has, through all its pages, and in how many pages they came.
async fn walk(hotel: &Hotel, path: &str) -> (usize, usize) {
    let (mut rows, mut pages, mut cursor) = (0, 0, String::new());
    loop {
        let page = hotel.get(&format!("{path}&cursor={cursor}")).await;
        rows += page["data"].as_array().unwrap().len();
        pages += 1;
        cursor = text(&page["cursor"]).to_owned();
        if cursor.is_empty() {
            return (rows, pages);
        }
    }
}

#[tokio::test]
async fn what_happened_comes_in_pages_and_can_be_narrowed_down() {
    let hotel = Hotel::new().await;
    let events = "/ibot/workflow_analytics_events";
    assert_eq!(walk(&hotel, &format!("{events}?")).await, (250, 3));
    assert_eq!(walk(&hotel, &format!("{events}?limit=90")).await, (250, 3));
    assert_eq!(walk(&hotel, &format!("{events}?source_type=system&category=workflow")).await, (100, 1));
    assert_eq!(walk(&hotel, &format!("{events}?category=nothing")).await, (0, 1));
    let (of_one, _) = walk(&hotel, &format!("{events}?workflow_id={WORKFLOW}")).await;
    assert!((1..250).contains(&of_one));
    let first = hotel.get(&format!("{events}?limit=1")).await["data"][0].clone();
    let at = text(&first["timestamp"]);
    assert!(walk(&hotel, &format!("{events}?latest={at}")).await.0 >= 249);
    assert!(walk(&hotel, &format!("{events}?oldest={at}")).await.0 <= 1);
    assert!(serde_json::from_str::<Value>(text(&first["content"])).is_ok());
    for query in ["cursor=nonsense", "oldest=yesterday", "limit=many", "source_type=other"] {
        let (status, body) = hotel.request(Method::GET, &format!("{events}?{query}"), None).await;
        assert!(status == 400 && body["message"].is_string(), "{query}: {body}");
    }
}

#[tokio::test]
async fn who_took_which_device_comes_in_pages() {
    let hotel = Hotel::new().await;
    let audit = "/ibot/audit?event_type=ibot_user_profile&action=assigned";
    assert_eq!(walk(&hotel, audit).await, (120, 2));
    assert_eq!(walk(&hotel, &format!("{audit}&user_id={DEVICE}")).await, (10, 1));
    assert_eq!(walk(&hotel, "/ibot/audit?action=removed").await, (0, 1));
    let (status, _) = hotel.request(Method::GET, "/ibot/audit?event_type=other", None).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn groups_come_as_an_array_and_as_a_text_that_holds_one() {
    assert!(Hotel::new().await.get("/ibot/groups").await.is_array());
    let hotel = Hotel::with(Options { relay_groups_as_text: true, ..Options::default() }).await;
    let groups: Value = serde_json::from_str(text(&hotel.get("/ibot/groups").await)).unwrap();
    assert_eq!(groups[0]["name"], "Front of house");
}

#[tokio::test]
async fn a_tag_is_made_shown_changed_as_a_whole_and_deleted() {
    let hotel = Hotel::new().await;
    let tags = "/ibot/relay_nfc_tag";
    assert_eq!(hotel.get(tags).await["results"].as_array().unwrap().len(), 4);
    let content = |label: &str| json!({ "content": { "type": "custom", "category": "room", "label": label } });
    let (status, made) = hotel.post(tags, &content("safe")).await;
    assert_eq!((status, &made["uid"], &made["counter"]), (200, &json!(""), &json!(0)));
    let path = format!("{tags}/{}", text(&made["tag_id"]));
    assert_eq!(hotel.request(Method::PUT, &path, Some(&content("door"))).await.0, 200);
    assert_eq!(hotel.get(&path).await["content"]["label"], "door");
    assert_eq!(hotel.delete(&path).await, 204);
    for method in [Method::GET, Method::DELETE] {
        assert_eq!(hotel.request(method, &path, None).await.0, 404);
    }
    assert_eq!(hotel.request(Method::PUT, &path, Some(&content("door"))).await.0, 404);
    for body in [
        json!({}),
        json!({ "content": { "type": "other", "category": "a", "label": "b" } }),
        json!({ "content": { "type": "custom", "category": "a" } }),
        json!({ "content": { "type": "custom", "category": "a", "label": "b", "floor": 2 } }),
    ] {
        assert_eq!(hotel.post(tags, &body).await.0, 400, "{body}");
    }
}

#[tokio::test]
async fn a_geofence_is_made_by_an_address_or_by_a_place() {
    let hotel = Hotel::new().await;
    let path = "/ibot/geofence";
    for body in [
        json!({ "label": "Station", "address": "1 Station Road", "radius": 120 }),
        json!({ "label": "Lake", "lat": 35.8, "long": -78.6, "radius": 60.5 }),
    ] {
        let (status, made) = hotel.post(path, &body).await;
        assert_eq!((status, &made["label"]), (200, &body["label"]), "{made}");
        // The vendor's types have texts here.
        assert!(made["lat"].is_string() && made["radius"].is_number());
        assert_eq!(hotel.delete(&format!("{path}/{}", text(&made["geofence_id"]))).await, 204);
    }
    assert_eq!(hotel.get(path).await["results"].as_array().unwrap().len(), 2);
    assert_eq!(hotel.delete(&format!("{path}/none")).await, 404);
    for body in [
        json!({ "label": "a", "radius": 1 }),
        json!({ "label": "a", "radius": 1, "lat": 1.0 }),
        json!({ "label": "a", "radius": 1, "lat": 91.0, "long": 1.0 }),
        json!({ "label": "a", "radius": 1, "lat": 1.0, "long": 1.0, "address": "b" }),
        json!({ "label": "a", "radius": 0, "address": "b" }),
        json!({ "label": "a", "address": "b" }),
    ] {
        assert_eq!(hotel.post(path, &body).await.0, 400, "{body}");
    }
}

#[tokio::test]
async fn venues_have_positions_and_profiles_have_names() {
    let hotel = Hotel::new().await;
    let venues = hotel.get("/ibot/indoor_venue").await;
    let path = format!("/ibot/indoor_position/{}", text(&venues["results"][0]["venue_id"]));
    assert_eq!(hotel.get(&path).await["results"].as_array().unwrap().len(), 5);
    assert_eq!(hotel.request(Method::GET, "/ibot/indoor_position/none", None).await.0, 404);
    assert_eq!(hotel.get("/ibot/user_profile").await["results"][0]["username"], "Amara Okafor");
}
