//! World of Workflows, and any API of one's own whose login is one request: section 4.

use keydesk_core::{
    ActionRequest, ConnectionView, EditConnection, Error, ErrorCode, FieldValue, RenewalKind, RunRow, TokenState,
};
use keydesk_support::{Answer, FakeServer};
use serde_json::json;

use crate::stage::{Stage, jwt, ok};
use crate::wanted::{Wanted, get, post, request};

const PASSWORD: &str = "the \"password\" of ümlaut {x}";
const FIELDS: [(&str, &str); 2] = [("username", "alice"), ("password", PASSWORD)];

async fn api(parameters: &[(&str, &str)]) -> Stage {
    Stage::of("world-of-workflows", &[&[("base_url", "{server}/api")], parameters].concat()).await
}

async fn log_in(stage: &Stage, keep: &[&str]) -> Result<ConnectionView, Error> {
    stage.log_in("request", &FIELDS, keep).await
}

/// The request of the sample: 12000 is a number, and the misspelling is the sample's.
fn sample() -> Wanted {
    post("/api/auth").json(json!({"username": "alice", "password": PASSWORD, "accounNumber": 12000}))
}

/// The get-token step of the sample, and its caller.
#[tokio::test(flavor = "multi_thread")]
async fn d13_the_token_request_is_the_samples_with_12000_as_a_number_and_its_misspelling() {
    let stage = api(&[]).await;
    stage.server.always("/api/auth", ok(&json!({"authToken": "token-1", "expiresInMinutes": 30})));
    log_in(&stage, &[]).await.unwrap();
    stage.call("POST", "/bookings", Some(json!({"id": 7}))).await.unwrap();
    let booking = post("/api/bookings").header("Authorization", "Bearer token-1").json(json!({"id": 7}));
    stage.saw(&[sample(), booking]);
    assert_eq!(stage.lifetime(), Some(1800));
    stage.wrote_nowhere("ümlaut {x}").await;
}

/// `{APIBaseURL}/auth`: a slash at the end of the base URL, as people copy it, is one slash.
#[tokio::test(flavor = "multi_thread")]
async fn a_slash_at_the_end_of_the_base_url_is_not_doubled() {
    let stage = Stage::of("world-of-workflows", &[("base_url", "{server}/api/")]).await;
    stage.server.always("/api/auth", ok(&json!({"authToken": "token-1"})));
    log_in(&stage, &[]).await.unwrap();
    stage.get("/bookings").await;
    stage.saw(&[sample(), get("/api/bookings").header("Authorization", "Bearer token-1")]);
}

/// Requirement (a): method, path, encoding and body are parameters.
#[tokio::test(flavor = "multi_thread")]
async fn another_token_request_is_described_by_parameters() {
    let pairs = [("user", "alice"), ("pass", PASSWORD), ("account", "12000"), ("grant_type", "password")];
    let body = r#"{ "user": "{username}", "pass": "{password}", "account": 12000, "grant_type": "password" }"#;
    let json = || json!({"user": "alice", "pass": PASSWORD, "account": 12000, "grant_type": "password"});
    let nested = json!({"credentials": [{"name": "alice", "of": "user alice", "active": true, "until": null}]});
    let nested_body =
        r#"{ "credentials": [{ "name": "{username}", "of": "user {username}", "active": true, "until": null }] }"#;
    for (method, path, encoding, body, wanted) in [
        ("POST", "/v2/token", "json", body, post("/api/v2/token").json(json())),
        ("PUT", "/v2/token", "json", body, request("PUT", "/api/v2/token").json(json())),
        ("POST", "/v2/token", "form", body, post("/api/v2/token").form(&pairs)),
        ("GET", "/v2/token", "query", body, get("/api/v2/token").query(&pairs)),
        (
            "POST",
            "/v2/token?tenant=7",
            "query",
            body,
            post("/api/v2/token").query(&[&pairs[..], &[("tenant", "7")]].concat()),
        ),
        ("POST", "/token", "json", nested_body, post("/api/token").json(nested)),
        ("GET", "/token", "json", "", get("/api/token")),
    ] {
        let parameters =
            [("token_method", method), ("token_path", path), ("token_encoding", encoding), ("token_body", body)];
        let stage = api(&parameters).await;
        let path = path.split('?').next().unwrap();
        stage.server.always(&format!("/api{path}"), ok(&json!({"authToken": "token-1"})));
        log_in(&stage, &[]).await.unwrap();
        stage.saw(&[wanted]);
        assert_eq!(stage.token().expires_at, None);
    }
}

