//! Relay: section 1.

use std::collections::BTreeMap;

use keydesk_core::{ActionRequest, ConnectionView, Error, ErrorCode, FieldValue, LoginView, ReceiveBy, TokenState};
use keydesk_support::{Answer, FakeServer};
use serde_json::json;
use url::Url;

use crate::stage::{Stage, epoch_in, jwt, ok, parameter};
use crate::wanted::{ANY, Wanted, delete, get, post, request};

const CURRENT: &str = "/auth/realms/Relay/protocol/openid-connect/token";
const LEGACY: &str = "/legacy/oauth2/token";
const VALIDATE: &str = "/legacy/oauth2/validate";
const SCOPE: &str = "openid profile offline_access";

/// The hosts are the server's; redirect URIs and client identifiers are the file's own.
async fn relay(environment: &str) -> Stage {
    let parameters = [
        ("environment", environment),
        ("api_url", "{server}/api"),
        ("auth_url", "{server}/auth"),
        ("legacy_auth_url", "{server}/legacy"),
    ];
    Stage::of("relay", &parameters).await
}

async fn paste(stage: &Stage, login: &str, token: &str) -> Result<ConnectionView, Error> {
    stage.log_in(login, &[("token", token)], &[]).await
}

/// With the key of the second API, and the subscriber that all of its paths begin with.
async fn paste_key(stage: &Stage) {
    let fields = [("token", "the-key-of-the-second-api"), ("subscriber_id", "s-1")];
    stage.log_in("api_key", &fields, &[]).await.unwrap();
}

/// Section 1.1: the hosts of both environments, and that of the second API (section 1.3).
#[tokio::test(flavor = "multi_thread")]
async fn each_environment_of_relay_has_the_vendors_hosts() {
    for (environment, addresses) in [
        (
            "pro",
            [
                ("alerts_url", "https://api.relaypro.com"),
                ("api_url", "https://all-main-pro-ibot.relaysvr.com"),
                ("auth_url", "https://auth.relaypro.com"),
                ("legacy_auth_url", "https://auth.relaygo.com"),
                ("legacy_redirect_base", "http://localhost:8079"),
                ("redirect_base", "http://auth-localredirect.relaypro.com:8079"),
            ],
        ),
        (
            "qa",
            [
                ("alerts_url", "https://api.relaypro.com"),
                ("api_url", "https://all-main-qa-ibot.relaysvr.com"),
                ("auth_url", "https://auth2.relaygo.info"),
                ("legacy_auth_url", "https://auth.relaygo.info"),
                ("legacy_redirect_base", "http://localhost:8079"),
                ("redirect_base", "http://auth2-localredirect.relaygo.info:8079"),
            ],
        ),
    ] {
        let wanted: BTreeMap<_, _> = addresses.map(|(id, url)| (id.to_owned(), url.to_owned())).into();
        assert_eq!(Stage::of("relay", &[("environment", environment)]).await.addresses(), wanted, "{environment}");
    }
}

/// A login with the browser, as sections 1.1 and 1.2 have it.
struct Row {
    login: &'static str,
    environment: &'static str,
    authorization_endpoint: &'static str,
    token_endpoint: &'static str,
    client_id: &'static str,
    redirect_uri: &'static str,
}

const AUTH: &str = "/auth/realms/Relay/protocol/openid-connect/auth";

const ROWS: [Row; 4] = [
    Row {
        login: "browser",
        environment: "pro",
        authorization_endpoint: AUTH,
        token_endpoint: CURRENT,
        client_id: "83756T4P",
        redirect_uri: "http://auth-localredirect.relaypro.com:8079/authorization-code/callback",
    },
    Row {
        login: "browser",
        environment: "qa",
        authorization_endpoint: AUTH,
        token_endpoint: CURRENT,
        client_id: "4EgeETYm",
        redirect_uri: "http://auth2-localredirect.relaygo.info:8079/authorization-code/callback",
    },
    Row {
        login: "browser_legacy",
        environment: "pro",
        authorization_endpoint: "/legacy/oauth2/authorization",
        token_endpoint: LEGACY,
        client_id: "RJZKRhh9",
        redirect_uri: "http://localhost:8079/authorization-code/callback",
    },
    Row {
        login: "browser_legacy",
        environment: "qa",
        authorization_endpoint: "/legacy/oauth2/authorization",
        token_endpoint: LEGACY,
        client_id: "rGGK996c",
        redirect_uri: "http://localhost:8079/authorization-code/callback",
    },
];

