//! The redirect by private-use URI scheme.

use keydesk_support::{
    App, AppOptions, Desktop, DesktopOptions, Keychain, Outcome, SystemBrowser, app_binary, wait_for,
};
use serde_json::json;

use crate::stage::{SOON, Stage};

/// Starts the app a second time, as the system does with a link.
fn second_start(stage: &Stage, arguments: &[&str]) {
    let status = stage.desktop.command(app_binary().unwrap()).args(arguments).status().unwrap();
    assert!(status.success(), "the second start hands over and ends");
}

/// What the browser was sent to at the end of a login: a link of our scheme.
async fn true_link(stage: &Stage) -> Outcome<String> {
    let browser = SystemBrowser::start(&stage.desktop).await?;
    browser.open(&stage.desktop.opened_url(SOON).await?).await?;
    // The browser cannot follow it, as nobody may ask it to open a program here; its log has it.
    let _ = browser.log_in().await;
    let found = async || {
        let redirects = browser.redirects().await.ok()?;
        redirects.into_iter().map(|url| url.to_string()).find(|url| url.starts_with("dev.keydesk:"))
    };
    wait_for(found, SOON, "the browser to be sent to our scheme").await
}

/// C2, C4, C5: links that are forged, doubled or hidden among arguments do nothing; the true one logs in.
#[tokio::test]
async fn c4_a_link_to_the_running_app_finishes_the_login_and_forged_ones_do_not() -> Outcome {
    let stage = Stage::new().await?;
    let connection = stage.connect().await?;
    let login = stage.start_login(&connection, "uri_scheme").await?;
    let link = true_link(&stage).await?;
    let state = link.split("state=").nth(1).and_then(|rest| rest.split('&').next()).unwrap().to_owned();
    second_start(&stage, &["dev.keydesk:/callback?error=access_denied"]);
    second_start(&stage, &["dev.keydesk:/callback?code=forged&state=forged"]);
    second_start(&stage, &[&format!("dev.keydesk:/other?code=forged&state={state}")]);
    second_start(&stage, &["--flag", &link]);
    second_start(&stage, &[&link, &link]);
    let waiting = stage.app.invoke("list_logins", json!({})).await?;
    assert_eq!(waiting[0]["state"], "waiting");
    second_start(&stage, &[&link]);
    stage.login_reaches(&login, "done").await?;
    stage.token_is(&connection, "fresh").await
}

/// C6: whoever is on the session bus can hand over arguments, which are as harmless as a link.
#[tokio::test]
async fn c6_a_forged_hand_over_on_the_session_bus_changes_nothing() -> Outcome {
    let stage = Stage::new().await?;
    let connection = stage.connect().await?;
    let login = stage.start_login(&connection, "uri_scheme").await?;
    let forged = "array:string:keydesk-app,dev.keydesk:/callback?error=access_denied";
    let sent = stage
        .desktop
        .command("dbus-send")
        .args(["--session", "--print-reply", "--dest=dev.keydesk.SingleInstance", "/dev/keydesk/SingleInstance"])
        .args(["org.SingleInstance.DBus.ExecuteCallback", forged, "string:/"])
        .output()?;
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    stage.login_reaches(&login, "waiting").await
}

/// C4: a login goes on when the app was closed meanwhile and the link starts it anew.
#[tokio::test]
async fn c4_a_link_that_starts_the_app_finishes_the_login_that_was_begun_before() -> Outcome {
    let stage = Stage::new().await?;
    let connection = stage.connect().await?;
    stage.start_login(&connection, "uri_scheme").await?;
    let link = true_link(&stage).await?;
    let Stage { app, desktop, sandbox } = stage;
    app.quit().await?;
    let app = App::start_with(&desktop, AppOptions { arguments: vec![link], ..AppOptions::default() }).await?;
    let stage = Stage { app, desktop, sandbox };
    stage.token_is(&connection, "fresh").await
}

/// C4: started by a link that no login waits for, the app opens as ever and says nothing of the link's content.
#[tokio::test]
async fn c4_an_app_that_is_started_by_a_link_opens_and_takes_nothing_from_it() -> Outcome {
    let desktop = Desktop::start(DesktopOptions::default())?;
    let arguments = vec!["dev.keydesk:/callback?code=cold-start-code&state=cold".to_owned()];
    let app = App::start_with(&desktop, AppOptions { arguments, ..AppOptions::default() }).await?;
    app.text_appears("Add connection", SOON).await?;
    let query = json!({"connection": null, "run": null, "search": null, "before": null, "limit": 10});
    let told = async || {
        let activity = app.invoke("list_activity", json!({"query": query})).await.ok()?;
        activity.as_array()?.iter().any(|entry| entry["event"]["kind"] == "redirect_ignored").then_some(activity)
    };
    let activity = wait_for(told, SOON, "the link to be told").await?;
    assert!(!activity.to_string().contains("cold-start-code"));
    Ok(())
}

/// C8: without a session bus two instances run; the files stay whole.
#[tokio::test]
async fn c8_two_instances_without_a_session_bus_keep_the_files_whole() -> Outcome {
    let stage = Stage::with(DesktopOptions::with_keychain(Keychain::NoBus)).await?;
    let second = App::start(&stage.desktop).await?;
    for app in [&stage.app, &second, &stage.app] {
        let request = json!({"provider": "relay", "label": null, "parameters": stage.parameters(), "sandbox": false});
        app.invoke("add_connection", json!({"request": request})).await?;
    }
    second.quit().await?;
    let stage = stage.again().await?;
    let connections = stage.app.invoke("list_connections", json!({})).await?;
    assert!(!connections.as_array().unwrap().is_empty());
    Ok(())
}
