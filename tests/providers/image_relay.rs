//! Image Relay: section 2.

use keydesk_core::{ErrorCode, LoginState, ReceiveBy, TokenState};
use keydesk_support::Answer;
use serde_json::{Value, json};

use crate::stage::{Stage, basic, ok, parameter};
use crate::wanted::{ANY, Wanted, get, post};

const AUTHORIZE: &str = "/oauth/authorize";
const TOKEN: &str = "/oauth/token";
const ME: &str = "/api/v2/users/me.json";

async fn image_relay() -> Stage {
    let stage = Stage::of("image-relay", &[("subdomain", "hillside"), ("tenant_url", "{server}")]).await;
    stage.server.always(AUTHORIZE, Answer::redirect(302, "/login"));
    stage.server.always(ME, ok(&json!({"id": "7", "login": "alice", "first_name": "Alice", "last_name": "Ames"})));
    stage
}

const SECRET: &str = "the secret & more";
const REDIRECT: &str = "https://bridge.example/callback";

const REGISTRATION: [(&str, &str); 3] =
    [("client_id", "the-client"), ("client_secret", SECRET), ("redirect_uri", REDIRECT)];

fn registration(token_request: &str) -> Vec<(&str, &str)> {
    [&REGISTRATION[..], &[("token_request", token_request)]].concat()
}

const EXCHANGE: [(&str, &str); 6] = [
    ("grant_type", "authorization_code"),
    ("code", "the-code"),
    ("redirect_uri", REDIRECT),
    ("client_id", "the-client"),
    ("client_secret", SECRET),
    ("code_verifier", ANY),
];

const REFRESH: [(&str, &str); 5] = [
    ("grant_type", "refresh_token"),
    ("refresh_token", "refresh-1"),
    ("redirect_uri", REDIRECT),
    ("client_id", "the-client"),
    ("client_secret", SECRET),
];

/// A token request, in the body or where the vendor's document has it.
fn token_request(how: &str, pairs: &[(&str, &str)]) -> Wanted {
    match how {
        "query" => post(TOKEN).query(pairs),
        _ => post(TOKEN).form(pairs),
    }
}

fn me(scheme: &str) -> Wanted {
    get(ME).header("Authorization", scheme)
}

/// Section 2.1: every address is the tenant's.
#[tokio::test(flavor = "multi_thread")]
async fn the_addresses_of_image_relay_are_made_of_the_account() {
    let stage = Stage::of("image-relay", &[("subdomain", "hillside")]).await;
    let wanted = [
        ("api_url", "https://hillside.imagerelay.com/api/v2"),
        ("authorization_endpoint", "https://hillside.imagerelay.com/oauth/authorize"),
        ("tenant_url", "https://hillside.imagerelay.com"),
        ("token_endpoint", "https://hillside.imagerelay.com/oauth/token"),
    ];
    assert_eq!(stage.addresses(), wanted.map(|(id, url)| (id.to_owned(), url.to_owned())).into());
}

/// Section 2.1: identifier and secret in the body, and in the address only where the person chose it (D3); a refresh names
/// the redirect URI again; the token's word is `OAuth`. Everything but the access token is optional.
#[tokio::test(flavor = "multi_thread")]
async fn d3_d5_image_relays_code_and_refresh_are_sent_in_the_body_and_in_the_address_only_when_chosen() {
    for how in ["form", "query"] {
        let stage = image_relay().await;
        stage.server.answer(TOKEN, ok(&json!({"access_token": "access-1", "refresh_token": "refresh-1"})));
        stage.server.answer(TOKEN, ok(&json!({"access_token": "access-2"})));
        let login = stage.log_in_by_browser("browser", &registration(how)).await;
        assert_eq!(parameter(&login, "redirect_uri"), REDIRECT);
        // Whether the endpoint is there is asked without anything in it.
        stage.saw(&[get(AUTHORIZE), token_request(how, &EXCHANGE), me("OAuth access-1")]);
        assert_eq!((stage.token().expires_at, stage.view().identity.as_deref()), (None, Some("Alice Ames")));
        stage.renew().await.unwrap();
        stage.saw(&[token_request(how, &REFRESH)]);
        stage.get("/users/me.json").await;
        stage.saw(&[me("OAuth access-2")]);
        stage.wrote_nowhere(SECRET).await;
    }
}

