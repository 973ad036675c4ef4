//! What goes wrong at the server, on the way, and with the token.

use keydesk_core::{ErrorCode, LogIn, RunState, RunView, Secret, TargetState};
use keydesk_support::Answer;
use serde_json::json;

use super::stage::{Reply, Stage, TOKEN, devices, end, known, until};

/// The server, told by the number of a device.
fn number(target: &str) -> usize {
    target[1..].parse().unwrap()
}

fn fails(target: &str) -> bool {
    number(target) % 50 == 7
}

fn is_lost(target: &str) -> bool {
    number(target) % 100 == 33
}

#[tokio::test(flavor = "multi_thread")]
async fn h8_of_a_thousand_targets_each_is_done_once_at_most_whatever_goes_wrong() {
    let stage = Stage::new().await;
    let good = stage.good();
    stage.does(move |target, before| match number(target) {
        // In the middle the token dies.
        300 if before == 0 => {
            *good.lock().unwrap() = "access-token-2".to_owned();
            Reply::Done
        }
        400 | 401 if before == 0 => {
            Reply::Refuses(Answer::json(429, &json!({"message": "slow down"})).header("retry-after", "1"))
        }
        _ if fails(target) => Reply::Refuses(Answer::json(500, &json!({"message": "no"}))),
        _ if is_lost(target) => Reply::Lost,
        number if number % 20 == 1 => Reply::Slowly,
        _ => Reply::Done,
    });
    let keydesk = &stage.house.keydesk;
    let run = end(keydesk, stage.start(&devices(1000), 32).await).await;
    assert_eq!(run.state, RunState::Done);
    assert_eq!(known(run.counts), [970, 20, 10, 0]);
    let done = stage.done();
    assert!(done.values().all(|times| *times == 1), "{done:?}");
    assert_eq!(done.len(), 980, "the accepted, and those whose answer was lost");
    for row in stage.rows(&run, None).await {
        let target = row.target.as_deref().unwrap();
        let (state, code) = match target {
            _ if fails(target) => (TargetState::Failed, Some(ErrorCode::ServerFailed)),
            _ if is_lost(target) => (TargetState::Unknown, Some(ErrorCode::NoReply)),
            _ => (TargetState::Accepted, None),
        };
        assert_eq!((row.state, row.error.map(|error| error.code)), (state, code), "{target}");
        assert!(row.attempts >= 1);
    }
    let refreshes = stage.server.received_at(TOKEN).len() - 1;
    assert_eq!(refreshes, 1, "one renewal for all");

    // Those that failed, and no others.
    stage.does(|_, _| Reply::Done);
    let asked = stage.asked();
    let again = end(keydesk, keydesk.retry_run(&run.id, vec![TargetState::Failed]).await.unwrap()).await;
    assert_eq!((again.retry_of.as_deref(), known(again.counts)), (Some(run.id.as_str()), [20, 0, 0, 0]));
    assert_eq!(stage.asked() - asked, 20);
    assert!(stage.done().values().all(|times| *times == 1));
    let twice = keydesk.retry_run(&run.id, vec![TargetState::Failed]).await.err().unwrap();
    assert_eq!(twice.field.as_deref(), Some("which"));
    // What is unknown only when a person says so: then it may be done twice.
    let unknown = end(keydesk, keydesk.retry_run(&run.id, vec![TargetState::Unknown]).await.unwrap()).await;
    assert_eq!(known(unknown.counts), [10, 0, 0, 0]);
    assert_eq!(stage.done().values().filter(|times| **times == 2).count(), 10);
}

#[tokio::test(flavor = "multi_thread")]
async fn h8_a_server_that_asks_to_wait_is_obeyed_by_the_whole_run_and_what_it_refused_is_sent_then() {
    let stage = Stage::new().await;
    stage.does(|target, before| match (number(target), before) {
        (5, 0) => Reply::Refuses(Answer::new(429).header("retry-after", "600")),
        _ => Reply::Done,
    });
    let mut started = stage.start(&devices(40), 4).await;
    let run = until(&mut started, |run| run.waits_until.is_some() && run.counts.sending == 0).await;
    assert!(run.counts.waiting > 0 && run.state == RunState::Running && run.seconds_left.is_none());
    let asked = stage.asked();
    assert!(asked < 40, "the others wait too");
    let refused = stage.rows(&run, Some(TargetState::Waiting)).await.remove(0);
    assert_eq!((refused.target.as_deref(), refused.status, refused.attempts), (Some("d0005"), Some(429), 1));
    stage.house.clock.forward(601);
    let run = end(&stage.house.keydesk, started).await;
    assert_eq!(known(run.counts), [40, 0, 0, 0]);
    assert_eq!(stage.asked(), 41);
}

