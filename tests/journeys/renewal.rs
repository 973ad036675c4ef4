//! The life of a token.

use std::sync::Arc;
use std::time::Duration;

use keydesk_core::{
    ActivityEntry, ActivityEvent, ActivityQuery, ConnectionView, CopyForm, ErrorCode, LogIn, RenewalCause, Secret,
    TokenState,
};
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

/// What a request caused is told with it: one can follow what happened.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_and_what_it_caused_are_one_chain_with_cause_and_duration() {
    use ActivityEvent::{RequestSent, TokenAtHand, TokenKept, TokenRefused, TokenRenewed};
    let (house, sandbox) = (House::new(), sandbox().await);
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    sandbox.expire_access_tokens();
    house.keydesk.clear_activity(None).await.unwrap();
    house.run(&connection, "workflows", &[]).await;
    let query = ActivityQuery { limit: 500, ..ActivityQuery::default() };
    let entries = house.keydesk.list_activity(query).await.unwrap();
    let sent = entries.iter().find(|entry| matches!(entry.event, RequestSent { replayed: true, .. })).unwrap();
    let chain: Vec<_> = entries.iter().rev().filter(|entry| entry.chain == sent.chain).collect();
    assert!(sent.chain.is_some());
    let [.., refused, renewed, kept, sent] = &chain[..] else { panic!("{chain:#?}") };
    let at_hand = |entry: &ActivityEntry| matches!(entry.event, TokenAtHand { seconds_left: Some(_) });
    assert!(entries.iter().any(at_hand));
    assert_eq!(refused.event, TokenRefused { status: 401 });
    assert!(matches!(renewed.event, TokenRenewed { cause: RenewalCause::Refused, .. }));
    assert!(matches!(kept.event, TokenKept { .. }));
    assert!(matches!(sent.event, RequestSent { status: 200, replayed: true, .. }));
    assert!([renewed, kept, sent].iter().all(|entry| entry.duration_ms.is_some()));
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
        ErrorCode::TokenRefused
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
    let view = house.keydesk.log_out(&connection.id).await.unwrap().connection;
    assert_eq!((view.token.state, view.identity), (TokenState::None, None));
    assert_eq!(house.keydesk.reveal_token(&connection.id).await.unwrap_err().code, ErrorCode::LoginNeeded);
}

/// A legacy login at a server of the test's own: one refresh token, and what the token endpoint answers next is up to the
/// test.
async fn legacy(house: &House, server: &FakeServer, refresh_token: Option<&str>) -> ConnectionView {
    let body = json!({"access_token": "access-token-0", "refresh_token": refresh_token, "expires_in": 7200});
    server.answer(LEGACY, Answer::json(200, &body));
    let connection = house.connect_to(server);
    let fields = [("token".to_owned(), Secret::new("refresh-token-0123456789"))].into();
    let login = "refresh_token".to_owned();
    house.keydesk.log_in(LogIn { connection: connection.id.clone(), login, fields, keep: Vec::new() }).await.unwrap();
    connection
}

const LEGACY: &str = "/legacy/oauth2/token";

fn fresh() -> Answer {
    Answer::json(200, &json!({"access_token": "access-token-1", "expires_in": 7200}))
}

/// Ahead of its end a token is renewed while nobody asks, once, and the person sees when.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_renewed_ahead_of_its_end_and_not_before() {
    let (house, sandbox) = (House::new(), sandbox().await);
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    let view = house.view(&connection).token;
    let (end, ahead) = (view.expires_at.unwrap(), view.renews_at.unwrap());
    assert_eq!(end.as_second() - ahead.as_second(), 360, "five minutes and the margin");
    house.keydesk.renew_ahead().await;
    assert_eq!(refreshes(&sandbox), 0);
    house.clock.forward(7200 - 350);
    house.keydesk.renew_ahead().await;
    house.keydesk.renew_ahead().await;
    assert_eq!(refreshes(&sandbox), 1);
    let activity = house.activity(&connection).await;
    let ahead =
        |event: &&ActivityEvent| matches!(event, ActivityEvent::TokenRenewed { cause: RenewalCause::Ahead, .. });
    assert_eq!(activity.iter().filter(ahead).count(), 1);
}

/// E8, E12: tokens of five seconds are renewed when somebody needs one, not all the time; after a long sleep the first
/// look renews, once.
#[tokio::test(flavor = "multi_thread")]
async fn e8_e12_short_lives_are_left_alone_and_a_night_is_made_up_for_by_one_renewal() {
    let options = Options { access_token_lifetime: Duration::from_secs(5), ..Options::default() };
    let (house, sandbox) = (House::new(), Sandbox::start(options).await.unwrap());
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    for _ in 0..60 {
        house.clock.forward(5);
        house.keydesk.renew_ahead().await;
    }
    assert_eq!(refreshes(&sandbox), 0);
    sandbox.set_access_token_lifetime(Duration::from_secs(7200));
    house.keydesk.renew_token(&connection.id).await.unwrap();
    house.clock.forward(5 * 3600);
    house.keydesk.renew_ahead().await;
    house.keydesk.renew_ahead().await;
    assert_eq!(refreshes(&sandbox), 2);
    assert_eq!(house.view(&connection).token.state, TokenState::Fresh);
}

