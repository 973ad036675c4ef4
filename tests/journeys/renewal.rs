//! The life of a token.

use std::sync::Arc;
use std::time::Duration;

use keydesk_core::{ActivityEvent, CopyForm, ErrorCode, RenewalCause, TokenState};
use keydesk_sandbox::{Options, Sandbox};
use keydesk_support::{Answer, FakeServer};
use serde_json::json;

use crate::house::{House, TOKEN_PATH, refreshes, sandbox};

/// E1: whoever asks at the end of a token waits for one renewal.
#[tokio::test(flavor = "multi_thread")]
async fn e1_a_hundred_callers_of_an_expired_token_make_one_refresh() {
    let (house, sandbox) = (House::new(), sandbox().await);
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    house.clock.forward(7200);
    assert_eq!(house.view(&connection).token.state, TokenState::Expired);
    let keydesk = Arc::clone(&house.keydesk);
    let callers: Vec<_> = (0..100)
        .map(|_| {
            let (keydesk, id) = (keydesk.clone(), connection.id.clone());
            tokio::spawn(async move { keydesk.copy_token(&id, CopyForm::Token).await })
        })
        .collect();
    let mut tokens = std::collections::HashSet::new();
    for caller in callers {
        tokens.insert(caller.await.unwrap().unwrap().expose().to_owned());
    }
    assert_eq!((tokens.len(), refreshes(&sandbox)), (1, 1));
    assert_eq!(house.view(&connection).token.state, TokenState::Fresh);
}

/// E1: they also share a failure, instead of asking a hundred times for the same.
#[tokio::test(flavor = "multi_thread")]
async fn e1_a_hundred_callers_share_one_failure() {
    let (house, sandbox) = (House::new(), Sandbox::start(slow()).await.unwrap());
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    house.clock.forward(7200);
    sandbox.fail_next(TOKEN_PATH, 503, "{}", 200);
    let before = sandbox.count(TOKEN_PATH);
    let callers: Vec<_> = (0..100)
        .map(|_| {
            let (keydesk, id) = (house.keydesk.clone(), connection.id.clone());
            tokio::spawn(async move { keydesk.copy_token(&id, CopyForm::Token).await })
        })
        .collect();
    for caller in callers {
        assert_eq!(caller.await.unwrap().unwrap_err().code, ErrorCode::ServerFailed);
    }
    assert_eq!(sandbox.count(TOKEN_PATH) - before, 1);
}

/// So that all callers have come before the first answer.
fn slow() -> Options {
    Options { latency: Duration::from_millis(150), ..Options::default() }
}

/// E4, E3: each refresh is made with the refresh token that the last one gave; a server that detects reuse stays content.
#[tokio::test(flavor = "multi_thread")]
async fn e4_rotation_is_kept_over_many_renewals() {
    let (house, sandbox) = (House::new(), sandbox().await);
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    for _ in 0..5 {
        house.keydesk.renew_token(&connection.id).await.unwrap();
    }
    assert_eq!(refreshes(&sandbox), 5);
    let rotated = |event: &ActivityEvent| {
        matches!(event, ActivityEvent::TokenRenewed { cause: RenewalCause::Asked, rotated: true, .. })
    };
    assert_eq!(house.activity(&connection).await.iter().filter(|event| rotated(event)).count(), 5);
}

/// E10: a refused token is renewed and the request sent once more.
#[tokio::test(flavor = "multi_thread")]
async fn e10_a_refused_token_is_renewed_and_the_request_sent_once_more() {
    let (house, sandbox) = (House::new(), sandbox().await);
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    sandbox.expire_access_tokens();
    let run = house.run(&connection, "workflows", &[]).await;
    assert_eq!(run.results[0].status, Some(200));
    assert_eq!(refreshes(&sandbox), 1);
    let activity = house.activity(&connection).await;
    assert!(activity.contains(&ActivityEvent::TokenRefused { status: 401 }));
    assert!(
        activity.iter().any(|event| matches!(event, ActivityEvent::TokenRenewed { cause: RenewalCause::Refused, .. }))
    );
}

/// A server of the test's own with a token endpoint that always renews.
async fn refusing(status: u16) -> (House, FakeServer, keydesk_core::ConnectionView) {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    server.always("/legacy/oauth2/token", Answer::json(200, &json!({"access_token": "access", "expires_in": 7200})));
    server.always("/legacy/oauth2/validate", Answer::json(200, &json!({"given_name": "Alice"})));
    server.always("/api/ibot/authz_context", Answer::json(status, &json!({"message": "no"})));
    let connection = house.connect_to(&server);
    let fields = [("token".to_owned(), keydesk_core::Secret::new("refresh"))].into();
    let request = keydesk_core::LogIn {
        connection: connection.id.clone(),
        login: "refresh_token".to_owned(),
        fields,
        keep: Vec::new(),
    };
    house.keydesk.log_in(request).await.unwrap();
    (house, server, connection)
}

