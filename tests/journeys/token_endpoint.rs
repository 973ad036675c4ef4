//! Token endpoints that misbehave.

use std::time::Duration;

use keydesk_core::{ConnectionView, Error, ErrorCode, FinishLogin, LogIn, LoginState, ReceiveBy, Secret, TokenState};
use keydesk_support::{Answer, FakeServer};
use serde_json::json;

use crate::house::{Does, House};

const TOKEN: &str = "/legacy/oauth2/token";

async fn paste(house: &House, connection: &ConnectionView) -> Result<ConnectionView, Error> {
    let fields = [("token".to_owned(), Secret::new("refresh-token-0123456789"))].into();
    let request =
        LogIn { connection: connection.id.clone(), login: "refresh_token".to_owned(), fields, keep: Vec::new() };
    house.keydesk.log_in(request).await
}

async fn refused(answer: Answer) -> Error {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    server.always(TOKEN, answer);
    let connection = house.connect_to(&server);
    let error = paste(&house, &connection).await.unwrap_err();
    assert_eq!(house.view(&connection).token.state, TokenState::None, "nothing is stored");
    error
}

/// D2: a token request follows no redirect, so that no other host sees what is in it.
#[tokio::test(flavor = "multi_thread")]
async fn d2_a_token_request_follows_no_redirect_and_sends_no_referer() {
    for status in [301, 302, 303, 307, 308] {
        let (house, server) = (House::new(), FakeServer::start().await.unwrap());
        let other = FakeServer::start().await.unwrap();
        server.always(TOKEN, Answer::redirect(status, &other.url("/stolen")));
        let error = paste(&house, &house.connect_to(&server)).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::NotATokenAnswer, "{status}");
        assert!(other.received().is_empty());
        assert!(server.received().iter().all(|request| request.header("referer").is_none()));
    }
}

/// D6: whatever is no JSON object with a token is an error with a reason.
#[tokio::test(flavor = "multi_thread")]
async fn d6_answers_that_are_no_token_answer_store_nothing() {
    let whole = json!({"access_token": "a", "expires_in": 7200}).to_string();
    let large = format!("{{\"access_token\":\"{}\"}}", "x".repeat(3_000_000));
    for answer in [
        Answer::html(200, "<h1>Log in to the Wi-Fi</h1>"),
        Answer::new(200),
        Answer::json(200, &json!([1, 2])),
        Answer::json(200, &json!({"access_token": null})),
        Answer::new(200).header("content-type", "application/json").body(large),
    ] {
        assert_eq!(refused(answer).await.code, ErrorCode::NotATokenAnswer);
    }
    assert_eq!(refused(Answer::json(200, &json!({"access_token": ""}))).await.code, ErrorCode::BlankToken);
    let cut = Answer::new(200).header("content-type", "application/json").body(whole).cut_after(10);
    assert_eq!(refused(cut).await.code, ErrorCode::NoReply);
    let unknown = Answer::json(200, &json!({"access_token": "a", "token_type": "DPoP"}));
    assert_eq!(refused(unknown).await.code, ErrorCode::TokenTypeUnknown);
}

/// D6: a small body that unpacks to a large one is cut at the limit.
#[tokio::test(flavor = "multi_thread")]
async fn d6_a_compressed_bomb_is_cut_at_the_limit() {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![b' '; 50_000_000]).unwrap();
    let answer = Answer::new(200).header("content-type", "application/json").header("content-encoding", "gzip");
    assert_eq!(refused(answer.body(packed.finish().unwrap())).await.code, ErrorCode::NotATokenAnswer);
}

/// D6: 30 seconds in all, however the answer drips. On a paused clock of the runtime nobody waits for it.
#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes the 30 seconds of the limit; run by `./dev test --faults`"]
async fn d6_an_answer_that_drips_is_given_up() {
    let answer = Answer::json(200, &json!({"access_token": "a"})).drip(1, Duration::from_secs(5));
    assert_eq!(refused(answer).await.code, ErrorCode::TimedOut);
}

/// D12: the server's words are data, and a secret that it echoes is not repeated.
#[tokio::test(flavor = "multi_thread")]
async fn d12_each_oauth_error_has_its_code() {
    for (error, status, code) in [
        ("invalid_grant", 400, ErrorCode::TokenRefused),
        ("invalid_client", 401, ErrorCode::ClientRefused),
        ("unauthorized_client", 400, ErrorCode::ClientRefused),
        ("invalid_request", 400, ErrorCode::AuthorizationRefused),
        ("unsupported_grant_type", 400, ErrorCode::AuthorizationRefused),
        ("invalid_scope", 400, ErrorCode::AuthorizationRefused),
        ("temporarily_unavailable", 503, ErrorCode::ServerFailed),
    ] {
        let body = json!({"error": error, "error_description": "<b>no</b>\r\nreally"});
        let found = refused(Answer::json(status, &body)).await;
        assert_eq!(found.code, code, "{error}");
        let description = found.oauth.unwrap().error_description.unwrap();
        assert!(!description.contains(['\r', '\n']));
    }
    assert_eq!(refused(Answer::new(500)).await.code, ErrorCode::ServerFailed);
    assert_eq!(refused(Answer::new(429).header("retry-after", "7")).await.code, ErrorCode::RateLimited);
}

/// A server that is not there is named.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_there_is_named() {
    let house = House::new();
    let server = FakeServer::start().await.unwrap();
    let connection = house.connect_to(&server);
    let address = server.address();
    drop(server);
    let error = paste(&house, &connection).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unreachable);
    assert!(error.message.contains(&address.to_string()), "{}", error.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn d11_a_code_whose_answer_was_lost_is_not_sent_again() {
    for lost in [Answer::raw(""), Answer::json(200, &json!({"access_token": "a"})).cut_after(8), Answer::new(503)] {
        let (house, server) = (House::with(Does::Nothing), FakeServer::start().await.unwrap());
        let path = "/auth/realms/Relay/protocol/openid-connect/token";
        server.always(path, lost);
        let connection = house.connect_to(&server);
        let login = house.start(&connection, "browser", ReceiveBy::Paste).await;
        let sent = url::Url::parse(&login.authorization_url).unwrap();
        let state = sent.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
        let redirect = format!("{}?code=a-code&state={state}", login.redirect_uri);
        let request = FinishLogin { login: login.id.clone(), redirect_url: Secret::new(redirect) };
        house.keydesk.finish_login(&request).unwrap();
        assert_eq!(house.outcome(&login).await.state, LoginState::Failed);
        // Nor does the same address, pasted once more, send it.
        assert!(house.keydesk.finish_login(&request).is_err());
        assert_eq!(server.received_at(path).len(), 1);
    }
}
