//! Servers that are away for a time, or have moved: what is live is used, nothing is lost, and it goes on by itself.

use std::collections::BTreeMap;

use keydesk_core::{
    ActivityEvent, AddConnection, ConnectionView, CopyForm, Error, ErrorCode, LogIn, RenewalCause, Secret, TokenState,
};
use keydesk_support::{Answer, FakeServer};
use serde_json::json;

use crate::house::{Does, House};

const TOKEN: &str = "/legacy/oauth2/token";

fn pair(number: u32) -> Answer {
    let (access, refresh) = (format!("access-token-{number}"), format!("refresh-token-{number}"));
    Answer::json(200, &json!({"access_token": access, "refresh_token": refresh, "expires_in": 7200}))
}

async fn logged_in() -> (House, FakeServer, ConnectionView) {
    let (house, server) = (House::with(Does::Nothing), FakeServer::start().await.unwrap());
    server.always("/legacy/oauth2/validate", Answer::json(200, &json!({"given_name": "Alice"})));
    server.answer(TOKEN, pair(0));
    let connection = house.connect_to(&server);
    let fields = [("token".to_owned(), Secret::new("refresh-token-pasted"))].into();
    let login = "refresh_token".to_owned();
    house.keydesk.log_in(LogIn { connection: connection.id.clone(), login, fields, keep: Vec::new() }).await.unwrap();
    (house, server, connection)
}

