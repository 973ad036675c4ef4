//! Wazo: section 5.

use std::collections::BTreeMap;

use keydesk_core::{ActionRequest, ErrorCode, FieldValue, RenewalKind, TokenState};
use keydesk_support::Answer;
use serde_json::{Value, json};

use crate::stage::{Stage, basic, ok};
use crate::wanted::{Wanted, delete, get, post, request};

const TOKEN: &str = "/api/auth/0.1/token";
const USER: &str = "/api/auth/0.1/users/user-uuid";
const STATUS: &str = "/api/confd/1.1/status";
/// Each of its letters means something where it is encoded as in a form.
const PASSWORD: &str = "pä ss:%2B+wörd&ß";

fn parameters(tenant: &'static str) -> [(&'static str, &'static str); 3] {
    [("host", "wazo.example.com"), ("server_url", "{server}"), ("tenant", tenant)]
}

async fn wazo() -> Stage {
    let stage = Stage::of("wazo", &parameters("")).await;
    stage.server.always(USER, ok(&json!({"uuid": "user-uuid", "firstname": "Alice", "lastname": "Ames"})));
    for number in 1..=3 {
        stage.server.always(&old(number), ok(&json!({"data": {"message": "success"}})));
    }
    stage
}

fn access(number: u8) -> String {
    format!("access-token-{number}")
}

fn old(number: u8) -> String {
    format!("{TOKEN}/{}", access(number))
}

/// As recorded from the real server. `expires_at` is local time there, an hour and a half away.
fn data(number: u8, refresh_token: Option<&str>) -> Value {
    let mut data = json!({"data": {
        "token": access(number), "auth_id": "user-uuid", "xivo_user_uuid": null, "xivo_uuid": "x",
        "issued_at": "2036-11-22T02:32:04.774826", "expires_at": "2036-11-22T04:32:04.774826",
        "utc_issued_at": "2036-11-22T01:02:04.774826", "utc_expires_at": "2036-11-22T03:02:04.774826",
        "acl": ["auth.users.me.#"], "metadata": {"uuid": "user-uuid", "purpose": "user"},
        "session_uuid": "s", "remote_addr": "127.0.0.1", "user_agent": "Keydesk",
    }});
    if let Some(token) = refresh_token {
        data["data"]["refresh_token"] = json!(token);
    }
    data
}

const FIELDS: [(&str, &str); 2] = [("username", "älice@hillside.example"), ("password", PASSWORD)];

/// A request with the token, and no tenant.
fn with_token(wanted: Wanted, number: u8) -> Wanted {
    wanted.header("X-Auth-Token", &access(number))
}

/// A login: Basic as it is in UTF-8, and JSON.
fn login(body: Value) -> Wanted {
    post(TOKEN).header("Authorization", &basic(FIELDS[0].1, PASSWORD)).json(body)
}

/// Section 5, behind nginx.
#[tokio::test(flavor = "multi_thread")]
async fn the_address_of_wazo_is_its_host() {
    let stage = Stage::of("wazo", &[("host", "wazo.example.com:8443")]).await;
    assert_eq!(stage.addresses(), [("server_url".to_owned(), "https://wazo.example.com:8443".to_owned())].into());
}

/// Section 5.1: Basic is not encoded as a form (D4 is for OAuth's clients); `expiration` is a number; the end is UTC; the
/// name is asked with the token bare in `X-Auth-Token`. Nothing is deleted at a first login.
#[tokio::test(flavor = "multi_thread")]
async fn d4_d13_a_login_at_wazo_is_basic_as_it_is_with_the_lifetime_as_a_number() {
    for (fields, expiration) in [(&FIELDS[..], 7200), (&[FIELDS[0], FIELDS[1], ("expiration", "60")], 60)] {
        let stage = wazo().await;
        stage.server.always(TOKEN, ok(&data(1, None)).header("Wazo-Sessions-Revoked", "0"));
        let view = stage.log_in("online", fields, &[]).await.unwrap();
        stage.saw(&[login(json!({"expiration": expiration})), with_token(get(USER), 1)]);
        assert_eq!(view.token.expires_at, Some("2036-11-22T03:02:04.774826Z".parse().unwrap()));
        assert_eq!((view.identity.as_deref(), view.kept.len()), (Some("Alice Ames"), 0));
        stage.wrote_nowhere(PASSWORD).await;
        stage.wrote_nowhere(&access(1)).await;
    }
}