/// E7: what failed is not tried again at once, `Retry-After` is obeyed in both its forms, and the person may always try.
#[tokio::test(flavor = "multi_thread")]
async fn e7_a_renewal_that_failed_waits_as_long_as_the_server_asks() {
    let in_two_minutes = jiff::fmt::rfc2822::to_string(
        &(jiff::Timestamp::now() + jiff::SignedDuration::from_secs(120)).to_zoned(jiff::tz::TimeZone::UTC),
    );
    for (status, retry_after) in [(503, "120"), (429, "120"), (503, in_two_minutes.unwrap().as_str())] {
        let (house, server) = (House::new(), FakeServer::start().await.unwrap());
        let connection = legacy(&house, &server, None).await;
        server.answer(LEGACY, Answer::new(status).header("retry-after", retry_after));
        server.always(LEGACY, fresh());
        house.clock.forward(7200);
        let before = server.received_at(LEGACY).len();
        let ask = || house.keydesk.copy_token(&connection.id, CopyForm::Token);
        let first = ask().await.unwrap_err();
        assert!(first.retryable, "{first:?}");
        // Nobody hammers: the second and third are told to wait.
        for _ in 0..2 {
            let waits = ask().await.unwrap_err().retry_after.unwrap();
            assert!((100..=125).contains(&waits), "{waits}");
        }
        assert_eq!(server.received_at(LEGACY).len() - before, 1);
        house.clock.forward(130);
        ask().await.unwrap();
        assert_eq!(server.received_at(LEGACY).len() - before, 2);
    }
}

/// E7: a token that is not over yet is used while its server is down.
#[tokio::test(flavor = "multi_thread")]
async fn e7_the_old_token_is_used_while_no_other_can_be_had() {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    let connection = legacy(&house, &server, None).await;
    server.always(LEGACY, Answer::new(500));
    house.clock.forward(7200 - 30);
    let token = house.keydesk.reveal_token(&connection.id).await.unwrap();
    assert!(token.same_as("access-token-0"));
    house.clock.forward(60);
    assert_eq!(house.keydesk.reveal_token(&connection.id).await.unwrap_err().code, ErrorCode::ServerFailed);
}

/// E6: a lost answer is asked for once more; then only the person tries again, for the refresh token may be spent.
#[tokio::test(flavor = "multi_thread")]
async fn e6_an_answer_that_was_lost_is_asked_for_once_more_and_then_the_person_decides() {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    let connection = legacy(&house, &server, Some("refresh-token-1")).await;
    server.always(LEGACY, Answer::raw(""));
    house.clock.forward(7200);
    let before = server.received_at(LEGACY).len();
    let sent = || server.received_at(LEGACY).len() - before;
    let error = house.keydesk.copy_token(&connection.id, CopyForm::Token).await.unwrap_err();
    assert_eq!((error.code, sent()), (ErrorCode::RenewalInDoubt, 2));
    for _ in 0..5 {
        house.clock.forward(3600);
        house.keydesk.copy_token(&connection.id, CopyForm::Token).await.unwrap_err();
        house.keydesk.renew_ahead().await;
    }
    assert_eq!(sent(), 2, "no storm");
    server.always(LEGACY, fresh());
    house.keydesk.renew_token(&connection.id).await.unwrap();
    assert_eq!(house.view(&connection).token.state, TokenState::Fresh);
}

/// E6: when the second request is refused, the first was answered: this login is over, and it is said why.
#[tokio::test(flavor = "multi_thread")]
async fn e6_a_refresh_token_that_was_spent_by_a_lost_answer_asks_for_a_new_login() {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    let connection = legacy(&house, &server, Some("refresh-token-1")).await;
    server.answer(LEGACY, Answer::raw(""));
    server.always(LEGACY, Answer::json(400, &json!({"error": "invalid_grant"})));
    house.clock.forward(7200);
    let error = house.keydesk.copy_token(&connection.id, CopyForm::Token).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::TokenRefused);
    assert!(error.message.contains("was lost"), "{}", error.message);
    assert_eq!(house.view(&connection).token.state, TokenState::LoginNeeded);
}

/// E6, E7: what one process learned holds for the next: it asks neither too early nor with what was refused.
#[tokio::test(flavor = "multi_thread")]
async fn e7_a_process_that_starts_later_waits_as_long_as_the_one_before() {
    // With a keychain this is tests/cli; here the file alone: it names neither token nor secret.
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    let connection = legacy(&house, &server, None).await;
    server.always(LEGACY, Answer::new(503).header("retry-after", "600"));
    house.clock.forward(7200);
    house.keydesk.copy_token(&connection.id, CopyForm::Token).await.unwrap_err();
    let file = house.home.path().join("data/journal").join(format!("{}.failed.json", connection.id));
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(!written.contains("access-token-0") && !written.contains("refresh-token-0123456789"), "{written}");
    server.always(LEGACY, fresh());
    house.keydesk.renew_token(&connection.id).await.unwrap();
    assert!(!file.exists());
}
