use keydesk_sandbox::{Options, USERNAME};
use serde_json::json;

use crate::client::{Client, NOTHING, OTHER, SUPER, read, reason, text};

#[tokio::test]
async fn every_login_and_refresh_opens_a_session() {
    let client = Client::start().await;
    let login = client.offline("a").await;
    client.refresh(&login["refresh_token"], "a").await;
    let path = format!("/users/{}/sessions", text(&login["auth_id"]));
    let (status, list) = client.get(&path, text(&login["token"])).await;
    assert_eq!((status, &list["total"]), (200, &json!(2)));
    let item = &list["items"][0];
    assert_eq!((&item["uuid"], &item["mobile"]), (&login["session_uuid"], &json!(false)));
    assert_eq!(item["user_uuid"], login["auth_id"]);
    let other = client.online(OTHER).await;
    assert_eq!(client.get(&path, &other).await.0, 401);
}

#[tokio::test]
async fn ending_a_session_ends_its_token() {
    let client = Client::start().await;
    let (one, two) = (client.offline("a").await, client.offline("a").await);
    let path = format!("/users/{}/sessions", text(&one["auth_id"]));
    let session = |uuid: &str| format!("{path}/{uuid}");
    let token = text(&two["token"]);
    assert_eq!(client.delete(&session(text(&one["session_uuid"])), token).await.0, 204);
    assert_eq!(client.delete(&session(NOTHING), token).await.0, 204, "even where there is none");
    assert!(!client.is_good(&one["token"]).await);
    assert!(client.is_good(&two["token"]).await);
}

#[tokio::test]
async fn too_many_sessions_stop_logins_and_refreshes() {
    let client = Client::with(Options { wazo_session_cap: 2, ..Options::default() }).await;
    let login = client.offline("a").await;
    assert_eq!(client.refresh(&login["refresh_token"], "a").await.0, 200);
    let answer = client.refresh(&login["refresh_token"], "a").await;
    assert_eq!(answer.0, 429);
    assert!(reason(&answer).ends_with("has exceeded the maximum number of active sessions"));
    assert_eq!(read(client.login(USERNAME, &json!({}))).await.0, 429);
    assert_eq!(read(client.login(SUPER, &json!({}))).await.0, 200, "each user has their own");

    let path = format!("/token/{}", text(&login["token"]));
    client.delete(&path, "").await;
    assert_eq!(client.refresh(&login["refresh_token"], "a").await.0, 200);
    client.sandbox.expire_access_tokens();
    assert_eq!(client.refresh(&login["refresh_token"], "a").await.0, 200);
    client.sandbox.change(|options| options.wazo_session_cap = 1);
    assert_eq!(client.refresh(&login["refresh_token"], "a").await.0, 429);
}
