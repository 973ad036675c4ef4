//! What goes wrong is said, with what to do, and nothing typed is lost.

use std::net::TcpListener;
use std::time::Duration;

use keydesk_support::{App, AppOptions, BrowserShim, Desktop, DesktopOptions, Outcome, Query};
use serde_json::json;

use crate::pictures::looked_at;
use crate::stage::{SOON, Stage};

/// Opens the sandbox's ways in.
async fn choose_sandbox(stage: &Stage) -> Outcome {
    stage.app.click(&Query::pressable("Use the built-in sandbox")).await?;
    stage.app.text_appears("The sandbox runs on 127.0.0.1", SOON).await
}

/// A12: without a browser the link is there to copy.
#[tokio::test]
async fn a12_a_browser_that_does_not_start_leaves_a_link_to_copy() -> Outcome {
    let stage = Stage::with(DesktopOptions { browser: BrowserShim::Fails, ..DesktopOptions::default() }).await?;
    choose_sandbox(&stage).await?;
    stage.app.press_button("Log in with browser").await?;
    stage.app.text_appears("The browser could not be started", SOON).await?;
    stage.app.find(&Query::pressable("Copy the link")).await?;
    stage.app.press_button("Cancel").await?;
    stage.app.text_appears("Login cancelled", SOON).await
}

/// B4, B16: the port that is busy is named, pasting is offered, and a wrong paste keeps what was typed.
#[tokio::test]
async fn b4_a_busy_port_is_said_and_a_wrong_paste_keeps_what_was_typed() -> Outcome {
    // The legacy server's port is fixed.
    let _squatter = TcpListener::bind(("127.0.0.1", 8079))?;
    let stage = Stage::new().await?;
    choose_sandbox(&stage).await?;
    stage.app.click(&Query::tab("Browser, legacy server")).await?;
    stage.app.press_button("Log in with browser").await?;
    stage.app.text_appears("8079", SOON).await?;
    stage.app.press_button("Log in and paste the address instead").await?;
    let field = Query::field("Address you were sent to");
    stage.app.fill(&field, "only-a-code-1234").await?;
    stage.app.press_button("Finish the login").await?;
    stage.app.text_appears("does not belong to this login", SOON).await?;
    let typed = stage.app.find(&field).await?.prop("value").await?;
    assert_eq!(typed.as_deref(), Some("only-a-code-1234"));
    Ok(())
}

/// A form that is not filled is said at its field, and what was typed stays.
#[tokio::test]
async fn an_empty_device_list_is_said_at_its_field() -> Outcome {
    let stage = Stage::new().await?;
    let connection = stage.connect().await?;
    stage.log_in(&connection).await?;
    stage.open_first().await?;
    stage.app.click(&Query::tab("Actions")).await?;
    stage.app.press_button("Send trigger").await?;
    stage.app.fill(&Query::field("Key 1"), "room").await?;
    stage.app.press("Ctrl+Enter").await?;
    stage.app.text_appears("Devices: choose at least one", SOON).await?;
    let typed = stage.app.find(&Query::field("Key 1")).await?.prop("value").await?;
    assert_eq!(typed.as_deref(), Some("room"));
    assert!(stage.sandbox.triggers().is_empty());
    Ok(())
}

/// What it held is not in view any more: the window says so, and where it is.
#[tokio::test]
async fn f12_a_damaged_file_is_said_with_its_place_and_the_window_opens() -> Outcome {
    let desktop = Desktop::start(DesktopOptions::default())?;
    let home = desktop.root().join("keydesk");
    std::fs::create_dir_all(home.join("config"))?;
    std::fs::create_dir_all(home.join("data"))?;
    std::fs::write(home.join("config/settings.json"), "{\"theme\": \"da")?;
    for name in ["explorer.sqlite", "history.sqlite"] {
        std::fs::write(home.join("data").join(name), "no database at all")?;
    }
    let environment = vec![("KEYDESK_HOME".to_owned(), home.display().to_string())];
    let app = App::start_with(&desktop, AppOptions { environment, ..AppOptions::default() }).await?;
    app.text_appears("settings.json.broken", SOON).await?;
    app.text_appears("explorer.sqlite.broken", SOON).await?;
    looked_at(&app, "damaged-file").await?;
    app.press_button("Dismiss").await?;
    app.text_gone("settings.json.broken", SOON).await?;
    // This one is opened when it is needed first, and said at the next look, which is every twenty seconds.
    let query = json!({"connection": null, "search": "", "status": "any", "since": null, "before": null, "limit": 1});
    app.invoke("list_exchanges", json!({"query": query})).await?;
    app.text_appears("history.sqlite.broken", 2 * Duration::from_secs(20)).await
}