/// RFC 7617 section 2: as for Image Relay and any other API, nothing is sent that the server would take for another name.
#[tokio::test(flavor = "multi_thread")]
async fn a_user_name_with_a_colon_is_refused_at_wazo_before_anything_is_sent() {
    let stage = wazo().await;
    stage.server.always(TOKEN, ok(&data(1, None)));
    let error = stage.log_in("online", &[("username", "a:b"), ("password", PASSWORD)], &[]).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidInput, Some("username")));
    stage.saw(&[]);
}

/// Section 5.1: every login opens a session, so the old token is deleted, after the new one is there.
#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_token_of_wazo_takes_the_place_of_the_old_one_which_is_deleted() {
    let stage = wazo().await;
    stage.server.answer(TOKEN, ok(&data(1, None)));
    stage.server.answer(TOKEN, ok(&data(2, None)));
    stage.log_in("online", &FIELDS, &["password"]).await.unwrap();
    stage.new_requests();
    stage.renew().await.unwrap();
    stage.saw(&[login(json!({"expiration": 7200})), delete(&old(1))]);
    stage.get("/confd/1.1/status").await;
    stage.saw(&[with_token(get(STATUS), 2)]);
    // A renewal that fails deletes nothing, and neither does a failed deletion lose the new token.
    stage.server.answer(TOKEN, Answer::new(503));
    assert_eq!(stage.renew().await.unwrap_err().code, ErrorCode::ServerFailed);
    stage.saw(&[login(json!({"expiration": 7200}))]);
    stage.server.answer(TOKEN, ok(&data(3, None)));
    stage.server.answer(&old(2), Answer::new(500));
    stage.renew().await.unwrap();
    stage.saw(&[login(json!({"expiration": 7200})), delete(&old(2))]);
    stage.get("/confd/1.1/status").await;
    stage.saw(&[with_token(get(STATUS), 3)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn d13_without_the_password_wazo_asks_to_log_in_again() {
    let stage = wazo().await;
    stage.server.always(TOKEN, ok(&data(1, None)));
    let view = stage.log_in("online", &FIELDS, &[]).await.unwrap();
    assert_eq!((view.token.renewal, view.token.renewable), (RenewalKind::None, false));
    stage.new_requests();
    stage.past_the_end(1);
    let error = stage.call("GET", "/confd/1.1/status", None).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::LoginNeeded);
    stage.saw(&[]);
}

/// Logs in for good, and says with which `client_id`.
async fn offline(stage: &Stage, number: u8) -> String {
    stage.server.answer(TOKEN, ok(&data(number, Some("refresh-token-1"))));
    stage.log_in("offline", &FIELDS, &[]).await.unwrap();
    let sent = stage.new_requests();
    let client_id = sent[0].json()["client_id"].as_str().unwrap().to_owned();
    login(json!({"expiration": 7200, "access_type": "offline", "client_id": client_id})).check(&sent[0]);
    with_token(get(USER), number).check(&sent[1]);
    assert_eq!(sent.len(), 2, "nothing is deleted at a login");
    client_id
}

/// Section 5.1: a `client_id` of this installation and connection, so that no other shares the refresh token; and one
/// that can stand in a URL, or it could not be deleted.
#[tokio::test(flavor = "multi_thread")]
async fn the_client_id_at_wazo_is_url_safe_the_same_for_a_connection_and_another_for_another() {
    let mut stage = wazo().await;
    let first = offline(&stage, 1).await;
    assert!(first.len() >= 16 && first.chars().all(|c| c.is_ascii_alphanumeric() || "-._~".contains(c)), "{first}");
    assert_eq!(offline(&stage, 2).await, first);
    stage.connect("wazo", &parameters(""));
    assert_ne!(offline(&stage, 3).await, first);
    let elsewhere = wazo().await;
    assert_ne!(offline(&elsewhere, 1).await, first);
}

/// Section 5.1: the refresh token with its `client_id`, no Basic, no `access_type`; the answer names no refresh token, so
/// the old one stays (E4); the old access token is deleted.
#[tokio::test(flavor = "multi_thread")]
async fn e4_wazo_is_refreshed_with_the_same_client_id_and_refresh_token_each_time() {
    let stage = wazo().await;
    let client_id = offline(&stage, 1).await;
    assert_eq!(stage.token().renewal, RenewalKind::Request);
    assert!(stage.token().has_refresh_token);
    let refresh =
        || post(TOKEN).json(json!({"expiration": 7200, "refresh_token": "refresh-token-1", "client_id": client_id}));
    for number in 1..=2 {
        stage.server.answer(TOKEN, ok(&data(number + 1, None)));
        stage.renew().await.unwrap();
        stage.saw(&[refresh(), delete(&old(number))]);
    }
    stage.get("/confd/1.1/status").await;
    stage.saw(&[with_token(get(STATUS), 3)]);
    stage.wrote_nowhere(PASSWORD).await;
    stage.wrote_nowhere("refresh-token-1").await;
}

/// Section 5.1: a refresh token that is not known any more ends the login; the cap on sessions does not.
#[tokio::test(flavor = "multi_thread")]
async fn e7_a_refused_refresh_at_wazo_ends_the_login_and_a_full_server_does_not() {
    for (answer, code, state) in [
        (
            Answer::json(401, &json!({"reason": ["Authentication Failed"], "timestamp": [1.5], "status_code": 401})),
            ErrorCode::CredentialsRefused,
            TokenState::LoginNeeded,
        ),
        (Answer::json(429, &json!({"reason": ["Too many sessions"]})), ErrorCode::RateLimited, TokenState::Fresh),
    ] {
        let stage = wazo().await;
        offline(&stage, 1).await;
        stage.server.answer(TOKEN, answer);
        assert_eq!(stage.renew().await.unwrap_err().code, code);
        assert_eq!((stage.token().state, stage.token().has_refresh_token), (state, true));
    }
}

/// Section 5.2: the tenant, where one is set, with every request of the API.
#[tokio::test(flavor = "multi_thread")]
async fn wazo_is_told_a_tenant_only_where_one_is_set() {
    let mut stage = wazo().await;
    stage.connect("wazo", &parameters("2c34c282-0000-4000-8000-1d6e2f9b7a10"));
    stage.server.always(TOKEN, ok(&data(1, None)));
    stage.log_in("online", &FIELDS, &[]).await.unwrap();
    let tenant = |wanted: Wanted| with_token(wanted, 1).header("Wazo-Tenant", "2c34c282-0000-4000-8000-1d6e2f9b7a10");
    stage.saw(&[login(json!({"expiration": 7200})), tenant(get(USER))]);
    stage.get("/confd/1.1/status").await;
    stage.saw(&[tenant(get(STATUS))]);
}

/// A refusal of the API, as the real server words it.
fn refusal(reason: &str, token: &str) -> Value {
    json!({"message": "Unauthorized", "error_id": "unauthorized", "timestamp": 1_795_309_329.07,
        "details": {"reason": reason, "invalid_token": token}})
}

/// Section 5.3: a missing permission is a 401 too, and renews nothing; nor does a foreign tenant. F9: the token that the
/// answer repeats is not shown.
#[tokio::test(flavor = "multi_thread")]
async fn e10_f9_a_missing_permission_at_wazo_renews_nothing_and_shows_no_token() {
    for body in [
        refusal("missing_permission_or_invalid_tenant", &access(1)),
        json!({"message": "Unauthorized", "error_id": "unauthorized-tenant", "details": {}}),
    ] {
        let stage = wazo().await;
        stage.server.always(TOKEN, ok(&data(1, None)));
        stage.log_in("online", &FIELDS, &["password"]).await.unwrap();
        stage.new_requests();
        stage.server.always(STATUS, Answer::json(401, &body));
        let answer = stage.get("/confd/1.1/status").await;
        assert_eq!(answer.error.unwrap().code, ErrorCode::NoPermission);
        assert!(!answer.body.contains(&access(1)), "{}", answer.body);
        stage.saw(&[with_token(get(STATUS), 1)]);
    }
}

/// Section 5.3: only a token that is not found or has expired is dead.
#[tokio::test(flavor = "multi_thread")]
async fn e10_a_dead_token_of_wazo_is_renewed_once_and_the_request_sent_again() {
    let stage = wazo().await;
    stage.server.answer(TOKEN, ok(&data(1, None)));
    stage.server.answer(TOKEN, ok(&data(2, None)));
    stage.log_in("online", &FIELDS, &["password"]).await.unwrap();
    stage.new_requests();
    stage.server.answer(STATUS, Answer::json(401, &refusal("not_found_or_expired", &access(1))));
    stage.server.answer(STATUS, ok(&json!({"rest_api": {"status": "ok"}})));
    let answer = stage.get("/confd/1.1/status").await;
    assert_eq!((answer.status, answer.error), (200, None));
    let again = [login(json!({"expiration": 7200})), delete(&old(1)), with_token(get(STATUS), 2)];
    stage.saw(&[&[with_token(get(STATUS), 1)], &again[..]].concat());
}

/// Section 5.3: the four shapes.
#[tokio::test(flavor = "multi_thread")]
async fn each_of_wazos_four_shapes_of_errors_gives_words() {
    let html = Answer::html(404, "<!doctype html><title>404 Not Found</title>");
    for (answer, code, words) in [
        (
            Answer::json(400, &json!({"reason": ["{'expiration': ['Not a number']}"]})),
            ErrorCode::BadRequest,
            "Not a number",
        ),
        (
            Answer::json(404, &json!({"message": "No such user", "error_id": "unknown-user"})),
            ErrorCode::NotFound,
            "No such user",
        ),
        (Answer::json(405, &json!({"message": "The method is not allowed"})), ErrorCode::BadRequest, "is not allowed"),
        (Answer::json(400, &json!({"message": {"limit": ["Not an integer"]}})), ErrorCode::BadRequest, "400"),
        (html, ErrorCode::NotFound, "404"),
    ] {
        let stage = wazo().await;
        stage.server.always(TOKEN, ok(&data(1, None)));
        stage.log_in("online", &FIELDS, &[]).await.unwrap();
        stage.server.always(STATUS, answer);
        let error = stage.get("/confd/1.1/status").await.error.unwrap();
        assert_eq!(error.code, code);
        assert!(error.message.contains(words) && !error.message.contains('<'), "{}", error.message);
    }
    let stage = wazo().await;
    let failed = json!({"reason": ["Authentication Failed"], "timestamp": [1_795_309_326.85], "status_code": 401});
    stage.server.always(TOKEN, Answer::json(401, &failed));
    let error = stage.log_in("online", &FIELDS, &[]).await.unwrap_err();
    assert_eq!((error.code, error.status), (ErrorCode::CredentialsRefused, Some(401)));
    assert!(error.message.ends_with("It says: Authentication Failed"), "{}", error.message);
    stage.kept_nothing();
}

/// D9, section 5.1: the token is nested; what is blank there is no token.
#[tokio::test(flavor = "multi_thread")]
async fn d9_an_answer_of_wazo_without_a_token_keeps_nothing() {
    for (body, code) in [
        (json!({"data": {"token": ""}}), ErrorCode::BlankToken),
        (json!({"data": {}}), ErrorCode::NotATokenAnswer),
        (json!({"token": "a"}), ErrorCode::NotATokenAnswer),
        (json!({"data": {"token": 7}}), ErrorCode::NotATokenAnswer),
    ] {
        let stage = wazo().await;
        stage.server.always(TOKEN, ok(&body));
        let error = stage.log_in("online", &FIELDS, &["password"]).await.unwrap_err();
        assert_eq!(error.code, code, "{body}");
        stage.kept_nothing();
    }
}

/// Section 5.2: whose it is stands at the token's own address; then the name is asked as ever.
#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_token_of_wazo_is_presented_alone_asked_about_and_never_deleted() {
    let stage = wazo().await;
    stage.server.always(&old(1), ok(&data(1, None)));
    let view = stage.log_in("access_token", &[("token", &access(1))], &[]).await.unwrap();
    stage.saw(&[with_token(get(&old(1)), 1), with_token(get(USER), 1)]);
    assert_eq!(view.identity.as_deref(), Some("Alice Ames"));
    stage.get("/confd/1.1/status").await;
    stage.saw(&[with_token(get(STATUS), 1)]);
    stage.wrote_nowhere(&access(1)).await;
}

