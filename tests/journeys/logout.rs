//! Logging out: what the server confirmed, what it did not, and that nothing is kept here either way.

use keydesk_core::{ActionRequest, ActivityEvent, LogIn, Revoked, RunOptions, Secret, TokenState};
use keydesk_sandbox::Sandbox;
use keydesk_support::{Answer, FakeServer};
use serde_json::json;
use tokio::sync::watch;

use crate::house::{House, TOKEN_PATH, client, over};
use crate::logins::sandbox;

/// Whether the sandbox still lets a token in.
async fn is_alive(sandbox: &Sandbox, path: &str, header: &str, value: String) -> bool {
    let answer = client().get(format!("{}{path}", sandbox.url())).header(header, value).header("user-agent", "test");
    answer.send().await.unwrap().status() == 200
}

#[tokio::test(flavor = "multi_thread")]
async fn e14_what_a_server_can_end_is_ended_there_refresh_tokens_first() {
    let sandbox = sandbox().await;
    for (provider, login, ended, path, header, prefix) in [
        ("relay", "browser", vec![Revoked::Session], "/relay/api/ibot/authz_context", "authorization", "Bearer "),
        ("wazo", "online", vec![Revoked::AccessToken], "/wazo/api/auth/0.1/users/me/tokens", "x-auth-token", ""),
        (
            "wazo",
            "offline",
            vec![Revoked::RefreshToken, Revoked::AccessToken],
            "/wazo/api/auth/0.1/users/me/tokens",
            "x-auth-token",
            "",
        ),
        (
            "another-api",
            "browser",
            vec![Revoked::RefreshToken, Revoked::AccessToken],
            "/oauth/api/me",
            "authorization",
            "Bearer ",
        ),
        (
            "another-api",
            "client_credentials",
            vec![Revoked::AccessToken],
            "/oauth/api/things",
            "authorization",
            "Bearer ",
        ),
    ] {
        let house = House::new();
        let connection = house.connect_at(&sandbox, provider);
        house.log_in_at(&sandbox, &connection, login).await;
        let token = house.keydesk.reveal_token(&connection.id).await.unwrap();
        let value = format!("{prefix}{}", token.expose());
        assert!(is_alive(&sandbox, path, header, value.clone()).await, "{provider} {login}");
        let view = house.keydesk.log_out(&connection.id).await.unwrap();
        assert_eq!(view.at_server.revoked, ended, "{provider} {login}: {:?}", view.at_server);
        assert!(!is_alive(&sandbox, path, header, value).await, "{provider} {login}");
        assert_eq!(view.connection.token.state, TokenState::None);
        let activity = house.activity(&connection).await;
        assert!(activity.contains(&ActivityEvent::TokenRevoked { what: ended[0] }), "{provider} {login}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn e14_a_server_that_does_not_answer_is_said_to_have_a_living_token_and_nothing_stays_here() {
    let (sandbox, house) = (sandbox().await, House::new());
    let connection = house.connect_at(&sandbox, "another-api");
    house.log_in_at(&sandbox, &connection, "browser").await;
    sandbox.fail_next("/oauth/revoke", 503, "{}", 2);
    let view = house.keydesk.log_out(&connection.id).await.unwrap();
    assert_eq!(view.at_server.revoked, [Revoked::AccessToken]);
    assert_eq!(view.at_server.not_revoked.len(), 1);
    assert_eq!(view.at_server.not_revoked[0].what, Revoked::RefreshToken);
    assert_eq!(view.connection.token.state, TokenState::None);
    // Busy for a moment only.
    house.log_in_at(&sandbox, &connection, "browser").await;
    sandbox.fail_next("/oauth/revoke", 503, "{}", 1);
    let view = house.keydesk.log_out(&connection.id).await.unwrap();
    assert_eq!(view.at_server.revoked, [Revoked::RefreshToken, Revoked::AccessToken]);
    // Offline.
    house.log_in_at(&sandbox, &connection, "browser").await;
    sandbox.stop().await;
    let view = house.keydesk.log_out(&connection.id).await.unwrap();
    assert_eq!((view.at_server.revoked.len(), view.at_server.not_revoked.len()), (0, 2));
    assert_eq!(view.connection.token.state, TokenState::None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_a_way_to_end_a_token_is_told_nothing() {
    let (sandbox, house) = (sandbox().await, House::new());
    let connection = house.connect_at(&sandbox, "image-relay");
    house.log_in_at(&sandbox, &connection, "api_key").await;
    let before = sandbox.count(TOKEN_PATH);
    let view = house.keydesk.log_out(&connection.id).await.unwrap();
    assert!(view.at_server.revoked.is_empty() && view.at_server.not_revoked.is_empty());
    assert_eq!(sandbox.count(TOKEN_PATH), before);
}

/// An answer that comes when all is forgotten, and repeats the token, as some servers do in an error.
#[tokio::test(flavor = "multi_thread")]
async fn f9_what_a_server_repeats_after_a_log_out_is_masked_too() {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    let tokens = json!({"access_token": "canary-access-token", "expires_in": 7200});
    server.always("/legacy/oauth2/token", Answer::json(200, &tokens));
    let (open, until) = watch::channel(false);
    let echo = Answer::json(403, &json!({"message": "canary-access-token is bad"}));
    server.always("/api/ibot/authz_context", echo.held(&until));
    let connection = house.connect_to(&server);
    let fields = [("token".to_owned(), Secret::new("first-refresh-token"))].into();
    let login = "refresh_token".to_owned();
    house.keydesk.log_in(LogIn { connection: connection.id.clone(), login, fields, keep: Vec::new() }).await.unwrap();
    let request = ActionRequest {
        connection: connection.id.clone(),
        action: "workflows".to_owned(),
        values: [].into(),
        rows: None,
    };
    let keydesk = house.keydesk.clone();
    let run = tokio::spawn(async move {
        let started = keydesk.start_run(request, &RunOptions::default()).await.unwrap();
        over(&keydesk, started).await
    });
    while !server.received().iter().any(|request| request.path.ends_with("authz_context")) {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    house.keydesk.log_out(&connection.id).await.unwrap();
    open.send(true).unwrap();
    let run = format!("{:?}", run.await.unwrap());
    assert!(run.contains("is bad") && !run.contains("canary"), "{run}");
}
