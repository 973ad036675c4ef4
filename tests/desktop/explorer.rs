//! The explorer in the window, against the sandbox.

use std::time::Duration;

use keydesk_support::{Outcome, Query, Role, wait_until};
use serde_json::{Value, json};

use crate::pictures::looked_at;
use crate::stage::{SOON, Stage};

/// A little after what was typed last is kept.
const KEPT: Duration = Duration::from_secs(5);

/// At the explorer of a connection that is logged in.
async fn explore(stage: &Stage) -> Outcome<String> {
    let connection = stage.enter("image-relay", "api_key").await?;
    stage.open_first().await?;
    stage.app.press("Ctrl+2").await?;
    stage.app.find(&Query::button("GET /users/me")).await?;
    Ok(connection)
}

async fn drafts(stage: &Stage, connection: &str) -> Outcome<Vec<Value>> {
    let drafts = stage.app.invoke("list_drafts", json!({"connection": connection})).await?;
    Ok(drafts.as_array().cloned().unwrap_or_default())
}

#[tokio::test]
async fn an_endpoint_of_the_catalogue_is_filled_in_and_answered() -> Outcome {
    let stage = Stage::new().await?;
    explore(&stage).await?;
    stage.app.press("Ctrl+F").await?;
    stage.app.focus_on("Filter").await?;
    stage.app.type_text("/folders/{folder_id}/files").await?;
    stage.app.press("Enter").await?;
    stage.app.fill(&Query::field("Parameter folder_id"), "3001").await?;
    stage.app.press("Ctrl+Enter").await?;
    stage.app.text_appears("200 OK", SOON).await?;
    looked_at(&stage.app, "explorer-answer").await?;
    stage.app.click(&Query::tab("Path and query")).await?;
    stage.app.click(&Query::pressable("What will be sent")).await?;
    stage.app.text_appears("/folders/3001/files", SOON).await?;
    looked_at(&stage.app, "explorer-request").await?;
    stage.app.click(&Query::tab("Body")).await?;
    stage.app.call("input[name=body-kind][value=json]", "click").await?;
    stage.app.click(&Query::field("Body as JSON")).await?;
    stage.app.type_text("[1,").await?;
    stage.app.text_appears("This is not valid JSON: line 1", SOON).await?;
    looked_at(&stage.app, "explorer-body").await
}

#[tokio::test]
async fn a10_what_describes_an_endpoint_opens_in_the_systems_browser() -> Outcome {
    let stage = Stage::new().await?;
    explore(&stage).await?;
    stage.app.click(&Query::button("GET /users/me")).await?;
    stage.app.press_button("Documentation at github.com").await?;
    let opened = stage.desktop.opened_url(SOON).await?;
    assert_eq!(opened, "https://github.com/imagerelay/API/blob/master/sections/users.md");
    Ok(())
}

#[tokio::test]
async fn what_was_typed_in_a_request_survives_a_restart() -> Outcome {
    let stage = Stage::new().await?;
    let connection = explore(&stage).await?;
    stage.app.press("Ctrl+T").await?;
    stage.app.focus_on("Address").await?;
    stage.app.type_text("/files/7").await?;
    let kept = async || {
        let drafts = drafts(&stage, &connection).await.unwrap_or_default();
        drafts.iter().any(|draft| draft["request"]["url"] == "/files/7")
    };
    wait_until(kept, KEPT, "the request to be kept").await?;
    let stage = stage.again().await?;
    stage.open_first().await?;
    stage.app.press("Ctrl+2").await?;
    stage.app.find(&Query::button("GET /files/7")).await?;
    let address = stage.app.find(&Query::field("Address")).await?;
    assert_eq!(address.prop("value").await?.as_deref(), Some("/files/7"));
    Ok(())
}

#[tokio::test]
async fn a_pasted_curl_command_becomes_a_request_without_its_token() -> Outcome {
    let stage = Stage::new().await?;
    let connection = explore(&stage).await?;
    stage.app.press_button("More for the catalogue").await?;
    stage.app.click(&Query::new(Role::MenuItem, "Paste a cURL command...")).await?;
    let command = format!(
        "curl '{}/image-relay/api/v2/users/me?a=b' \\\n  -H 'Authorization: Bearer not-a-token-of-anyone' -H 'X-One: 1'",
        stage.sandbox.url().trim_end_matches('/')
    );
    stage.paste(&Query::field("Command"), &command).await?;
    stage.app.press("Ctrl+Enter").await?;
    stage.app.text_appears("Authorization was left out", SOON).await?;
    looked_at(&stage.app, "explorer-curl").await?;
    stage.app.press("Ctrl+Enter").await?;
    stage.app.text_appears("200 OK", SOON).await?;
    let drafts = drafts(&stage, &connection).await?;
    assert!(!Value::from(drafts).to_string().contains("not-a-token-of-anyone"));
    Ok(())
}

#[tokio::test]
async fn h2_another_server_is_asked_about_by_its_name_and_never_sees_the_token() -> Outcome {
    let stage = Stage::new().await?;
    explore(&stage).await?;
    let elsewhere = keydesk_sandbox::Sandbox::start(keydesk_sandbox::Options::default()).await?;
    let address = format!("{}/image-relay/api/v2/users/me", elsewhere.url().trim_end_matches('/'));
    stage.app.press("Ctrl+T").await?;
    stage.app.fill(&Query::field("Address"), &address).await?;
    stage.app.press("Ctrl+Enter").await?;
    let host = address.split('/').nth(2).unwrap();
    stage.app.text_appears(&format!("Send to {host}?"), SOON).await?;
    looked_at(&stage.app, "explorer-elsewhere").await?;
    stage.app.press_button(&format!("Send to {host}")).await?;
    // The other one is the same API: it lets nobody in without a token.
    stage.app.text_appears("401", SOON).await?;
    elsewhere.stop().await;
    Ok(())
}
