use std::time::Duration;

use jiff::civil::DateTime;
use keydesk_sandbox::{Options, USERNAME};
use serde_json::{Value, json};

use crate::client::{Client, TOKEN, text};

fn lifetime(data: &Value) -> i64 {
    let time = |name: &str| text(&data[name]).parse::<DateTime>().unwrap();
    time("utc_expires_at").duration_since(time("utc_issued_at")).as_secs()
}

#[tokio::test]
async fn the_client_asks_for_a_lifetime_and_the_sandbox_caps_it() {
    let client = Client::start().await;
    assert_eq!(lifetime(&client.log_in(USERNAME, &json!({})).await), 7200);
    let long = json!({ "expiration": 864_000 });
    assert_eq!(lifetime(&client.log_in(USERNAME, &long).await), 864_000);
    client.sandbox.set_access_token_lifetime(Duration::from_secs(30));
    assert_eq!(lifetime(&client.log_in(USERNAME, &long).await), 30);
    assert_eq!(lifetime(&client.log_in(USERNAME, &json!({ "expiration": 5 })).await), 5);
}

#[tokio::test]
async fn an_expired_token_is_dead() {
    let options = Options { access_token_lifetime: Duration::from_millis(1), ..Options::default() };
    let client = Client::with(options).await;
    let login = client.log_in(USERNAME, &json!({})).await;
    tokio::time::sleep(Duration::from_millis(10)).await;
    assert!(!client.is_good(&login["token"]).await);
}

#[tokio::test]
async fn access_tokens_are_ended_and_refreshed_and_all_is_revoked() {
    let client = Client::start().await;
    let login = client.offline("a").await;
    client.sandbox.expire_access_tokens();
    assert!(!client.is_good(&login["token"]).await);
    let (status, answer) = client.refresh(&login["refresh_token"], "a").await;
    assert_eq!(status, 200);
    client.sandbox.revoke_all();
    assert!(!client.is_good(&answer["data"]["token"]).await);
    assert_eq!(client.refresh(&login["refresh_token"], "a").await.0, 401);
}

#[tokio::test]
async fn logins_and_refreshes_are_counted_apart_and_faults_planned() {
    let client = Client::start().await;
    let login = client.offline("a").await;
    client.sandbox.fail_next(TOKEN, 503, r#"{"message":"down"}"#, 1);
    assert_eq!(client.refresh(&login["refresh_token"], "a").await, (503, json!({ "message": "down" })));
    assert_eq!(client.refresh(&login["refresh_token"], "a").await.0, 200);
    assert_eq!(client.sandbox.count(TOKEN), 3);
    assert_eq!(client.sandbox.count(&format!("{TOKEN}?grant_type=password")), 1);
    assert_eq!(client.sandbox.count(&format!("{TOKEN}?grant_type=refresh_token")), 1);
}
