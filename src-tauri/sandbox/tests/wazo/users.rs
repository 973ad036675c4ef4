use keydesk_sandbox::USERNAME;
use reqwest::Method;
use serde_json::json;

use crate::client::{ANNEX, AUTH, Client, HILLSIDE, NOTHING, OTHER, SUPER, TOP, error_id, is_page, read, text};

#[tokio::test]
async fn one_may_look_at_oneself() {
    let client = Client::start().await;
    let login = client.log_in(USERNAME, &json!({})).await;
    let path = format!("/users/{}", text(&login["metadata"]["uuid"]));
    let (status, user) = client.get(&path, text(&login["token"])).await;
    assert_eq!((status, &user["username"]), (200, &json!(USERNAME)));
    assert_eq!((&user["enabled"], &user["purpose"]), (&json!(true), &json!("user")));
    assert_eq!((&user["tenant_uuid"], &user["authentication_method"]), (&json!(HILLSIDE), &json!("default")));
    let confirmed: Vec<_> = user["emails"].as_array().unwrap().iter().map(|email| &email["confirmed"]).collect();
    assert_eq!(confirmed, [true, false]);
}

#[tokio::test]
async fn there_is_no_path_for_me() {
    let client = Client::start().await;
    let token = client.online(USERNAME).await;
    for path in ["/users/me", "/users/me/sessions", "/nowhere"] {
        let (status, body) = client.get(path, &token).await;
        assert!(status == 404 && is_page(&body), "{path}");
    }
}

#[tokio::test]
async fn others_are_for_administrators() {
    let client = Client::start().await;
    let (own, above) = (client.online(USERNAME).await, client.online(SUPER).await);
    let other = client.log_in(OTHER, &json!({})).await;
    let path = format!("/users/{}", text(&other["auth_id"]));
    let (status, answer) = client.get(&path, &own).await;
    assert_eq!((status, &answer["details"]["reason"]), (401, &json!("missing_permission_or_invalid_tenant")));
    assert_eq!(client.get(&path, &above).await.0, 200);
    let (status, answer) = client.get(&format!("/users/{NOTHING}"), &above).await;
    assert_eq!((status, error_id(&answer), &answer["resource"]), (404, "unknown-user", &json!("users")));
    let (_, list) = client.get("/users?recurse=true", &above).await;
    assert_eq!(list["total"], 3);
    assert_eq!(client.get("/users", &above).await.1["total"], 1);
}

#[tokio::test]
async fn a_tenant_must_be_in_ones_subtree() {
    let client = Client::start().await;
    let token = client.online(USERNAME).await;
    let ask = |tenant: &str| read(client.presenting(Method::GET, "/tenants", &token).header("Wazo-Tenant", tenant));
    assert_eq!(client.get("/tenants", &token).await.1["total"], 2);
    assert_eq!(ask(HILLSIDE).await.1["total"], 2);
    assert_eq!(ask(ANNEX).await.1["total"], 1);
    for tenant in [TOP, NOTHING] {
        let (status, answer) = ask(tenant).await;
        assert_eq!((status, error_id(&answer)), (401, "unauthorized-tenant"));
        assert_eq!(answer["details"]["tenant_uuid"], tenant);
    }
}

#[tokio::test]
async fn backends_and_status_are_for_anyone() {
    let client = Client::start().await;
    let (_, answer) = read(client.request(Method::GET, &format!("{AUTH}/backends"))).await;
    assert_eq!(answer, json!({ "data": ["ldap_user", "wazo_user"] }));
    let path = format!("{AUTH}/status");
    assert_eq!(client.request(Method::HEAD, &path).send().await.unwrap().status(), 200);
    assert_eq!(read(client.request(Method::GET, &path)).await.0, 405);
}
