//! Answers that are looked at: a device on the map, two side by side, one watched, and a folder of pictures.

use keydesk_support::{Outcome, Query, wait_for};
use serde_json::json;

use crate::claims::looks_good;
use crate::stage::{SOON, Stage};

impl Stage {
    /// Waits until this expression of the page is true.
    pub async fn page_has(&self, what: &str, expression: &str) -> Outcome {
        let script = format!("return Boolean({expression})");
        let there = async || (self.app.execute(&script, Vec::new()).await.ok()? == json!(true)).then_some(());
        let waited = wait_for(there, SOON, what).await;
        self.app.or_testify(waited).await
    }
}

#[tokio::test]
async fn a_device_stands_on_the_map_beside_another_and_is_watched() -> Outcome {
    let stage = Stage::new().await?;
    let connection = stage.connect().await?;
    stage.log_in(&connection).await?;
    stage.open_first().await?;
    stage.app.press_button("Device info").await?;
    stage.app.narrow_and_choose(&Query::field("Device"), "Front desk").await?;
    stage.app.press("Escape").await?;
    stage.page_has("the outline of the world", "document.querySelector('.world .land')?.getAttribute('d')").await?;
    stage.page_has("the device on it", "document.querySelectorAll('.world .mark').length === 1").await?;
    stage.app.text_appears("United States of America", SOON).await?;
    looks_good(&stage, "device-on-map").await?;
    stage.app.press_button("Copy the coordinates of Front desk").await?;
    stage.app.text_appears("Coordinates copied", SOON).await?;

    stage.app.narrow_and_choose(&Query::field("Device"), "Porter 2").await?;
    stage.app.press("Escape").await?;
    stage.app.press_button("Side by side").await?;
    stage.page_has("what differs", "document.querySelectorAll('tr.other').length > 1").await?;
    looks_good(&stage, "side-by-side").await?;
    stage.app.press_button("One at a time").await?;

    stage.app.choose(&Query::field("Watch"), "Every 5 s").await?;
    stage.app.text_appears("again in", SOON).await?;
    looks_good(&stage, "watched").await?;
    stage.app.click(&Query::button("Analytics").within("nav[aria-label=Actions]")).await?;
    stage.app.text_appears("As a table", SOON).await?;
    // Below a long form the answer comes into view for who asks.
    stage.app.press_button("Read").await?;
    let seen = "document.querySelector('figure')?.getBoundingClientRect().top < innerHeight - 200";
    stage.page_has("the chart in view", seen).await?;
    looks_good(&stage, "analytics-chart").await
}

#[tokio::test]
async fn folders_are_a_tree_by_key_and_a_folder_its_pictures() -> Outcome {
    let stage = Stage::new().await?;
    stage.choose_filled_way("Image Relay", "API key", &["API key"]).await?;
    stage.press_and_be_in("Use this API key", "API key").await?;
    stage.app.press_button("Folders").await?;
    stage.app.call("[role=treeitem]", "focus").await?;
    // By its first letter.
    stage.app.press("p").await?;
    stage.page_has("Press to have the focus", "document.activeElement?.textContent.includes('Press')").await?;
    stage.app.press("ArrowRight").await?;
    stage.page_has("what is below the first", "document.querySelector('[aria-level=\"2\"]')").await?;
    looks_good(&stage, "folder-tree").await?;
    stage.app.call("[role=treeitem]", "focus").await?;
    stage.app.press("Enter").await?;
    stage.page_has("a picture", "document.querySelector('.tile img')?.src.startsWith('data:image/')").await?;
    looks_good(&stage, "folder-of-pictures").await
}
