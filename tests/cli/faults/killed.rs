//! `kill -9` of a command that renews.

use std::io::Write;
use std::process::Stdio;
use std::time::Duration;

use keydesk_support::{Answer, wait_until};

use super::stage::{Stage, TOKEN, invalid_grant, kill, pair, rotates};
use crate::house::SOON;
use crate::waiting::signal;

/// A command that is killed while the server has its request, and what it left behind.
async fn killed_before_the_answer() -> Stage {
    let stage = Stage::over().await;
    stage.server.answer(TOKEN, Answer::silence());
    let child = stage.renewing().await;
    assert!(stage.journal().exists());
    kill(child).await;
    let journal = std::fs::read_to_string(stage.journal()).unwrap();
    assert!(!journal.contains("refresh-token-0"), "{journal}");
    stage
}

#[tokio::test]
async fn e5_killed_before_the_answer_the_next_run_asks_once_and_says_that_an_answer_was_lost() {
    let stage = killed_before_the_answer().await;
    let other = stage.connect("other").await;
    stage.log_in("other", pair(10, 7200)).await;
    let others = [other.as_str()];
    let before = stage.settings(&others);
    stage.server.always(TOKEN, invalid_grant());
    let ran = stage.token().await.fails_with(3).says("was lost").says("keydesk login");
    assert_eq!(ran.out, "");
    assert_eq!(stage.asked(), ["refresh-token-0"; 2]);
    // Each run asks once at most: nothing goes round in circles.
    stage.token().await.fails_with(3);
    assert!(stage.asked().len() <= 3, "{:?}", stage.asked());
    assert!(!stage.journal().exists());
    assert_eq!(stage.settings(&others), before, "settings and other logins are as they were");
    assert_eq!(stage.house.run(&["token", "other"]).await.well().out, "access-token-10\n");
    // What is needed is a login, and nothing else.
    stage.log_in("it", pair(20, 7200)).await;
    assert_eq!(stage.token().await.well().out, "access-token-20\n");
}

#[tokio::test]
async fn e5_killed_before_the_answer_the_next_run_gets_the_token_where_the_server_still_gives_it() {
    let stage = killed_before_the_answer().await;
    stage.server.answer(TOKEN, pair(1, 7200));
    for _ in 0..2 {
        assert_eq!(stage.token().await.well().out, "access-token-1\n");
    }
    assert_eq!(stage.asked(), ["refresh-token-0"; 2]);
    assert!(!stage.journal().exists());
}

/// E6: the one try that is left is that of the next run, also when its answer is lost too.
#[tokio::test]
async fn e5_killed_before_the_answer_the_next_run_does_not_ask_a_third_time() {
    let stage = killed_before_the_answer().await;
    stage.server.always(TOKEN, Answer::raw(""));
    stage.token().await.fails_with(3).says("taken the refresh token for used");
    assert_eq!(stage.asked().len(), 2);
    assert!(stage.journal().exists());
}

/// Whenever it is killed, the next run has the token that counts, or knows that its answer was lost.
#[tokio::test]
async fn e5_killed_at_any_moment_after_the_request_no_run_is_left_in_the_dark() {
    let stage = Stage::new().await;
    rotates(&stage.server);
    for milliseconds in [0, 20, 30, 35, 40, 45, 50, 60, 75, 100] {
        stage.log_in_at_last("it").await;
        let mut child = stage.renewing().await;
        tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        // It may be through with it.
        let _ = child.kill().await;
        let asked = stage.asked().len();
        let ran = stage.token().await;
        if ran.status == 0 {
            let kept = stage.house.kept(&stage.id);
            assert_eq!(ran.out.trim(), kept["access_token"], "after {milliseconds} ms");
            assert_eq!(stage.asked().len(), asked, "what was kept is used, after {milliseconds} ms");
        } else {
            ran.fails_with(3).says("was lost");
            assert_eq!(stage.asked().len(), asked + 1, "after {milliseconds} ms");
        }
        assert!(!stage.journal().exists() || stage.token().await.status == 0);
    }
}

#[tokio::test]
async fn e5_killed_between_keeping_and_its_end_the_next_run_uses_the_new_token_without_asking() {
    // The second time the entry in the journal is left over too, as by a kill before it is taken back.
    for left_over in [false, true] {
        let stage = Stage::over().await;
        let (open, held) = tokio::sync::watch::channel(false);
        stage.server.answer(TOKEN, pair(1, 7200).held(&held));
        // A pipe that is full: the command stops where it prints, which is after it has kept.
        let (_unread, mut full) = std::io::pipe().unwrap();
        full.write_all(&[b'.'; 65_536]).unwrap();
        let child = stage.house.command(&["token", "it"]).stdout(Stdio::from(full)).spawn().unwrap();
        stage.asks(1).await;
        let journal = std::fs::read(stage.journal()).unwrap();
        open.send(true).unwrap();
        let kept = async || stage.house.kept(&stage.id)["refresh_token"] == "refresh-token-1";
        wait_until(kept, SOON, "the new token to be kept").await.unwrap();
        kill(child).await;
        if left_over {
            std::fs::write(stage.journal(), journal).unwrap();
        }
        assert_eq!(stage.token().await.well().out, "access-token-1\n");
        assert_eq!(stage.asked().len(), 1);
    }
}

/// As by Ctrl-C, by `timeout` or a service manager, and by a terminal that is closed.
#[tokio::test]
async fn e3_a_command_that_is_stopped_keeps_what_the_server_answers_to_the_renewal_that_was_sent() {
    for name in ["INT", "TERM", "HUP"] {
        let stage = Stage::over().await;
        let (open, held) = tokio::sync::watch::channel(false);
        stage.server.answer(TOKEN, pair(1, 7200).held(&held));
        let child = stage.renewing().await;
        signal(child.id().unwrap(), name);
        // So long it would be gone by now.
        tokio::time::sleep(Duration::from_millis(300)).await;
        open.send(true).unwrap();
        assert_eq!(stage.house.end(child).await.fails_with(130).out, "", "{name}");
        assert_eq!(stage.house.kept(&stage.id)["refresh_token"], "refresh-token-1", "{name}");
    }
}
