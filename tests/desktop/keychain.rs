//! The keychain: there, restarted, locked, silent, absent.

use keydesk_support::{DesktopOptions, Keychain, Outcome, Query, wait_until};
use serde_json::json;

use crate::pictures::looked_at;
use crate::stage::{SOON, Stage};

/// F5: what was logged in is logged in after a restart.
#[tokio::test]
async fn f5_a_login_outlives_the_app() -> Outcome {
    let stage = Stage::new().await?;
    let connection = stage.connect().await?;
    stage.log_in(&connection).await?;
    let stage = stage.again().await?;
    stage.token_is(&connection, "fresh").await?;
    stage.app.text_appears("Keychain unlocked", SOON).await?;
    // And it can be renewed with what was kept.
    stage.app.invoke("renew_token", json!({"connection": connection})).await?;
    Ok(())
}

/// E3, F3: a keychain that is locked in between costs no login: the pair stays in memory and is kept when it can be.
#[tokio::test]
async fn e3_a_renewal_while_the_keychain_is_locked_is_kept_later() -> Outcome {
    let stage = Stage::new().await?;
    let connection = stage.connect().await?;
    stage.log_in(&connection).await?;
    stage.desktop.lock_keychain()?;
    let view = stage.app.invoke("renew_token", json!({"connection": connection})).await?;
    assert_eq!(view["token"]["kept_in"], "memory");
    stage.app.text_appears("The keychain is locked", SOON).await?;
    stage.app.invoke("reveal_token", json!({"connection": connection})).await?;
    stage.desktop.unlock_keychain()?;
    stage.app.press_button("Try again").await?;
    stage.app.text_gone("The keychain is locked", SOON).await?;
    stage.token_is_kept_in(&connection, "keychain").await?;
    // The rotated refresh token is the one that was kept: the old one would end the login.
    let stage = stage.again().await?;
    stage.token_is(&connection, "fresh").await?;
    stage.app.invoke("renew_token", json!({"connection": connection})).await?;
    Ok(())
}

/// E3: the bus starts another daemon, which is locked and knows nothing of the session that the app had with the first.
#[tokio::test]
async fn e3_a_keychain_whose_daemon_is_killed_while_the_app_runs_costs_no_login() -> Outcome {
    let stage = Stage::new().await?;
    let connection = stage.connect().await?;
    stage.log_in(&connection).await?;
    stage.desktop.kill_keychain()?;
    let view = stage.app.invoke("renew_token", json!({"connection": connection})).await?;
    assert_eq!(view["token"]["kept_in"], "memory");
    stage.app.invoke("reveal_token", json!({"connection": connection})).await?;
    let status = stage.app.invoke("app_status", json!({})).await?;
    assert_eq!((&status["store"]["kept_in"], &status["store"]["state"]), (&json!("keychain"), &json!("locked")));
    stage.desktop.unlock_keychain()?;
    stage.app.invoke("use_keychain", json!({})).await?;
    assert_eq!(stage.connection(&connection).await?["token"]["kept_in"], "keychain");
    let stage = stage.again().await?;
    stage.token_is(&connection, "fresh").await?;
    stage.app.invoke("renew_token", json!({"connection": connection})).await?;
    Ok(())
}

/// F3: to memory and back, with renewals on the way: no login is lost, and what is kept in the end is the newest.
#[tokio::test]
async fn f3_choosing_memory_only_in_between_loses_no_login() -> Outcome {
    let stage = Stage::new().await?;
    let connection = stage.connect().await?;
    stage.log_in(&connection).await?;
    let renew = async || stage.app.invoke("renew_token", json!({"connection": connection})).await;
    stage.desktop.lock_keychain()?;
    assert_eq!(renew().await?["token"]["kept_in"], "memory");
    stage.app.press_button("Memory only").await?;
    stage.app.text_appears("Memory only: gone when Keydesk closes", SOON).await?;
    for _ in 0..2 {
        assert_eq!(renew().await?["token"]["kept_in"], "memory");
    }
    stage.desktop.unlock_keychain()?;
    stage.app.invoke("use_keychain", json!({})).await?;
    assert_eq!(stage.connection(&connection).await?["token"]["kept_in"], "keychain");
    renew().await?;
    let stage = stage.again().await?;
    stage.token_is(&connection, "fresh").await?;
    stage.app.invoke("renew_token", json!({"connection": connection})).await?;
    Ok(())
}

