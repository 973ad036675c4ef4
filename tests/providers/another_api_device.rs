//! Any other API: a code on another device (RFC 8628). The waiting is real, so that it is kept short.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use keydesk_core::{ErrorCode, LoginState, LoginView, ReceiveBy};
use keydesk_support::Answer;
use serde_json::{Value, json};

use crate::another_api::{TOKEN, discovery, with_issuer};
use crate::stage::{Stage, ok};
use crate::wanted::{Wanted, get, post};

const DEVICE: &str = "/oauth/device";
const FIELDS: [(&str, &str); 3] = [("issuer", "{server}"), ("client_id", "the-client"), ("scope", "openid read")];

fn codes(stage: &Stage, interval: Option<u32>) -> Value {
    let mut codes = json!({
        "device_code": "the-device-code",
        "user_code": "WDJB-MJHT",
        "verification_uri": stage.server.url("/device"),
        "verification_uri_complete": stage.server.url("/device?user_code=WDJB-MJHT"),
        "expires_in": 600,
    });
    if let Some(interval) = interval {
        codes["interval"] = json!(interval);
    }
    codes
}

fn poll() -> Wanted {
    let grant_type = "urn:ietf:params:oauth:grant-type:device_code";
    post(TOKEN).form(&[("grant_type", grant_type), ("device_code", "the-device-code"), ("client_id", "the-client")])
}

fn not_yet(error: &str) -> Answer {
    Answer::json(400, &json!({"error": error}))
}

/// When each poll came.
type Polls = Arc<Mutex<Vec<Instant>>>;

/// Starts a login whose polls are answered one after the other.
async fn started(interval: Option<u32>, answers: Vec<Answer>) -> (Stage, LoginView, Polls) {
    let stage = with_issuer().await;
    stage.server.always(DEVICE, ok(&codes(&stage, interval)));
    let polls = Polls::default();
    let (noted, answers) = (polls.clone(), Mutex::new(answers.into_iter()));
    stage.server.answer_with(TOKEN, move |_| {
        noted.lock().unwrap().push(Instant::now());
        answers.lock().unwrap().next().unwrap_or_else(|| Answer::new(500))
    });
    polls.lock().unwrap().push(Instant::now());
    let login = stage.start("device_code", &FIELDS, ReceiveBy::Loopback).await.unwrap();
    (stage, login, polls)
}

/// How long was waited before each poll.
fn waits(polls: &Polls) -> Vec<Duration> {
    polls.lock().unwrap().windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// Sections 3.1 to 3.5: the codes, the polls, the token, the refresh. K2: nothing is opened before the person looked.
#[tokio::test(flavor = "multi_thread")]
async fn k1_k2_a_device_login_shows_its_code_and_polls_while_authorization_is_pending() {
    let good =
        json!({"access_token": "access-1", "refresh_token": "refresh-1", "expires_in": 600, "token_type": "Bearer"});
    let refreshed = json!({"access_token": "access-2", "expires_in": 600});
    let answers = vec![not_yet("authorization_pending"), ok(&good), ok(&refreshed)];
    let (stage, login, polls) = started(Some(1), answers).await;
    let device = login.device.as_ref().unwrap();
    assert_eq!((device.user_code.as_str(), &device.verification_uri), ("WDJB-MJHT", &stage.server.url("/device")));
    assert!(!device.qr.is_empty());
    let over = stage.over(&login).await;
    assert_eq!(over.state, LoginState::Done, "{:?}", over.error);
    assert!(stage.person.opened.lock().unwrap().is_empty());
    let codes = post(DEVICE).form(&[("client_id", "the-client"), ("scope", "openid read")]);
    stage.saw(&[discovery(), codes, poll(), poll()]);
    assert!(waits(&polls).iter().all(|wait| *wait >= Duration::from_millis(990)), "{:?}", waits(&polls));
    stage.renew().await.unwrap();
    let refresh = [("grant_type", "refresh_token"), ("refresh_token", "refresh-1"), ("client_id", "the-client")];
    stage.get("/me").await;
    stage.saw(&[post(TOKEN).form(&refresh), get("/v1/me").header("Authorization", "Bearer access-2")]);
}

/// Section 3.5: `slow_down` adds five seconds for this and all later polls.
#[tokio::test(flavor = "multi_thread")]
async fn k1_slow_down_makes_the_interval_five_seconds_longer() {
    let (stage, login, polls) = started(Some(1), vec![not_yet("slow_down"), ok(&json!({"access_token": "a"}))]).await;
    assert_eq!(stage.over(&login).await.state, LoginState::Done);
    let waits = waits(&polls);
    assert!(waits.len() == 2 && waits[1] >= Duration::from_millis(5990), "{waits:?}");
}

/// Section 3.2: five seconds where the server names no interval.
#[tokio::test(flavor = "multi_thread")]
async fn k1_without_an_interval_five_seconds_pass_before_a_poll() {
    let (stage, login, polls) = started(None, vec![ok(&json!({"access_token": "a"}))]).await;
    assert_eq!(stage.over(&login).await.state, LoginState::Done);
    assert!(waits(&polls)[0] >= Duration::from_millis(4990), "{:?}", waits(&polls));
}

/// Section 3.5: these end it, and nothing is polled after.
#[tokio::test(flavor = "multi_thread")]
async fn k1_a_device_login_ends_when_the_code_expired_or_the_person_said_no() {
    let ending = |error: &'static str, code: ErrorCode| async move {
        let (stage, login, _) = started(Some(1), vec![not_yet(error)]).await;
        let over = stage.over(&login).await;
        assert_eq!((over.state, over.error.unwrap().code), (LoginState::Failed, code), "{error}");
        tokio::time::sleep(Duration::from_millis(1500)).await;
        assert_eq!(stage.server.received_at(TOKEN).len(), 1, "{error}");
        stage.kept_nothing();
    };
    tokio::join!(
        ending("expired_token", ErrorCode::LoginEnded),
        ending("access_denied", ErrorCode::LoginDenied),
        ending("invalid_grant", ErrorCode::TokenRefused),
        ending("invalid_client", ErrorCode::ClientRefused),
    );
}

/// Sections 3.1 and 3.2: a refusal, and an answer that holds no codes or leads nowhere, start nothing.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_authorization_that_cannot_be_used_starts_no_login() {
    for (status, change, code) in [
        (400, json!({"error": "unauthorized_client"}), ErrorCode::ClientRefused),
        (200, json!({"device_code": null}), ErrorCode::UnexpectedAnswer),
        (200, json!({"verification_uri": "javascript:alert(1)"}), ErrorCode::UnexpectedAnswer),
        (200, json!({"verification_uri": "http://login.example/device"}), ErrorCode::UnexpectedAnswer),
    ] {
        let stage = with_issuer().await;
        let mut body = codes(&stage, Some(1));
        body.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        stage.server.always(DEVICE, Answer::json(status, &body));
        let error = stage.start("device_code", &FIELDS, ReceiveBy::Loopback).await.unwrap_err();
        assert_eq!(error.code, code, "{change}");
        assert!(stage.keydesk.list_logins().is_empty());
    }
}

/// An empty scope is left out.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_login_without_a_scope_sends_none() {
    let stage = with_issuer().await;
    stage.server.always(DEVICE, ok(&codes(&stage, Some(60))));
    stage.start("device_code", &[FIELDS[0], FIELDS[1], ("scope", "")], ReceiveBy::Loopback).await.unwrap();
    stage.saw(&[discovery(), post(DEVICE).form(&[("client_id", "the-client")])]);
}
