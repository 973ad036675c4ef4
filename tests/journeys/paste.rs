//! Tokens that the person has already.

use std::collections::BTreeMap;

use keydesk_core::{ConnectionView, CopyForm, Error, ErrorCode, LogIn, Secret, TokenKind, TokenState};
use keydesk_support::{Answer, FakeServer};
use serde_json::json;

use crate::house::House;

async fn paste(
    house: &House,
    connection: &ConnectionView,
    login: &str,
    fields: &[(&str, &str)],
) -> Result<ConnectionView, Error> {
    let fields: BTreeMap<String, Secret> =
        fields.iter().map(|(name, value)| ((*name).to_owned(), Secret::new(*value))).collect();
    house
        .keydesk
        .log_in(LogIn { connection: connection.id.clone(), login: login.to_owned(), fields, keep: Vec::new() })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_refresh_token_is_tried_at_once_and_kept() {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    let body = json!({"access_token": "3c388bb1e69244ec2fc5e2209df3d1cc", "expires_in": 7200});
    server.always("/legacy/oauth2/token", Answer::json(200, &body));
    let connection = house.connect_to(&server);
    let view =
        paste(&house, &connection, "refresh_token", &[("token", " 8bf427df18d88ce4e16ea812b9d0000 \n")]).await.unwrap();
    assert_eq!(view.token.state, TokenState::Fresh);
    assert!(view.token.has_refresh_token);
    let received = server.received_at("/legacy/oauth2/token");
    assert_eq!(received[0].form_field("refresh_token").as_deref(), Some("8bf427df18d88ce4e16ea812b9d0000"));
    assert_eq!(received[0].form_field("client_id").as_deref(), Some("RJZKRhh9"));
    assert_eq!(received[0].form_field("grant_type").as_deref(), Some("refresh_token"));
    // The refresh token that was pasted is used again, since the server gave no other (E4).
    house.keydesk.renew_token(&connection.id).await.unwrap();
    let received = server.received_at("/legacy/oauth2/token");
    assert_eq!(received[1].form_field("refresh_token"), received[0].form_field("refresh_token"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_of_the_other_server_is_tried_there() {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    let path = "/auth/realms/Relay/protocol/openid-connect/token";
    server.always(path, Answer::json(200, &json!({"access_token": "a", "refresh_token": "rotated"})));
    let connection = house.connect_to(&server);
    paste(&house, &connection, "refresh_token", &[("token", "jwt"), ("source", "current")]).await.unwrap();
    assert_eq!(server.received_at(path).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_access_token_is_used_until_it_ends_and_then_asks_for_another() {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    let connection = house.connect_to(&server);
    let view = paste(&house, &connection, "access_token", &[("token", "Bearer 3c388bb1e69244ec2fc5e2209df3d1cc")])
        .await
        .unwrap();
    assert_eq!(view.token.state, TokenState::Fresh);
    assert!(!view.token.renewable);
    let copied = house.keydesk.copy_token(&connection.id, CopyForm::Header).await.unwrap();
    assert_eq!(copied.expose(), "Authorization: Bearer 3c388bb1e69244ec2fc5e2209df3d1cc");
    let details = house.keydesk.read_token(&connection.id).await.unwrap();
    assert_eq!(details.access_token.unwrap().kind, TokenKind::Opaque);
    house.clock.forward(7200);
    assert_eq!(house.view(&connection).token.state, TokenState::LoginNeeded);
    let refused = house.keydesk.copy_token(&connection.id, CopyForm::Token).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::LoginNeeded);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_token_names_its_field_and_sends_nothing() {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    let connection = house.connect_to(&server);
    for login in ["access_token", "refresh_token"] {
        for typed in ["", "  ", "two words", "line\nbreak", "Bearer "] {
            let error = paste(&house, &connection, login, &[("token", typed)]).await.unwrap_err();
            assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidInput, Some("token")), "{typed:?}");
        }
    }
    assert!(server.received().is_empty());
    assert_eq!(house.view(&connection).token.state, TokenState::None);
}

#[tokio::test(flavor = "multi_thread")]
async fn d12_a_refused_refresh_token_says_so_and_keeps_nothing() {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    server.always("/legacy/oauth2/token", Answer::json(400, &json!({"error": "invalid_grant"})));
    let connection = house.connect_to(&server);
    let error = paste(&house, &connection, "refresh_token", &[("token", "8bf427df18d88")]).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::TokenRefused);
    assert_eq!(house.view(&connection).token.state, TokenState::None);
}