/// Section 1.2: what the browser is sent to.
#[tokio::test(flavor = "multi_thread")]
async fn a2_a3_the_browser_is_sent_to_relays_authorization_endpoint_with_s256() {
    for row in ROWS {
        let stage = relay(row.environment).await;
        let login = stage.start(row.login, &[], ReceiveBy::Paste).await.unwrap();
        let url = Url::parse(&login.authorization_url).unwrap();
        assert!(login.authorization_url.starts_with(&stage.server.url(row.authorization_endpoint)));
        let query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        let made_up = ["state", "nonce", "code_challenge"];
        assert!(made_up.iter().all(|name| query[*name].len() >= 22), "{query:?}");
        let fixed: Vec<_> = query.iter().filter(|(name, _)| !made_up.contains(&name.as_str())).collect();
        let fixed: Vec<_> = fixed.into_iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let wanted = [
            ("client_id", row.client_id),
            ("code_challenge_method", "S256"),
            ("redirect_uri", row.redirect_uri),
            ("response_type", "code"),
            ("scope", SCOPE),
        ];
        assert_eq!(fixed, wanted);
        stage.saw(&[]);
    }
}

fn exchange(row: &Row) -> Wanted {
    post(row.token_endpoint).form(&[
        ("grant_type", "authorization_code"),
        ("code", "the-code"),
        ("redirect_uri", row.redirect_uri),
        ("client_id", row.client_id),
        ("code_verifier", ANY),
    ])
}

/// Section 1.2: no secret, no scope, no redirect URI.
fn refresh(path: &str, client_id: &str, token: &str) -> Wanted {
    post(path).form(&[("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", client_id)])
}

/// A JWT of the current server.
fn keycloak(number: u8) -> String {
    jwt(&json!({"exp": epoch_in(300), "jti": number, "given_name": "Alice", "family_name": "Ames"}))
}

fn id_token(login: &LoginView, client_id: &str) -> String {
    jwt(&json!({"aud": client_id, "exp": epoch_in(300), "nonce": parameter(login, "nonce")}))
}

/// Section 1.2, current server: JWTs, and refresh tokens that rotate (E4). The name stands in the token.
#[tokio::test(flavor = "multi_thread")]
async fn d5_e4_relays_current_login_exchanges_the_code_and_refreshes_with_what_it_was_given_last() {
    for row in &ROWS[..2] {
        let stage = relay(row.environment).await;
        let login = stage.start(row.login, &[], ReceiveBy::Paste).await.unwrap();
        let (access, id_token) = ([1, 2, 3].map(keycloak), id_token(&login, row.client_id));
        let first = json!({"access_token": access[0], "refresh_token": "refresh-1", "id_token": id_token,
            "expires_in": 300, "refresh_expires_in": 0, "token_type": "Bearer", "not-before-policy": 0, "scope": SCOPE});
        stage.server.answer(CURRENT, ok(&first));
        let over = stage.redirected(&login, "code=the-code&session_state=x&iss=https%3A%2F%2Fauth.example").await;
        assert_eq!(over.error, None);
        stage.saw(&[exchange(row)]);
        assert_eq!((stage.lifetime(), stage.view().identity.as_deref()), (Some(300), Some("Alice Ames")));
        for (sent, given) in [(1, 2), (2, 3)] {
            let token = &access[given - 1];
            let answer = json!({"access_token": token, "refresh_token": format!("refresh-{given}"), "expires_in": 300});
            stage.server.answer(CURRENT, ok(&answer));
            stage.renew().await.unwrap();
            stage.saw(&[refresh(CURRENT, row.client_id, &format!("refresh-{sent}"))]);
        }
        stage.get("/ibot/authz_context").await;
        stage.saw(&[get("/api/ibot/authz_context").header("Authorization", &format!("Bearer {}", access[2]))]);
    }
}

