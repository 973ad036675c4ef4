//! Spoke Zone: section 3.

use keydesk_core::{
    ActionRequest, ActivityEvent, ActivityQuery, ConnectionView, CopyForm, Error, ErrorCode, FieldValue, RenewalKind,
    RunRow, TokenState,
};
use keydesk_support::Answer;
use serde_json::{Value, json};

use crate::stage::{Stage, epoch_in, jwt, ok};
use crate::wanted::{Wanted, get, post};

const LOGIN: &str = "/login";
const LOGIN_DEVICE: &str = "/loginDevice";
const SECRETS: &str = "/api/v2/devices/4711/secrets";
const DEVICES: &str = "/api/v2/devices";
const PASSWORD: &str = "the-users-password";

const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

async fn spoke_zone() -> Stage {
    Stage::of("spoke-zone", &[("api_url", "{server}")]).await
}

/// A token that ends in so many seconds.
fn token(name: &str, seconds: i64) -> String {
    jwt(&json!({"exp": epoch_in(seconds), "name": name}))
}

fn presented(path: &str, token: &str) -> Wanted {
    get(path).header("x-access-token", token)
}

fn user_login() -> Wanted {
    post(LOGIN).json(json!({"username": "alice", "password": PASSWORD}))
}

fn device_login(token: &str) -> Wanted {
    post(LOGIN_DEVICE).json(json!({"token": token, "cpu_id": "cpu-0123456789", "uuid": "uuid-0123456789"}))
}

const USER: [(&str, &str); 2] = [("username", "alice"), ("password", PASSWORD)];
const DEVICE: [(&str, &str); 2] = [("cpu_id", "cpu-0123456789"), ("uuid", "uuid-0123456789")];

async fn as_device(stage: &Stage, token: &str) -> Result<ConnectionView, Error> {
    stage.log_in("device", &[&DEVICE[..], &[("token", token)]].concat(), &[]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_of_spoke_zone_is_the_vendors() {
    let stage = Stage::of("spoke-zone", &[]).await;
    let addresses = [("api_url", "https://api.spoke.zone"), ("mqtt_url", "mqtts://io.spoke.zone:8883")];
    assert_eq!(stage.addresses(), addresses.map(|(id, url)| (id.to_owned(), url.to_owned())).into());
}

/// Section 3: `POST /login`, the token bare in `x-access-token`, its end in the token itself. A user logs in again to
/// renew, which needs the password.
#[tokio::test(flavor = "multi_thread")]
async fn d13_a_user_of_spoke_zone_logs_in_again_with_the_password_only_where_it_was_kept() {
    for keep in [&["password"][..], &[]] {
        let stage = spoke_zone().await;
        let (first, second) = (token("Alice", HOUR), token("Alice", DAY));
        for token in [&first, &second] {
            // What `expires` means is not known: the token says its end itself.
            let answer = json!({"token": token, "expires": 12, "user": {"username": "alice"}});
            stage.server.answer(LOGIN, ok(&answer));
        }
        let view = stage.log_in("user", &USER, keep).await.unwrap();
        assert_eq!(view.kept, keep);
        assert_eq!(view.identity.as_deref(), Some("Alice"));
        assert!(stage.lifetime().is_some_and(|life| (HOUR - 5..=HOUR).contains(&life)));
        stage.get("/api/v2/ota-files?limit=5").await;
        stage.saw(&[user_login(), presented("/api/v2/ota-files", &first).query(&[("limit", "5")])]);
        stage.past_the_end(1);
        let outcome = stage.call("GET", "/api/v2/devices/1", None).await;
        if keep.is_empty() {
            assert_eq!(outcome.unwrap_err().code, ErrorCode::LoginNeeded);
            stage.saw(&[]);
        } else {
            outcome.unwrap();
            stage.saw(&[user_login(), presented("/api/v2/devices/1", &second)]);
        }
        stage.wrote_nowhere(PASSWORD).await;
    }
}

/// Section 3: 200 without a token, the one at hand is still good; 200 with one, by the older document; 201 with one.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_takes_the_token_that_it_is_given_and_keeps_the_old_one_where_it_is_given_none() {
    let (old, new) = (token("old", 13 * HOUR), token("new", 7 * DAY));
    for (status, body, now) in [
        (200, json!({}), &old),
        (200, json!({"message": "Token is still valid", "token": null}), &old),
        (200, json!({"token": new}), &new),
        (201, json!({"token": new}), &new),
    ] {
        // At the login,
        let stage = spoke_zone().await;
        stage.server.always(LOGIN_DEVICE, Answer::json(status, &body));
        as_device(&stage, &old).await.unwrap();
        stage.get("/api/v2/devices/1").await;
        stage.saw(&[device_login(&old), presented("/api/v2/devices/1", now)]);
        assert_eq!(stage.view().kept, ["cpu_id", "uuid"]);
        // and at a renewal.
        let stage = spoke_zone().await;
        stage.server.answer(LOGIN_DEVICE, ok(&json!({})));
        stage.server.answer(LOGIN_DEVICE, Answer::json(status, &body));
        as_device(&stage, &old).await.unwrap();
        stage.renew().await.unwrap();
        stage.get("/api/v2/devices/1").await;
        stage.saw(&[device_login(&old), device_login(&old), presented("/api/v2/devices/1", now)]);
        assert_eq!(stage.token().expires_at, jwt_end(now));
        stage.wrote_nowhere("cpu-0123456789").await;
    }
}

/// Section 3: “200 = token still good, body may hold no token”. It need not hold anything else either.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_keeps_its_token_when_the_server_answers_200_and_nothing_else() {
    let (stage, old) = (spoke_zone().await, token("old", 13 * HOUR));
    stage.server.always(LOGIN_DEVICE, Answer::new(200));
    as_device(&stage, &old).await.unwrap();
    assert_eq!(stage.token().expires_at, jwt_end(&old));
}

