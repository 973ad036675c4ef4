use keydesk_sandbox::USERNAME;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, NOTHING, OTHER, SUPER, TOP, read};

const STATUS: &str = "/wazo/api/confd/1.1/status";
const INFOS: &str = "/wazo/api/confd/1.1/infos";
const CALLD: &str = "/wazo/api/calld/1.0/status";

async fn ask(client: &Client, path: &str, token: &str) -> (u16, Value) {
    read(client.request(Method::GET, path).header("x-auth-token", token)).await
}

#[tokio::test]
async fn daemons_take_the_same_token() {
    let client = Client::start().await;
    let token = client.online(USERNAME).await;
    let (status, body) = ask(&client, STATUS, &token).await;
    assert_eq!((status, &body["rest_api"]["status"]), (200, &json!("ok")));
    let (status, body) = ask(&client, INFOS, &token).await;
    assert!(status == 200 && body["uuid"].is_string() && body["wazo_version"].is_string());
    let above = client.online(SUPER).await;
    assert_eq!(ask(&client, CALLD, &above).await.0, 200);
}

#[tokio::test]
async fn daemons_refuse_as_wazo_auth_does() {
    let client = Client::start().await;
    let (own, other) = (client.online(USERNAME).await, client.online(OTHER).await);
    for (path, token, reason) in [
        (CALLD, own.as_str(), "missing_permission_or_invalid_tenant"),
        (INFOS, other.as_str(), "missing_permission_or_invalid_tenant"),
        (STATUS, NOTHING, "not_found_or_expired"),
    ] {
        let (status, body) = ask(&client, path, token).await;
        assert_eq!((status, &body["details"]["reason"]), (401, &json!(reason)), "{path}");
    }
    // A daemon has the tenant checked along with the token.
    let request = client.request(Method::GET, INFOS).header("x-auth-token", &own).header("Wazo-Tenant", TOP);
    let (status, body) = read(request).await;
    assert_eq!((status, &body["error_id"]), (401, &json!("unauthorized")));
    assert_eq!(body["details"]["tenant_uuid"], TOP);
}
