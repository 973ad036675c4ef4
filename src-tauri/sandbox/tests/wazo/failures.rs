use keydesk_sandbox::USERNAME;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{AUTH, Client, NOTHING, TOKEN, is_page, read};

fn names(body: &Value) -> Vec<&str> {
    body.as_object().unwrap().keys().map(String::as_str).collect()
}

#[tokio::test]
async fn there_are_four_shapes_of_errors() {
    let client = Client::start().await;
    let (status, body) = read(client.request(Method::GET, &format!("{TOKEN}/{NOTHING}"))).await;
    assert_eq!((status, names(&body)), (404, vec!["reason", "timestamp", "status_code"]));
    let (status, body) = client.get("/users/me/tokens", NOTHING).await;
    assert_eq!((status, names(&body)), (401, vec!["message", "error_id", "details", "timestamp"]));
    let (status, body) = read(client.request(Method::GET, TOKEN)).await;
    assert_eq!((status, names(&body)), (405, vec!["message"]));
    for path in ["/wazo/nowhere", &format!("{AUTH}/nowhere"), "/wazo"] {
        let response = client.request(Method::GET, path).send().await.unwrap();
        assert!(response.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
        let (status, body) = crate::client::body(response).await;
        assert!(status == 404 && is_page(&body), "{path}");
    }
}

#[tokio::test]
async fn a_missing_permission_differs_from_a_dead_token_by_its_reason_only() {
    let client = Client::start().await;
    let token = client.online(USERNAME).await;
    let (status, body) = client.get("/tokens", &token).await;
    let details = json!({
        "invalid_token": token, "reason": "missing_permission_or_invalid_tenant",
        "required_access": "auth.tokens.read", "tenant_uuid": null,
    });
    assert_eq!((status, &body["error_id"], &body["details"]), (401, &json!("unauthorized"), &details));
    client.sandbox.expire_access_tokens();
    let (status, body) = client.get("/tokens", &token).await;
    let details = json!({
        "invalid_token": token, "reason": "not_found_or_expired", "required_access": "auth.tokens.read",
    });
    assert_eq!((status, &body["error_id"], &body["details"]), (401, &json!("unauthorized"), &details));
    let (status, body) = read(client.request(Method::GET, &format!("{AUTH}/tokens"))).await;
    assert_eq!((status, &body["details"]["invalid_token"]), (401, &json!("")));
}