/// Requirement (b): where the token and its end stand, and what the end means.
#[tokio::test(flavor = "multi_thread")]
async fn the_token_and_its_end_are_read_where_and_as_the_parameters_say() {
    enum Ends {
        After(i64),
        At(&'static str),
        Never,
    }
    let jwt = jwt(&json!({"exp": 2_000_000_000}));
    for (unit, value, token, ends) in [
        ("minutes", json!(90), "t", Ends::After(5400)),
        ("minutes", json!("1.5"), "t", Ends::After(90)),
        ("seconds", json!(90), "t", Ends::After(90)),
        ("epoch", json!(2_000_000_000), "t", Ends::At("2033-05-18T03:33:20Z")),
        ("epoch", json!("2000000000"), "t", Ends::At("2033-05-18T03:33:20Z")),
        ("instant", json!("2033-05-18T08:33:20+05:00"), "t", Ends::At("2033-05-18T03:33:20Z")),
        ("naive_utc", json!("2033-05-18T03:33:20.5"), "t", Ends::At("2033-05-18T03:33:20.5Z")),
        ("jwt_exp", json!(null), jwt.as_str(), Ends::At("2033-05-18T03:33:20Z")),
        ("fixed", json!(7), "t", Ends::After(3600)),
        ("instant", json!("soon"), "t", Ends::Never),
    ] {
        let parameters = [
            ("token_at", "/data/tokens/0/value"),
            ("expires_at", "/data/end"),
            ("expires_unit", unit),
            ("lifetime", "3600"),
        ];
        let stage = api(&parameters).await;
        stage.server.always("/api/auth", ok(&json!({"data": {"tokens": [{"value": token}], "end": value}})));
        log_in(&stage, &[]).await.unwrap();
        stage.get("/bookings").await;
        stage.saw(&[sample(), get("/api/bookings").header("Authorization", &format!("Bearer {token}"))]);
        match ends {
            Ends::After(seconds) => assert_eq!(stage.lifetime(), Some(seconds), "{unit}"),
            Ends::At(instant) => assert_eq!(stage.token().expires_at, Some(instant.parse().unwrap()), "{unit}"),
            Ends::Never => assert_eq!(stage.token().expires_at, None, "{unit}"),
        }
    }
}

/// Requirement (c): the header and the word before the token are parameters; an empty word is none.
#[tokio::test(flavor = "multi_thread")]
async fn the_header_and_the_word_before_the_token_are_parameters() {
    for (header, prefix, value) in [
        ("Authorization", "Bearer", "Bearer token-1"),
        ("Authorization", "Token", "Token token-1"),
        ("X-Auth", "", "token-1"),
    ] {
        let stage = api(&[("header", header), ("prefix", prefix)]).await;
        stage.server.always("/api/auth", ok(&json!({"authToken": "token-1"})));
        log_in(&stage, &[]).await.unwrap();
        stage.get("/bookings").await;
        stage.saw(&[sample(), get("/api/bookings").header(header, value)]);
    }
}

/// Requirement (f): a blank or missing token is an error, never kept. The sample takes 200 only.
#[tokio::test(flavor = "multi_thread")]
async fn d9_a_blank_token_is_an_error_and_nothing_is_kept() {
    for (status, body, code) in [
        (200, json!({"authToken": ""}), ErrorCode::BlankToken),
        (200, json!({"authToken": "  "}), ErrorCode::BlankToken),
        (200, json!({"authToken": null, "expiresInMinutes": 30}), ErrorCode::NotATokenAnswer),
        (200, json!({"authToken": 12}), ErrorCode::NotATokenAnswer),
        (200, json!({"token": "elsewhere"}), ErrorCode::NotATokenAnswer),
        (200, json!("not found"), ErrorCode::NotATokenAnswer),
        (201, json!({"authToken": "token"}), ErrorCode::NotATokenAnswer),
        (401, json!({"message": "Wrong password"}), ErrorCode::CredentialsRefused),
        (500, json!({}), ErrorCode::ServerFailed),
    ] {
        let stage = api(&[]).await;
        stage.server.always("/api/auth", Answer::json(status, &body));
        let error = log_in(&stage, &["password"]).await.unwrap_err();
        assert_eq!(error.code, code, "{body}");
        assert_eq!(error.message.contains("Wrong password"), status == 401, "{}", error.message);
        stage.kept_nothing();
        stage.saw(&[sample()]);
    }
}

/// Requirement (d), (e): past its end it is asked for again, where the password was kept; a blank answer then does not
/// take the place of the old token.
#[tokio::test(flavor = "multi_thread")]
async fn d13_an_ended_token_is_asked_for_again_only_where_the_password_was_kept() {
    for keep in [&["password"][..], &[]] {
        let stage = api(&[]).await;
        stage.server.answer("/api/auth", ok(&json!({"authToken": "token-1", "expiresInMinutes": "30"})));
        stage.server.answer("/api/auth", ok(&json!({"authToken": " "})));
        stage.server.answer("/api/auth", ok(&json!({"authToken": "token-2", "expiresInMinutes": 30})));
        let view = log_in(&stage, keep).await.unwrap();
        assert_eq!(view.kept, keep);
        stage.new_requests();
        stage.past_the_end(1);
        if keep.is_empty() {
            assert_eq!((stage.token().state, stage.token().renewal), (TokenState::LoginNeeded, RenewalKind::None));
            let error = stage.call("GET", "/bookings", None).await.unwrap_err();
            assert_eq!(error.code, ErrorCode::LoginNeeded);
            stage.saw(&[]);
        } else {
            assert_eq!((stage.token().state, stage.token().renewal), (TokenState::Expired, RenewalKind::Repeat));
            let error = stage.call("GET", "/bookings", None).await.unwrap_err();
            assert_eq!(error.code, ErrorCode::BlankToken);
            stage.saw(&[sample()]);
            // What failed is not asked for again at once (E7).
            stage.clock.forward(10);
            stage.get("/bookings").await;
            stage.saw(&[sample(), get("/api/bookings").header("Authorization", "Bearer token-2")]);
        }
        stage.wrote_nowhere("ümlaut {x}").await;
    }
}

/// F2: a connection that is led elsewhere takes neither token nor password along.
#[tokio::test(flavor = "multi_thread")]
async fn f2_a_connection_that_is_led_elsewhere_takes_neither_token_nor_password_along() {
    let stage = api(&[]).await;
    stage.server.always("/api/auth", ok(&json!({"authToken": "token-1", "expiresInMinutes": 30})));
    log_in(&stage, &["password"]).await.unwrap();
    let elsewhere = FakeServer::start().await.unwrap();
    let mut parameters = stage.view().parameters;
    parameters.insert("base_url".to_owned(), elsewhere.url("/api"));
    let edit =
        EditConnection { connection: stage.connection.clone(), label: "Elsewhere".to_owned(), parameters, ca: None };
    assert_eq!(stage.keydesk.edit_connection(edit).unwrap().token.state, TokenState::LoginNeeded);
    for seconds in [0, 3600] {
        stage.clock.forward(seconds);
        let error = stage.call("GET", "/bookings", None).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::LoginNeeded);
    }
    assert_eq!(stage.renew().await.unwrap_err().code, ErrorCode::LoginNeeded);
    // Nor at a new login for which no password is typed.
    let _ = stage.log_in("request", &[("username", "alice")], &[]).await;
    let sent = elsewhere.received();
    assert!(sent.iter().all(|request| !request.text().contains("ümlaut")), "{sent:?}");
    assert!(sent.iter().all(|request| request.header("authorization").is_none()), "{sent:?}");
}

