//! Copying a token.

use std::time::Duration;

use keydesk_support::{Outcome, wait_for};
use serde_json::json;

use crate::stage::{SOON, Stage};

fn clipboard(stage: &Stage) -> String {
    let output = stage.desktop.command("xclip").args(["-selection", "clipboard", "-out"]).output().unwrap();
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// So long that one can look at the clipboard before, on a busy machine too.
const CLEARED_AFTER: u64 = 5;

/// F8: the token on the clipboard is the live one, and is taken off again unless something else is there by then.
#[tokio::test]
async fn f8_a_copied_token_is_taken_off_the_clipboard_again() -> Outcome {
    let stage = Stage::new().await?;
    let connection = stage.connect().await?;
    stage.log_in(&connection).await?;
    let mut settings = stage.app.invoke("read_settings", json!({})).await?;
    settings["clear_clipboard_seconds"] = json!(CLEARED_AFTER);
    stage.app.invoke("save_settings", json!({"settings": settings})).await?;
    let token = stage.app.invoke("reveal_token", json!({"connection": connection})).await?;
    let token = token.as_str().unwrap();

    stage.app.invoke("copy_token", json!({"connection": connection, "form": "header"})).await?;
    assert_eq!(clipboard(&stage), format!("Authorization: Bearer {token}"));
    let cleared = async || (!clipboard(&stage).contains(token)).then_some(());
    wait_for(cleared, SOON, "the clipboard to be cleared").await?;

    stage.app.invoke("copy_token", json!({"connection": connection, "form": "token"})).await?;
    assert_eq!(clipboard(&stage), token);
    stage.app.invoke("copy_text", json!({"text": "something else"})).await?;
    tokio::time::sleep(Duration::from_secs(CLEARED_AFTER + 1)).await;
    assert_eq!(clipboard(&stage), "something else");
    Ok(())
}
