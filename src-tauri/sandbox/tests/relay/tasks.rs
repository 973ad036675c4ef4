//! Tasks, their types, sounds, folders, and what a workflow says of itself.

use keydesk_sandbox::RELAY_ADMIN_TOKEN;
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, USER_AGENT};
use serde_json::{Value, json};

use crate::client::{CURRENT, Client, SUBSCRIBER, read};

const TASKS: &str = "/relaypro/api/v1/task";
const GROUPS: &str = "/relaypro/api/v1/task_groups";
const TYPES: &str = "/relaypro/api/v1/task_types/system";

fn request(client: &Client, method: Method, path: &str, body: &Value) -> reqwest::RequestBuilder {
    let request = client.request(method, &format!("/relay/api{path}?subscriber_id={SUBSCRIBER}"));
    let request =
        request.header(USER_AGENT, "keydesk-tests").header(AUTHORIZATION, format!("Bearer {RELAY_ADMIN_TOKEN}"));
    if body.is_null() { request } else { request.json(body) }
}

async fn send(client: &Client, method: Method, path: &str, body: Value) -> (u16, Value) {
    read(request(client, method, path, &body)).await
}

async fn get(client: &Client, path: &str) -> (u16, Value) {
    send(client, Method::GET, path, Value::Null).await
}

#[tokio::test]
async fn task_is_started_ended_and_stopped() {
    let client = Client::of(CURRENT).await;
    let task = json!({ "task_name": "Towels", "task_type_name": "checklist", "task_type_namespace": "system",
        "task_type_major": 1, "args": { "tags": [] } });
    let (status, started) = send(&client, Method::POST, TASKS, task.clone()).await;
    assert_eq!((status, &started["status"]), (200, &"running".into()));
    let id = started["task_id"].as_str().unwrap();
    let path = format!("/relaypro/api/v1/task_event/capsule/done/{id}");
    assert_eq!(send(&client, Method::POST, &path, json!({})).await.1["status"], "done");
    assert_eq!(get(&client, TASKS).await.1["results"].as_array().unwrap().len(), 4);
    let path = format!("{TASKS}/{id}");
    assert_eq!(send(&client, Method::DELETE, &path, Value::Null).await.0, 204);
    assert_eq!(send(&client, Method::DELETE, &path, Value::Null).await.0, 404);
    for (member, value) in [("args", json!({})), ("task_type_major", json!("1"))] {
        let mut wrong = task.clone();
        wrong[member] = value;
        assert_eq!(send(&client, Method::POST, TASKS, wrong).await.0, 400, "{member}");
    }
}

#[tokio::test]
async fn task_group_is_made_and_deleted() {
    let client = Client::of(CURRENT).await;
    let group = json!({ "group_name": "Nights", "task_type_name": "checklist", "task_type_namespace": "system",
        "task_type_major": 1, "members": {} });
    let (status, made) = send(&client, Method::POST, GROUPS, group).await;
    assert_eq!(status, 200, "{made}");
    assert_eq!(get(&client, GROUPS).await.1["results"].as_array().unwrap().len(), 2);
    let path = format!("{GROUPS}/{}", made["task_group_id"].as_str().unwrap());
    assert_eq!(send(&client, Method::DELETE, &path, Value::Null).await.0, 204);
}

#[tokio::test]
async fn task_types_are_read_by_all_and_written_by_an_administrator() {
    let client = Client::of(CURRENT).await;
    let minor = json!({ "capsule_source": "capsule { }", "comment": "First" });
    let kind = json!({ "name": "rounds", "major": { "minor": minor } });
    assert_eq!(send(&client, Method::POST, TYPES, kind.clone()).await.0, 201);
    assert_eq!(send(&client, Method::POST, TYPES, kind.clone()).await.0, 400);
    let majors = format!("{TYPES}/rounds/majors");
    assert_eq!(send(&client, Method::POST, &majors, json!({ "minor": minor })).await.1["major"], 2);
    let minors = format!("{majors}/2/minors");
    assert_eq!(send(&client, Method::POST, &minors, minor).await.1["minor"], 1);
    assert_eq!(get(&client, &majors).await.1["results"].as_array().unwrap().len(), 2);
    assert_eq!(get(&client, &minors).await.1["results"].as_array().unwrap().len(), 2);
    assert_eq!(get(&client, &format!("{minors}/1")).await.1["comment"], "First");
    assert_eq!(get(&client, &format!("{majors}/3")).await.0, 404);
    let tokens = client.log_in().await;
    let token = tokens["access_token"].as_str().unwrap();
    let path = format!("/relay/api{TYPES}?subscriber_id={SUBSCRIBER}");
    assert_eq!(client.ask(&path, token).await.1["results"].as_array().unwrap().len(), 4);
    assert_eq!(client.send(&path, token, &kind).await.0, 403);
    assert_eq!(send(&client, Method::DELETE, &format!("{TYPES}/rounds"), Value::Null).await.0, 204);
}

#[tokio::test]
async fn sound_is_announced_and_then_put_where_the_answer_says() {
    let client = Client::of(CURRENT).await;
    let sound = json!({ "audio_format": "wave", "subscriber_id": SUBSCRIBER, "short_name": "ding" });
    let (status, made) = send(&client, Method::POST, "/ibot/custom_audio", sound).await;
    assert_eq!((status, &made["result"]["short_name"]), (200, &"ding".into()));
    let url = made["s3_upload_url"].as_str().unwrap();
    let put = || reqwest::Client::new().put(url).header("content-type", "audio/wave").body("RIFF");
    assert_eq!(put().send().await.unwrap().status(), 200);
    assert_eq!(put().header(AUTHORIZATION, "Bearer x").send().await.unwrap().status(), 400);
    assert_eq!(get(&client, "/ibot/custom_audio").await.1.as_array().unwrap().len(), 3);
    let path = format!("/ibot/custom_audio/{}", made["result"]["id"].as_str().unwrap());
    assert_eq!(send(&client, Method::DELETE, &path, Value::Null).await.0, 204);
}

#[tokio::test]
async fn log_of_a_workflow_is_a_line_of_json_after_another() {
    let client = Client::of(CURRENT).await;
    let mut log = request(&client, Method::GET, "/ibot/workflowdebug", &Value::Null).send().await.unwrap();
    assert_eq!(log.headers()["content-type"], "application/x-ndjson");
    for _ in 0..2 {
        let line: Value = serde_json::from_slice(&log.chunk().await.unwrap().unwrap()).unwrap();
        assert_eq!(line["context"]["subscriber_id"], SUBSCRIBER);
    }
}

#[tokio::test]
async fn folders_say_who_is_in_them() {
    let client = Client::of(CURRENT).await;
    let (_, told) = get(&client, "/ibot/resource/tags/user").await;
    let folders: Vec<_> =
        told["results"]["folders"].as_array().unwrap().iter().map(|folder| &folder["resource_folder_id"]).collect();
    let entities = told["results"]["entities"].as_array().unwrap();
    assert!(entities.iter().all(|entity| folders.contains(&&entity["resource_folder_id"])));
}
