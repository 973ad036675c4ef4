//! Tokens that the person has already, pasted in the window.

use keydesk_support::{Answer, FakeServer, Outcome, Query};
use serde_json::json;

use crate::stage::{SOON, Stage};

/// Opens the ways in of a connection whose servers all are the test's own.
async fn ways_in(stage: &Stage, server: &FakeServer) -> Outcome<String> {
    let mut parameters = stage.parameters();
    for name in ["api_url", "auth_url", "legacy_auth_url"] {
        parameters.insert(name.to_owned(), server.url("").trim_end_matches('/').to_owned());
    }
    server.always("/oauth2/validate", Answer::json(200, &json!({"given_name": "Alice", "family_name": "Rodriguez"})));
    let connection = stage.connect_with(parameters).await?;
    stage.open_first().await?;
    stage.app.text_appears("Not logged in", SOON).await?;
    stage.app.press_button("Log in").await?;
    Ok(connection)
}

#[tokio::test]
async fn a_pasted_refresh_token_logs_in_and_a_refused_one_stays_in_its_field() -> Outcome {
    let (stage, server) = (Stage::new().await?, FakeServer::start().await?);
    server.answer("/oauth2/token", Answer::json(400, &json!({"error": "invalid_grant"})));
    server.always(
        "/oauth2/token",
        Answer::json(200, &json!({"access_token": "opaque-access-token-1", "expires_in": 7200})),
    );
    let connection = ways_in(&stage, &server).await?;
    stage.app.click(&Query::tab("Refresh token")).await?;
    let field = Query::new(keydesk_support::Role::Field, "Refresh token").within("[role=dialog]");
    stage.app.fill(&field, "8bf427df18d88ce4e16ea812b9d0000").await?;
    stage.app.press_button("Use this refresh token").await?;
    stage.app.text_appears("The server did not take it", SOON).await?;
    let typed = stage.app.find(&field).await?.prop("value").await?;
    assert_eq!(typed.as_deref(), Some("8bf427df18d88ce4e16ea812b9d0000"), "nothing typed is lost");
    stage.app.press_button("Use this refresh token").await?;
    stage.token_is(&connection, "fresh").await?;
    stage.app.text_appears("Logged in as Alice Rodriguez", SOON).await
}

/// An opaque token is no error in the token view.
#[tokio::test]
async fn a_pasted_access_token_is_shown_as_opaque_and_cannot_be_renewed() -> Outcome {
    let (stage, server) = (Stage::new().await?, FakeServer::start().await?);
    let connection = ways_in(&stage, &server).await?;
    stage.app.click(&Query::tab("Access token")).await?;
    let field = Query::new(keydesk_support::Role::Field, "Access token").within("[role=dialog]");
    stage.app.fill(&field, "Bearer 3c388bb1e69244ec2fc5e2209df3d1cc").await?;
    stage.app.press_button("Use this access token").await?;
    stage.token_is(&connection, "fresh").await?;
    stage.app.click(&Query::tab("Token")).await?;
    stage.app.text_appears("An opaque token", SOON).await?;
    stage.app.axe_finds_nothing("opaque token").await
}