/// D5: also where the redirect URI has no port of its own, and the listener gave it one.
#[tokio::test(flavor = "multi_thread")]
async fn d5_a_refresh_at_image_relay_names_the_redirect_uri_that_the_login_was_made_with() {
    let stage = image_relay().await;
    stage.server.always(TOKEN, ok(&json!({"access_token": "access-1", "refresh_token": "refresh-1"})));
    let fields = [REGISTRATION[0], REGISTRATION[1], ("redirect_uri", "http://127.0.0.1/callback")];
    let login = stage.start("browser", &fields, ReceiveBy::Loopback).await.unwrap();
    assert_eq!(stage.over(&login).await.state, LoginState::Done);
    stage.renew().await.unwrap();
    for sent in stage.server.received_at(TOKEN) {
        assert_eq!(sent.form_field("redirect_uri").as_deref(), Some(login.redirect_uri.as_str()));
    }
}

/// Section 2.1: what the browser is sent to. No scope is documented, so none is sent (A11).
#[tokio::test(flavor = "multi_thread")]
async fn a3_a11_the_browser_is_sent_to_image_relay_without_a_scope_and_with_s256() {
    let stage = image_relay().await;
    let login = stage.start("browser", &REGISTRATION, ReceiveBy::Paste).await.unwrap();
    assert!(login.authorization_url.starts_with(&stage.server.url("/oauth/authorize?")));
    let url = url::Url::parse(&login.authorization_url).unwrap();
    let mut names: Vec<_> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
    names.sort();
    let wanted = ["client_id", "code_challenge", "code_challenge_method", "redirect_uri", "response_type", "state"];
    assert_eq!(names, wanted);
    let fixed = [("client_id", "the-client"), ("response_type", "code"), ("code_challenge_method", "S256")];
    fixed.iter().for_each(|(name, value)| assert_eq!(parameter(&login, name), *value));
    assert!(!login.authorization_url.contains("secret"));
}

/// Section 2.1: an answer of the access token alone is enough; then there is no end and nothing to renew with.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_image_relay_may_hold_an_access_token_and_nothing_else() {
    for (answer, renewable, lifetime) in [
        (json!({"access_token": "access-1"}), false, None),
        (json!({"access_token": "access-1", "token_type": "bearer", "expires_in": "3600"}), false, Some(3600)),
        (json!({"access_token": "access-1", "refresh_token": "r", "scope": "all"}), true, None),
    ] {
        let stage = image_relay().await;
        stage.server.always(TOKEN, ok(&answer));
        stage.log_in_by_browser("browser", &REGISTRATION).await;
        let token = stage.token();
        assert_eq!(
            (token.state, token.renewable, stage.lifetime()),
            (TokenState::Fresh, renewable, lifetime),
            "{answer}"
        );
        if !renewable {
            assert_eq!(stage.renew().await.unwrap_err().code, ErrorCode::LoginNeeded);
        }
    }
}