#[tokio::test(flavor = "multi_thread")]
async fn h8_a_login_that_ends_in_the_middle_pauses_the_run_and_after_another_it_goes_on() {
    let stage = Stage::new().await;
    let good = stage.good();
    stage.does(move |target, _| {
        if number(target) == 10 {
            *good.lock().unwrap() = "nobody's".to_owned();
        }
        Reply::Done
    });
    stage.server.answer(TOKEN, Answer::json(400, &json!({"error": "invalid_grant"})));
    let mut started = stage.start(&devices(60), 3).await;
    let run = until(&mut started, |run| run.state == RunState::Paused && run.counts.sending == 0).await;
    assert_eq!(run.note, Some(ErrorCode::TokenRefused));
    assert_eq!((run.counts.failed, run.counts.unknown), (0, 0));
    assert!(run.counts.waiting >= 45, "{run:?}");
    stage.log_in().await;
    stage.only_takes("access-token-2");
    stage.does(|_, _| Reply::Done);
    stage.house.keydesk.resume_run(&run.id).await.unwrap();
    let run = end(&stage.house.keydesk, started).await;
    assert_eq!((run.note, known(run.counts)), (None, [60, 0, 0, 0]));
    assert!(stage.done().values().all(|times| *times == 1));
}

/// A server that refuses every token, also those it has just given, is not asked for thousands of them.
#[tokio::test(flavor = "multi_thread")]
async fn e10_a_server_that_refuses_every_token_is_not_hammered_by_a_run() {
    let stage = Stage::new().await;
    stage.only_takes("no token at all");
    let mut started = stage.start(&devices(500), 2).await;
    let run = until(&mut started, |run| run.state == RunState::Paused && run.counts.sending == 0).await;
    assert_eq!(run.note, Some(ErrorCode::Refused));
    assert!(run.counts.waiting > 490, "{run:?}");
    assert!(stage.server.received_at(TOKEN).len() < 8);
}

#[tokio::test(flavor = "multi_thread")]
async fn h8_a_server_that_is_gone_is_waited_for_and_nothing_is_lost() {
    let stage = Stage::new().await;
    let keydesk = stage.house.keydesk.clone();
    // Its address belongs to nobody from now on.
    let gone = stage.house.connect_to_port(keydesk_support::free_port().unwrap());
    let fields = [("token".to_owned(), keydesk_core::Secret::new("access-token-1"))].into();
    let login =
        keydesk_core::LogIn { connection: gone.id.clone(), login: "access_token".to_owned(), fields, keep: Vec::new() };
    keydesk.log_in(login).await.unwrap();
    let mut request = stage.request(&devices(3));
    request.connection = gone.id;
    let options = keydesk_core::RunOptions::default();
    let mut started = keydesk.start_run(request, &options).await.unwrap();
    for _ in 0..6 {
        until(&mut started, |run| run.waits_until.is_some()).await;
        stage.house.clock.forward(61);
    }
    let run = until(&mut started, |run| run.state == RunState::Paused && run.counts.sending == 0).await;
    assert_eq!((run.note, run.counts.waiting), (Some(ErrorCode::Unreachable), 3));
}

/// What changes nothing is asked once more when its answer is lost.
#[tokio::test(flavor = "multi_thread")]
async fn h8_a_lost_answer_of_what_only_reads_is_asked_for_once_more() {
    let stage = Stage::new().await;
    let path = "/api/ibot/workflow";
    stage.server.answer(path, Answer::raw(""));
    stage.server.answer(path, Answer::json(200, &json!({"results": []})));
    let row = stage.house.run(&stage.connection, "workflows", &[]).await.results.remove(0);
    assert_eq!((row.state, row.attempts), (TargetState::Accepted, 2));
    stage.server.always(path, Answer::raw(""));
    let row = stage.house.run(&stage.connection, "workflows", &[]).await.results.remove(0);
    assert_eq!((row.state, row.attempts), (TargetState::Failed, 2));
    assert_eq!(stage.server.received_at(path).len(), 4);
}