/// Section 1.2, legacy server: opaque tokens, one refresh token for ever, and whose they are is asked of it.
#[tokio::test(flavor = "multi_thread")]
async fn d10_e4_relays_legacy_login_keeps_its_one_refresh_token_and_asks_whose_it_is() {
    for row in &ROWS[2..] {
        let stage = relay(row.environment).await;
        let access = "3c388bb1e69244ec2fc5e2209df3d1cc";
        // What that server puts into an id token is not known: it is left aside.
        let first =
            json!({"access_token": access, "refresh_token": "8bf427df18d8", "id_token": "unknown", "expires_in": 7200});
        stage.server.answer(LEGACY, ok(&first));
        let person =
            json!({"userid": "u", "email": "alice@hillside.example", "given_name": "Alice", "family_name": "Ames"});
        stage.server.always(VALIDATE, ok(&person));
        stage.log_in_by_browser(row.login, &[]).await;
        stage.saw(&[exchange(row), get(VALIDATE).header("Authorization", &format!("Bearer {access}"))]);
        assert_eq!((stage.lifetime(), stage.view().identity.as_deref()), (Some(7200), Some("Alice Ames")));
        for number in 1..=2 {
            stage.server.answer(LEGACY, ok(&json!({"access_token": format!("access-{number}")})));
            stage.renew().await.unwrap();
            stage.saw(&[refresh(LEGACY, row.client_id, "8bf427df18d8")]);
        }
        stage.call("POST", "/ibot/workflow/wf_x", Some(json!({"action": "invoke"}))).await.unwrap();
        let invoke = post("/api/ibot/workflow/wf_x").header("Authorization", "Bearer access-2");
        stage.saw(&[invoke.json(json!({"action": "invoke"}))]);
    }
}

/// Section 1.2: what `relay token generate` prints is for the SDK's client, at the server that made it.
#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_refresh_token_goes_to_the_server_and_client_that_it_was_made_for() {
    for (environment, source, path, client_id) in [
        ("pro", "legacy", LEGACY, "RJZKRhh9"),
        ("pro", "current", CURRENT, "RJZKRhh9"),
        ("qa", "legacy", LEGACY, "rGGK996c"),
        ("qa", "current", CURRENT, "rGGK996c"),
    ] {
        let stage = relay(environment).await;
        stage.server.always(path, ok(&json!({"access_token": keycloak(1), "expires_in": 300})));
        let fields = [("token", "pasted-refresh-token"), ("source", source)];
        stage.log_in("refresh_token", &fields, &[]).await.unwrap();
        stage.saw(&[refresh(path, client_id, "pasted-refresh-token")]);
        stage.renew().await.unwrap();
        stage.saw(&[refresh(path, client_id, "pasted-refresh-token")]);
    }
}

/// Section 1.2: two hours where `expires_in` is missing. D8: no form of it breaks anything.
#[tokio::test(flavor = "multi_thread")]
async fn d8_the_end_of_relays_tokens_is_read_in_every_form_and_is_two_hours_where_nobody_says() {
    for (expires_in, lifetime) in [
        (json!(7200), 7200),
        (json!("1800"), 1800),
        (json!(1799.9), 1799),
        (json!(0), 0),
        (json!(-1), 7200),
        (json!(1e30), 3_155_760_000),
        (json!("soon"), 7200),
        (json!(null), 7200),
    ] {
        let stage = relay("pro").await;
        stage.server.always(LEGACY, ok(&json!({"access_token": "a", "expires_in": expires_in})));
        paste(&stage, "refresh_token", "refresh").await.unwrap();
        assert_eq!(stage.lifetime(), Some(lifetime), "{expires_in}");
    }
}

