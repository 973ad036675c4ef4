use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use keydesk_sandbox::{PASSWORD, USERNAME, offers};
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{Client, HILLSIDE, TOKEN, read, reason, text};

#[tokio::test]
async fn login_answers_what_the_real_server_answers() {
    let client = Client::start().await;
    let response = client.login(USERNAME, &json!({})).header("user-agent", "tests").send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["wazo-sessions-revoked"], "0");
    let data = response.json::<Value>().await.unwrap()["data"].clone();
    let names: Vec<_> = data.as_object().unwrap().keys().map(String::as_str).collect();
    let expected = [
        "token",
        "auth_id",
        "xivo_user_uuid",
        "xivo_uuid",
        "issued_at",
        "expires_at",
        "utc_issued_at",
        "utc_expires_at",
        "acl",
        "metadata",
        "session_uuid",
        "remote_addr",
        "user_agent",
    ];
    assert_eq!(names, expected, "and no refresh token");
    assert_eq!(text(&data["token"]).len(), 36);
    assert_eq!(data["metadata"]["tenant_uuid"], HILLSIDE);
    assert_eq!(data["metadata"]["uuid"], data["auth_id"]);
    assert_eq!(data["user_agent"], "tests");
    assert_eq!(data["acl"][0], "auth.users.me.#");
}

#[tokio::test]
async fn times_carry_no_zone_and_only_one_of_them_is_utc() {
    let client = Client::start().await;
    let data = client.log_in(USERNAME, &json!({ "expiration": 3600 })).await;
    let time = |name: &str| text(&data[name]).parse::<jiff::civil::DateTime>().unwrap();
    assert!(text(&data["utc_expires_at"]).len() == "2026-11-22T03:02:04.774826".len());
    assert_eq!(time("utc_expires_at").duration_since(time("utc_issued_at")).as_secs(), 3600);
    let utc = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).datetime();
    let off = utc.duration_since(time("utc_issued_at")).as_secs();
    assert!((0..3600).contains(&off), "{off}");
    assert_ne!(data["expires_at"], data["utc_expires_at"]);
}

#[tokio::test]
async fn login_name_is_the_username_or_a_confirmed_address() {
    let client = Client::start().await;
    for (name, expected) in
        [(USERNAME, 200), ("alice.rodriguez@hillside.example", 200), ("alice@annex.example", 401), ("nobody", 401)]
    {
        assert_eq!(read(client.login(name, &json!({}))).await.0, expected, "{name}");
    }
}

#[tokio::test]
async fn every_failed_login_looks_the_same() {
    let client = Client::start().await;
    let post = || client.request(Method::POST, TOKEN);
    let refresh = |token: &str| json!({ "refresh_token": token, "client_id": "a" });
    let access = client.online(USERNAME).await;
    for request in [
        post().json(&json!({})),
        post().json(&json!({})).basic_auth(USERNAME, Some("wrong")),
        post().json(&json!({})).basic_auth(USERNAME, Some("")),
        post().json(&json!({})).bearer_auth("x"),
        post().json(&refresh("unknown")),
        post().json(&refresh(&access)),
        post().json(&json!({ "saml_session_id": "x" })),
        post().json(&json!({ "domain_name": "x" })).basic_auth(USERNAME, Some(PASSWORD)),
    ] {
        let answer = read(request).await;
        assert_eq!((answer.0, reason(&answer).as_str()), (401, "Authentication Failed"));
    }
}

#[tokio::test]
async fn basic_may_be_latin_1() {
    let client = Client::start().await;
    let basic = |bytes: &[u8]| format!("Basic {}", BASE64_STANDARD.encode(bytes));
    let token = client.log_in(USERNAME, &json!({})).await;
    let path = format!("/users/{}/password", text(&token["auth_id"]));
    let change = client.presenting(Method::PUT, &path, text(&token["token"]));
    assert_eq!(read(change.json(&json!({ "old_password": PASSWORD, "new_password": "straße" }))).await.0, 204);
    let mut latin = format!("{USERNAME}:stra").into_bytes();
    latin.extend([0xdf, b'e']);
    for bytes in [latin.as_slice(), format!("{USERNAME}:straße").as_bytes()] {
        let request = client.request(Method::POST, TOKEN).header("authorization", basic(bytes)).json(&json!({}));
        assert_eq!(read(request).await.0, 200);
    }
}

#[tokio::test]
async fn expiration_has_bounds() {
    let client = Client::start().await;
    for good in [json!(1), json!(315_360_000), json!("3600"), json!(60.9)] {
        assert_eq!(read(client.login(USERNAME, &json!({ "expiration": good }))).await.0, 200, "{good}");
    }
    for wrong in [json!(0), json!(-1), json!(315_360_001), json!("soon"), json!(true), json!(null), json!([])] {
        let answer = read(client.login(USERNAME, &json!({ "expiration": wrong }))).await;
        assert_eq!(answer.0, 400, "{wrong}");
        assert!(reason(&answer).starts_with("{'expiration': [{'constraint_id': "), "{}", answer.1);
    }
}

#[tokio::test]
async fn members_are_held_against_each_other() {
    let client = Client::start().await;
    for (body, word) in [
        (json!({ "access_type": "offline" }), "client_id"),
        (json!({ "access_type": "offline", "client_id": "a", "refresh_token": "x" }), "access_type"),
        (json!({ "access_type": "always" }), "enum"),
        (json!({ "refresh_token": "x" }), "client_id"),
        (json!({ "client_id": "" }), "length"),
        (json!({ "client_id": "a".repeat(1025) }), "length"),
        (json!({ "client_id": 7 }), "Not a valid string."),
        (json!({ "tenant_id": "a", "domain_name": "b" }), "mutually exclusive"),
        (json!({ "saml_session_id": "a", "refresh_token": "b", "client_id": "c" }), "saml_session_id"),
        (json!([1]), "Invalid input type."),
    ] {
        let answer = read(client.login(USERNAME, &body)).await;
        assert_eq!(answer.0, 400, "{body}");
        let reason = reason(&answer);
        assert!(reason.starts_with('{') && reason.contains(word), "{reason}");
    }
    for body in [
        json!({ "client_id": "é".repeat(1024), "access_type": "offline" }),
        json!({ "backend": "nonsense", "unknown": {} }),
        json!(null),
    ] {
        assert_eq!(read(client.login(USERNAME, &body)).await.0, 200, "{body}");
    }
}

#[tokio::test]
async fn body_must_be_json() {
    let client = Client::start().await;
    let post = || client.request(Method::POST, TOKEN).basic_auth(USERNAME, Some(PASSWORD));
    let form = "application/x-www-form-urlencoded";
    for request in [
        post(),
        post().header("content-type", "application/json").body("{"),
        post().header("content-type", form).body("{}"),
        post().form(&[("expiration", "3600")]),
    ] {
        let (status, body) = read(request).await;
        assert_eq!(status, 400);
        assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["message"]);
    }
}

#[tokio::test]
async fn every_offered_login_works() {
    let client = Client::start().await;
    let offers = offers(client.sandbox.url());
    let offer = offers.into_iter().find(|offer| offer.provider == "wazo").unwrap();
    assert_eq!(offer.parameters["host"], "sandbox.invalid");
    let url = format!("{}/api/auth/0.1/token", offer.parameters["server_url"]);
    for (login, body) in [("online", json!({})), ("offline", json!({ "access_type": "offline", "client_id": "a" }))] {
        let fields = &offer.logins[login];
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let request = http.post(&url).basic_auth(&fields["username"], Some(&fields["password"])).json(&body);
        assert_eq!(read(request).await.0, 200, "{login}");
    }
}
