use std::time::Duration;

use keydesk_sandbox::{ANOTHER_API_CLIENT_ID, Options, PASSWORD, USERNAME};
use serde_json::Value;

use crate::client::{Client, read, text};

/// Long enough that no test asks late by accident.
const LONG: Duration = Duration::from_secs(600);

async fn begin(client: &Client) -> Value {
    let form = [("client_id", ANOTHER_API_CLIENT_ID)];
    let (status, given) = read(client.post("/oauth/device_authorization").form(&form)).await;
    assert_eq!(status, 200, "{given}");
    given
}

async fn poll(client: &Client, given: &Value) -> (u16, Value) {
    client
        .token(&[
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("client_id", ANOTHER_API_CLIENT_ID),
            ("device_code", text(&given["device_code"])),
        ])
        .await
}

async fn error(client: &Client, given: &Value) -> String {
    let (status, body) = poll(client, given).await;
    assert_eq!(status, 400, "{body}");
    text(&body["error"]).to_owned()
}

/// The person's answer, at the page that the device leads to.
async fn answer(client: &Client, given: &Value, form: &[(&str, &str)]) -> String {
    let page = text(&given["verification_uri_complete"]).strip_prefix(client.sandbox.url()).unwrap();
    client.post(page).form(form).send().await.unwrap().text().await.unwrap()
}

const ALLOW: [(&str, &str); 3] = [("username", USERNAME), ("password", PASSWORD), ("answer", "log-in")];

#[tokio::test]
async fn device_gets_tokens_once_the_person_allowed_it() {
    let client = Client::with(Options { device_interval: Duration::ZERO, ..Options::default() }).await;
    let given = begin(&client).await;
    assert_eq!(given["verification_uri"], client.at("/oauth/device"));
    assert_eq!((&given["expires_in"], &given["interval"]), (&600.into(), &0.into()));
    assert_eq!(error(&client, &given).await, "authorization_pending");
    assert!(answer(&client, &given, &ALLOW).await.contains("The device is logged in"));
    let (status, tokens) = poll(&client, &given).await;
    assert_eq!(status, 200, "{tokens}");
    assert!(tokens["refresh_token"].is_string());
    assert_eq!(client.ask("/oauth/userinfo", &tokens["access_token"]).await.1["name"], "Alice Rodriguez");
    assert_eq!(error(&client, &given).await, "invalid_grant");
}

#[tokio::test]
async fn device_that_asks_too_often_is_told_so() {
    let client = Client::with(Options { device_interval: LONG, ..Options::default() }).await;
    let given = begin(&client).await;
    assert_eq!(given["interval"], 600);
    assert_eq!(error(&client, &given).await, "authorization_pending");
    assert_eq!(error(&client, &given).await, "slow_down");
    assert_eq!(error(&client, &given).await, "slow_down");
}

#[tokio::test]
async fn device_is_told_of_a_denial() {
    let client = Client::new().await;
    let given = begin(&client).await;
    assert!(answer(&client, &given, &[("answer", "deny")]).await.contains("turned away"));
    assert_eq!(error(&client, &given).await, "access_denied");
}

#[tokio::test]
async fn device_code_expires() {
    let client = Client::with(Options { device_code_lifetime: Duration::ZERO, ..Options::default() }).await;
    let given = begin(&client).await;
    assert_eq!(error(&client, &given).await, "expired_token");
    assert!(answer(&client, &given, &ALLOW).await.contains("role=\"alert\""));
}

#[tokio::test]
async fn device_code_is_the_clients_own_and_can_be_revoked() {
    let client = Client::new().await;
    let given = begin(&client).await;
    assert_eq!(error(&client, &serde_json::json!({ "device_code": "unknown" })).await, "invalid_grant");
    client.sandbox.revoke_all();
    assert_eq!(error(&client, &given).await, "invalid_grant");
    let unknown = [("client_id", "someone")];
    assert_eq!(read(client.post("/oauth/device_authorization").form(&unknown)).await.0, 401);
}

#[tokio::test]
async fn page_asks_for_the_code_then_for_the_login() {
    let client = Client::new().await;
    let given = begin(&client).await;
    let html = |path: String| {
        let request = client.get(&path);
        async move { request.send().await.unwrap().text().await.unwrap() }
    };
    let blank = html("/oauth/device".to_owned()).await;
    assert!(blank.contains("id=\"user-code\"") && !blank.contains("id=\"password\""));
    let code = text(&given["user_code"]);
    let typed = code.to_lowercase().replace('-', "+");
    let login = html(format!("/oauth/device?user_code={typed}")).await;
    assert!(login.contains(code) && login.contains("id=\"log-in\"") && login.contains("id=\"deny\""));
    let wrong = html("/oauth/device?user_code=%3Cb%3E".to_owned()).await;
    assert!(wrong.contains("role=\"alert\"") && wrong.contains("value=\"&lt;b&gt;\""));
}

#[tokio::test]
async fn wrong_password_leaves_the_device_waiting() {
    let client = Client::new().await;
    let given = begin(&client).await;
    let html = answer(&client, &given, &[("username", USERNAME), ("password", "wrong")]).await;
    assert!(html.contains("Wrong username or password"));
    assert_eq!(error(&client, &given).await, "authorization_pending");
}
