use keydesk_sandbox::{PASSWORD, USERNAME};
use serde_json::json;

use crate::client::{Client, LEGACY, VERIFIER, parameters, text};

const CALLBACK: &str = "http://localhost:8079/authorization-code/callback";
const VALIDATE: &str = "/relay/legacy/oauth2/validate";

#[tokio::test]
async fn login_gives_opaque_tokens() {
    let client = Client::of(LEGACY).await;
    let code = client.code(&[("redirect_uri", CALLBACK)]).await;
    let (status, tokens) = client.redeem_with(&code, CALLBACK, VERIFIER).await;
    assert_eq!(status, 200);
    for name in ["access_token", "refresh_token"] {
        let token = text(&tokens[name]);
        assert_eq!(token.len(), 32);
        assert!(token.bytes().all(|byte| byte.is_ascii_hexdigit()));
    }
    assert_eq!(tokens["token_type"], "Bearer");
}

#[tokio::test]
async fn refresh_token_comes_only_with_remember_me() {
    let client = Client::of(LEGACY).await;
    let form = [("username", USERNAME), ("password", PASSWORD)];
    let response = client.submit(&[], &form).await;
    let answer = parameters(&response);
    assert!(!answer.contains_key("iss"));
    let (status, tokens) = client.redeem(&answer["code"]).await;
    assert_eq!(status, 200);
    assert!(tokens["access_token"].is_string());
    assert!(tokens["refresh_token"].is_null());
}

#[tokio::test]
async fn refresh_token_stays_good_and_is_not_repeated() {
    let client = Client::of(LEGACY).await;
    let first = client.log_in().await;
    for _ in 0..3 {
        let (status, next) = client.refresh(text(&first["refresh_token"])).await;
        assert_eq!(status, 200);
        assert_ne!(next["access_token"], first["access_token"]);
        assert!(next["refresh_token"].is_null());
    }
}

#[tokio::test]
async fn validate_says_who_a_token_belongs_to() {
    let client = Client::of(LEGACY).await;
    let tokens = client.log_in().await;
    let (status, body) = client.ask(VALIDATE, text(&tokens["access_token"])).await;
    assert_eq!(status, 200);
    assert_eq!(
        body,
        json!({
            "userid": "98071da3-572b-4552-be88-8907a9ad03ef",
            "email": USERNAME,
            "given_name": "Alice",
            "family_name": "Rodriguez",
        })
    );
    let (status, _) = client.ask(VALIDATE, text(&tokens["refresh_token"])).await;
    assert_eq!(status, 401);
}

#[tokio::test]
async fn other_redirect_uris_are_refused() {
    let client = Client::of(LEGACY).await;
    for uri in [
        "http://auth-localredirect.relaypro.com:8079/authorization-code/callback",
        "http://localhost:8079/callback",
        "http://localhost.evil.test:8079/authorization-code/callback",
    ] {
        let response = client.open(&[("redirect_uri", uri)]).await;
        assert_eq!(response.status(), 400, "{uri}");
    }
}

#[tokio::test]
async fn api_takes_its_tokens_too() {
    let client = Client::of(LEGACY).await;
    let tokens = client.log_in().await;
    let (status, _) = client.ask("/relay/api/ibot/authz_context", text(&tokens["access_token"])).await;
    assert_eq!(status, 200);
}
