use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use keydesk_sandbox::{Options, USERNAME, offers};
use reqwest::Method;
use sha2::{Digest, Sha256};

use crate::client::{Client, ME, TOKEN, credentials, exchange, parameters, read};

const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

#[tokio::test]
async fn login_gives_a_token_that_the_api_takes_after_the_word_oauth() {
    let client = Client::new().await;
    let tokens = client.log_in().await;
    let token = tokens["access_token"].as_str().unwrap();
    let (status, me) = read(client.presented(Method::GET, ME, &format!("OAuth {token}"))).await;
    assert_eq!((status, &me["login"]), (200, &USERNAME.into()));
    assert_eq!(read(client.presented(Method::GET, ME, &format!("Bearer {token}"))).await.0, 401);
}

#[tokio::test]
async fn answer_says_no_expiry_and_has_a_refresh_token_unless_told_otherwise() {
    let client = Client::new().await;
    let tokens = client.log_in().await;
    assert_eq!(tokens["token_type"], "bearer");
    assert!(tokens["refresh_token"].is_string() && tokens["expires_in"].is_null() && tokens["scope"].is_null());
    client.sandbox.change(|options: &mut Options| {
        options.image_relay_expires_in = true;
        options.image_relay_refresh_token = false;
    });
    let tokens = client.log_in().await;
    assert!(tokens["refresh_token"].is_null());
    assert_eq!(tokens["expires_in"], 7200);
}

#[tokio::test]
async fn code_is_exchanged_by_query_as_well_as_by_form() {
    let client = Client::new().await;
    let code = client.code(&[]).await;
    let (status, tokens) = read(client.request(Method::POST, TOKEN).query(&exchange(&code))).await;
    assert_eq!(status, 200, "{tokens}");
    assert_eq!(client.sandbox.count("/image-relay/oauth/token?grant_type=authorization_code"), 1);
}

#[tokio::test]
async fn client_secret_is_demanded() {
    let client = Client::new().await;
    for wrong in ["", "wrong"] {
        let code = client.code(&[]).await;
        let form = exchange(&code).map(|(name, value)| (name, if name == "client_secret" { wrong } else { value }));
        let (status, body) = client.token(&form).await;
        assert_eq!((status, &body["error"]), (401, &"invalid_client".into()));
    }
}

#[tokio::test]
async fn challenge_is_checked_where_one_was_sent() {
    let client = Client::new().await;
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
    let sent = [("code_challenge", challenge.as_str()), ("code_challenge_method", "S256")];
    let code = client.code(&sent).await;
    assert_eq!(client.token(&exchange(&code)).await.0, 400);
    let code = client.code(&sent).await;
    let form: Vec<_> = exchange(&code).into_iter().chain([("code_verifier", VERIFIER)]).collect();
    assert_eq!(client.token(&form).await.0, 200);
    // One that comes from nowhere (RFC 9700 §2.1.1).
    let code = client.code(&[]).await;
    let form: Vec<_> = exchange(&code).into_iter().chain([("code_verifier", VERIFIER)]).collect();
    assert_eq!(client.token(&form).await.0, 400);
}

#[tokio::test]
async fn registered_callbacks_are_accepted_with_any_loopback_port() {
    let client = Client::new().await;
    for uri in ["http://127.0.0.1/callback", "http://[::1]:1234/callback", "https://hillside.example/callback"] {
        assert_eq!(client.open(&[("redirect_uri", uri)]).await.status(), 200, "{uri}");
    }
    for otherwise in [("redirect_uri", "https://evil.example/callback"), ("client_id", "someone")] {
        let response = client.open(&[otherwise]).await;
        assert_eq!(response.status(), 400, "{otherwise:?}");
        assert!(!response.headers().contains_key("location"));
    }
}

#[tokio::test]
async fn other_spelling_of_the_authorization_endpoint_is_not_there() {
    let client = Client::new().await;
    let request = client.request(Method::GET, "/oauth/authorization");
    assert_eq!(read(request).await.0, 404);
}

#[tokio::test]
async fn denial_and_a_wrong_password_are_answered() {
    let client = Client::new().await;
    let denied = parameters(&client.submit(&[], &[("answer", "deny")]).await);
    assert_eq!((denied["error"].as_str(), denied["state"].as_str()), ("access_denied", "af0ifjsldkj"));
    let wrong = client.submit(&[], &[("username", "<b>"), ("password", "wrong")]).await;
    assert_eq!(wrong.status(), 200);
    assert!(wrong.text().await.unwrap().contains("value=\"&lt;b&gt;\""));
}

#[tokio::test]
async fn refresh_gives_a_new_access_token_and_the_same_refresh_token() {
    let client = Client::new().await;
    let tokens = client.log_in().await;
    client.sandbox.expire_access_tokens();
    let authorization = format!("OAuth {}", tokens["access_token"].as_str().unwrap());
    assert_eq!(read(client.presented(Method::GET, ME, &authorization)).await.0, 401);
    let (status, next) = client.refresh(&tokens["refresh_token"]).await;
    assert_eq!((status, &next["refresh_token"]), (200, &tokens["refresh_token"]));
    let authorization = format!("OAuth {}", next["access_token"].as_str().unwrap());
    assert_eq!(read(client.presented(Method::GET, ME, &authorization)).await.0, 200);
    client.sandbox.revoke_all();
    assert_eq!(client.refresh(&tokens["refresh_token"]).await.0, 400);
}

#[tokio::test]
async fn malformed_token_requests_are_named_so() {
    let client = Client::new().await;
    let [id, secret] = credentials();
    for (form, expected) in [
        (&[id, secret][..], "invalid_request"),
        (&[id, secret, ("grant_type", "password")], "unsupported_grant_type"),
        (&[id, secret, ("grant_type", "authorization_code")], "invalid_request"),
        (&[id, secret, ("grant_type", "refresh_token"), ("refresh_token", "x")], "invalid_grant"),
    ] {
        let (status, body) = client.token(form).await;
        assert_eq!((status, &body["error"]), (400, &expected.into()), "{form:?}");
    }
}

#[tokio::test]
async fn offer_names_the_three_logins() {
    let client = Client::new().await;
    let offers = offers(client.sandbox.url());
    let offer = offers.iter().find(|offer| offer.provider == "image-relay").unwrap();
    assert_eq!(offer.parameters["subdomain"], "hillside");
    assert_eq!(offer.parameters["tenant_url"], format!("{}/image-relay", client.sandbox.url()));
    assert_eq!(offer.logins["browser"]["redirect_uri"], "http://127.0.0.1/callback");
    assert!(offer.logins["api_key"].contains_key("token") && offer.logins["basic"].contains_key("password"));
}
