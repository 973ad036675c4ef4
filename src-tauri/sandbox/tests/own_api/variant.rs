use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::client::{Client, credentials, read};

async fn data(client: &Client, unit: &str) -> Value {
    let (status, body) = read(client.post(&format!("/auth-variants/{unit}")).json(&credentials())).await;
    assert_eq!(status, 200, "{body}");
    body["data"].clone()
}

/// In about two hours.
fn is_end(seconds: u64) -> bool {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    (now + 7000..=now + 7200).contains(&seconds)
}

#[tokio::test]
async fn expiry_comes_in_the_unit_that_is_asked_for() {
    let client = Client::new().await;
    assert_eq!(data(&client, "seconds").await["expiry"], 7200);
    assert_eq!(data(&client, "minutes").await["expiry"], 120);
    assert!(is_end(data(&client, "epoch").await["expiry"].as_u64().unwrap()));
    let instant = data(&client, "instant").await;
    let instant: jiff::Timestamp = instant["expiry"].as_str().unwrap().parse().unwrap();
    assert!(is_end(u64::try_from(instant.as_second()).unwrap()));
    assert_eq!(data(&client, "unreadable").await["expiry"], "soon");
    assert!(data(&client, "none").await["expiry"].is_null());
}

#[tokio::test]
async fn token_can_say_itself_when_it_ends() {
    let client = Client::new().await;
    let data = data(&client, "jwt").await;
    assert!(data["expiry"].is_null());
    let claims = data["token"].as_str().unwrap().split('.').nth(1).unwrap().to_owned();
    let claims: Value = serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap();
    assert!(is_end(claims["exp"].as_u64().unwrap()));
    assert_eq!(client.ask("/me", &data["token"]).await.0, 200);
}

#[tokio::test]
async fn every_variant_checks_the_password() {
    let client = Client::new().await;
    let mut body = credentials();
    body["password"] = "wrong".into();
    assert_eq!(read(client.post("/auth-variants/seconds").json(&body)).await.0, 401);
    assert_eq!(read(client.post("/auth-variants/fortnights").json(&credentials())).await.0, 404);
}