/// A server can send more than anybody wants.
#[tokio::test(flavor = "multi_thread")]
async fn h6_of_a_large_answer_so_much_is_taken_and_the_rest_not_waited_for() {
    let stage = Stage::new().await;
    let drip = std::time::Duration::from_millis(1);
    stage.does(move |_, _| Reply::Refuses(Answer::new(200).body(vec![b'a'; 64 << 20]).drip(32 << 10, drip)));
    let run = end(&stage.house.keydesk, stage.start(&devices(3), 3).await).await;
    assert_eq!(known(run.counts), [3, 0, 0, 0]);
    let row = stage.house.keydesk.read_run_row(&run.id, 2).await.unwrap();
    assert!(row.truncated && row.body.unwrap().len() == 16 << 10);
}

/// A token that nothing renews: who is refused with it is refused for himself, where it lets the others in.
#[tokio::test(flavor = "multi_thread")]
async fn h8_a_target_that_alone_is_refused_does_not_hold_up_the_others_and_a_dead_token_does() {
    let stage = Stage::new().await;
    let token = async || {
        let fields = [("token".to_owned(), Secret::new("access-token-1"))].into();
        let (connection, login) = (stage.connection.id.clone(), "access_token".to_owned());
        let request = LogIn { connection, login, fields, keep: Vec::new() };
        stage.house.keydesk.log_in(request).await.unwrap();
    };
    token().await;
    let refused = || Reply::Refuses(Answer::json(401, &json!({"message": "not for you"})));
    stage.does(move |target, _| if number(target) == 3 { refused() } else { Reply::Done });
    let keydesk = &stage.house.keydesk;
    let run = end(keydesk, stage.start(&devices(20), 1).await).await;
    assert_eq!((run.state, known(run.counts)), (RunState::Done, [19, 1, 0, 0]));
    // The first of all may be the one: a person is asked once, and not again for the same.
    let paused = |run: &RunView| run.state == RunState::Paused && run.counts.sending == 0;
    stage.does(move |target, _| if number(target) == 0 { refused() } else { Reply::Done });
    let mut started = stage.start(&devices(20), 1).await;
    assert_eq!(known(until(&mut started, paused).await.counts), [0, 0, 0, 20]);
    keydesk.resume_run(&started.run.id).await.unwrap();
    let run = end(keydesk, started).await;
    assert_eq!((run.state, known(run.counts)), (RunState::Done, [19, 1, 0, 0]));
    // And a token that lets nobody in any more is noticed after three.
    stage.does(move |target, _| if number(target) > 4 { refused() } else { Reply::Done });
    let mut started = stage.start(&devices(20), 1).await;
    let run = until(&mut started, paused).await;
    assert_eq!((run.note, known(run.counts)), (Some(ErrorCode::Refused), [5, 3, 0, 12]));
}

/// What stands between had no good answer of the server behind it, which may have done what it was asked.
#[tokio::test(flavor = "multi_thread")]
async fn h8_what_a_gateway_had_no_good_answer_to_is_unknown_and_not_sent_again_by_itself() {
    let stage = Stage::new().await;
    stage.does(|target, _| match number(target) {
        3 => Reply::Refuses(Answer::html(502, "<h1>Bad gateway</h1>")),
        4 => Reply::Refuses(Answer::html(504, "<h1>Gateway time-out</h1>")),
        5 => Reply::Refuses(Answer::html(503, "<h1>Service unavailable</h1>")),
        _ => Reply::Done,
    });
    let keydesk = &stage.house.keydesk;
    let run = end(keydesk, stage.start(&devices(8), 1).await).await;
    assert_eq!((run.state, known(run.counts)), (RunState::Done, [5, 1, 2, 0]));
    let again = end(keydesk, keydesk.retry_run(&run.id, vec![TargetState::Failed]).await.unwrap()).await;
    assert_eq!(again.counts.total, 1);
}