/// The server calls a token good that a program finds too short: it is asked once for all who ask, and not again at once.
#[tokio::test(flavor = "multi_thread")]
async fn i8_a_token_that_the_server_calls_good_is_not_renewed_for_each_who_wants_a_longer_one() {
    let (stage, old) = (spoke_zone().await, token("old", 13 * HOUR));
    stage.server.always(LOGIN_DEVICE, ok(&json!({})));
    as_device(&stage, &old).await.unwrap();
    stage.clock.forward(HOUR);
    let longer = || stage.keydesk.copy_lasting(&stage.connection, CopyForm::Token, 45_000);
    let outcomes = tokio::join!(longer(), longer(), longer());
    for outcome in [outcomes.0, outcomes.1, outcomes.2, longer().await, longer().await] {
        assert_eq!(outcome.unwrap_err().code, ErrorCode::UnexpectedAnswer);
    }
    stage.saw(&[device_login(&old), device_login(&old)]);
}

fn jwt_end(token: &str) -> Option<jiff::Timestamp> {
    use base64::Engine;
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    jiff::Timestamp::from_second(claims["exp"].as_i64()?).ok()
}

/// Section 3: blank is not missing, and 400 says what was wrong.
#[tokio::test(flavor = "multi_thread")]
async fn d9_a_device_login_that_is_refused_or_blank_keeps_nothing() {
    let errors = json!({"errors": [{"type": "invalid-field", "message": "uuid does not match", "details": {}}]});
    for (status, body, code, words) in [
        (400, errors, ErrorCode::CredentialsRefused, "It says: uuid does not match"),
        (201, json!({"token": " "}), ErrorCode::BlankToken, "blank"),
        (202, json!({"token": "a"}), ErrorCode::NotATokenAnswer, "202"),
        (503, json!({}), ErrorCode::ServerFailed, "503"),
    ] {
        let stage = spoke_zone().await;
        stage.server.always(LOGIN_DEVICE, Answer::json(status, &body));
        let error = as_device(&stage, &token("old", HOUR)).await.unwrap_err();
        assert_eq!(error.code, code, "{body}");
        assert!(error.message.contains(words), "{}", error.message);
        stage.kept_nothing();
    }
}

