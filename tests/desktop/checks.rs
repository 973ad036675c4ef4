//! Checks in the window: made of a saved request, good, and told when that turns.

use keydesk_support::{Notifications, Outcome, Query, Role, wait_for};
use serde_json::json;

use crate::pictures::looked_at;
use crate::stage::{SOON, Stage};

#[tokio::test]
async fn a_saved_request_is_checked_on_a_schedule_and_the_system_says_when_it_turns() -> Outcome {
    let stage = Stage::new().await?;
    let notifications = Notifications::serve(&stage.desktop)?;
    let connection = stage.enter("image-relay", "api_key").await?;
    stage.open_first().await?;
    stage.app.press("Ctrl+2").await?;
    stage.app.press_button("GET /users/me").await?;
    stage.app.press("Ctrl+S").await?;
    stage.app.fill(&Query::field("Name").within("[role=dialog]"), "Who I am").await?;
    stage.app.press("Enter").await?;
    stage.app.press_button("More for Who I am").await?;
    stage.app.click(&Query::new(Role::MenuItem, "Check on a schedule...")).await?;

    // What cannot be is said at its field, and what was typed stays.
    stage.app.fill(&Query::field("Every"), "1").await?;
    stage.app.fill(&Query::field("Status"), "42").await?;
    stage.app.press("Ctrl+Enter").await?;
    stage.app.text_appears("A whole number from 100 to 599", SOON).await?;
    stage.app.fill(&Query::field("Status"), "200").await?;
    stage.app.call("[role=dialog] input[value=stay]", "click").await?;
    stage.app.fill(&Query::field("Place"), "/login").await?;
    looked_at(&stage.app, "check-form").await?;
    stage.app.press("Ctrl+Enter").await?;
    stage.app.text_appears("is checked from now on", SOON).await?;
    stage.app.press_button("Checks").await?;
    stage.app.text_appears("Good", SOON).await?;
    stage.app.text_appears("Status 200; /login stays as it is", SOON).await?;
    looked_at(&stage.app, "checks-good").await?;
    assert!(notifications.told().is_empty());

    stage.app.invoke("log_out", json!({"connection": connection})).await?;
    stage.app.press_button("Check now: Who I am").await?;
    stage.app.text_appears("Not reached", SOON).await?;
    let told = async || Some(notifications.told()).filter(|told| told.iter().any(|it| it.summary == "Who I am"));
    wait_for(told, SOON, "the notification").await?;
    looked_at(&stage.app, "checks-failed").await?;

    // How it stands is known after a restart, and it is removed when the person says so.
    let stage = stage.again().await?;
    stage.app.press_button("Checks").await?;
    stage.app.text_appears("Not reached", SOON).await?;
    stage.app.press_button("More for Who I am").await?;
    stage.app.click(&Query::new(Role::MenuItem, "Remove...")).await?;
    stage.app.press_button("Remove").await?;
    stage.app.text_appears("No checks yet", SOON).await
}
