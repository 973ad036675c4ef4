use std::time::Duration;

use serde_json::json;

use crate::client::{Client, credentials, read};

#[tokio::test]
async fn login_call_gives_a_token_and_minutes() {
    let client = Client::new().await;
    let (status, body) = client.log_in().await;
    assert_eq!((status, &body["expiresInMinutes"]), (200, &120.into()));
    let (status, bookings) = client.ask("/bookings", &body["authToken"]).await;
    assert_eq!(status, 200);
    assert_eq!(bookings["bookings"].as_array().unwrap().len(), 6);
    assert_eq!(client.ask("/me", &body["authToken"]).await.1["name"], "Alice Rodriguez");
}

#[tokio::test]
async fn wrong_credentials_and_a_missing_account_number_are_refused() {
    let client = Client::new().await;
    for (name, value) in [("password", json!("wrong")), ("accounNumber", json!(1)), ("accounNumber", json!(null))] {
        let mut body = credentials();
        body[name] = value;
        assert_eq!(read(client.post("/auth").json(&body)).await.0, 401, "{name}");
    }
    assert_eq!(read(client.post("/auth").body("no JSON")).await.0, 400);
}

#[tokio::test]
async fn blank_token_comes_when_it_is_asked_for() {
    let client = Client::new().await;
    client.sandbox.change(|options| options.own_api_blank_token = true);
    let (status, body) = client.log_in().await;
    assert_eq!((status, body["authToken"].as_str()), (200, Some("")));
}

#[tokio::test]
async fn lifetime_of_seconds_is_a_part_of_a_minute() {
    let client = Client::new().await;
    client.sandbox.set_access_token_lifetime(Duration::from_secs(30));
    assert_eq!(client.log_in().await.1["expiresInMinutes"], 0.5);
}

#[tokio::test]
async fn ended_and_revoked_tokens_are_refused() {
    let client = Client::new().await;
    let token = client.log_in().await.1["authToken"].clone();
    client.sandbox.expire_access_tokens();
    assert_eq!(client.ask("/bookings", &token).await.0, 401);
    let token = client.log_in().await.1["authToken"].clone();
    client.sandbox.revoke_all();
    assert_eq!(client.ask("/bookings", &token).await.0, 401);
    assert_eq!(client.ask("/bookings", &"unknown".into()).await.0, 401);
    assert_eq!(client.sandbox.count("/own-api/auth"), 2);
}

#[tokio::test]
async fn anything_else_is_not_found_in_json() {
    let client = Client::new().await;
    let (status, body) = client.ask("/nowhere", &"x".into()).await;
    assert_eq!((status, body), (404, json!({ "message": "No such path" })));
    assert_eq!(client.ask("/auth", &"x".into()).await.0, 404);
}

#[tokio::test]
async fn live_token_is_handed_out_as_in_the_sample() {
    let client = Client::new().await;
    let response = client.request("GET", "/getAccessToken").send().await.unwrap();
    let token = response.text().await.unwrap();
    let request = client.request("GET", "/me").bearer_auth(token);
    assert_eq!(request.send().await.unwrap().status(), 200);
}