/// Section 3: a device's token can be renewed for 12 hours after its end, and not a minute longer.
#[tokio::test(flavor = "multi_thread")]
async fn e13_a_devices_token_is_renewed_11_59_h_after_its_end_and_refused_12_01_h_after() {
    for (late, sent) in [(11 * HOUR + 59 * MINUTE, true), (12 * HOUR + MINUTE, false)] {
        let stage = spoke_zone().await;
        let (old, new) = (token("old", HOUR), token("new", 30 * DAY));
        stage.server.answer(LOGIN_DEVICE, ok(&json!({})));
        stage.server.answer(LOGIN_DEVICE, Answer::json(201, &json!({"token": new})));
        as_device(&stage, &old).await.unwrap();
        stage.new_requests();
        stage.past_the_end(late);
        let view = stage.token();
        let outcome = stage.call("GET", "/api/v2/devices/1", None).await;
        if sent {
            assert_eq!((view.state, view.renewal), (TokenState::Expired, RenewalKind::Request));
            let until = view.renewable_until.unwrap().duration_since(view.expires_at.unwrap());
            assert_eq!(until.as_secs(), 12 * HOUR);
            outcome.unwrap();
            stage.saw(&[device_login(&old), presented("/api/v2/devices/1", &new)]);
        } else {
            assert_eq!((view.state, view.renewable), (TokenState::LoginNeeded, false));
            let error = outcome.unwrap_err();
            assert_eq!(error.code, ErrorCode::LoginNeeded);
            assert!(error.message.contains("12 hours"), "{}", error.message);
            // Nothing would come of it: it is not tried, nor told, at each look (security.md E8).
            for _ in 0..3 {
                stage.keydesk.renew_ahead().await;
            }
            let query = ActivityQuery { limit: 500, ..ActivityQuery::default() };
            let told = stage.keydesk.list_activity(query).await.unwrap();
            let failed = told.iter().filter(|entry| matches!(entry.event, ActivityEvent::RenewalFailed { .. }));
            assert_eq!(failed.count(), 1);
            stage.saw(&[]);
        }
    }
}

/// A gateway before the server has pages of its own: they say nothing of the token.
#[tokio::test(flavor = "multi_thread")]
async fn e7_the_page_of_a_gateway_does_not_end_a_devices_login() {
    for status in [400, 401, 403, 422] {
        let stage = spoke_zone().await;
        let (old, new) = (token("old", HOUR), token("new", 30 * DAY));
        stage.server.answer(LOGIN_DEVICE, ok(&json!({})));
        stage.server.answer(LOGIN_DEVICE, Answer::html(status, "<h1>Blocked</h1>"));
        stage.server.answer(LOGIN_DEVICE, Answer::json(201, &json!({"token": new})));
        as_device(&stage, &old).await.unwrap();
        stage.past_the_end(MINUTE);
        let error = stage.call("GET", "/api/v2/devices/1", None).await.unwrap_err();
        assert!(!matches!(error.code, ErrorCode::CredentialsRefused | ErrorCode::TokenRefused), "{status}: {error:?}");
        stage.keydesk.renew_token(&stage.connection).await.unwrap();
        assert_eq!(stage.token().state, TokenState::Fresh, "{status}");
    }
}

/// Section 3, vendor's policy: before the last 12 hours the server would not renew, so it is not asked.
#[tokio::test(flavor = "multi_thread")]
async fn a_devices_token_is_renewed_within_its_last_12_hours_and_not_before() {
    for (before, sent) in [(13 * HOUR, false), (11 * HOUR, true)] {
        let stage = spoke_zone().await;
        let (old, new) = (token("old", 7 * DAY), token("new", 30 * DAY));
        stage.server.answer(LOGIN_DEVICE, ok(&json!({})));
        stage.server.answer(LOGIN_DEVICE, Answer::json(201, &json!({"token": new})));
        as_device(&stage, &old).await.unwrap();
        stage.new_requests();
        stage.past_the_end(-before);
        stage.get("/api/v2/devices/1").await;
        let wanted = [device_login(&old), presented("/api/v2/devices/1", if sent { &new } else { &old })];
        stage.saw(if sent { &wanted } else { &wanted[1..] });
    }
}