/// Section 2.1: the other spelling is named, and nobody is sent to a page that is not there.
#[tokio::test(flavor = "multi_thread")]
async fn a_404_at_image_relays_authorization_endpoint_names_the_other_spelling() {
    let stage = Stage::of("image-relay", &[("subdomain", "hillside"), ("tenant_url", "{server}")]).await;
    let error = stage.start("browser", &REGISTRATION, ReceiveBy::Paste).await.unwrap_err();
    assert_eq!((error.code, error.status), (ErrorCode::NotFound, Some(404)));
    assert_eq!(error.field.as_deref(), Some("authorization_endpoint"));
    assert!(error.message.contains(&stage.server.url("/oauth/authorization")), "{}", error.message);
    assert!(stage.person.opened.lock().unwrap().is_empty());
    stage.saw(&[get(AUTHORIZE)]);
    // With that spelling in the connection's addresses the login goes there.
    let mut stage = stage;
    let other = [
        ("subdomain", "hillside"),
        ("tenant_url", "{server}"),
        ("authorization_endpoint", "{server}/oauth/authorization"),
    ];
    stage.connect("image-relay", &other);
    stage.server.always("/oauth/authorization", Answer::redirect(302, "/login"));
    let login = stage.start("browser", &REGISTRATION, ReceiveBy::Paste).await.unwrap();
    assert!(login.authorization_url.starts_with(&stage.server.url("/oauth/authorization?")));
}

/// Section 2.1: the person said no.
#[tokio::test(flavor = "multi_thread")]
async fn a_denial_at_image_relay_ends_the_login_without_a_token_request() {
    let stage = image_relay().await;
    let login = stage.start("browser", &REGISTRATION, ReceiveBy::Paste).await.unwrap();
    let over = stage.redirected(&login, "error=access_denied").await;
    assert_eq!((over.state, over.error.unwrap().code), (LoginState::Failed, ErrorCode::LoginDenied));
    stage.saw(&[get(AUTHORIZE)]);
    stage.kept_nothing();
}

/// Section 2.1: the three words before a credential. A key is a `Bearer`, Basic is UTF-8 as it is.
#[tokio::test(flavor = "multi_thread")]
async fn each_credential_of_image_relay_has_its_own_word() {
    let password = [("username", "alice@hillside.example"), ("password", "ümlaut:%+ß")];
    for (login, fields, header) in [
        ("api_key", &[("token", "the-api-key")][..], "Bearer the-api-key".to_owned()),
        ("basic", &password[..], basic("alice@hillside.example", "ümlaut:%+ß")),
    ] {
        let stage = image_relay().await;
        let view = stage.log_in(login, fields, &[]).await.unwrap();
        assert_eq!((view.identity.as_deref(), view.token.expires_at), (Some("Alice Ames"), None));
        stage.get("/folders.json").await;
        stage.saw(&[me(&header), get("/api/v2/folders.json").header("Authorization", &header)]);
        stage.wrote_nowhere("ümlaut:%+ß").await;
    }
}

/// Section 2.2: what the statuses mean. The daily limit is told in Image Relay's words.
#[tokio::test(flavor = "multi_thread")]
async fn the_errors_of_image_relay_are_told_apart() {
    let daily = "You have reached your daily API usage limit. Access will resume at 2026-11-23 00:00:00 UTC";
    let plain = |status: u16, text: &str| Answer::new(status).header("content-type", "text/plain").body(text);
    for (answer, code, words) in [
        (plain(429, daily), ErrorCode::DailyLimit, daily),
        // Also where it asks to wait, and whatever the request was.
        (plain(429, daily).header("retry-after", "2"), ErrorCode::DailyLimit, daily),
        (Answer::new(429).header("retry-after", "2"), ErrorCode::RateLimited, "It asks to wait 2 s."),
        (Answer::json(401, &Value::Null), ErrorCode::Refused, "401"),
        (Answer::html(403, "<h1>No</h1>"), ErrorCode::NoPermission, "403"),
        (Answer::new(405), ErrorCode::BadRequest, "405"),
        (Answer::new(502), ErrorCode::ServerFailed, "502"),
    ] {
        let stage = image_relay().await;
        stage.log_in("api_key", &[("token", "the-api-key")], &[]).await.unwrap();
        stage.server.always("/api/v2/folders", answer);
        let error = stage.get("/folders").await.error.unwrap();
        assert_eq!(error.code, code);
        assert!(error.message.contains(words), "{}", error.message);
    }
}
