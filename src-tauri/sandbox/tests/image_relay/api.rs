use keydesk_sandbox::{IMAGE_RELAY_KEY, IMAGE_RELAY_VIEWER_KEY, PASSWORD, USERNAME};
use reqwest::Method;
use reqwest::header::{AUTHORIZATION, USER_AGENT};
use serde_json::json;

use crate::client::{Client, ME, read};

#[tokio::test]
async fn key_and_password_are_taken_each_in_its_way() {
    let client = Client::new().await;
    assert_eq!(read(client.presented(Method::GET, ME, &format!("Bearer {IMAGE_RELAY_KEY}"))).await.0, 200);
    let basic = client.request(Method::GET, ME).header(USER_AGENT, "keydesk-tests");
    assert_eq!(read(basic.basic_auth(USERNAME, Some(PASSWORD))).await.0, 200);
    for authorization in ["Bearer unknown", "OAuth unknown", "Basic !", &format!("OAuth {IMAGE_RELAY_KEY}")] {
        assert_eq!(read(client.presented(Method::GET, ME, authorization)).await.0, 401, "{authorization}");
    }
}

#[tokio::test]
async fn request_without_a_user_agent_is_refused_before_anything_else() {
    let client = Client::new().await;
    let key = format!("Bearer {IMAGE_RELAY_KEY}");
    let without = client.request(Method::GET, ME).header(AUTHORIZATION, &key);
    assert_eq!(read(without).await.0, 403);
    let blank = client.request(Method::GET, ME).header(AUTHORIZATION, "Bearer unknown").header(USER_AGENT, " ");
    assert_eq!(read(blank).await.0, 403);
}

#[tokio::test]
async fn lacking_permission_looks_like_a_dead_token() {
    let client = Client::new().await;
    let key = format!("Bearer {IMAGE_RELAY_VIEWER_KEY}");
    assert_eq!(read(client.presented(Method::GET, ME, &key)).await.0, 200);
    let path = "/api/v2/folders/3001/children";
    let refused = read(client.presented(Method::POST, path, &key).json(&json!({ "name": "New" }))).await;
    let dead = read(client.presented(Method::GET, path, "Bearer unknown")).await;
    assert_eq!(refused, dead);
    assert_eq!(refused.0, 401);
}

#[tokio::test]
async fn ending_in_json_is_optional_everywhere() {
    let client = Client::new().await;
    for path in [
        "/users/me",
        "/users",
        "/users/8102",
        "/users/search",
        "/folders",
        "/folders/root",
        "/folders/3002",
        "/folders/3001/children",
        "/folders/3002/files",
        "/files/500001",
        "/collections",
        "/collections/701",
        "/collections/701/files",
        "/quick_links",
        "/webhooks",
        "/webhooks/supported",
        "/permissions",
        "/permissions/1",
        "/file_types",
        "/file_types/41",
        "/keyword_sets",
        "/keyword_sets/21",
    ] {
        let plain = client.get(path).await;
        assert_eq!(plain.0, 200, "{path}");
        assert_eq!(client.get(&format!("{path}.json")).await.0, 200, "{path}");
    }
}

#[tokio::test]
async fn unknown_paths_and_methods_are_told_apart() {
    let client = Client::new().await;
    for path in ["/nowhere", "/files/1", "/files/x", "/users/1.json"] {
        assert_eq!(client.get(path).await.0, 404, "{path}");
    }
    assert_eq!(client.send(Method::DELETE, "/users/me", &json!({})).await.0, 405);
}

#[tokio::test]
async fn who_one_is_comes_with_permissions_and_subdomain() {
    let client = Client::new().await;
    let (_, me) = client.get("/users/me").await;
    assert_eq!((&me["first_name"], &me["email"]), (&"Alice".into(), &USERNAME.into()));
    assert_eq!(me["permissions"][0]["name"], "Administrator");
    assert_eq!(me["subdomain"]["http_base"], format!("{}/image-relay", client.sandbox.url()));
    assert!(me["id"].is_u64());
}

#[tokio::test]
async fn users_are_searched_by_q_only() {
    let client = Client::new().await;
    let (_, found) = client.get("/users/search?q=chloe").await;
    assert_eq!(found.as_array().unwrap().len(), 3);
    let (_, all) = client.get("/users/search?first_name=Chloe").await;
    assert_eq!(all.as_array().unwrap().len(), 25);
}

#[tokio::test]
async fn supported_webhooks_need_no_authentication() {
    let client = Client::new().await;
    let request = client.request(Method::GET, "/api/v2/webhooks/supported").header(USER_AGENT, "keydesk-tests");
    assert_eq!(read(request).await.0, 200);
}