/// Section 3: a GET with a JSON body of `cpuId`, or with none for a super user; the user's token is bare in
/// `x-access-token`. What the answer holds renews the device from then on.
#[tokio::test(flavor = "multi_thread")]
async fn h9_the_secrets_of_a_device_are_asked_for_by_a_get_with_a_body() {
    for (fields, body) in [(&[("cpu_id", "cpu-0123456789")][..], Some(json!({"cpuId": "cpu-0123456789"}))), (&[], None)]
    {
        let stage = spoke_zone().await;
        let (user, device, renewed) = (token("user", HOUR), token("device", 7 * DAY), token("device", 9 * DAY));
        stage.server.always(LOGIN, ok(&json!({"token": user})));
        let secrets = json!({"cpuId": "cpu-0123456789", "uuid": "uuid-0123456789", "token": device});
        stage.server.always(SECRETS, ok(&secrets));
        stage.server.always(LOGIN_DEVICE, Answer::json(201, &json!({"token": renewed})));
        stage.log_in("device_secrets", &[&USER[..], &[("device", "4711")], fields].concat(), &[]).await.unwrap();
        let asked = presented(SECRETS, &user);
        stage.saw(&[user_login(), body.map_or(asked.clone(), |body| asked.json(body))]);
        stage.get("/api/v2/devices/4711").await;
        stage.renew().await.unwrap();
        stage.get("/api/v2/devices/4711").await;
        stage.saw(&[
            presented("/api/v2/devices/4711", &device),
            device_login(&device),
            presented("/api/v2/devices/4711", &renewed),
        ]);
        for secret in [PASSWORD, "cpu-0123456789", "uuid-0123456789", user.as_str()] {
            stage.wrote_nowhere(secret).await;
        }
    }
}

/// Section 3: numbers are numbers, and what was not typed is left out.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_device_is_created_with_numbers_as_numbers() {
    let all = json!({"customerId": 12, "identifier": "0042", "cpuId": "cpu-0123456789", "uuid": "uuid-0123456789"});
    for (status, optional, body, renewal) in [
        (201, &DEVICE[..], all, RenewalKind::Request),
        (200, &[], json!({"customerId": 12, "identifier": "0042"}), RenewalKind::None),
    ] {
        let stage = spoke_zone().await;
        let (user, device) = (token("user", HOUR), token("device", 7 * DAY));
        stage.server.always(LOGIN, ok(&json!({"token": user})));
        stage.server.always(DEVICES, Answer::json(status, &json!({"id": 99, "token": device})));
        let fields = [&USER[..], &[("customer_id", "12"), ("identifier", "0042")], optional].concat();
        stage.log_in("new_device", &fields, &[]).await.unwrap();
        stage.saw(&[user_login(), post(DEVICES).header("x-access-token", &user).json(body)]);
        stage.get("/api/v2/devices/99").await;
        stage.saw(&[presented("/api/v2/devices/99", &device)]);
        assert_eq!(stage.token().renewal, renewal);
    }
}

