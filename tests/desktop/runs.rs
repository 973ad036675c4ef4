//! One action for two thousand devices, in the window: followed, paused, gone on with, tried again, exported; cut off by a kill;
//! and saved forms, by their keys and from the tray.

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use keydesk_sandbox::Options;
use keydesk_support::{DesktopOptions, Notifications, Outcome, Query, Told, Tray, wait_for, wait_until};
use serde_json::{Value, json};

use crate::pictures::looked_at;
use crate::stage::{SOON, Stage};

const DEVICES: usize = 2000;
const FAILING: usize = 40;
/// So long that one can press Pause meanwhile.
const LATENCY: Duration = Duration::from_millis(25);
/// Two thousand requests, eight at once, on a busy machine.
const A_WHILE: Duration = Duration::from_secs(120);

struct Hotel {
    stage: Stage,
    connection: String,
    workflow: String,
}

impl Hotel {
    async fn new() -> Outcome<Self> {
        let options = Options { trigger_devices: DEVICES as u64, ..Options::default() };
        let stage = Stage::with_sandbox(DesktopOptions::default(), options).await?;
        let connection = stage.connect().await?;
        stage.log_in(&connection).await?;
        stage.open_first().await?;
        let mut hotel = Self { stage, connection, workflow: String::new() };
        hotel.workflow = hotel.choices("workflows").await?.remove(0);
        Ok(hotel)
    }

    async fn choices(&self, list: &str) -> Outcome<Vec<String>> {
        let asked = json!({"connection": self.connection, "list": list});
        let choices = self.stage.app.invoke("list_choices", asked).await?;
        Ok(choices.as_array().unwrap().iter().map(|choice| choice["value"].as_str().unwrap().to_owned()).collect())
    }

    /// A saved form for so many of the devices.
    async fn save(&self, name: &str, shortcut: &str, devices: &[String], in_tray: bool) -> Outcome {
        let values = json!({"workflow": self.workflow, "devices": devices});
        let trigger = json!({"name": name, "connection": self.connection, "action": "send_trigger", "values": values,
            "shortcut": shortcut, "in_tray": in_tray});
        self.stage.app.invoke("save_trigger", json!({"trigger": trigger})).await?;
        self.stage.app.text_appears(name, SOON).await
    }

    /// How many triggers came, and for how many devices.
    fn sent(&self) -> (usize, usize) {
        let triggers = self.stage.sandbox.triggers();
        let devices: BTreeSet<_> = triggers.iter().map(|trigger| &trigger.device_id).collect();
        (triggers.len(), devices.len())
    }

    /// How many triggers came, once those that were under way have come as well.
    async fn at_rest(&self) -> Outcome<usize> {
        let unchanged = async || {
            let (before, _) = self.sent();
            tokio::time::sleep(LATENCY * 8).await;
            (self.sent().0 == before).then_some(before)
        };
        wait_for(unchanged, SOON, "nothing to be under way").await
    }

