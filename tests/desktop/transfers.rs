//! Files in the window: chosen in the system's own dialog, sent and fetched as one can see it.

use std::path::PathBuf;

use keydesk_support::{Outcome, Query, wait_until};
use serde_json::{Value, json};

use crate::pictures::{dress, picture};
use crate::stage::{SOON, Stage};
use crate::typing::Keyboard;

/// A little more than two pieces.
const SIZE: usize = 11_000_000;

/// One of the library that the sandbox plays.
const ASSET: &str = "Hillside 001.jpg";

/// A file that lies in the person's home.
fn file(stage: &Stage) -> PathBuf {
    let path = stage.desktop.home().join("lobby-winter.jpg");
    std::fs::write(&path, vec![7_u8; SIZE]).unwrap();
    path
}

async fn transfers(stage: &Stage) -> Outcome<Vec<Value>> {
    let all = stage.app.invoke("list_transfers", json!({"connection": null})).await?;
    Ok(all.as_array().unwrap().clone())
}

async fn reaches(stage: &Stage, state: &str) -> Outcome<Value> {
    let is = async || transfers(stage).await.is_ok_and(|all| all.first().is_some_and(|one| one["state"] == state));
    let reached = wait_until(is, SOON, &format!("the transfer to be {state}")).await;
    stage.app.or_testify(reached).await?;
    Ok(transfers(stage).await?.remove(0))
}

async fn open_upload(stage: &Stage) -> Outcome {
    stage.enter("image-relay", "api_key").await?;
    stage.open_first().await?;
    stage.app.press_button("Upload a file").await?;
    stage.app.find(&Query::heading("Upload a file")).await?;
    Ok(())
}

/// The form of an upload, with a file chosen in the system's own dialog.
async fn fill_in(stage: &Stage) -> Outcome {
    let path = file(stage);
    open_upload(stage).await?;
    stage.app.choose(&Query::field("Folder"), "").await?;
    stage.app.choose(&Query::field("File type"), "").await?;
    let keyboard = Keyboard::at(&stage.desktop);
    stage.app.press_button("Choose a file").await?;
    let dialog = keyboard.enter_dialog(SOON).await?;
    // A path may be typed into the dialog; it goes to the core, and never through the window.
    keyboard.text(path.to_str().unwrap()).await;
    keyboard.enter();
    let closed = wait_until(async || !keyboard.shows(dialog), SOON, "the dialog to close").await;
    stage.app.or_testify(closed).await?;
    stage.app.text_appears("lobby-winter.jpg", SOON).await?;
    stage.app.text_appears("11 MB", SOON).await
}

#[tokio::test]
async fn a_file_chosen_in_the_systems_dialog_is_sent_and_the_servers_answer_shown() -> Outcome {
    let stage = Stage::new().await?;
    fill_in(&stage).await?;
    stage.app.axe_finds_nothing("a form with a file").await?;
    stage.app.press("Ctrl+Enter").await?;
    let done = reaches(&stage, "done").await?;
    assert_eq!((done["size"].as_u64(), done["done"].as_u64()), (Some(SIZE as u64), Some(SIZE as u64)));
    stage.app.text_appears("Uploaded", SOON).await?;
    stage.app.axe_finds_nothing("a file that was sent").await?;
    picture(&stage.app, "upload").await?;
    stage.app.press("Ctrl+J").await?;
    stage.app.find(&Query::heading("Transfers")).await?;
    stage.app.text_appears("lobby-winter.jpg", SOON).await?;
    for theme in ["light", "dark"] {
        dress(&stage.app, theme).await?;
        stage.app.axe_finds_nothing(&format!("transfers, {theme}")).await?;
    }
    picture(&stage.app, "transfers").await
}

#[tokio::test]
async fn a_server_that_fails_is_waited_for_and_a_person_may_pause_and_go_on() -> Outcome {
    let stage = Stage::new().await?;
    fill_in(&stage).await?;
    let second = "/image-relay/api/v2/upload_jobs/1/files/1/chunks/2";
    stage.sandbox.fail_next(second, 503, "{}", 1000);
    stage.app.press("Ctrl+Enter").await?;
    stage.app.text_appears("It goes on by itself", SOON).await?;
    stage.app.text_appears("5 MB of 11 MB", SOON).await?;
    picture(&stage.app, "upload-waits").await?;
    stage.app.press_button("Pause: lobby-winter.jpg").await?;
    reaches(&stage, "paused").await?;
    stage.app.text_appears("What is there stays", SOON).await?;
    stage.sandbox.fail_next(second, 503, "{}", 0);
    stage.app.press_button("Go on: lobby-winter.jpg").await?;
    reaches(&stage, "done").await?;
    // The first piece was not sent again.
    assert_eq!(stage.sandbox.count("/image-relay/api/v2/upload_jobs/1/files/1/chunks/1"), 1);
    Ok(())
}

#[tokio::test]
async fn a_dialog_that_is_left_changes_nothing() -> Outcome {
    let stage = Stage::new().await?;
    open_upload(&stage).await?;
    let keyboard = Keyboard::at(&stage.desktop);
    stage.app.press_button("Choose a file").await?;
    let dialog = keyboard.enter_dialog(SOON).await?;
    keyboard.escape();
    let closed = wait_until(async || !keyboard.shows(dialog), SOON, "the dialog to close").await;
    stage.app.or_testify(closed).await?;
    stage.app.text_appears("No file chosen", SOON).await?;
    stage.app.press("Ctrl+Enter").await?;
    stage.app.text_appears("File: choose a file", SOON).await?;
    assert!(transfers(&stage).await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_file_is_fetched_into_the_downloads_and_its_place_is_said() -> Outcome {
    let stage = Stage::new().await?;
    stage.enter("image-relay", "api_key").await?;
    stage.open_first().await?;
    stage.app.press_button("Download a file").await?;
    stage.app.narrow_and_choose(&Query::field("File"), ASSET).await?;
    stage.app.press("Ctrl+Enter").await?;
    let done = reaches(&stage, "done").await?;
    let path = PathBuf::from(done["file"].as_str().unwrap());
    assert_eq!(std::fs::metadata(&path)?.len(), done["size"].as_u64().unwrap());
    assert!(path.starts_with(stage.desktop.root()), "{} is the person's own", path.display());
    stage.app.text_appears("The file lies at", SOON).await?;
    stage.app.text_appears(path.to_str().unwrap(), SOON).await?;
    stage.app.axe_finds_nothing("a file that was fetched").await?;
    picture(&stage.app, "download").await?;
    stage.app.press_button("Remove").await?;
    stage.app.text_appears("Nothing fetched yet", SOON).await?;
    assert!(path.exists(), "what was fetched stays");
    Ok(())
}