/// Section 5.2: the forms. What a token may do is asked at its own address, with a list and not with an object.
#[tokio::test(flavor = "multi_thread")]
async fn wazos_forms_are_sent_as_its_server_wants_them() {
    let stage = wazo().await;
    stage.server.always(TOKEN, ok(&data(1, None)));
    stage.log_in("online", &FIELDS, &[]).await.unwrap();
    let text = |value: &str| FieldValue::Text(value.to_owned());
    let (sessions, check) = (format!("{USER}/sessions"), format!("{}/scopes/check", old(1)));
    let scopes = text(r#"["confd.infos.read", "a.b"]"#);
    for (action, values, wanted) in [
        ("who_am_i", vec![], vec![get(USER)]),
        ("token", vec![], vec![get(&old(1))]),
        (
            "check_scopes",
            vec![("scopes", scopes.clone())],
            vec![post(&check).json(json!({"scopes": ["confd.infos.read", "a.b"]}))],
        ),
        (
            "check_scopes",
            vec![("scopes", scopes), ("in_tenant", text("t-1"))],
            vec![post(&check).json(json!({"scopes": ["confd.infos.read", "a.b"], "tenant_uuid": "t-1"}))],
        ),
        ("refresh_tokens", vec![], vec![get("/api/auth/0.1/users/me/tokens")]),
        ("delete_refresh_token", vec![("client", text("a/b"))], vec![delete("/api/auth/0.1/users/me/tokens/a%2Fb")]),
        ("sessions", vec![], vec![get(&sessions)]),
        ("delete_session", vec![("session", text("s-1"))], vec![delete(&format!("{sessions}/s-1"))]),
        ("user", vec![("user", text("u-2"))], vec![get("/api/auth/0.1/users/u-2")]),
        ("user_sessions", vec![("user", text("u-2"))], vec![get("/api/auth/0.1/users/u-2/sessions")]),
        (
            "delete_user_session",
            vec![("user", text("u-2")), ("session", text("s-1"))],
            vec![delete("/api/auth/0.1/users/u-2/sessions/s-1")],
        ),
        ("user_refresh_tokens", vec![("user", text("u-2"))], vec![get("/api/auth/0.1/users/u-2/tokens")]),
        (
            "delete_user_refresh_token",
            vec![("user", text("u-2")), ("client", text("c-1"))],
            vec![delete("/api/auth/0.1/users/u-2/tokens/c-1")],
        ),
        (
            "status",
            vec![],
            vec![
                request("HEAD", "/api/auth/0.1/status"),
                get(STATUS),
                get("/api/calld/1.0/status"),
                get("/api/confd/1.1/infos"),
            ],
        ),
    ] {
        for wanted in &wanted {
            stage.server.always(wanted.path(), ok(&json!({"scopes": {}})));
        }
        stage.new_requests();
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let request =
            ActionRequest { connection: stage.connection.clone(), action: action.to_owned(), values, rows: None };
        let row = stage.send(request).await;
        assert!(row.error.is_none(), "{action}: {:?}", row.error);
        stage.saw(&wanted.into_iter().map(|wanted| with_token(wanted, 1)).collect::<Vec<_>>());
    }
}

/// Section 5.3: on the routes of a token a dead one is not found, and is renewed all the same.
#[tokio::test(flavor = "multi_thread")]
async fn e10_a_token_that_wazo_does_not_find_is_renewed_and_asked_about_under_its_new_name() {
    let stage = wazo().await;
    stage.server.answer(TOKEN, ok(&data(1, None)));
    stage.server.answer(TOKEN, ok(&data(2, None)));
    stage.log_in("online", &FIELDS, &["password"]).await.unwrap();
    let unknown = json!({"reason": ["No such token"], "timestamp": [1.5], "status_code": 404});
    stage.server.answer(&old(1), Answer::json(404, &unknown));
    stage.server.always(&old(2), ok(&data(2, None)));
    stage.new_requests();
    let values = BTreeMap::new();
    let request =
        ActionRequest { connection: stage.connection.clone(), action: "token".to_owned(), values, rows: None };
    let row = stage.send(request).await;
    assert!(row.error.is_none() && row.replayed);
    let renewed = [login(json!({"expiration": 7200})), delete(&old(1)), with_token(get(&old(2)), 2)];
    stage.saw(&[&[with_token(get(&old(1)), 1)], &renewed[..]].concat());
}
