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

/// What the program reads in the end.
async fn answer(program: Child) -> Outcome<Value> {
    let output = tokio::task::spawn_blocking(|| program.wait_with_output()).await.unwrap()?;
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// Why it was given no token. A token is told by nobody.
fn why_not(answer: &Value) -> String {
    format!("it was given no token: {}, {}", answer["error"], answer["cause"])
}

/// What allows stands still for half a second, and so do its keys.
async fn press_when_allowed(stage: &Stage, key: &str) -> Outcome {
    stage.app.usable(&Query::button("Allow")).await?;
    stage.app.press(key).await
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
    press_when_allowed(&stage, "Alt+A").await?;
    let handed = answer(program).await?;
    let (kind, header) = (&handed["token_type"], &handed["header"]);
    assert_eq!((kind, header), (&json!("Bearer"), &json!("Authorization")), "{}", why_not(&handed));
    assert!(handed["expires_in"].as_i64().unwrap() >= 60);
    assert!(!handed.to_string().contains("refresh"));
    stage.app.text_appears("left", SOON).await?;
    picture(&stage.app, "programs-granted").await?;
    stage.app.axe_finds_nothing("programs, granted").await?;

    // Granted for an hour: the next one is not asked about. Then it is taken back.
    let program = asks(&stage)?;
    let again = answer(program).await?;
    assert!(again["access_token"] == handed["access_token"], "{}", why_not(&again));
    stage.app.press_button("Revoke Relay").await?;
    stage.app.text_appears("Nothing granted", SOON).await?;
    let program = asks(&stage)?;
    stage.app.text_appears("Backup script asks for a token", SOON).await?;
    press_when_allowed(&stage, "Escape").await?;
    let refused = answer(program).await?;
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