/// Sections 1.2 and 6: what is no token, or a token that is no bearer's, is not kept.
#[tokio::test(flavor = "multi_thread")]
async fn d7_d9_d12_answers_of_relay_that_are_no_token_are_told_apart_and_nothing_is_kept() {
    for (status, body, code) in [
        (200, json!({"access_token": "a", "token_type": "BEARER", "unknown": {}}), None),
        (200, json!({"access_token": "a", "token_type": "bearer"}), None),
        (200, json!({"access_token": "a", "token_type": "DPoP"}), Some(ErrorCode::TokenTypeUnknown)),
        (200, json!({"access_token": "a", "token_type": "mac"}), Some(ErrorCode::TokenTypeUnknown)),
        (200, json!({"access_token": " "}), Some(ErrorCode::BlankToken)),
        (200, json!({"access_token": 7}), Some(ErrorCode::NotATokenAnswer)),
        (200, json!({"id_token": "a"}), Some(ErrorCode::NotATokenAnswer)),
        (400, json!({"error": "invalid_grant"}), Some(ErrorCode::TokenRefused)),
        (401, json!({"error": "unauthorized_client"}), Some(ErrorCode::ClientRefused)),
        (503, json!({}), Some(ErrorCode::ServerFailed)),
    ] {
        let stage = relay("pro").await;
        stage.server.always(LEGACY, Answer::json(status, &body));
        let outcome = paste(&stage, "refresh_token", "refresh").await;
        assert_eq!(outcome.err().map(|error| error.code), code, "{body}");
        if code.is_some() {
            stage.kept_nothing();
        }
    }
}

/// Section 1.3: the second API's key has a word of its own and a host of its own; H2: neither credential goes to the
/// other's host, whatever address is typed, and nobody is asked whose key it is.
#[tokio::test(flavor = "multi_thread")]
async fn h2_relays_api_key_goes_to_the_second_api_only_and_every_other_token_never_there() {
    let mut stage = relay("pro").await;
    let alerts = FakeServer::start().await.unwrap();
    let hosts =
        [("api_url", "{server}/api"), ("legacy_auth_url", "{server}/legacy"), ("alerts_url", &alerts.url("/second"))];
    let events = "/subscribers/s-1/api/v1/events";
    stage.connect("relay", &hosts);
    paste_key(&stage).await;
    stage.get(events).await;
    let sent = alerts.received();
    get(&format!("/second{events}")).header("Authorization", "RelayApiKey the-key-of-the-second-api").check(&sent[0]);
    let refused = stage.call("GET", "{server}/api/ibot/workflow", None).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::LoginNeeded);
    stage.saw(&[]);
    assert_eq!(stage.token().expires_at, None);

    stage.connect("relay", &hosts);
    paste(&stage, "access_token", "Bearer 3c388bb1e69244ec2fc5e2209df3d1cc").await.unwrap();
    stage.get("/ibot/workflow").await;
    let bearer = "Bearer 3c388bb1e69244ec2fc5e2209df3d1cc";
    stage.saw(&[
        get(VALIDATE).header("Authorization", bearer),
        get("/api/ibot/workflow").header("Authorization", bearer),
    ]);
    let refused = stage.call("GET", &alerts.url(&format!("/second{events}")), None).await.unwrap_err();
    assert_eq!((refused.code, alerts.received().len()), (ErrorCode::LoginNeeded, 1));
}

/// A form, what is filled in, and the request that must come of it.
type Form = (&'static str, Vec<(&'static str, FieldValue)>, Wanted);

fn text(value: &str) -> FieldValue {
    FieldValue::Text(value.to_owned())
}

