//! Against `oidc-provider`, a certified authorization server that rotates refresh tokens and detects their reuse.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use keydesk_support::{Outcome, SystemBrowser, repository};
use serde_json::{Value, json};

use crate::stage::Stage;

struct Certified {
    process: Child,
    issuer: String,
}

impl Certified {
    fn start() -> Self {
        let mut process = Command::new("node")
            .arg("server.mjs")
            .current_dir(repository().join("tests/support/oidc"))
            // It ends when this pipe closes, also when the test dies.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let ready: Value = serde_json::from_str(&line).unwrap();
        Self { process, issuer: ready["issuer"].as_str().unwrap().to_owned() }
    }

    async fn counts(&self) -> Value {
        reqwest::get(format!("{}/test/counts", self.issuer)).await.unwrap().json().await.unwrap()
    }
}

impl Drop for Certified {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn the_app_logs_in_refreshes_with_rotation_and_survives_the_strictness_of_a_certified_server() -> Outcome {
    let server = Certified::start();
    let stage = Stage::new().await?;
    let mut parameters = stage.parameters();
    parameters.insert("auth_url".to_owned(), server.issuer.clone());
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
    let counts = server.counts().await;
    // The sandbox's API does not know this server's tokens: a list that the window asks for there renews too.
    assert!(counts["refresh_token"].as_u64() >= Some(4), "{counts}");
    assert_eq!(counts["errors"], json!({}), "{counts}");
    assert_eq!(counts["authorization_code"], 1, "{counts}");
    assert_eq!(counts["revoked_families"].as_u64().unwrap_or(0), 0, "{counts}");
    Ok(())
}
