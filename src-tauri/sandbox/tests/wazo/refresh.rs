use keydesk_sandbox::{PASSWORD, USERNAME};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, OTHER, TOKEN, body, error_id, read, text};

async fn mobile(client: &Client, client_id: &str) -> (String, Value) {
    let request = json!({ "access_type": "offline", "client_id": client_id });
    let response = client.login(USERNAME, &request).header("Wazo-Session-Type", "Mobile").send().await.unwrap();
    let revoked = response.headers()["wazo-sessions-revoked"].to_str().unwrap().to_owned();
    (revoked, body(response).await.1["data"].clone())
}

#[tokio::test]
async fn a_refresh_gives_an_access_token_and_no_refresh_token() {
    let client = Client::start().await;
    let login = client.offline("a").await;
    let (status, answer) = client.refresh(&login["refresh_token"], "a").await;
    assert_eq!(status, 200);
    let data = &answer["data"];
    assert!(data.get("refresh_token").is_none());
    assert_ne!(data["token"], login["token"]);
    assert!(client.is_good(&data["token"]).await && client.is_good(&login["token"]).await);
    assert_eq!(client.refresh(&login["refresh_token"], "a").await.0, 200, "no rotation");
}

#[tokio::test]
async fn a_refresh_token_belongs_to_its_client_id() {
    let client = Client::start().await;
    let login = client.offline("a").await;
    assert_eq!(client.refresh(&login["refresh_token"], "b").await.0, 401);
    assert_eq!(client.refresh(&login["refresh_token"], "a").await.0, 200);
}

#[tokio::test]
async fn the_same_user_and_client_id_share_one_refresh_token() {
    let client = Client::start().await;
    let (one, again, other) = (client.offline("a").await, client.offline("a").await, client.offline("b").await);
    assert_eq!(one["refresh_token"], again["refresh_token"]);
    assert_ne!(one["refresh_token"], other["refresh_token"]);
    let bob = client.log_in(OTHER, &json!({ "access_type": "offline", "client_id": "a" })).await;
    assert_ne!(bob["refresh_token"], one["refresh_token"]);
}

#[tokio::test]
async fn a_mobile_login_ends_the_users_other_mobile_ones() {
    let client = Client::start().await;
    let desktop = client.offline("desktop").await;
    let (revoked, one) = mobile(&client, "phone").await;
    assert_eq!(revoked, "0");
    let (_, refreshed) = client.refresh(&one["refresh_token"], "phone").await;
    let (revoked, again) = mobile(&client, "phone").await;
    assert_eq!(revoked, "2");
    assert_ne!(again["refresh_token"], one["refresh_token"]);
    assert!(!client.is_good(&one["token"]).await && !client.is_good(&refreshed["data"]["token"]).await);
    assert_eq!(client.refresh(&one["refresh_token"], "phone").await.0, 401);
    let (revoked, _) = mobile(&client, "tablet").await;
    assert_eq!(revoked, "1");
    assert!(client.is_good(&desktop["token"]).await);
    assert_eq!(client.refresh(&desktop["refresh_token"], "desktop").await.0, 200);
}

#[tokio::test]
async fn a_refresh_token_presented_as_an_access_token_is_refused_and_echoed() {
    let client = Client::start().await;
    let login = client.offline("a").await;
    let (status, answer) = client.get("/users/me/tokens", text(&login["refresh_token"])).await;
    assert_eq!((status, error_id(&answer)), (401, "unauthorized"));
    assert_eq!(answer["details"]["reason"], "not_found_or_expired");
    assert_eq!(answer["details"]["invalid_token"], login["refresh_token"]);
}

#[tokio::test]
async fn access_and_refresh_tokens_end_apart() {
    let client = Client::start().await;
    let login = client.offline("a").await;
    let access = text(&login["token"]);
    read(client.request(Method::DELETE, &format!("{TOKEN}/{access}"))).await;
    let (status, answer) = client.refresh(&login["refresh_token"], "a").await;
    assert_eq!(status, 200);
    let token = &answer["data"]["token"];
    assert_eq!(client.delete("/users/me/tokens/a", text(token)).await.0, 204);
    assert!(client.is_good(token).await);
    assert_eq!(client.refresh(&login["refresh_token"], "a").await.0, 401);
}

#[tokio::test]
async fn a_password_change_ends_sessions_and_no_refresh_token() {
    let client = Client::start().await;
    let login = client.offline("a").await;
    let path = format!("/users/{}/password", text(&login["auth_id"]));
    let put = |body: Value| read(client.presenting(Method::PUT, &path, text(&login["token"])).json(&body));
    assert_eq!(put(json!({ "old_password": "wrong", "new_password": "new" })).await.0, 401);
    let (status, answer) = put(json!({ "old_password": PASSWORD })).await;
    assert_eq!((status, error_id(&answer)), (400, "invalid-data"));
    assert_eq!(put(json!({ "old_password": PASSWORD, "new_password": "new" })).await.0, 204);
    assert!(!client.is_good(&login["token"]).await);
    assert_eq!(client.refresh(&login["refresh_token"], "a").await.0, 200);
    assert_eq!(read(client.login(USERNAME, &json!({}))).await.0, 401);
}