    fn slowly(&self) {
        self.stage.sandbox.change(|options| options.latency = LATENCY);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn h8_a_run_of_two_thousand_devices_is_asked_about_followed_paused_tried_again_and_exported() -> Outcome {
    let hotel = Hotel::new().await?;
    let app = &hotel.stage.app;
    app.narrow_and_choose(&Query::field("Workflow"), "my_http_wf").await?;
    app.click(&Query::field("Devices")).await?;
    app.press_button("Choose all 2,000").await?;
    app.press("Escape").await?;
    app.text_appears("2,000 of 2,000 chosen", SOON).await?;
    hotel.stage.sandbox.fail_next(
        &format!("/relay/api/ibot/workflow/{}", hotel.workflow),
        500,
        "Out of order",
        FAILING,
    );
    hotel.slowly();

    app.press("Ctrl+Enter").await?;
    app.text_appears("2,000 requests will be made", SOON).await?;
    app.text_appears("target_device_ids", SOON).await?;
    looked_at(app, "run-asked").await?;
    assert_eq!(hotel.sent().0, 0, "nothing is sent before the person says so");
    app.press("Ctrl+Enter").await?;
    app.text_appears("of 2,000 done", SOON).await?;
    app.press_button("Pause").await?;
    app.find(&Query::button("Go on")).await?;
    looked_at(app, "run-paused").await?;
    let held = hotel.at_rest().await?;
    assert!(held < DEVICES - FAILING, "it was paused in the middle");
    tokio::time::sleep(Duration::from_millis(600)).await;
    assert_eq!(hotel.sent().0, held, "a paused run sends nothing");

    app.press_button("Go on").await?;
    app.text_appears("Retry the 40 that failed", A_WHILE).await?;
    assert_eq!(hotel.sent(), (DEVICES - FAILING, DEVICES - FAILING));
    app.press_button("Failed 40").await?;
    app.text_appears("The server failed", SOON).await?;
    app.text_gone("1 to 50 of 2,000", SOON).await?;
    looked_at(app, "run-failed").await?;
    app.press_button("Export CSV").await?;
    app.text_appears("The results are in a file", SOON).await?;
    let text = app.text().await?;
    let file = text.split_whitespace().find(|word| word.ends_with(".csv")).expect("where the file is");
    let table = std::fs::read_to_string(file)?;
    assert_eq!((table.lines().count(), table.matches(",failed,500,").count()), (DEVICES + 1, FAILING));

    app.click(&Query::button("").within("tbody")).await?;
    app.text_appears("Out of order", SOON).await?;
    looked_at(app, "run-answer").await?;
    app.press("Escape").await?;
    app.press_button("Retry the 40 that failed").await?;
    app.text_appears("of 40 done", SOON).await?;
    app.text_appears("Done after", A_WHILE).await?;
    assert_eq!(hotel.sent(), (DEVICES, DEVICES), "each device once, and no other again");
    app.press("Alt+R").await?;
    app.text_appears("tries another run again", SOON).await?;
    looked_at(app, "runs").await
}

#[tokio::test]
async fn a_group_of_devices_is_chosen_whole() -> Outcome {
    let stage = Stage::new().await?;
    let connection = stage.connect().await?;
    stage.log_in(&connection).await?;
    stage.open_first().await?;
    stage.app.click(&Query::field("Devices")).await?;
    // In each device's info, which is asked for in the background.
    stage.app.press_button("Food and drink (7)").await?;
    stage.app.text_appears("7 of 214 chosen", SOON).await?;
    looked_at(&stage.app, "devices-by-group").await
}

/// As by `kill -9` in the middle. The next start says what was sent, what was not and what is unknown, and sends nothing.
#[tokio::test(flavor = "multi_thread")]
async fn h8_a_run_that_was_cut_off_is_announced_at_the_next_start_and_goes_on_only_when_the_person_says_so() -> Outcome
{
    let hotel = Hotel::new().await?;
    let devices = hotel.choices("devices").await?;
    hotel.save("Evacuation drill", "Ctrl Shift 1", &devices, false).await?;
    hotel.slowly();
    hotel.stage.app.press("Ctrl+Shift+1").await?;
    hotel.stage.app.text_appears("2,000 requests will be made", SOON).await?;
    hotel.stage.app.press("Ctrl+Enter").await?;
    wait_until(async || hotel.sent().0 > 200, A_WHILE, "some to be sent").await?;
    let killed = Command::new("kill").args(["-9", &hotel.stage.app.process().to_string()]).status()?;
    assert!(killed.success());
    let before = hotel.at_rest().await?;

    let hotel = Hotel { stage: hotel.stage.again().await?, ..hotel };
    let app = &hotel.stage.app;
    app.text_appears("A run was interrupted: send trigger to 2,000 targets", SOON).await?;
    app.text_appears("Nothing more is sent before you say so", SOON).await?;
    looked_at(app, "run-interrupted").await?;
    assert_eq!(hotel.sent().0, before, "nothing is sent by itself");
    app.press_button("Look").await?;
    app.text_appears("Keydesk ended in the middle of it", SOON).await?;
    looked_at(app, "run-interrupted-looked-at").await?;
    app.press_button("Go on").await?;
    app.text_appears("Done after", A_WHILE).await?;
    let (triggers, reached) = hotel.sent();
    assert_eq!(triggers, reached, "nothing was sent twice");
    let runs = hotel.stage.app.invoke("list_runs", json!({"connection": null})).await?;
    let counts = &runs[0]["counts"];
    let unknown = counts["unknown"].as_u64().unwrap();
    assert_eq!(counts["accepted"].as_u64().unwrap() + unknown, DEVICES as u64, "{counts}");
    // Those that are unknown, and no others, may not have been reached.
    assert!(DEVICES - reached <= usize::try_from(unknown).unwrap(), "{reached} reached, {counts}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filled_form_is_saved_as_a_button_with_keys_and_sent_by_them_from_anywhere() -> Outcome {
    let hotel = Hotel::new().await?;
    let app = &hotel.stage.app;
    app.narrow_and_choose(&Query::field("Workflow"), "my_http_wf").await?;
    app.narrow_and_choose(&Query::field("Devices"), "Pool").await?;
    app.press("Escape").await?;
    app.press_button("Save as one-click").await?;
    app.fill(&Query::field("Name"), "Towels to the pool").await?;
    app.press("Tab").await?;
    app.press("Ctrl+N").await?;
    app.text_appears("Ctrl N is taken by the window itself", SOON).await?;
    app.press("Alt+T").await?;
    looked_at(app, "trigger-saving").await?;
    app.press("Ctrl+Enter").await?;
    app.text_appears("“Towels to the pool” is a button now", SOON).await?;
    assert_eq!(hotel.sent().0, 0, "saving sends nothing");
    app.press("Alt+0").await?;
    app.find(&Query::heading("Overview")).await?;
    looked_at(app, "trigger-on-the-overview").await?;
    app.press("Alt+T").await?;
    app.text_appears("“Towels to the pool”: 1 of 1 accepted", SOON).await?;
    assert_eq!(hotel.sent().0, 1);
    // The palette has it too.
    app.press("Ctrl+K").await?;
    app.focus_on("Find or run").await?;
    app.type_text("towels").await?;
    app.find(&Query::option("Towels to the pool")).await?;
    app.press("Enter").await?;
    wait_until(async || hotel.sent().0 == 2, SOON, "the second trigger").await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trays_menu_has_the_forms_that_are_marked_for_it_and_a_click_tells_what_came_of_it() -> Outcome {
    let hotel = Hotel::new().await?;
    let notifications = Notifications::serve(&hotel.stage.desktop)?;
    let devices = hotel.choices("devices").await?;
    // The app is there before the tray is, as after a login of the person.
    hotel.save("Towels_to_204", "F6", &devices[..3], true).await?;
    hotel.save("Not in the tray", "F7", &devices[..1], false).await?;
    let tray = Tray::serve(&hotel.stage.desktop)?;
    let labels = || -> Vec<String> { tray.menu().unwrap_or_default().into_iter().map(|(_, label)| label).collect() };
    let offered = async || labels() == ["Towels__to__204", "Open Keydesk", "Quit"];
    wait_until(offered, SOON, "the menu").await?;

    for click in 1..=2 {
        tray.click("Towels__to__204")?;
        let told = async || Some(notifications.told()).filter(|told| told.len() == click);
        let told = wait_for(told, SOON, "the notification").await?;
        let (summary, body) = ("Towels_to_204".to_owned(), "3 of 3 accepted.".to_owned());
        assert_eq!(told[click - 1], Told { program: "Keydesk".to_owned(), summary, body });
    }
    assert_eq!(hotel.sent().0, 6);
    // What goes to many is seen first: not from here.
    hotel.save("Evacuation drill", "F8", &devices, true).await?;
    let offered = async || labels().contains(&"Evacuation drill".to_owned());
    wait_until(offered, SOON, "the other in the menu").await?;
    tray.click("Evacuation drill")?;
    let told = async || notifications.told().into_iter().nth(2);
    let told = wait_for(told, SOON, "the notification").await?;
    assert!(told.body.contains("nothing was sent"), "{told:?}");
    assert_eq!(hotel.sent().0, 6);
    // The icon goes with the last form that is marked.
    let triggers: Value = hotel.stage.app.invoke("list_triggers", json!({})).await?;
    for trigger in triggers.as_array().unwrap() {
        hotel.stage.app.invoke("remove_trigger", json!({"trigger": trigger["id"]})).await?;
    }
    wait_until(async || tray.menu().is_err(), SOON, "the icon to go").await
}
