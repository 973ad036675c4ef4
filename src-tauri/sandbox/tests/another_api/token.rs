use keydesk_sandbox::{
    ANOTHER_API_CLIENT_ID, ANOTHER_API_CLIENT_SECRET, ANOTHER_API_CONFIDENTIAL_CLIENT_ID, PASSWORD, USERNAME,
};
use serde_json::Value;

use crate::client::{Client, TOKEN, confidential, read, text};

const SECRET: (&str, &str) = ("client_secret", ANOTHER_API_CLIENT_SECRET);
const ITSELF: (&str, &str) = ("grant_type", "client_credentials");
const CONFIDENTIAL: (&str, &str) = ("client_id", ANOTHER_API_CONFIDENTIAL_CLIENT_ID);
const PUBLIC: (&str, &str) = ("client_id", ANOTHER_API_CLIENT_ID);

fn error(body: &Value) -> &str {
    text(&body["error"])
}

#[tokio::test]
async fn confidential_client_gets_a_token_for_itself_either_way() {
    let client = Client::new().await;
    let (status, by_post) = client.token(&[ITSELF, CONFIDENTIAL, SECRET]).await;
    assert_eq!(status, 200, "{by_post}");
    let (status, by_basic) = read(confidential(client.post(TOKEN)).form(&[ITSELF])).await;
    assert_eq!(status, 200, "{by_basic}");
    assert!(by_basic["refresh_token"].is_null() && by_basic["id_token"].is_null());
    let (_, me) = client.ask("/oauth/api/me", &by_basic["access_token"]).await;
    assert_eq!(me["name"], ANOTHER_API_CONFIDENTIAL_CLIENT_ID);
    assert_eq!(client.ask("/oauth/userinfo", &by_basic["access_token"]).await.0, 403);
}

#[tokio::test]
async fn secret_that_is_not_form_encoded_is_refused() {
    let client = Client::new().await;
    let request = client.post(TOKEN).basic_auth(CONFIDENTIAL.1, Some(SECRET.1)).form(&[ITSELF]);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 401);
    assert!(response.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic"));
}

#[tokio::test]
async fn client_authenticates_once_and_never_in_the_query() {
    let client = Client::new().await;
    let (status, body) = read(confidential(client.post(TOKEN)).form(&[ITSELF, SECRET])).await;
    assert_eq!((status, error(&body)), (400, "invalid_request"));
    let request = client.post(TOKEN).query(&[SECRET]).form(&[ITSELF, CONFIDENTIAL, SECRET]);
    let (status, body) = read(request).await;
    assert_eq!((status, error(&body)), (400, "invalid_request"));
}

#[tokio::test]
async fn client_must_be_who_it_says() {
    let client = Client::new().await;
    let wrong = ("client_secret", "wrong");
    for form in [
        &[ITSELF, CONFIDENTIAL][..],
        &[ITSELF, CONFIDENTIAL, wrong],
        &[ITSELF, PUBLIC, SECRET],
        &[ITSELF, ("client_id", "someone")],
        &[ITSELF],
    ] {
        let (status, body) = client.token(form).await;
        assert_eq!((status, error(&body)), (401, "invalid_client"), "{form:?}");
    }
    let (status, body) = client.token(&[ITSELF, PUBLIC]).await;
    assert_eq!((status, error(&body)), (400, "unauthorized_client"));
}

#[tokio::test]
async fn scope_of_a_person_is_not_a_clients_to_have() {
    let client = Client::new().await;
    for scope in ["openid", "nonsense"] {
        let (status, body) = client.token(&[ITSELF, CONFIDENTIAL, SECRET, ("scope", scope)]).await;
        assert_eq!((status, error(&body)), (400, "invalid_scope"), "{scope}");
    }
}

#[tokio::test]
async fn password_is_exchanged_for_tokens() {
    let client = Client::new().await;
    let grant = ("grant_type", "password");
    let (status, tokens) = client.token(&[grant, PUBLIC, ("username", USERNAME), ("password", PASSWORD)]).await;
    assert_eq!(status, 200, "{tokens}");
    assert!(tokens["refresh_token"].is_string() && tokens["id_token"].is_string());
    let (status, body) = client.token(&[grant, PUBLIC, ("username", USERNAME), ("password", "wrong")]).await;
    assert_eq!((status, error(&body)), (400, "invalid_grant"));
    assert_eq!(client.sandbox.count("/oauth/token?grant_type=password"), 2);
}

#[tokio::test]
async fn malformed_requests_are_named_so() {
    let client = Client::new().await;
    for (form, expected) in [
        (&[PUBLIC][..], "invalid_request"),
        (&[PUBLIC, PUBLIC, ITSELF], "invalid_request"),
        (&[PUBLIC, ("grant_type", "magic")], "unsupported_grant_type"),
        (&[PUBLIC, ("grant_type", "authorization_code")], "invalid_request"),
        (&[PUBLIC, ("grant_type", "refresh_token"), ("refresh_token", "x")], "invalid_grant"),
    ] {
        let (status, body) = client.token(form).await;
        assert_eq!((status, error(&body)), (400, expected), "{form:?}");
    }
    let (status, body) = read(client.post(TOKEN).json(&[ITSELF, PUBLIC])).await;
    assert_eq!((status, error(&body)), (400, "invalid_request"));
}

#[tokio::test]
async fn revoked_refresh_token_takes_its_family_along() {
    let client = Client::new().await;
    let tokens = client.log_in().await;
    let revoke = |token: &Value, id| {
        let form = [("token", text(token)), ("client_id", id)];
        read(client.post("/oauth/revoke").form(&form))
    };
    assert_eq!(revoke(&tokens["refresh_token"], "someone").await.0, 401);
    assert_eq!(client.ask("/oauth/api/me", &tokens["access_token"]).await.0, 200);
    assert_eq!(revoke(&tokens["refresh_token"], ANOTHER_API_CLIENT_ID).await.0, 200);
    assert_eq!(client.ask("/oauth/api/me", &tokens["access_token"]).await.0, 401);
    assert_eq!(client.refresh(&tokens["refresh_token"]).await.0, 400);
    assert_eq!(revoke(&"unknown".into(), ANOTHER_API_CLIENT_ID).await.0, 200);
}

#[tokio::test]
async fn revoked_access_token_leaves_the_refresh_token_good() {
    let client = Client::new().await;
    let tokens = client.log_in().await;
    let form = [("token", text(&tokens["access_token"]))];
    let by_other = confidential(client.post("/oauth/revoke")).form(&form);
    assert_eq!(read(by_other).await.0, 200);
    assert_eq!(client.ask("/oauth/api/me", &tokens["access_token"]).await.0, 200);
    assert_eq!(read(client.post("/oauth/revoke").form(&[form[0], PUBLIC])).await.0, 200);
    assert_eq!(client.ask("/oauth/api/me", &tokens["access_token"]).await.0, 401);
    assert_eq!(client.refresh(&tokens["refresh_token"]).await.0, 200);
}