/// Section 3, and the vendor's page on access tokens: the device's file, with the token as the name for MQTT.
#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_spoke_zone_conf_gives_its_token_and_renews_with_the_devices_numbers() {
    let (old, new) = (token("old", 7 * DAY), token("new", 9 * DAY));
    let conf = format!("mqtt_host = io.spoke.zone\nmqtt_port=8883\nmqtt_username = \"{old}\"\nmqtt_password = x\n");
    for (pasted, numbers) in [(conf.as_str(), &DEVICE[..]), (old.as_str(), &[])] {
        let stage = spoke_zone().await;
        stage.server.always(LOGIN_DEVICE, Answer::json(201, &json!({"token": new})));
        stage.log_in("device_token", &[&[("token", pasted)][..], numbers].concat(), &[]).await.unwrap();
        stage.get("/api/v2/devices/1").await;
        stage.saw(&[presented("/api/v2/devices/1", &old)]);
        assert_eq!(stage.token().expires_at, jwt_end(&old));
        if numbers.is_empty() {
            assert_eq!(stage.renew().await.unwrap_err().code, ErrorCode::LoginNeeded);
            stage.saw(&[]);
        } else {
            stage.renew().await.unwrap();
            stage.saw(&[device_login(&old)]);
        }
    }
    let stage = spoke_zone().await;
    let error = stage.log_in("device_token", &[("token", "mqtt_host = x\nmqtt_port = 1")], &[]).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidInput, Some("token")));
    assert!(error.message.contains("mqtt_username"), "{}", error.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_user_token_is_presented_alone() {
    let stage = spoke_zone().await;
    let user = token("Alice", HOUR);
    stage.log_in("user_token", &[("token", &user)], &[]).await.unwrap();
    stage.get("/api/v2/devices/1").await;
    stage.saw(&[presented("/api/v2/devices/1", &user)]);
    assert_eq!((stage.token().expires_at, stage.token().renewable), (jwt_end(&user), false));
}

/// Section 3: the array of errors says in words what is wrong, at the login and after. E10: 401 renews once.
#[tokio::test(flavor = "multi_thread")]
async fn e10_the_message_in_spoke_zones_array_of_errors_is_told() {
    let errors = |words: &str| json!({"errors": [{"type": "unauthorized", "message": words, "details": {}}]});
    let stage = spoke_zone().await;
    stage.server.answer(LOGIN, Answer::json(401, &errors("No such user")));
    let error = stage.log_in("user", &USER, &[]).await.unwrap_err();
    assert_eq!((error.code, error.status), (ErrorCode::CredentialsRefused, Some(401)));
    assert!(error.message.ends_with("It says: No such user"), "{}", error.message);
    stage.kept_nothing();

    let (first, second) = (token("first", DAY), token("second", DAY));
    stage.server.answer(LOGIN, ok(&json!({"token": first})));
    stage.server.answer(LOGIN, ok(&json!({"token": second})));
    stage.log_in("user", &USER, &["password"]).await.unwrap();
    stage.new_requests();
    let path = "/api/v2/devices/1";
    stage.server.always(path, Answer::json(401, &errors("Token is not for this device")));
    let error = stage.get(path).await.error.unwrap();
    assert_eq!(error.code, ErrorCode::Refused);
    assert!(error.message.ends_with("It says: Token is not for this device"), "{}", error.message);
    stage.saw(&[presented(path, &first), user_login(), presented(path, &second)]);
}

/// Carries a form out, with nothing in it but this.
async fn send(stage: &Stage, action: &str, values: &[(&str, &str)]) -> RunRow {
    let text = |(name, value): &(&str, &str)| ((*name).to_owned(), FieldValue::Text((*value).to_owned()));
    let values = values.iter().map(text).collect();
    let (connection, action) = (stage.connection.clone(), action.to_owned());
    stage.send(ActionRequest { connection, action, values, rows: None }).await
}

/// Section 3: what the forms send, and nothing that was left empty. H9: the secrets by a GET, with a body or without.
#[tokio::test(flavor = "multi_thread")]
async fn h9_spoke_zones_forms_are_sent_as_its_server_wants_them() {
    let stage = spoke_zone().await;
    let user = token("Alice", DAY);
    stage.log_in("user_token", &[("token", &user)], &[]).await.unwrap();
    let with = |wanted: Wanted| wanted.header("x-access-token", &user);
    let (ota, files) = ("/api/v2/ota-files", "/api/v2/data-files");
    let order = [("limit", "100"), ("sort", "version"), ("sortOrder", "asc")];
    let narrow = [("searchTerm", "beta"), ("module", "app"), ("isActive", "1")];
    let full = json!({"customerId": 12, "identifier": "0042", "statusId": 1, "modelId": 3, "oemId": 4,
        "serialNumber": "0007", "manufactureDate": "2026-11-22", "userIdentifier": "mine"});
    for (action, values, wanted) in [
        ("device", vec![("device", "4711")], get("/api/v2/devices/4711")),
        ("device_secrets", vec![("device", "4711")], get(SECRETS)),
        ("device_secrets", vec![("device", "4711"), ("cpu_id", "c1")], get(SECRETS).json(json!({"cpuId": "c1"}))),
        (
            "create_device",
            vec![("customer", "12"), ("identifier", "0042")],
            post(DEVICES).json(json!({"customerId": 12, "identifier": "0042"})),
        ),
        (
            "create_device",
            vec![
                ("customer", "12"),
                ("identifier", "0042"),
                ("status", "1"),
                ("model", "3"),
                ("oem", "4"),
                ("serial", "0007"),
                ("manufactured", "2026-11-22"),
                ("user_identifier", "mine"),
            ],
            post(DEVICES).json(full),
        ),
        ("create_data_file", vec![("type", "log")], post(files).json(json!({"type": "log"}))),
        (
            "create_data_file",
            vec![("type", "txt"), ("module", "app")],
            post(files).json(json!({"type": "txt", "module": "app"})),
        ),
        ("ota_files", vec![("sort", "version"), ("order", "asc")], get(ota).query(&order)),
        (
            "ota_files",
            vec![("sort", "version"), ("order", "asc"), ("search", "beta"), ("module", "app"), ("active", "1")],
            get(ota).query(&[&order[..], &narrow].concat()),
        ),
        (
            "devices",
            vec![("sort", "identifier"), ("order", "desc"), ("search", "cart")],
            get(DEVICES).query(&[
                ("limit", "100"),
                ("sort", "identifier"),
                ("sortOrder", "desc"),
                ("searchTerm", "cart"),
            ]),
        ),
    ] {
        stage.server.always(wanted.path(), ok(&if action.ends_with('s') { json!([]) } else { json!({"id": 1}) }));
        stage.new_requests();
        let row = send(&stage, action, &values).await;
        assert!(row.error.is_none(), "{action}: {:?}", row.error);
        stage.saw(&[with(wanted)]);
    }
}

/// Section 3: `limit` and `offset`, until a page is empty.
#[tokio::test(flavor = "multi_thread")]
async fn spoke_zones_lists_are_read_to_their_last_page() {
    let stage = spoke_zone().await;
    stage.log_in("user_token", &[("token", &token("Alice", DAY))], &[]).await.unwrap();
    let page = |from: usize, count: usize| (from..from + count).map(|id| json!({"id": id})).collect::<Vec<_>>();
    for rows in [page(0, 100), page(100, 7), Vec::new()] {
        stage.server.answer("/api/v2/ota-files", ok(&json!(rows)));
    }
    stage.new_requests();
    let row = send(&stage, "ota_files", &[("sort", "version"), ("order", "asc")]).await;
    let all: Vec<Value> = serde_json::from_str(&row.body.unwrap()).unwrap();
    assert_eq!(all, page(0, 107));
    let offsets: Vec<_> = stage.new_requests().iter().map(|sent| sent.query_parameter("offset")).collect();
    assert_eq!(offsets, [None, Some("100".to_owned()), Some("107".to_owned())]);
}

/// Section 3: one of several errors, each with a type and details; nobody branches on its words, and people read them.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_in_a_form_of_spoke_zone_is_told_in_its_servers_words() {
    let stage = spoke_zone().await;
    stage.log_in("user_token", &[("token", &token("Alice", DAY))], &[]).await.unwrap();
    for (status, kind, details, code) in [
        (400, "required-field", json!({"field": "identifier"}), ErrorCode::BadRequest),
        (400, "invalid-field", json!({}), ErrorCode::BadRequest),
        (404, "entity-not-found", json!({"entityType": "device", "entityId": "4711"}), ErrorCode::NotFound),
        (403, "unauthorized", json!({}), ErrorCode::NoPermission),
        (500, "internal", json!({}), ErrorCode::ServerFailed),
    ] {
        let error = json!({"type": kind, "message": format!("The words of {kind}"), "details": details});
        let second = json!({"type": "other", "message": "Another"});
        stage.server.answer(DEVICES, Answer::json(status, &json!({"errors": [error, second]})));
        let error = send(&stage, "create_device", &[("customer", "1"), ("identifier", "a")]).await.error.unwrap();
        assert_eq!((error.code, error.status), (code, Some(status)), "{kind}");
        assert!(error.message.ends_with(&format!("It says: The words of {kind}")), "{}", error.message);
    }
}
