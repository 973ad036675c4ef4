use std::time::Duration;

use keydesk_sandbox::{ANOTHER_API_KEY, PASSWORD, USERNAME};
use serde_json::json;

use crate::client::{Client, TOKEN, read, text};

const ME: &str = "/oauth/api/me";

#[tokio::test]
async fn each_of_the_four_ways_is_told_apart() {
    let client = Client::new().await;
    let tokens = client.log_in().await;
    for (request, by) in [
        (client.get(ME).bearer_auth(text(&tokens["access_token"])), "access_token"),
        (client.get(ME).header("X-API-Key", ANOTHER_API_KEY), "api_key_header"),
        (client.get(ME).query(&[("api_key", ANOTHER_API_KEY)]), "api_key_query"),
        (client.get(ME).basic_auth(USERNAME, Some(PASSWORD)), "basic"),
    ] {
        let (status, me) = read(request).await;
        assert_eq!((status, text(&me["authenticated_by"])), (200, by));
    }
}

#[tokio::test]
async fn wrong_credentials_are_refused() {
    let client = Client::new().await;
    for request in [
        client.get(ME),
        client.get(ME).bearer_auth("unknown"),
        client.get(ME).header("X-API-Key", "unknown"),
        client.get(ME).query(&[("api_key", "unknown")]),
        client.get(ME).basic_auth(USERNAME, Some("wrong")),
    ] {
        assert_eq!(read(request).await.0, 401);
    }
    let twice = client.get(ME).header("X-API-Key", ANOTHER_API_KEY).basic_auth(USERNAME, Some(PASSWORD));
    assert_eq!(read(twice).await.0, 400);
}

#[tokio::test]
async fn refusal_names_what_is_wrong_with_a_token() {
    let client = Client::new().await;
    let challenge = |request: reqwest::RequestBuilder| async move {
        let response = request.send().await.unwrap();
        response.headers()["www-authenticate"].to_str().unwrap().to_owned()
    };
    assert!(!challenge(client.get(ME)).await.contains("error"));
    assert!(challenge(client.get(ME).bearer_auth("x")).await.contains("error=\"invalid_token\""));
}

#[tokio::test]
async fn things_are_listed_and_echo_repeats_what_is_not_secret() {
    let client = Client::new().await;
    let (_, things) = read(client.get("/oauth/api/things").header("X-API-Key", ANOTHER_API_KEY)).await;
    assert_eq!(things["things"].as_array().unwrap().len(), 12);
    let query = [("api_key", ANOTHER_API_KEY), ("a", "b")];
    let (status, echo) = read(client.post("/oauth/api/echo").query(&query).json(&json!({ "n": 1 }))).await;
    assert_eq!(status, 200);
    assert_eq!((&echo["method"], &echo["content_type"]), (&"POST".into(), &"application/json".into()));
    assert_eq!((&echo["query"], &echo["body"], &echo["size"]), (&json!({ "a": "b" }), &json!({ "n": 1 }), &7.into()));
    assert_eq!(read(client.get("/oauth/api/nowhere").query(&query)).await.0, 404);
}

#[tokio::test]
async fn hooks_work_here_too() {
    let client = Client::new().await;
    let tokens = client.log_in().await;
    client.sandbox.expire_access_tokens();
    let (status, body) = client.ask(ME, &tokens["access_token"]).await;
    assert_eq!((status, text(&body["message"])), (401, "The access token expired"));
    client.sandbox.fail_next(TOKEN, 503, "{}", 1);
    assert_eq!(client.refresh(&tokens["refresh_token"]).await.0, 503);
    client.sandbox.set_access_token_lifetime(Duration::from_secs(30));
    let (_, next) = client.refresh(&tokens["refresh_token"]).await;
    assert_eq!(next["expires_in"], 30);
    client.sandbox.revoke_all();
    assert_eq!(client.refresh(&next["refresh_token"]).await.0, 400);
}
