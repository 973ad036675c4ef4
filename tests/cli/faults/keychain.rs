//! The keychain fails between the request and the keeping.

use std::fs;

use keydesk_support::wait_until;
use tokio::sync::watch;

use super::stage::{Stage, TOKEN, has_open, pair};
use crate::house::{House, SOON};

/// The keychain is locked while the server has the request. Gives what the command said.
async fn locked_while_renewing() -> (Stage, crate::ran::Ran) {
    let stage = Stage::in_house(House::alone().await).await;
    stage.log_in("it", pair(0, 0)).await;
    let (open, held) = watch::channel(false);
    stage.server.answer(TOKEN, pair(1, 7200).held(&held));
    let child = stage.renewing().await;
    stage.house.session.lock_keychain().unwrap();
    open.send(true).unwrap();
    let ran = stage.house.end(child).await;
    (stage, ran)
}

#[tokio::test]
async fn e3_a_token_that_cannot_be_kept_is_printed_with_a_warning() {
    let (stage, ran) = locked_while_renewing().await;
    let ran = ran.well().says("could not be kept").says("“it”");
    assert_eq!(ran.out, "access-token-1\n");
    // The journal says of which refresh token that was, and does not hold it.
    let journal = fs::read_to_string(stage.journal().with_extension("spent.json")).unwrap();
    assert!(!journal.contains("refresh-token"), "{journal}");
}

#[tokio::test]
async fn e3_a_refresh_token_that_was_answered_with_another_is_never_sent_again() {
    let (stage, ran) = locked_while_renewing().await;
    ran.well();
    // Locked, what is there cannot be read: that is no reason to log in.
    let ran = stage.token().await;
    assert_eq!(ran.status, 6, "{ran:?}");
    stage.house.session.unlock_keychain().unwrap();
    assert_eq!(stage.house.kept(&stage.id)["refresh_token"], "refresh-token-0", "it is still what was kept");
    stage.token().await.fails_with(3).says("could not be kept").says("keydesk login");
    stage.house.run(&["token", "it", "--min-valid", "60"]).await.fails_with(3);
    assert_eq!(stage.asked(), ["refresh-token-0"]);
    stage.log_in("it", pair(2, 0)).await;
    stage.server.answer(TOKEN, pair(3, 7200));
    assert_eq!(stage.token().await.well().out, "access-token-3\n");
    assert!(!stage.journal().exists());
}

/// A command has read the refresh token, waits for its turn, and then cannot read again what another has kept meanwhile.
#[tokio::test]
async fn e2_with_the_keychain_locked_a_refresh_token_that_another_process_has_spent_is_not_sent() {
    let stage = Stage::in_house(House::alone().await).await;
    stage.log_in("it", pair(0, 0)).await;
    let before = stage.house.kept(&stage.id);
    stage.server.answer(TOKEN, pair(1, 7200));
    stage.token().await.well();
    // As a command finds it that is as far behind.
    stage.house.keep(&stage.id, &before);
    let gate = fs::File::options().write(true).open(stage.lock()).unwrap();
    gate.lock().unwrap();
    let behind = stage.house.start(&["--json", "token", "it"]);
    let there = async || has_open(behind.id().unwrap(), &stage.lock());
    wait_until(there, SOON, "the command to come to the lock").await.unwrap();
    stage.house.session.lock_keychain().unwrap();
    drop(gate);
    let error = stage.house.end(behind).await.fails_with(6).json()["error"].clone();
    assert_eq!((error["code"].as_str(), stage.asked()), (Some("keychain_locked"), vec!["refresh-token-0".to_owned()]));
}

#[tokio::test]
async fn e3_a_keychain_that_is_unlocked_in_time_keeps_what_the_renewal_gave() {
    let stage = Stage::in_house(House::alone().await).await;
    stage.log_in("it", pair(0, 0)).await;
    let (open, held) = watch::channel(false);
    stage.server.answer(TOKEN, pair(1, 7200).held(&held));
    let child = stage.renewing().await;
    stage.house.session.lock_keychain().unwrap();
    stage.house.session.unlock_keychain().unwrap();
    open.send(true).unwrap();
    let ran = stage.house.end(child).await.well();
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("access-token-1\n", ""));
    let kept = async || stage.house.kept(&stage.id)["refresh_token"] == "refresh-token-1";
    wait_until(kept, SOON, "the new token to be kept").await.unwrap();
}

/// A daemon that is killed is started anew by the bus, and is then locked.
#[tokio::test]
async fn e3_a_keychain_whose_daemon_was_killed_is_locked_and_not_empty() {
    let stage = Stage::in_house(House::alone().await).await;
    stage.log_in("it", pair(0, 7200)).await;
    let before = stage.house.kept(&stage.id);
    stage.house.session.kill_keychain().unwrap();
    for arguments in [&["token", "it"][..], &["call", "it", "GET", "/"], &["logout", "it"], &["disconnect", "it"]] {
        let error = stage.house.run(&[&["--json"], arguments].concat()).await.fails_with(6).json()["error"].clone();
        assert_eq!(error["code"], "keychain_locked", "{arguments:?}: {error}");
    }
    // Nor is it known whether somebody logged in here.
    stage.connect("other").await;
    let error = stage.house.run(&["--json", "token", "other"]).await.fails_with(6).json()["error"].clone();
    assert_eq!(error["code"], "keychain_locked", "{error}");
    let standing = stage.house.run(&["--json", "status", "it"]).await.fails_with(6).json();
    assert_eq!(standing["unreadable"]["code"], "keychain_locked", "{standing}");
    assert!(stage.asked().is_empty(), "nothing is sent without knowing what is kept");
    // Nothing was deleted and no login lost.
    stage.house.session.unlock_keychain().unwrap();
    assert_eq!(stage.house.kept(&stage.id), before);
    assert_eq!(stage.token().await.well().out, "access-token-0\n");
}

#[tokio::test]
async fn e3_a_keychain_whose_daemon_is_killed_while_a_token_is_renewed_loses_no_login() {
    let stage = Stage::in_house(House::alone().await).await;
    stage.log_in("it", pair(0, 0)).await;
    let (open, held) = watch::channel(false);
    stage.server.answer(TOKEN, pair(1, 7200).held(&held));
    let child = stage.renewing().await;
    stage.house.session.kill_keychain().unwrap();
    open.send(true).unwrap();
    let ran = stage.house.end(child).await.well().says("could not be kept").says("“it”");
    assert_eq!(ran.out, "access-token-1\n");
    // The next one does not take "locked" for "never logged in", nor send what is spent.
    stage.token().await.fails_with(6).says("locked");
    stage.house.session.unlock_keychain().unwrap();
    assert_eq!(stage.house.kept(&stage.id)["refresh_token"], "refresh-token-0");
    stage.token().await.fails_with(3).says("could not be kept");
    assert_eq!(stage.asked(), ["refresh-token-0"]);
}
