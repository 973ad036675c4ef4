use keydesk_sandbox::USERNAME;
use reqwest::Method;
use serde_json::json;

use crate::client::{ANNEX, Client, HILLSIDE, NOTHING, TOKEN, TOP, is_page, read, reason, text};

#[tokio::test]
async fn a_token_tells_about_itself_to_the_second() {
    let client = Client::start().await;
    let login = client.log_in(USERNAME, &json!({})).await;
    let path = format!("{TOKEN}/{}", text(&login["token"]));
    let (status, answer) = read(client.request(Method::GET, &path)).await;
    assert_eq!(status, 200);
    let data = &answer["data"];
    assert_eq!((&data["token"], &data["session_uuid"]), (&login["token"], &login["session_uuid"]));
    assert!(text(&data["utc_expires_at"]).ends_with(".000000"));
    assert!(!text(&data["expires_at"]).contains('.'));
    assert!(text(&login["utc_expires_at"]).starts_with(&text(&data["utc_expires_at"])[..19]));
    let response = client.request(Method::HEAD, &path).send().await.unwrap();
    assert_eq!(response.status(), 204);
}

#[tokio::test]
async fn scopes_and_tenants_can_be_asked_for() {
    let client = Client::start().await;
    let token = client.online(USERNAME).await;
    for (query, expected) in [
        ("scope=auth.users.me.read".to_owned(), 200),
        ("scope=confd.infos.read".to_owned(), 200),
        ("scope=calld.status.read".to_owned(), 403),
        (format!("tenant={HILLSIDE}"), 200),
        (format!("tenant={ANNEX}"), 200),
        (format!("tenant={TOP}"), 403),
        (format!("tenant={NOTHING}"), 403),
    ] {
        let path = format!("{TOKEN}/{token}?{query}");
        let answer = read(client.request(Method::GET, &path)).await;
        assert_eq!(answer.0, expected, "{query}");
        if expected == 403 {
            assert!(reason(&answer).starts_with("Unauthorized for "));
        }
        let head = client.request(Method::HEAD, &path).send().await.unwrap();
        assert_eq!(head.status(), if expected == 200 { 204 } else { 403 });
        assert!(head.text().await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn unknown_tokens_are_not_found_and_others_no_path() {
    let client = Client::start().await;
    let path = format!("{TOKEN}/{NOTHING}");
    let answer = read(client.request(Method::GET, &path)).await;
    assert_eq!((answer.0, reason(&answer).as_str()), (404, "No such token"));
    assert_eq!(client.request(Method::HEAD, &path).send().await.unwrap().status(), 404);
    for method in [Method::GET, Method::DELETE] {
        let (status, answer) = read(client.request(method, &format!("{TOKEN}/nonsense"))).await;
        assert!(status == 404 && is_page(&answer));
    }
}

#[tokio::test]
async fn deleting_a_token_always_succeeds() {
    let client = Client::start().await;
    let token = json!(client.online(USERNAME).await);
    for token in [text(&token), text(&token), NOTHING] {
        let answer = read(client.request(Method::DELETE, &format!("{TOKEN}/{token}"))).await;
        assert_eq!(answer, (200, json!({ "data": { "message": "success" } })));
    }
    assert!(!client.is_good(&token).await);
}

#[tokio::test]
async fn scopes_are_checked_by_name() {
    let client = Client::start().await;
    let login = client.log_in(USERNAME, &json!({})).await;
    let path = format!("{TOKEN}/{}/scopes/check", text(&login["token"]));
    let post = |body| read(client.request(Method::POST, &path).json(&body));
    let own = format!("auth.users.{}.read", text(&login["auth_id"]));
    let scopes = json!({ "scopes": [own, "auth.users.read"] });
    assert_eq!(post(scopes.clone()).await, (200, json!({ "scopes": { own: true, "auth.users.read": false } })));
    assert_eq!(post(json!({ "scopes": [], "tenant_uuid": TOP })).await.0, 403);
    assert_eq!(post(json!({})).await.0, 500);
    let unknown = format!("{TOKEN}/{NOTHING}/scopes/check");
    assert_eq!(read(client.request(Method::POST, &unknown).json(&scopes)).await.0, 404);
}