/// H2: nor does a token go to another server because its address was typed.
#[tokio::test(flavor = "multi_thread")]
async fn h2_a_whole_address_of_another_server_is_sent_no_token() {
    let stage = api(&[]).await;
    stage.server.always("/api/auth", ok(&json!({"authToken": "token-1"})));
    log_in(&stage, &[]).await.unwrap();
    let elsewhere = FakeServer::start().await.unwrap();
    assert!(stage.call("GET", &elsewhere.url("/api/bookings"), None).await.is_err());
    assert!(elsewhere.received().is_empty());
}

/// JSON that is none is refused where it is typed.
#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_json_and_a_choice_that_is_none_name_their_field() {
    let stage = api(&[]).await;
    for (name, value) in [("token_body", "{ username }"), ("token_method", "FETCH"), ("expires_unit", "fortnights")] {
        let mut parameters = stage.view().parameters;
        parameters.insert(name.to_owned(), value.to_owned());
        let edit =
            EditConnection { connection: stage.connection.clone(), label: "Mine".to_owned(), parameters, ca: None };
        let error = stage.keydesk.edit_connection(edit).unwrap_err();
        assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidInput, Some(name)));
    }
}

/// A pasted token is presented as the parameters say.
#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_token_is_presented_as_the_parameters_say() {
    let stage = api(&[("header", "X-Auth"), ("prefix", "")]).await;
    stage.log_in("access_token", &[("token", "pasted-token")], &[]).await.unwrap();
    stage.call("DELETE", "/bookings/7", None).await.unwrap();
    stage.saw(&[request("DELETE", "/api/bookings/7").header("X-Auth", "pasted-token")]);
}

