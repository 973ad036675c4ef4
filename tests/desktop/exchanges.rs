//! What was exchanged with servers, in the window: found again by a word of an answer, compared, sent again, handed on.

use std::path::PathBuf;

use keydesk_support::{Outcome, Query, Role, wait_for};
use serde_json::{Value, json};

use crate::pictures::looked_at;
use crate::stage::{SOON, Stage};

const FIRST: &str = "Lobby in winter";
const SECOND: &str = "Lobby in summer";

/// At the exchanges of a connection whose form was sent twice.
async fn exchanged() -> Outcome<Stage> {
    let stage = Stage::new().await?;
    stage.enter("image-relay", "api_key").await?;
    stage.open_first().await?;
    stage.app.press_button("Create folder at the top").await?;
    for name in [FIRST, SECOND] {
        stage.app.fill(&Query::field("Name"), name).await?;
        stage.app.press("Ctrl+Enter").await?;
        kept(&stage, name).await?;
    }
    stage.app.press("Ctrl+4").await?;
    stage.app.click(&Query::tab("Exchanges")).await?;
    Ok(stage)
}

/// Waits until a form with this in it was answered and is kept.
async fn kept(stage: &Stage, words: &str) -> Outcome {
    let query =
        json!({"connection": null, "search": words, "status": "good", "since": null, "before": null, "limit": 9});
    let found = async || {
        let rows = stage.app.invoke("list_exchanges", json!({"query": query})).await.ok()?;
        rows.as_array()?.iter().any(|row| row["method"] == "POST").then_some(())
    };
    wait_for(found, SOON, &format!("{words} to be kept")).await
}

/// Searches, and opens the form's exchange.
async fn open(stage: &Stage, words: &str) -> Outcome {
    stage.app.press("Ctrl+F").await?;
    stage.app.fill(&Query::field("Search the exchanges"), words).await?;
    // The one that was looked at before may still stand there.
    let narrowed = async || {
        let shown = "return [...document.querySelectorAll('[role=option]')].map((row) => row.ariaSelected)";
        (stage.app.execute(shown, vec![]).await.ok()? == json!(["false"])).then_some(())
    };
    wait_for(narrowed, SOON, "another exchange alone to be found").await?;
    stage.app.click(&Query::option("POST")).await?;
    stage.app.text_appears(&format!("\"{words}\""), SOON).await
}

#[tokio::test]
async fn an_exchange_is_found_by_a_word_of_its_answer_and_sent_again_from_the_explorer() -> Outcome {
    let stage = exchanged().await?;
    looked_at(&stage.app, "exchanges").await?;
    open(&stage, SECOND).await?;
    looked_at(&stage.app, "exchange").await?;
    stage.app.press("Ctrl+Enter").await?;
    stage.app.find(&Query::field("Address")).await?;
    stage.app.press("Ctrl+Enter").await?;
    stage.app.text_appears("201", SOON).await
}

#[tokio::test]
async fn two_exchanges_are_compared_line_by_line() -> Outcome {
    let stage = exchanged().await?;
    open(&stage, FIRST).await?;
    stage.app.press("Ctrl+D").await?;
    open(&stage, SECOND).await?;
    stage.app.press("Ctrl+D").await?;
    stage.app.text_appears("Compared", SOON).await?;
    stage.app.press("Ctrl+G").await?;
    stage.app.text_appears("Difference 1 of", SOON).await?;
    looked_at(&stage.app, "exchanges-compared").await
}

#[tokio::test]
async fn f10_exchanges_are_handed_on_without_their_bodies_unless_the_person_says_so() -> Outcome {
    let stage = exchanged().await?;
    let redacted = export(&stage, false).await?;
    assert!(redacted.contains("\"POST\"") && !redacted.contains(FIRST));
    let whole = export(&stage, true).await?;
    assert!(whole.contains(FIRST) && whole.contains(SECOND));
    let har: Value = serde_json::from_str(&whole)?;
    assert_eq!(har["log"]["version"], "1.2");
    Ok(())
}

/// The file that is written.
async fn export(stage: &Stage, whole: bool) -> Outcome<String> {
    stage.app.press("Ctrl+E").await?;
    stage.app.find(&Query::dialog("Export as HAR")).await?;
    if whole {
        stage.app.click(&Query::new(Role::Checkbox, "With bodies and values")).await?;
        looked_at(&stage.app, "exchanges-export").await?;
    }
    stage.app.press("Ctrl+Enter").await?;
    stage.app.text_appears("Exported to", SOON).await?;
    let said = stage.app.text().await?;
    let path = said.rsplit("Exported to ").next().and_then(|rest| rest.split(".har").next()).unwrap();
    let path = PathBuf::from(format!("{path}.har"));
    assert!(path.starts_with(stage.desktop.root()), "{} is the person's own", path.display());
    stage.app.press_button("Dismiss").await?;
    Ok(std::fs::read_to_string(path)?)
}
