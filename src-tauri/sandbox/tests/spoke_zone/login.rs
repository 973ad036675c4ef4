use keydesk_sandbox::{PASSWORD, USERNAME};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, DEVICE, SUPER, claims, kind, read, text};

async fn log_in(client: &Client, body: &Value) -> (u16, Value) {
    read(client.request(Method::POST, "/login").json(body)).await
}

#[tokio::test]
async fn login_gives_a_token_its_end_and_the_user() {
    let client = Client::start().await;
    let (status, answer) = log_in(&client, &json!({ "username": USERNAME, "password": PASSWORD })).await;
    assert_eq!(status, 200);
    assert_eq!(answer["user"]["username"], USERNAME);
    let claims = claims(text(&answer["token"]));
    assert_eq!(claims["exp"], answer["expires"]);
    assert_eq!(claims["demo_username"], USERNAME);
    assert_eq!(client.get(DEVICE, text(&answer["token"])).await.0, 200);
}

#[tokio::test]
async fn wrong_password_is_unauthorized_in_the_array_of_errors() {
    let client = Client::start().await;
    for (username, password) in [(USERNAME, "wrong"), ("nobody@hillside.example", PASSWORD)] {
        let (status, answer) = log_in(&client, &json!({ "username": username, "password": password })).await;
        assert_eq!((status, kind(&answer)), (401, "unauthorized"));
    }
}

#[tokio::test]
async fn login_takes_json_with_both_fields_only() {
    let client = Client::start().await;
    let (status, answer) = log_in(&client, &json!({ "username": USERNAME })).await;
    assert_eq!((status, kind(&answer)), (400, "required-field"));
    let (status, answer) = log_in(&client, &json!({ "username": USERNAME, "password": 1 })).await;
    assert_eq!((status, kind(&answer)), (400, "invalid-field"));
    let form = client.request(Method::POST, "/login").form(&[("username", USERNAME), ("password", PASSWORD)]);
    let (status, answer) = read(form).await;
    assert_eq!((status, kind(&answer)), (400, "required-field"));
    let torn = client.request(Method::POST, "/login").header("content-type", "application/json").body("{");
    let (status, answer) = read(torn).await;
    assert_eq!((status, kind(&answer)), (400, "invalid-operation"));
}

#[tokio::test]
async fn token_goes_bare_into_its_own_header() {
    let client = Client::start().await;
    let token = client.log_in(SUPER).await;
    let bearer = client.request(Method::GET, DEVICE).header("authorization", format!("Bearer {token}"));
    assert_eq!(read(bearer).await.0, 401);
    let (status, answer) = client.get(DEVICE, &format!("Bearer {token}")).await;
    assert_eq!((status, kind(&answer)), (401, "unauthorized"));
    let (status, answer) = read(client.request(Method::GET, DEVICE)).await;
    assert_eq!((status, kind(&answer)), (401, "unauthorized"));
    assert_eq!(client.get(DEVICE, &token).await.0, 200);
    assert_eq!(client.get("/api/v2/nowhere", &token).await.0, 404);
}

#[tokio::test]
async fn every_offered_login_works() {
    let client = Client::start().await;
    let user = client.offered("user");
    let (status, _) = log_in(&client, &json!(user)).await;
    assert_eq!(status, 200);
    let device = client.offered("device");
    assert_eq!(client.renew(&device["token"]).await.0, 200);
    assert_eq!(client.get(DEVICE, &device["token"]).await.0, 200);

    let secrets = client.offered("device_secrets");
    let token = client.log_in(&secrets["username"]).await;
    let path = format!("/api/v2/devices/{}/secrets", secrets["device"]);
    let request = client.request(Method::GET, &path).header("x-access-token", &token);
    let (status, answer) = read(request.json(&json!({ "cpuId": secrets["cpu_id"] }))).await;
    assert_eq!((status, text(&answer["cpuId"])), (200, secrets["cpu_id"].as_str()));

    let new = client.offered("new_device");
    let token = client.log_in(&new["username"]).await;
    let customer: u64 = new["customer_id"].parse().unwrap();
    let body = json!({ "customerId": customer, "identifier": new["identifier"] });
    assert_eq!(client.post("/api/v2/devices", &token, &body).await.0, 201);
}