async fn token(house: &House, connection: &ConnectionView) -> Result<String, Error> {
    let token = house.keydesk.copy_token(&connection.id, CopyForm::Token).await?;
    Ok(token.expose().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn e7_while_a_server_is_away_the_live_token_is_used_and_when_it_is_back_it_is_renewed_by_itself() {
    let (house, server, connection) = logged_in().await;
    let address = server.address();
    drop(server);
    // Some minutes before its end: it is renewed ahead, in vain.
    house.clock.forward(6990);
    house.keydesk.renew_ahead().await;
    let view = house.view(&connection).token;
    let error = view.last_error.unwrap();
    assert_eq!(error.code, ErrorCode::Unreachable);
    assert!(error.message.contains("refused"), "{}", error.message);
    assert!(view.renews_at.is_some(), "it says when it is tried again");
    assert_eq!(token(&house, &connection).await.unwrap(), "access-token-0");
    // Again and again, later each time, and nothing else changes.
    for _ in 0..5 {
        house.clock.forward(20);
        house.keydesk.renew_ahead().await;
    }
    let failed = |event: &ActivityEvent| {
        matches!(event, ActivityEvent::RenewalFailed { cause: RenewalCause::Ahead, code: ErrorCode::Unreachable })
    };
    let tries = house.activity(&connection).await.iter().filter(|event| failed(event)).count();
    assert!((3..=5).contains(&tries), "{tries}");
    let server = FakeServer::start_at(address).await.unwrap();
    server.answer(TOKEN, pair(1));
    house.clock.forward(300);
    house.keydesk.renew_ahead().await;
    let view = house.view(&connection).token;
    assert_eq!((view.state, view.last_error), (TokenState::Fresh, None));
    assert_eq!(token(&house, &connection).await.unwrap(), "access-token-1");
    let sent: Vec<_> = server.received_at(TOKEN).iter().map(|it| it.form_field("refresh_token").unwrap()).collect();
    assert_eq!(sent, ["refresh-token-0"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn e7_over_and_the_server_away_the_next_call_after_it_is_back_renews_and_goes_through() {
    let (house, server, connection) = logged_in().await;
    let address = server.address();
    drop(server);
    house.clock.forward(7200);
    for _ in 0..3 {
        assert_eq!(token(&house, &connection).await.unwrap_err().code, ErrorCode::Unreachable);
    }
    let server = FakeServer::start_at(address).await.unwrap();
    server.answer(TOKEN, pair(1));
    house.clock.forward(10);
    assert_eq!(token(&house, &connection).await.unwrap(), "access-token-1");
    assert_eq!(server.received_at(TOKEN).len(), 1);
}

/// An authorization server by discovery, with its token endpoint here.
fn publish(server: &FakeServer, token_endpoint: &str) {
    let issuer = server.url("");
    let metadata = json!({
        "issuer": issuer, "authorization_endpoint": format!("{issuer}/authorize"), "token_endpoint": token_endpoint,
        "response_types_supported": ["code"],
    });
    for path in ["/.well-known/openid-configuration", "/.well-known/oauth-authorization-server"] {
        server.always(path, Answer::json(200, &metadata));
    }
}

async fn log_in_as_program(house: &House, connection: &ConnectionView, issuer: &str) -> Result<(), Error> {
    let fields = [
        ("issuer", issuer),
        ("client_id", "program"),
        ("client_authentication", "basic"),
        ("client_secret", "secret-of-the-client-0123"),
    ];
    let fields = fields.map(|(name, value)| (name.to_owned(), Secret::new(value))).into();
    let keep = vec!["client_secret".to_owned()];
    let login = LogIn { connection: connection.id.clone(), login: "client_credentials".to_owned(), fields, keep };
    house.keydesk.log_in(login).await.map(drop)
}

/// The token endpoint has moved, to another path or to another server.
#[tokio::test(flavor = "multi_thread")]
async fn f2_an_authorization_server_that_moves_its_endpoint_gets_no_secret_there_before_the_next_login() {
    let (house, server) = (House::with(Does::Nothing), FakeServer::start().await.unwrap());
    let elsewhere = FakeServer::start().await.unwrap();
    let parameters = BTreeMap::from([("base_url".to_owned(), server.url(""))]);
    let provider = "another-api".to_owned();
    let add = AddConnection { provider, label: None, parameters, ca: None, sandbox: false };
    let connection = house.keydesk.add_connection(add).unwrap();
    publish(&server, &server.url("/token"));
    server.always("/token", pair(0));
    log_in_as_program(&house, &connection, &server.url("")).await.unwrap();

    // Gone here, there elsewhere.
    server.always("/token", Answer::new(404));
    elsewhere.always("/token", pair(1));
    publish(&server, &elsewhere.url("/token"));
    house.clock.forward(7200);
    let error = token(&house, &connection).await.unwrap_err();
    assert_eq!((error.code, error.status), (ErrorCode::NotFound, Some(404)), "{error:?}");
    assert!(elsewhere.received().is_empty());
    assert_eq!(house.view(&connection).token.state, TokenState::Expired, "the login is not over");

    // Back again, it goes on; and a login takes what is published now.
    server.always("/token", pair(2));
    house.clock.forward(10);
    assert_eq!(token(&house, &connection).await.unwrap(), "access-token-2");
    log_in_as_program(&house, &connection, &server.url("")).await.unwrap();
    assert_eq!(token(&house, &connection).await.unwrap(), "access-token-1");
    assert_eq!(elsewhere.received_at("/token").len(), 1);
}

/// Its issuer has another name: that is another server, whoever says so.
#[tokio::test(flavor = "multi_thread")]
async fn a9_an_issuer_that_changes_its_name_ends_no_login_and_begins_none() {
    let (house, server) = (House::with(Does::Nothing), FakeServer::start().await.unwrap());
    let parameters = BTreeMap::from([("base_url".to_owned(), server.url(""))]);
    let provider = "another-api".to_owned();
    let add = AddConnection { provider, label: None, parameters, ca: None, sandbox: false };
    let connection = house.keydesk.add_connection(add).unwrap();
    publish(&server, &server.url("/token"));
    server.always("/token", pair(0));
    log_in_as_program(&house, &connection, &server.url("")).await.unwrap();
    let renamed = json!({"issuer": "https://other.example", "token_endpoint": "https://other.example/token"});
    server.always("/.well-known/openid-configuration", Answer::json(200, &renamed));
    server.always("/.well-known/oauth-authorization-server", Answer::json(200, &renamed));
    let error = log_in_as_program(&house, &connection, &server.url("")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::IssuerWrong, "{error:?}");
    house.clock.forward(7200);
    server.always("/token", pair(1));
    assert_eq!(token(&house, &connection).await.unwrap(), "access-token-1", "what was there goes on");
}
