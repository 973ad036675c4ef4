use keydesk_sandbox::{ANOTHER_API_CLIENT_ID, Options, USERNAME};

use crate::client::{Client, REDIRECT_URI, VERIFIER, claims, parameters};

#[tokio::test]
async fn login_gives_tokens_that_the_api_takes() {
    let client = Client::new().await;
    let tokens = client.log_in().await;
    assert_eq!(tokens["token_type"], "Bearer");
    assert_eq!(tokens["expires_in"], 7200);
    let (status, me) = client.ask("/oauth/api/me", &tokens["access_token"]).await;
    assert_eq!(status, 200);
    assert_eq!(me["authenticated_by"], "access_token");
    assert_eq!(me["name"], "Alice Rodriguez");
}

#[tokio::test]
async fn id_token_repeats_the_nonce() {
    let client = Client::new().await;
    let tokens = client.log_in().await;
    let claims = claims(&tokens["id_token"]);
    assert_eq!(claims["nonce"], "n-0S6_WzA2Mj");
    assert_eq!(claims["iss"], client.at("/oauth"));
    assert_eq!(claims["aud"], ANOTHER_API_CLIENT_ID);
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 7200);
}

#[tokio::test]
async fn authorization_response_names_state_and_issuer_even_in_an_error() {
    let client = Client::new().await;
    let answer = client.answer(&[]).await;
    assert_eq!((answer["state"].as_str(), &answer["iss"]), ("af0ifjsldkj", &client.at("/oauth")));
    let denied = parameters(&client.submit(&[], &[("answer", "deny")]).await);
    assert_eq!(denied["error"], "access_denied");
    assert_eq!((denied["state"].as_str(), &denied["iss"]), ("af0ifjsldkj", &client.at("/oauth")));
}

#[tokio::test]
async fn proof_key_is_demanded() {
    let client = Client::new().await;
    let without = parameters(&client.open(&[("code_challenge", "")]).await);
    assert_eq!(without["error"], "invalid_request");
    let code = client.answer(&[]).await["code"].clone();
    let form = [
        ("grant_type", "authorization_code"),
        ("client_id", ANOTHER_API_CLIENT_ID),
        ("redirect_uri", REDIRECT_URI),
        ("code", &code),
        ("code_verifier", &VERIFIER.replace('d', "e")),
    ];
    let (status, body) = client.token(&form).await;
    assert_eq!((status, &body["error"]), (400, &"invalid_grant".into()));
}

#[tokio::test]
async fn unknown_client_and_redirect_get_a_page() {
    let client = Client::new().await;
    for otherwise in [("client_id", "someone"), ("redirect_uri", "https://evil.example/callback")] {
        let response = client.open(&[otherwise]).await;
        assert_eq!(response.status(), 400, "{otherwise:?}");
        assert!(!response.headers().contains_key("location"));
    }
}

#[tokio::test]
async fn wrong_password_shows_the_page_again() {
    let client = Client::new().await;
    let response = client.submit(&[], &[("username", USERNAME), ("password", "wrong")]).await;
    assert_eq!(response.status(), 200);
    let html = response.text().await.unwrap();
    assert!(html.contains("role=\"alert\"") && !html.contains("Remember me"));
}

#[tokio::test]
async fn refresh_token_comes_with_offline_access_only() {
    let client = Client::new().await;
    let code = client.answer(&[("scope", "openid")]).await["code"].clone();
    let (_, tokens) = client.redeem(&code).await;
    assert!(tokens["refresh_token"].is_null());
    assert!(claims(&tokens["id_token"])["name"].is_null());
    let code = client.answer(&[("scope", "")]).await["code"].clone();
    let (_, tokens) = client.redeem(&code).await;
    assert_eq!(tokens["scope"], "openid profile offline_access");
    assert!(tokens["refresh_token"].is_string());
}

#[tokio::test]
async fn refresh_tokens_rotate_and_a_spent_one_ends_the_family() {
    let client = Client::new().await;
    let tokens = client.log_in().await;
    let (_, next) = client.refresh(&tokens["refresh_token"]).await;
    assert_ne!(next["refresh_token"], tokens["refresh_token"]);
    assert_eq!(client.refresh(&tokens["refresh_token"]).await.0, 400);
    assert_eq!(client.refresh(&next["refresh_token"]).await.0, 400);
    assert_eq!(client.ask("/oauth/api/me", &next["access_token"]).await.0, 401);
}

#[tokio::test]
async fn without_rotation_the_refresh_token_stays_and_is_not_repeated() {
    let client = Client::with(Options { rotate: false, ..Options::default() }).await;
    let tokens = client.log_in().await;
    for _ in 0..2 {
        let (status, next) = client.refresh(&tokens["refresh_token"]).await;
        assert_eq!(status, 200);
        assert!(next["refresh_token"].is_null());
    }
    assert_eq!(client.sandbox.count("/oauth/token?grant_type=refresh_token"), 2);
}