async fn fill(stage: &Stage, action: &str, values: Vec<(&'static str, FieldValue)>) {
    let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let request = ActionRequest { connection: stage.connection.clone(), action: action.to_owned(), values, rows: None };
    let row = stage.send(request).await;
    assert_eq!(row.status, Some(200), "{action}: {:?}", row.error);
}

async fn each_is_sent(stage: &Stage, authorization: &str, forms: Vec<Form>) {
    for (action, values, wanted) in forms {
        stage.server.always(wanted.path(), ok(&json!({"results": [{"workflow_id": "wf_1"}], "data": []})));
        stage.new_requests();
        fill(stage, action, values).await;
        stage.saw(&[wanted.header("Authorization", authorization)]);
    }
}

/// Section 1.3: the forms of the second API.
#[tokio::test(flavor = "multi_thread")]
async fn relays_alerts_and_broadcasts_are_sent_as_the_vendor_documents_them() {
    let stage = Stage::of("relay", &[("alerts_url", "{server}")]).await;
    paste_key(&stage).await;
    let said = || vec![("notification", text("Fire drill")), ("group", text("Floor 2"))];
    let (alerts, one) = ("/subscribers/s-1/api/v1/alerts", "/subscribers/s-1/api/v1/alerts/t%201");
    let least = json!({"notification": "Fire drill", "groups": ["Floor 2"]});
    let mut whole = said();
    whole.extend([("quorum", text("2")), ("timeout", text("120")), ("name", text("drill"))]);
    let all =
        json!({"notification": "Fire drill", "groups": ["Floor 2"], "quorum": 2, "timeout": 120, "name": "drill"});
    let events = "/subscribers/s-1/api/v1/events";
    let since = "2026-01-31T12:00:00Z";
    each_is_sent(
        &stage,
        "RelayApiKey the-key-of-the-second-api",
        vec![
            ("alert", said(), post(alerts).json(least.clone())),
            ("alert", whole, post(alerts).json(all)),
            ("cancel_alert", vec![("alert", text("t 1"))], delete(one)),
            ("broadcast", said(), post("/subscribers/s-1/api/v1/broadcasts").json(least)),
            ("events", vec![], get(events)),
            ("events", vec![("oldest", text(since))], get(events).query(&[("oldest", since)])),
        ],
    )
    .await;
}

/// Section 1.3: the forms of the first API, as the vendor's CLI sends them. The subscriber is looked up once.
#[tokio::test(flavor = "multi_thread")]
async fn relays_forms_are_sent_as_the_vendors_cli_sends_them() {
    let stage = relay("pro").await;
    stage.server.always("/api/ibot/authz_context", ok(&json!([{"subscriber_id": "sub-1"}])));
    stage.server.always("/api/ibot/workflow", ok(&json!({"results": []})));
    paste(&stage, "access_token", "the-access-token").await.unwrap();
    fill(&stage, "workflows", vec![]).await;
    const S: (&str, &str) = ("subscriber_id", "sub-1");
    let devices = || FieldValue::Several(vec!["990007560234567".to_owned()]);
    let place = || vec![("label", text("Lake")), ("radius", text("60"))];
    let at = |more: Vec<(&'static str, FieldValue)>| [place(), more].into_iter().flatten().collect::<Vec<_>>();
    let content = || vec![("kind", text("custom")), ("category", text("room")), ("label", text("safe"))];
    let tag = json!({"content": {"type": "custom", "category": "room", "label": "safe"}});
    let workflow = |install: &str, value: serde_json::Value| {
        json!({"name": "towels", install: value, "options": {"transient": true, "hidden": false},
            "config": {"trigger": {"on_http": "POST", "start": {"workflow": {"uri": "wss://a.example/w", "args": {}}}}}})
    };
    let made = |more: (&'static str, FieldValue)| {
        let yes_no = [("transient", text("true")), ("hidden", text("false"))];
        [("name", text("towels")), ("uri", text("wss://a.example/w")), more].into_iter().chain(yes_no).collect()
    };
    let all = "urn:relay-resource:all:device";
    let events = "/api/ibot/workflow_analytics_events";
    let narrow = vec![
        ("workflow", text("wf_1")),
        ("device", text("99")),
        ("source", text("user")),
        ("category", text("guest request")),
        ("instance", text("i-1")),
        ("oldest", text("2026-01-01T00:00:00Z")),
        ("latest", text("2026-02-01T00:00:00Z")),
    ];
    let narrowed = [
        S,
        ("workflow_id", "wf_1"),
        ("user_id", "99"),
        ("source_type", "user"),
        ("category", "guest request"),
        ("workflow_instance_id", "i-1"),
        ("oldest", "2026-01-01T00:00:00Z"),
        ("latest", "2026-02-01T00:00:00Z"),
    ];
    let audit = || get("/api/ibot/audit");
    let assigned = [S, ("event_type", "ibot_user_profile"), ("action", "assigned")];
    each_is_sent(
        &stage,
        "Bearer the-access-token",
        vec![
            ("workflow", vec![("workflow", text("wf_1"))], get("/api/ibot/workflow").query(&[S])),
            (
                "create_workflow",
                made(("devices", devices())),
                post("/api/ibot/workflow").query(&[S]).json(workflow("install", json!(["990007560234567"]))),
            ),
            (
                "create_workflow",
                made(("rule", text(all))),
                post("/api/ibot/workflow").query(&[S]).json(workflow("install_rule", json!(all))),
            ),
            ("delete_workflow", vec![("workflow", text("wf_1"))], delete("/api/ibot/workflow/wf_1").query(&[S])),
            ("instances", vec![], get("/api/ibot/workflow_instances").query(&[S])),
            ("stop_instance", vec![("instance", text("i-1"))], delete("/api/ibot/workflow_instances/i-1").query(&[S])),
            ("analytics", vec![], get(events).query(&[S])),
            ("analytics", narrow, get(events).query(&narrowed)),
            ("audit", vec![], audit().query(&assigned)),
            (
                "audit",
                vec![("device", text("99"))],
                audit().query(&[assigned[0], assigned[1], assigned[2], ("user_id", "99")]),
            ),
            ("groups", vec![], get("/api/ibot/groups").query(&[S])),
            ("nfc_tags", vec![], get("/api/ibot/relay_nfc_tag").query(&[S])),
            ("create_nfc_tag", content(), post("/api/ibot/relay_nfc_tag").query(&[S]).json(tag.clone())),
            (
                "change_nfc_tag",
                [content(), vec![("tag", text("t-1"))]].into_iter().flatten().collect(),
                request("PUT", "/api/ibot/relay_nfc_tag/t-1").query(&[S]).json(tag),
            ),
            ("delete_nfc_tag", vec![("tag", text("t-1"))], delete("/api/ibot/relay_nfc_tag/t-1").query(&[S])),
            ("geofences", vec![], get("/api/ibot/geofence").query(&[S])),
            (
                "create_geofence",
                at(vec![("address", text("1 Lake Road"))]),
                post("/api/ibot/geofence")
                    .query(&[S])
                    .json(json!({"label": "Lake", "address": "1 Lake Road", "radius": 60})),
            ),
            (
                "create_geofence",
                at(vec![("latitude", text("35.5")), ("longitude", text("-78"))]),
                post("/api/ibot/geofence")
                    .query(&[S])
                    .json(json!({"label": "Lake", "lat": 35.5, "long": -78, "radius": 60})),
            ),
            ("delete_geofence", vec![("geofence", text("g-1"))], delete("/api/ibot/geofence/g-1").query(&[S])),
            ("venues", vec![], get("/api/ibot/indoor_venue").query(&[S])),
            ("positions", vec![("venue", text("v-1"))], get("/api/ibot/indoor_position/v-1").query(&[S])),
        ],
    )
    .await;
}

/// Sections 1.2 and 1.3: 401 is a dead token, refreshed once; the words of an error are Relay's.
#[tokio::test(flavor = "multi_thread")]
async fn e10_a_token_that_relay_refuses_is_refreshed_once_and_its_words_are_told() {
    let stage = relay("pro").await;
    stage.server.answer(LEGACY, ok(&json!({"access_token": "access-1"})));
    stage.server.answer(LEGACY, ok(&json!({"access_token": "access-2"})));
    paste(&stage, "refresh_token", "refresh").await.unwrap();
    stage.new_requests();
    let path = "/api/ibot/workflow";
    stage.server.always(path, Answer::json(401, &json!({"message": "No such subscriber", "id": 7})));
    let answer = stage.get("/ibot/workflow").await;
    stage.saw(&[
        get(path).header("Authorization", "Bearer access-1"),
        refresh(LEGACY, "RJZKRhh9", "refresh"),
        get(path).header("Authorization", "Bearer access-2"),
    ]);
    let error = answer.error.unwrap();
    assert_eq!(error.code, ErrorCode::Refused);
    assert!(error.message.ends_with("It says: No such subscriber"), "{}", error.message);
    assert_eq!(stage.token().state, TokenState::Fresh);
}
