//! Live messages in the window, from the broker that the sandbox plays.

use keydesk_support::{Outcome, Query, Role, wait_until};
use serde_json::json;

use crate::pictures::{dress, picture};
use crate::stage::{SOON, Stage};

const DEVICE: &str = "1001";

/// Connected, by keys alone.
async fn connect(stage: &Stage) -> Outcome<String> {
    let connection = stage.enter("spoke-zone", "user").await?;
    stage.open_first().await?;
    stage.app.find(&Query::tab("Live")).await?;
    stage.app.press("Ctrl+6").await?;
    stage.app.text_appears("Not connected", SOON).await?;
    stage.app.fill(&Query::field("Device"), DEVICE).await?;
    stage.app.press("Ctrl+Enter").await?;
    stage.app.text_appears("Connected since", SOON).await?;
    Ok(connection)
}

/// The newest of a topic's messages: another may come at any time.
fn newest(topic: &str) -> Query {
    Query::new(Role::Option, topic).nth(0)
}

#[tokio::test]
async fn a_device_is_heard_seen_on_the_map_and_spoken_to() -> Outcome {
    let stage = Stage::new().await?;
    let connection = connect(&stage).await?;
    stage.app.press_button("Subscribe to All of the device").await?;
    stage.app.click(&newest("mon/location")).await?;
    stage.app.text_appears("Where things are", SOON).await?;
    stage.app.text_appears("\"heading\"", SOON).await?;
    stage.app.fill(&Query::field("Topic").within("form:has(textarea)"), "mon/door").await?;
    stage.app.fill(&Query::field("Message").within("form:has(textarea)"), r#"{"open":true}"#).await?;
    stage.app.press("Ctrl+Enter").await?;
    stage.app.text_appears(&format!("Published to mrs/d/{DEVICE}/mon/door"), SOON).await?;
    stage.app.find(&newest("mon/door")).await?;
    for theme in ["light", "dark"] {
        dress(&stage.app, theme).await?;
        stage.app.axe_finds_nothing(&format!("live messages, {theme}")).await?;
    }
    picture(&stage.app, "live").await?;
    // The broker hears what was sent, and sends it back to who subscribed to it: once as one's own, once as heard.
    let heard = async || {
        let asked = json!({"connection": connection, "filter": "mrs/d/+/mon/door", "search": null, "before": null, "limit": 10});
        stage.app.invoke("read_messages", asked).await.is_ok_and(|page| page["total"] == 2)
    };
    wait_until(heard, SOON, "the message to come back").await?;
    stage.app.press_button("Clear").await?;
    stage.app.press_button("Disconnect").await?;
    stage.app.text_appears("Not connected", SOON).await
}

#[tokio::test]
async fn what_one_may_not_publish_is_said_and_a_paused_view_stands_still() -> Outcome {
    let stage = Stage::new().await?;
    let connection = connect(&stage).await?;
    stage.app.press_button("Subscribe to Where it is").await?;
    stage.app.find(&newest("mon/location")).await?;
    stage.app.press_button("Pause").await?;
    stage.app.text_appears("Paused", SOON).await?;
    let elsewhere = json!({"connection": connection, "topic": "elsewhere/x", "payload": "", "retain": false});
    let refused = stage.app.invoke_raw("publish_mqtt", elsewhere).await?.unwrap_err();
    assert_eq!(refused["field"], "topic");
    let own = json!({"connection": connection, "topic": format!("mrs/d/{DEVICE}/x"), "payload": "1", "retain": false});
    stage.app.invoke("publish_mqtt", own).await?;
    // One, or more: the device goes on telling where it is.
    stage.app.text_appears("new since then, and kept", SOON).await?;
    assert!(!stage.app.has(&Query::new(Role::Option, format!("mrs/d/{DEVICE}/x"))).await?);
    stage.app.press_button("Go on").await?;
    stage.app.find(&Query::new(Role::Option, format!("mrs/d/{DEVICE}/x"))).await?;
    Ok(())
}

#[tokio::test]
async fn a_line_that_is_cut_says_when_it_is_tried_again() -> Outcome {
    let stage = Stage::new().await?;
    connect(&stage).await?;
    let Stage { app, desktop: _desktop, sandbox } = stage;
    sandbox.stop().await;
    app.text_appears("tries again", SOON).await?;
    app.find(&Query::button("Try now")).await?;
    picture(&app, "live-cut").await?;
    app.press_button("Disconnect").await?;
    app.text_appears("Not connected", SOON).await
}
