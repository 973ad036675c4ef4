use keydesk_sandbox::USERNAME;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, VIEWER, kind, read, text};

const DATA_FILES: &str = "/api/v2/data-files";

async fn upload(client: &Client, path: &str, token: &str, content_type: &str, body: &str) -> (u16, Value) {
    let request = client.request(Method::POST, path).header("x-access-token", token);
    read(request.header("content-type", content_type).body(body.to_owned())).await
}

#[tokio::test]
async fn a_data_file_is_announced_and_uploaded() {
    let client = Client::start().await;
    for token in [client.device_token().await, client.log_in(USERNAME).await] {
        let (status, answer) = client.post(DATA_FILES, &token, &json!({ "type": "log", "module": "app" })).await;
        assert_eq!(status, 200);
        let path = format!("{DATA_FILES}/{}/file", answer["id"]);
        let multipart =
            "--b\r\nContent-Disposition: form-data; name=\"files\"; filename=\"a.log\"\r\n\r\nline\r\n--b--\r\n";
        let (status, answer) = upload(&client, &path, &token, "multipart/form-data; boundary=b", multipart).await;
        assert_eq!((status, &answer["size"]), (200, &json!(4)));
        assert!(text(&answer["path"]).starts_with("data-files/"));
        let large = "x".repeat(100_000);
        let (status, answer) = upload(&client, &path, &token, "application/octet-stream", &large).await;
        assert_eq!((status, &answer["size"]), (200, &json!(100_000)));
    }
}

#[tokio::test]
async fn an_empty_file_is_refused() {
    let client = Client::start().await;
    let token = client.device_token().await;
    let (_, answer) = client.post(DATA_FILES, &token, &json!({ "type": "txt" })).await;
    let path = format!("{DATA_FILES}/{}/file", answer["id"]);
    let empty = "--b\r\nContent-Disposition: form-data; name=\"files\"\r\n\r\n\r\n--b--\r\n";
    for (content_type, body) in [("multipart/form-data; boundary=b", empty), ("text/plain", "")] {
        let (status, answer) = upload(&client, &path, &token, content_type, body).await;
        assert_eq!((status, kind(&answer)), (400, "invalid-field"));
        assert_eq!(answer["errors"][0]["message"], "File is empty");
    }
    let (status, answer) = upload(&client, &path, &token, "multipart/form-data; boundary=b", "--b--\r\n").await;
    assert_eq!((status, kind(&answer)), (400, "required-field"));
}

#[tokio::test]
async fn what_is_not_known_or_not_permitted_is_refused() {
    let client = Client::start().await;
    let token = client.device_token().await;
    let (status, answer) = client.post(DATA_FILES, &token, &json!({})).await;
    assert_eq!((status, kind(&answer)), (400, "required-field"));
    let (status, answer) = client.post(DATA_FILES, &token, &json!({ "type": "poem" })).await;
    assert_eq!((status, kind(&answer)), (400, "invalid-field"));
    let (status, answer) = upload(&client, &format!("{DATA_FILES}/7/file"), &token, "text/plain", "x").await;
    assert_eq!((status, kind(&answer)), (404, "entity-not-found"));
    let viewer = client.log_in(VIEWER).await;
    let (status, answer) = client.post(DATA_FILES, &viewer, &json!({ "type": "log" })).await;
    assert_eq!((status, kind(&answer)), (403, "unauthorized"));
}
