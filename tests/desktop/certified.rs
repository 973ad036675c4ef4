//! Against `oidc-provider`, a certified authorization server that rotates refresh tokens and detects their reuse.

use keydesk_support::{Certified, Outcome, SystemBrowser};
use serde_json::json;

use crate::stage::Stage;

#[tokio::test]
async fn the_app_logs_in_refreshes_with_rotation_and_survives_the_strictness_of_a_certified_server() -> Outcome {
    let server = Certified::start()?;
    let stage = Stage::new().await?;
    let mut parameters = stage.parameters();
    parameters.insert("auth_url".to_owned(), server.issuer().to_owned());
    let connection = stage.connect_with(parameters).await?;
    let browser = SystemBrowser::start(&stage.desktop).await?;
    stage.log_in_with(&browser, &connection).await?;
    stage.token_is(&connection, "fresh").await?;
    for _ in 0..3 {
        stage.app.invoke("renew_token", json!({"connection": connection})).await?;
    }
    // What was kept is the newest: after a restart it still refreshes.
    let stage = stage.again().await?;
    stage.token_is(&connection, "fresh").await?;
    stage.app.invoke("renew_token", json!({"connection": connection})).await?;
    let counts = server.counts().await?;
    // The sandbox's API does not know this server's tokens: a list that the window asks for there renews too.
    assert!(counts["refresh_token"].as_u64() >= Some(4), "{counts}");
    assert_eq!(counts["errors"], json!({}), "{counts}");
    assert_eq!(counts["authorization_code"], 1, "{counts}");
    assert_eq!(counts["revoked_families"].as_u64().unwrap_or(0), 0, "{counts}");
    Ok(())
}