/// F3, F4: the window opens, says what is wrong, and offers memory only; a login then works and no file holds it.
async fn memory_only_after(keychain: Keychain, said: &str) -> Outcome {
    let stage = Stage::with(DesktopOptions::with_keychain(keychain)).await?;
    stage.app.text_appears(said, SOON).await?;
    // It stays so, whatever else was asked of the keychain meanwhile.
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    stage.app.find(&Query::button("Memory only").within("main")).await?;
    let connection = stage.connect().await?;
    let request = json!({"connection": connection, "login": "browser", "receive_by": "loopback"});
    let refused = stage.app.invoke_raw("start_login", json!({"request": request})).await?.unwrap_err();
    assert!(refused["code"].as_str().unwrap().starts_with("keychain_"), "{refused}");
    stage.app.press_button("Memory only").await?;
    stage.app.text_appears("Memory only: gone when Keydesk closes", SOON).await?;
    stage.app.gone(&Query::button("Memory only").within("main")).await?;
    stage.log_in(&connection).await?;
    assert_eq!(stage.connection(&connection).await?["token"]["kept_in"], "memory");
    let stage = stage.again().await?;
    stage.token_is(&connection, "none").await
}

#[tokio::test]
async fn f3_without_a_session_bus_tokens_are_kept_in_memory_when_the_person_says_so() -> Outcome {
    memory_only_after(Keychain::NoBus, "No keychain was found").await
}

#[tokio::test]
async fn f3_without_a_keychain_tokens_are_kept_in_memory_when_the_person_says_so() -> Outcome {
    memory_only_after(Keychain::Absent, "No keychain was found").await
}

#[tokio::test]
async fn f3_a_locked_keychain_is_said_and_memory_offered() -> Outcome {
    memory_only_after(Keychain::Locked, "The keychain is locked").await
}

#[tokio::test]
async fn f4_a_keychain_that_never_answers_does_not_hold_the_window_up() -> Outcome {
    memory_only_after(Keychain::Silent, "The keychain does not answer").await
}

/// Whether the keychain has an item of the connection.
fn is_kept(stage: &Stage, connection: &str) -> bool {
    let mut search = stage.desktop.command("secret-tool");
    let output = search.args(["search", "--all", "service", "Keydesk"]).output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    String::from_utf8_lossy(&told).contains(connection)
}

/// F13: after a log-out the keychain has no item of the connection.
#[tokio::test]
async fn f13_logging_out_empties_the_keychain() -> Outcome {
    let stage = Stage::new().await?;
    let connection = stage.connect().await?;
    stage.log_in(&connection).await?;
    assert!(is_kept(&stage, &connection));
    stage.app.invoke("log_out", json!({"connection": connection})).await?;
    assert!(!is_kept(&stage, &connection));
    Ok(())
}

/// E14, F13: the server ends the session, the window forgets the tokens, and the keychain's item goes when it opens.
#[tokio::test]
async fn f13_logging_out_while_the_keychain_is_locked_is_made_up_for_when_it_opens() -> Outcome {
    let stage = Stage::new().await?;
    let connection = stage.connect().await?;
    stage.log_in(&connection).await?;
    stage.desktop.lock_keychain()?;
    stage.app.click(&Query::pressable("Relay")).await?;
    stage.app.press("Ctrl+K").await?;
    stage.app.focus_on("Find or run").await?;
    stage.app.type_text("log out").await?;
    stage.app.find(&Query::option("Log out")).await?;
    stage.app.press("Enter").await?;
    stage.app.click(&Query::button("Log out").within("[role=alertdialog]")).await?;
    stage.app.text_appears("deleted as soon as Keydesk can open it", SOON).await?;
    looked_at(&stage.app, "logged-out-locked").await?;
    stage.token_is(&connection, "none").await?;
    stage.desktop.unlock_keychain()?;
    assert!(is_kept(&stage, &connection), "nothing could delete it yet");
    stage.app.press_button("Try again").await?;
    stage.app.text_gone("The keychain is locked", SOON).await?;
    stage.token_is(&connection, "none").await?;
    wait_until(async || !is_kept(&stage, &connection), SOON, "the item to be gone").await?;
    stage.again().await?.token_is(&connection, "none").await
}
