//! Several commands at the same moment.

use std::collections::BTreeSet;
use std::path::Path;

use keydesk_support::{Answer, wait_until};
use tokio::process::{Child, Command};
use tokio::sync::watch;

use super::stage::{Stage, TOKEN, has_open, invalid_grant, kill, pair};
use crate::house::SOON;

/// So many more commands, each at the lock: one may hold it, the others wait for it.
async fn at_the_lock(stage: &Stage, count: usize) -> Vec<Child> {
    let children: Vec<Child> = (0..count).map(|_| stage.house.start(&["token", "it"])).collect();
    let lock = stage.lock();
    let there = async || children.iter().all(|child| has_open(child.id().unwrap(), &lock));
    wait_until(there, SOON, "all commands to come to the lock").await.unwrap();
    children
}

/// That all end well with the same token.
async fn all_get(stage: &Stage, children: Vec<Child>, token: &str) {
    let mut tokens = BTreeSet::new();
    for child in children {
        tokens.insert(stage.house.end(child).await.well().out);
    }
    assert_eq!(tokens, BTreeSet::from([format!("{token}\n")]));
}

#[tokio::test]
async fn e2_eight_commands_at_the_same_moment_send_one_refresh_and_print_the_same_token() {
    let stage = Stage::over().await;
    let (open, held) = watch::channel(false);
    stage.server.always(TOKEN, pair(1, 7200).held(&held));
    let children = at_the_lock(&stage, 8).await;
    open.send(true).unwrap();
    all_get(&stage, children, "access-token-1").await;
    assert_eq!(stage.asked(), ["refresh-token-0"]);
}

#[tokio::test]
async fn e2_the_lock_of_a_command_that_is_killed_is_free_and_the_others_go_on() {
    let stage = Stage::over().await;
    stage.server.answer(TOKEN, Answer::silence());
    stage.server.always(TOKEN, pair(1, 7200));
    let holder = stage.renewing().await;
    let others = at_the_lock(&stage, 7).await;
    assert_eq!(stage.asked().len(), 1);
    kill(holder).await;
    all_get(&stage, others, "access-token-1").await;
    assert_eq!(stage.asked().len(), 2, "that of the killed one, and one for all others");
    assert!(!stage.journal().exists());
}

/// Another build has the same keychain, and locks of its own.
async fn another_build(stage: &Stage) -> (tempfile::TempDir, Command) {
    let home = tempfile::tempdir().unwrap();
    copy(&stage.house.home.path().join("config"), &home.path().join("config"));
    let mut command = stage.house.command(&["token", "it"]);
    command.env("KEYDESK_HOME", home.path());
    (home, command)
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (path, target) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}

/// The first is refused while the other has kept a newer pair, whose access token lives so many seconds.
async fn overtaken(seconds: u32) -> (Stage, Child) {
    let stage = Stage::over().await;
    let (open, held) = watch::channel(false);
    stage.server.answer(TOKEN, invalid_grant().held(&held));
    stage.server.answer(TOKEN, pair(1, seconds));
    let first = stage.renewing().await;
    let (_home, mut other) = another_build(&stage).await;
    let other = other.output().await.unwrap();
    assert_eq!(String::from_utf8_lossy(&other.stdout), "access-token-1\n", "{other:?}");
    assert_eq!(stage.asked(), ["refresh-token-0"; 2]);
    open.send(true).unwrap();
    (stage, first)
}

#[tokio::test]
async fn e2_refused_because_another_build_renewed_past_the_lock_its_token_is_used_and_not_renewed_again() {
    let (stage, first) = overtaken(7200).await;
    assert_eq!(stage.house.end(first).await.well().out, "access-token-1\n");
    // Renewed again, the other would be left with a refresh token that is spent.
    assert_eq!(stage.asked(), ["refresh-token-0"; 2]);
    assert_eq!(stage.token().await.well().out, "access-token-1\n");
    assert_eq!(stage.house.kept(&stage.id)["refresh_token"], "refresh-token-1");
}

#[tokio::test]
async fn e2_a_newer_token_of_another_build_that_is_over_already_is_renewed_with_its_own_refresh_token() {
    let (stage, first) = overtaken(0).await;
    stage.server.answer(TOKEN, pair(2, 7200));
    assert_eq!(stage.house.end(first).await.well().out, "access-token-2\n");
    assert_eq!(stage.asked(), ["refresh-token-0", "refresh-token-0", "refresh-token-1"]);
    assert_eq!(stage.house.kept(&stage.id)["refresh_token"], "refresh-token-2");
}

#[tokio::test]
async fn e2_refused_with_nothing_newer_in_the_keychain_the_login_is_over_and_nothing_is_deleted() {
    let stage = Stage::over().await;
    stage.server.always(TOKEN, invalid_grant());
    let before = stage.house.kept(&stage.id);
    stage.token().await.fails_with(3).says("keydesk login");
    assert_eq!(stage.asked().len(), 1);
    assert_eq!(stage.house.kept(&stage.id), before);
}