/// The caller of the sample: method, path and content.
async fn send(stage: &Stage, method: &str, path: &str, content: &str) -> RunRow {
    let values = [("method", method), ("path", path), ("content", content)];
    let values = values.map(|(name, value)| (name.to_owned(), FieldValue::Text(value.to_owned()))).into();
    let (connection, action) = (stage.connection.clone(), "call".to_owned());
    stage.send(ActionRequest { connection, action, values, rows: None }).await
}

/// Requirement (g): base URL, path, method and content; none where nothing was typed, and of its own kind where it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_sent_below_the_base_url_with_its_method_and_the_content_that_was_typed() {
    for base in ["{server}/api", "{server}/api/"] {
        let stage = Stage::of("world-of-workflows", &[("base_url", base)]).await;
        stage.log_in("access_token", &[("token", "token-1")], &[]).await.unwrap();
        let content = json!({"id": 7, "names": ["a", null], "note": "{username} {path}"});
        for (method, path, content, wanted) in [
            ("GET", "/bookings", None, get("/api/bookings")),
            ("GET", "bookings/7?all=1&x=a%20b", None, get("/api/bookings/7").query(&[("all", "1"), ("x", "a b")])),
            ("POST", "/bookings", Some(content.clone()), post("/api/bookings").json(content.clone())),
            ("PUT", "/bookings/7", Some(json!([1, 2])), request("PUT", "/api/bookings/7").json(json!([1, 2]))),
            ("PATCH", "/bookings/7", Some(json!("text")), request("PATCH", "/api/bookings/7").json(json!("text"))),
            ("DELETE", "/bookings/7", None, request("DELETE", "/api/bookings/7")),
        ] {
            stage.server.always(wanted.path(), ok(&json!({"ok": true})));
            stage.new_requests();
            let typed = content.map(|content| content.to_string()).unwrap_or_default();
            let row = send(&stage, method, path, &typed).await;
            assert!(row.error.is_none(), "{method} {path}: {:?}", row.error);
            stage.saw(&[wanted.header("Authorization", "Bearer token-1")]);
        }
    }
}

/// Section 4: 200 is data, and anything else is `status - body`, as the sample's caller passes it on. F9: without the token.
#[tokio::test(flavor = "multi_thread")]
async fn f9_the_error_branch_of_a_call_is_its_status_and_its_body() {
    for (answer, code, told) in [
        (Answer::json(201, &json!({"id": 7})), ErrorCode::UnexpectedAnswer, r#"201 - {"id":7}"#),
        (Answer::new(204), ErrorCode::UnexpectedAnswer, "204"),
        (Answer::redirect(302, "/elsewhere"), ErrorCode::UnexpectedAnswer, "302"),
        (Answer::json(400, &json!({"message": "no"})), ErrorCode::BadRequest, r#"400 - {"message":"no"}"#),
        (Answer::new(403).body("you sent token-1-of-mine"), ErrorCode::NoPermission, "403 - you sent •••"),
        (Answer::html(502, "<h1>\nDown</h1>"), ErrorCode::ServerFailed, "502 - <h1> Down</h1>"),
    ] {
        let stage = api(&[]).await;
        stage.log_in("access_token", &[("token", "token-1-of-mine")], &[]).await.unwrap();
        stage.server.always("/api/bookings", answer);
        let error = send(&stage, "GET", "/bookings", "").await.error.unwrap();
        assert_eq!((error.code, error.message.as_str()), (code, told));
    }
}
