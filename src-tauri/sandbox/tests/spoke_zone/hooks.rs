use std::time::Duration;

use keydesk_sandbox::USERNAME;
use serde_json::json;

use crate::client::{Client, DEVICE, claims, kind};

#[tokio::test]
async fn a_users_token_lives_as_long_as_the_sandbox_is_told() {
    let client = Client::with_lifetime(60).await;
    let short = claims(&client.log_in(USERNAME).await)["exp"].as_i64().unwrap();
    client.sandbox.set_access_token_lifetime(Duration::from_secs(7200));
    let long = claims(&client.log_in(USERNAME).await)["exp"].as_i64().unwrap();
    assert!((7000..7200).contains(&(long - short)), "{}", long - short);
    client.sandbox.set_access_token_lifetime(Duration::ZERO);
    let dead = client.log_in(USERNAME).await;
    assert_eq!(client.get(DEVICE, &dead).await.0, 401);
}

#[tokio::test]
async fn after_an_end_a_user_logs_in_again() {
    let client = Client::start().await;
    let token = client.log_in(USERNAME).await;
    client.sandbox.expire_access_tokens();
    let (status, answer) = client.get(DEVICE, &token).await;
    assert_eq!((status, kind(&answer)), (401, "unauthorized"));
    let token = client.log_in(USERNAME).await;
    assert_eq!(client.get(DEVICE, &token).await.0, 200);
}

#[tokio::test]
async fn what_was_revoked_is_not_renewed() {
    let client = Client::start().await;
    let (given, offered) = (client.device_token().await, client.offered("device")["token"].clone());
    client.sandbox.revoke_all();
    for token in [given, offered] {
        assert_eq!(client.get(DEVICE, &token).await.0, 401);
        assert_eq!(client.renew(&token).await.0, 400);
    }
}

#[tokio::test]
async fn the_offered_device_token_can_be_expired_before_it_was_seen() {
    let client = Client::start().await;
    let token = client.offered("device")["token"].clone();
    client.sandbox.expire_access_tokens();
    assert_eq!(client.get(DEVICE, &token).await.0, 401);
    assert_eq!(client.renew(&token).await.0, 201);
}

#[tokio::test]
async fn faults_are_planned_and_requests_counted() {
    let client = Client::start().await;
    let token = client.device_token().await;
    client.sandbox.fail_next("/spoke-zone/loginDevice", 503, r#"{"errors":[]}"#, 1);
    assert_eq!(client.renew(&token).await, (503, json!({ "errors": [] })));
    assert_eq!(client.renew(&token).await.0, 200);
    assert_eq!(client.sandbox.count("/spoke-zone/loginDevice"), 2);
    assert_eq!(client.sandbox.count("/spoke-zone/login"), 1);
}
