//! A program asks for a token, and the person answers it in the window.

use std::process::{Child, Command, Stdio};

use keydesk_support::{Notifications, Outcome, Query, wait_for, wait_until};
use serde_json::{Value, json};

use crate::pictures::picture;
use crate::stage::{SOON, Stage};

/// A program as it stands in the documents: curl with the program's header file.
fn asks(stage: &Stage) -> Outcome<Child> {
    let run = stage.desktop.root().join("run/keydesk");
    let mut curl = Command::new("curl");
    curl.args(["--silent", "--show-error", "--unix-socket"]).arg(run.join("broker.sock"));
    curl.arg("--header").arg(format!("@{}", run.join("backup-script.header").display()));
    curl.arg("http://localhost/connections/Relay/access-token?min_valid=60").stdout(Stdio::piped());
    Ok(curl.spawn()?)
}

fn answer(program: Child) -> Outcome<Value> {
    let output = program.wait_with_output()?;
    Ok(serde_json::from_slice(&output.stdout)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn i7_a_program_gets_a_token_once_the_person_says_so_in_the_window() -> Outcome {
    let stage = Stage::new().await?;
    let notifications = Notifications::serve(&stage.desktop)?;
    let connection = stage.connect().await?;
    stage.log_in(&connection).await?;
    stage.app.click(&Query::pressable("Programs").within("nav, aside")).await?;
    stage.app.find(&Query::heading("Programs")).await?;
    stage.app.axe_finds_nothing("programs, off").await?;
    picture(&stage.app, "programs-off").await?;
    stage.app.press_button("Switch on").await?;
    stage.app.fill(&Query::field("Name of a program"), "Backup script").await?;
    stage.app.press("Enter").await?;
    stage.app.text_appears("Nothing granted", SOON).await?;

    let program = asks(&stage)?;
    stage.app.text_appears("Backup script asks for a token", SOON).await?;
    stage.app.axe_finds_nothing("the question").await?;
    picture(&stage.app, "programs-ask").await?;
    let told = async || notifications.told().iter().any(|told| told.summary == "Backup script");
    wait_until(told, SOON, "the notification").await?;
    stage.app.press("Alt+A").await?;
    let handed = tokio::task::spawn_blocking(move || answer(program)).await.unwrap()?;
    assert_eq!((&handed["token_type"], &handed["header"]), (&json!("Bearer"), &json!("Authorization")));
    assert!(handed["expires_in"].as_i64().unwrap() >= 60);
    assert!(!handed.to_string().contains("refresh"));
    stage.app.text_appears("left", SOON).await?;
    picture(&stage.app, "programs-granted").await?;
    stage.app.axe_finds_nothing("programs, granted").await?;

    // Granted for an hour: the next one is not asked about. Then it is taken back.
    let program = asks(&stage)?;
    let again = tokio::task::spawn_blocking(move || answer(program)).await.unwrap()?;
    assert_eq!(again["access_token"], handed["access_token"]);
    stage.app.press_button("Revoke Relay").await?;
    stage.app.text_appears("Nothing granted", SOON).await?;
    let program = asks(&stage)?;
    stage.app.text_appears("Backup script asks for a token", SOON).await?;
    // Not before the question has stood for half a second.
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    stage.app.press("Escape").await?;
    let refused = tokio::task::spawn_blocking(move || answer(program)).await.unwrap()?;
    assert_eq!(refused["error"], "refused");

    let told = async || {
        let query = json!({"query": {"connection": connection, "limit": 100}});
        let entries = stage.app.invoke("list_activity", query).await.ok()?;
        let kinds: Vec<_> = entries.as_array()?.iter().map(|entry| entry["event"]["kind"].clone()).collect();
        ["program_granted", "token_handed_out", "grant_revoked", "token_not_handed_out"]
            .iter()
            .all(|kind| kinds.contains(&json!(kind)))
            .then_some(())
    };
    wait_for(told, SOON, "each of it in the activity").await
}

#[tokio::test]
async fn the_overview_says_of_every_connection_how_long_it_holds_and_what_to_do() -> Outcome {
    let stage = Stage::new().await?;
    let first = stage.connect().await?;
    stage.log_in(&first).await?;
    let offers = keydesk_sandbox::offers(stage.sandbox.url());
    for offer in offers.iter().filter(|offer| offer.provider != "relay") {
        let request = json!({"provider": offer.provider, "label": null, "parameters": offer.parameters, "ca": null,
            "sandbox": true});
        stage.app.invoke("add_connection", json!({"request": request})).await?;
    }
    let ended = stage.connect().await?;
    stage.log_in(&ended).await?;
    stage.sandbox.revoke_all();
    let _ = stage.app.invoke_raw("renew_token", json!({"connection": ended})).await?;
    stage.token_is(&ended, "login_needed").await?;
    stage.app.press("Alt+0").await?;
    stage.app.find(&Query::heading("Overview")).await?;
    stage.app.text_appears("The login is no longer valid", SOON).await?;
    stage.app.axe_finds_nothing("overview").await?;
    picture(&stage.app, "overview").await?;
    // By keys alone: down to the next one, and into it.
    stage.app.press("ArrowDown").await?;
    stage.app.press("Enter").await?;
    stage.app.find(&Query::tab("Actions")).await?;
    Ok(())
}