#[tokio::test(flavor = "multi_thread")]
async fn e10_a_second_refusal_surfaces_without_a_third_try() {
    let (house, server, connection) = refusing(401).await;
    let run = house.run(&connection, "workflows", &[]).await;
    assert_eq!(run.results[0].error.as_ref().unwrap().code, ErrorCode::Refused);
    assert_eq!(server.received_at("/api/ibot/authz_context").len(), 2);
    assert_eq!(server.received_at("/legacy/oauth2/token").len(), 2, "one for the paste, one for the refusal");
}

#[tokio::test(flavor = "multi_thread")]
async fn e10_no_permission_is_not_a_reason_to_renew() {
    let (house, server, connection) = refusing(403).await;
    let run = house.run(&connection, "workflows", &[]).await;
    assert_eq!(run.results[0].error.as_ref().unwrap().code, ErrorCode::NoPermission);
    assert_eq!(server.received_at("/legacy/oauth2/token").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_login_that_the_server_ended_asks_for_a_new_one_and_keeps_the_connection() {
    let (house, sandbox) = (House::new(), sandbox().await);
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    sandbox.revoke_all();
    house.clock.forward(7200);
    let error = house.keydesk.copy_token(&connection.id, CopyForm::Token).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::TokenRefused);
    assert_eq!(house.view(&connection).token.state, TokenState::LoginNeeded);
    // Asked again, it does not go to the server again.
    let before = refreshes(&sandbox);
    assert_eq!(
        house.keydesk.copy_token(&connection.id, CopyForm::Token).await.unwrap_err().code,
        ErrorCode::LoginNeeded
    );
    assert_eq!(refreshes(&sandbox), before);
    house.log_in(&connection).await;
    assert_eq!(house.view(&connection).token.state, TokenState::Fresh);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rate_limited_refresh_keeps_the_refresh_token() {
    let (house, sandbox) = (House::new(), sandbox().await);
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    sandbox.fail_next(TOKEN_PATH, 429, "slow down", 1);
    let error = house.keydesk.renew_token(&connection.id).await.unwrap_err();
    assert_eq!((error.code, error.retryable), (ErrorCode::RateLimited, true));
    house.keydesk.renew_token(&connection.id).await.unwrap();
}

/// F2: a token is not presented to another server than it was made for.
#[tokio::test(flavor = "multi_thread")]
async fn f2_a_connection_that_is_led_elsewhere_takes_no_token_along() {
    let (house, sandbox) = (House::new(), sandbox().await);
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    let elsewhere = FakeServer::start().await.unwrap();
    let mut parameters = connection.parameters.clone();
    parameters.insert("api_url".to_owned(), elsewhere.url("/api"));
    let request = keydesk_core::EditConnection {
        connection: connection.id.clone(),
        label: "Elsewhere".to_owned(),
        parameters,
        ca: None,
    };
    assert_eq!(house.keydesk.edit_connection(request).unwrap().token.state, TokenState::LoginNeeded);
    let run = house.run(&connection, "workflows", &[]).await;
    assert_eq!(run.results[0].error.as_ref().unwrap().code, ErrorCode::LoginNeeded);
    assert!(elsewhere.received().is_empty());
}

/// H2: also not to a server that only the provider file's own requests go to.
#[tokio::test(flavor = "multi_thread")]
async fn h2_a_token_is_presented_to_no_server_that_it_was_not_made_for() {
    let (house, sandbox) = (House::new(), sandbox().await);
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    let elsewhere = FakeServer::start().await.unwrap();
    let mut parameters = connection.parameters.clone();
    parameters.insert("legacy_auth_url".to_owned(), elsewhere.url("/legacy"));
    let label = connection.label.clone();
    let request = keydesk_core::EditConnection { connection: connection.id.clone(), label, parameters, ca: None };
    assert_eq!(house.keydesk.edit_connection(request).unwrap().token.state, TokenState::LoginNeeded);
    house.run(&connection, "who_am_i", &[]).await;
    assert!(elsewhere.received().is_empty());
}

/// An override that no file knows is a mistake, not a way round.
#[tokio::test(flavor = "multi_thread")]
async fn an_unknown_parameter_is_refused_by_name() {
    let (house, sandbox) = (House::new(), sandbox().await);
    let mut parameters = house.connect(&sandbox).parameters;
    parameters.insert("api_uri".to_owned(), "http://127.0.0.1:1".to_owned());
    let request =
        keydesk_core::AddConnection { provider: "relay".to_owned(), label: None, parameters, ca: None, sandbox: false };
    assert_eq!(house.keydesk.add_connection(request).unwrap_err().field.as_deref(), Some("api_uri"));
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_leaves_nothing_to_present() {
    let (house, sandbox) = (House::new(), sandbox().await);
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    let view = house.keydesk.log_out(&connection.id).await.unwrap();
    assert_eq!((view.token.state, view.identity), (TokenState::None, None));
    assert_eq!(house.keydesk.reveal_token(&connection.id).await.unwrap_err().code, ErrorCode::LoginNeeded);
}
