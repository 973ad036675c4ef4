use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{AUTH, Client, HILLSIDE, SUPER, TOP, error_id, read};
use keydesk_sandbox::USERNAME;

async fn post(client: &Client, path: &str, token: &str, body: &Value) -> (u16, Value) {
    read(client.presenting(Method::POST, path, token).json(body)).await
}

#[tokio::test]
async fn what_is_added_is_listed_once() {
    let client = Client::start().await;
    let token = client.online(SUPER).await;
    for (path, body, id) in [
        ("/tenants", json!({ "name": "Lakeside", "slug": "lakeside" }), "name"),
        (
            "/users",
            json!({ "username": "ida", "firstname": "Ida", "email_address": "ida@hillside.example" }),
            "username",
        ),
    ] {
        let (status, made) = post(&client, path, &token, &body).await;
        assert_eq!((status, &made[id]), (200, &body[id]), "{made}");
        let (status, again) = post(&client, path, &token, &body).await;
        assert_eq!((status, error_id(&again)), (409, "conflict"));
        let (_, list) = client.get(&format!("{path}?search={}", body[id].as_str().unwrap()), &token).await;
        assert_eq!(list["items"], json!([made]), "{list}");
        if path == "/users" {
            let path = format!("/users/{}", made["uuid"].as_str().unwrap());
            assert_eq!(client.get(&path, &token).await, (200, made));
        }
    }
    assert_eq!(post(&client, "/users", &token, &json!({})).await.0, 400);
    assert_eq!(post(&client, "/tenants", &token, &json!({ "name": 1 })).await.0, 400);
    let own = client.online(USERNAME).await;
    assert_eq!(post(&client, "/tenants", &own, &json!({ "name": "x" })).await.0, 401);
}

#[tokio::test]
async fn lists_are_of_the_tenant_that_is_worked_in() {
    let client = Client::start().await;
    let (token, own) = (client.online(SUPER).await, client.online(USERNAME).await);
    for (path, here, below) in [("/policies", 2, 3), ("/groups", 1, 3), ("/sessions", 1, 2)] {
        assert_eq!(client.get(path, &token).await.1["total"], here, "{path}");
        assert_eq!(client.get(&format!("{path}?recurse=true"), &token).await.1["total"], below, "{path}");
        assert_eq!(client.get(path, &own).await.0, 401, "{path}");
        let (_, hillside) = read(client.presenting(Method::GET, path, &token).header("Wazo-Tenant", HILLSIDE)).await;
        assert!(hillside["items"].as_array().unwrap().iter().all(|row| row["tenant_uuid"] != TOP), "{path}");
    }
    assert_eq!(client.get("/idp", &token).await.1["total"], 3);
    assert_eq!(client.get("/config", &token).await.1["max_user_concurrent_sessions"], 100);
}

#[tokio::test]
async fn description_is_for_anyone_and_voicemails_are_ones_own() {
    let client = Client::start().await;
    let (status, text) = read(client.request(Method::GET, &format!("{AUTH}/api/api.yml"))).await;
    assert!(status == 200 && text.as_str().unwrap().starts_with("swagger: \"2.0\""));
    let token = client.online(SUPER).await;
    let request = client.request(Method::GET, "/wazo/api/calld/1.0/users/me/voicemails");
    let (status, voicemail) = read(request.header("x-auth-token", token)).await;
    assert_eq!((status, &voicemail["folders"][0]["type"]), (200, &"new".into()));
}
