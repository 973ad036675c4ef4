use std::time::Duration;

use keydesk_sandbox::USERNAME;
use reqwest::Method;
use serde_json::json;

use crate::client::{Client, DEVICE, claims, kind, read, text};

const WEEK: i64 = 7 * 24 * 60 * 60;

#[tokio::test]
async fn a_token_that_is_still_good_is_answered_200_without_another() {
    let client = Client::start().await;
    let token = client.device_token().await;
    let (status, answer) = client.renew(&token).await;
    assert_eq!((status, answer), (200, json!({})));
}

#[tokio::test]
async fn a_token_soon_to_expire_is_answered_201_with_another() {
    let client = Client::with_lifetime(60).await;
    let token = client.device_token().await;
    // Told to give long lives again, it renews what ends within twelve hours.
    client.sandbox.set_access_token_lifetime(Duration::from_secs(7200));
    let (status, answer) = client.renew(&token).await;
    assert_eq!(status, 201);
    let renewed = text(&answer["token"]);
    assert_ne!(renewed, token);
    assert_eq!(client.get(DEVICE, renewed).await.0, 200);
    let added = claims(renewed)["exp"].as_i64().unwrap() - claims(&token)["exp"].as_i64().unwrap();
    assert!(added > WEEK - 600, "{added}");
}

#[tokio::test]
async fn a_token_just_expired_is_dead_at_the_api_and_renewed_all_the_same() {
    let client = Client::start().await;
    let token = client.device_token().await;
    client.sandbox.expire_access_tokens();
    let (status, answer) = client.get(DEVICE, &token).await;
    assert_eq!((status, kind(&answer)), (401, "unauthorized"));
    let (status, answer) = client.renew(&token).await;
    assert_eq!(status, 201);
    assert_eq!(client.get(DEVICE, text(&answer["token"])).await.0, 200);
}

#[tokio::test]
async fn a_token_expired_too_long_ago_is_refused() {
    let client = Client::start().await;
    let token = client.device_token().await;
    client.sandbox.expire_access_tokens();
    // The window is half a life.
    client.sandbox.set_access_token_lifetime(Duration::from_millis(2));
    tokio::time::sleep(Duration::from_millis(20)).await;
    let (status, answer) = client.renew(&token).await;
    assert_eq!((status, kind(&answer)), (400, "invalid-field"));
    assert_eq!(answer["errors"][0]["details"]["field"], "token");
}

#[tokio::test]
async fn short_lives_have_short_windows() {
    let client = Client::with_lifetime(30).await;
    let token = client.device_token().await;
    assert_eq!(client.renew(&token).await.0, 200, "thirty seconds left, and a window of fifteen");
    client.sandbox.expire_access_tokens();
    assert_eq!(client.renew(&token).await.0, 201);
}

#[tokio::test]
async fn every_field_must_be_there_and_right() {
    let client = Client::start().await;
    let good = client.offered("device");
    for field in ["cpu_id", "uuid", "token"] {
        let mut body = good.clone();
        body.remove(field);
        let (status, answer) = read(client.request(Method::POST, "/loginDevice").json(&body)).await;
        assert_eq!((status, kind(&answer)), (400, "required-field"), "{field}");
        assert_eq!(answer["errors"][0]["details"]["field"], field);
        body.insert(field.to_owned(), "wrong".to_owned());
        let (status, answer) = read(client.request(Method::POST, "/loginDevice").json(&body)).await;
        assert_eq!((status, kind(&answer)), (400, "invalid-field"), "{field}");
        assert_eq!(answer["errors"][0]["details"]["field"], field);
    }
    let (status, _) = read(client.request(Method::POST, "/loginDevice").form(&good)).await;
    assert_eq!(status, 400, "JSON only");
    let user = client.log_in(USERNAME).await;
    assert_eq!(client.renew(&user).await.0, 400, "no user token");
}

#[tokio::test]
async fn device_tokens_carry_an_end_and_nothing_that_looks_real() {
    let client = Client::start().await;
    let claims = claims(&client.device_token().await);
    assert!(claims["exp"].is_u64());
    assert_eq!(claims["demo_device_id"], 1001);
    assert_eq!(claims["demo_mqtt_prefix"], "mrs/d/1001/mon");
    assert!(claims.as_object().unwrap().keys().all(|name| name == "exp" || name.starts_with("demo_")));
}

#[tokio::test]
async fn the_offered_device_token_is_the_same_at_every_sandbox() {
    let (one, other) = (Client::start().await, Client::start().await);
    let token = one.offered("device")["token"].clone();
    assert_eq!(one.get(DEVICE, &token).await.0, 200);
    assert_eq!(other.get(DEVICE, &token).await.0, 200);
    let own = one.device_token().await;
    assert_eq!(other.get(DEVICE, &own).await.0, 401, "all others are one sandbox's own");
}
