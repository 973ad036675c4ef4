//! A file that is sent in pieces.

use keydesk_core::{ErrorCode, TransferState};
use keydesk_support::Answer;
use serde_json::json;

use super::stage::{CHUNK, SIZE, Stage, bytes, chunk_path, hash};

#[tokio::test(flavor = "multi_thread")]
async fn a_file_arrives_whole_in_pieces_and_the_server_is_waited_for() {
    let stage = Stage::new().await;
    stage.takes_chunks();
    let sent = bytes(SIZE);
    let transfer = stage.upload("chunks", &stage.file("room.jpg", &sent));
    assert_eq!((transfer.name.as_str(), transfer.size, transfer.done), ("room.jpg", Some(SIZE as u64), 0));
    let done = stage.done(&transfer).await;
    assert_eq!(hash(&stage.arrived()), hash(&sent));
    assert_eq!(stage.counts(), [1, 1, 1, 1]);
    assert_eq!((done.done, done.tries, done.ended_at.is_some()), (SIZE as u64, 0, true));
    assert_eq!(done.result.as_deref(), Some("{\"asset\":99}"));
    assert_eq!(stage.server.received_at("/jobs")[0].json(), json!({"name": "room.jpg", "size": SIZE}));
    for (chunk, length) in [(1, CHUNK), (4, SIZE - 3 * CHUNK)] {
        let received = stage.server.received_at(&chunk_path(chunk)).pop().unwrap();
        assert_eq!(received.header("content-length"), Some(length.to_string().as_str()));
        assert_eq!(received.header("content-type"), Some("application/octet-stream"));
        assert_eq!(received.header("authorization"), Some("Bearer the-token-1"));
    }
    assert_eq!(stage.server.received_at("/jobs/5").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cut_in_the_middle_of_the_third_piece_goes_on_with_that_piece() {
    let stage = Stage::cut_after(2 * CHUNK + CHUNK / 2).await;
    stage.takes_chunks();
    let sent = bytes(SIZE);
    let transfer = stage.upload("chunks", &stage.file("room.jpg", &sent));
    let done = stage.done(&transfer).await;
    assert_eq!((done.tries, done.done), (1, SIZE as u64));
    assert_eq!(stage.counts(), [1, 1, 1, 1], "that of which half came is no request");
    assert_eq!(hash(&stage.arrived()), hash(&sent));
    assert_eq!(stage.server.received_at("/jobs").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_was_lost_sends_that_piece_again_and_no_other() {
    let stage = Stage::new().await;
    stage.takes_chunks();
    for _ in 0..2 {
        stage.server.answer(&chunk_path(3), Answer::new(204).cut_after(0));
    }
    let sent = bytes(SIZE);
    let transfer = stage.upload("chunks", &stage.file("room.jpg", &sent));
    let done = stage.done(&transfer).await;
    assert_eq!(stage.counts(), [1, 1, 3, 1]);
    assert_eq!(hash(&stage.arrived()), hash(&sent));
    assert_eq!(done.tries, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_piece_that_the_server_refuses_ends_it_and_a_person_may_let_it_go_on_there() {
    let stage = Stage::new().await;
    stage.takes_chunks();
    stage.server.answer(&chunk_path(2), Answer::json(422, &json!({"message": "A chunk is 5 MB at most"})));
    let sent = bytes(SIZE);
    let transfer = stage.upload("chunks", &stage.file("room.jpg", &sent));
    let error = stage.failed(&transfer).await;
    assert_eq!((error.code, error.status), (ErrorCode::BadRequest, Some(422)));
    assert!(error.message.contains("5 MB at most"), "{error}");
    assert_eq!(stage.counts(), [1, 1, 0, 0], "nothing is sent after that");
    stage.house.keydesk.resume_transfer(&transfer.id).unwrap();
    stage.done(&transfer).await;
    assert_eq!(stage.counts(), [1, 2, 1, 1]);
    assert_eq!(hash(&stage.arrived()), hash(&sent));
    assert_eq!(stage.server.received_at("/jobs").len(), 1, "the same job");
}

#[tokio::test(flavor = "multi_thread")]
async fn h8_a_server_that_asks_to_wait_is_obeyed() {
    let stage = Stage::new().await;
    stage.takes_chunks();
    stage.server.answer(&chunk_path(2), Answer::new(429).header("retry-after", "40"));
    stage.server.answer(&chunk_path(4), Answer::new(503).header("retry-after", "50"));
    let transfer = stage.upload("chunks", &stage.file("room.jpg", &bytes(SIZE)));
    for (done, seconds, chunk) in [(CHUNK, 40, 2), (3 * CHUNK, 50, 4)] {
        let waits =
            |view: &keydesk_core::TransferView| view.state == TransferState::Waiting && view.done >= done as u64;
        let waiting = stage.until(&transfer, waits).await;
        assert!(waiting.waits_until.is_some() && waiting.error.is_some(), "{waiting:?}");
        stage.house.clock.forward(seconds - 10);
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        assert_eq!(stage.server.received_at(&chunk_path(chunk)).len(), 1, "not before it may");
        stage.house.clock.forward(10);
        stage.until(&transfer, |view| view.waits_until != waiting.waits_until).await;
    }
    stage.done(&transfer).await;
    assert_eq!(stage.counts(), [1, 2, 1, 2]);
}

#[tokio::test(flavor = "multi_thread")]
async fn e10_a_dead_token_is_renewed_once_and_the_piece_sent_again() {
    let stage = Stage::new().await;
    stage.takes_chunks();
    stage.server.answer(&chunk_path(3), Answer::new(401));
    let sent = bytes(SIZE);
    let transfer = stage.upload("chunks", &stage.file("room.jpg", &sent));
    stage.done(&transfer).await;
    let tokens: Vec<_> = stage.server.received_at(&chunk_path(3));
    let tokens: Vec<_> = tokens.iter().map(|it| it.header("authorization").unwrap()).collect();
    assert_eq!(tokens, ["Bearer the-token-1", "Bearer the-token-2"]);
    assert_eq!(stage.server.received_at("/token").len(), 2);
    assert_eq!(hash(&stage.arrived()), hash(&sent));
    // A second one after the other is an answer.
    let transfer = {
        stage.server.answer(&chunk_path(1), Answer::new(401));
        stage.server.answer(&chunk_path(1), Answer::new(401));
        stage.upload("chunks", &stage.file("again.jpg", &sent))
    };
    assert_eq!(stage.failed(&transfer).await.code, ErrorCode::Refused);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_last_piece_whose_answer_was_lost_is_asked_about_and_not_told_as_refused() {
    let stage = Stage::new().await;
    stage.takes_chunks();
    stage.server.answer(&chunk_path(4), Answer::new(201).cut_after(0));
    stage.server.answer(&chunk_path(4), Answer::json(422, &json!({"message": "The file is complete"})));
    let transfer = stage.upload("chunks", &stage.file("room.jpg", &bytes(SIZE)));
    assert_eq!(stage.done(&transfer).await.result.as_deref(), Some("{\"asset\":99}"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_last_piece_that_came_before_a_rest_or_a_gateway_out_of_order_is_asked_about_too() {
    let complete = || Answer::json(422, &json!({"message": "The file is complete"}));
    let sent = bytes(SIZE);
    let stage = Stage::new().await;
    stage.takes_chunks();
    stage.server.answer(&chunk_path(4), Answer::new(502));
    stage.server.answer(&chunk_path(4), complete());
    stage.done(&stage.upload("chunks", &stage.file("room.jpg", &sent))).await;
    for same_process in [true, false] {
        let mut stage = Stage::new().await;
        stage.takes_chunks();
        let (open, held) = tokio::sync::watch::channel(false);
        stage.server.answer(&chunk_path(4), Answer::new(201).held(&held));
        stage.server.answer(&chunk_path(4), complete());
        let path = stage.file("room.jpg", &sent);
        let mut transfer = stage.upload("chunks", &path);
        while stage.counts()[3] == 0 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        stage.house.keydesk.pause_transfer(&transfer.id).await.unwrap();
        drop(open);
        if same_process {
            stage.house.keydesk.resume_transfer(&transfer.id).unwrap();
        } else {
            stage.next_process().await;
            transfer = stage.upload("chunks", &path);
        }
        stage.done(&transfer).await;
        assert_eq!(stage.server.received_at("/jobs").len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn h8_a_job_whose_making_was_lost_is_not_made_twice_by_itself() {
    let stage = Stage::new().await;
    stage.takes_chunks();
    stage.server.answer("/jobs", Answer::json(201, &json!({"id": 4})).cut_after(0));
    let transfer = stage.upload("chunks", &stage.file("room.jpg", &bytes(SIZE)));
    assert_eq!(stage.failed(&transfer).await.code, ErrorCode::NoReply);
    assert_eq!(stage.server.received_at("/jobs").len(), 1);
    stage.house.keydesk.resume_transfer(&transfer.id).unwrap();
    stage.done(&transfer).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_changes_under_the_upload_is_noticed_and_never_whole_at_the_server() {
    let stage = Stage::new().await;
    stage.takes_chunks();
    let path = stage.file("room.jpg", &bytes(SIZE));
    let changed = path.clone();
    stage.server.answer_with(&chunk_path(2), move |_| {
        std::fs::write(&changed, "another picture").unwrap();
        Answer::new(204)
    });
    let transfer = stage.upload("chunks", &path);
    let error = stage.failed(&transfer).await;
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidInput, Some("file")));
    assert_eq!(stage.counts()[2..], [0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_counts_pieces_otherwise_is_not_believed() {
    let stage = Stage::new().await;
    stage.takes_chunks();
    stage.server.answer(&chunk_path(2), Answer::new(201));
    let transfer = stage.upload("chunks", &stage.file("room.jpg", &bytes(SIZE)));
    let error = stage.failed(&transfer).await;
    assert_eq!((error.code, error.status), (ErrorCode::UnexpectedAnswer, Some(201)));
}

#[tokio::test(flavor = "multi_thread")]
async fn f9_no_token_stands_in_a_result_that_repeats_it() {
    let stage = Stage::new().await;
    stage.takes_chunks();
    stage.server.answer("/jobs/5", Answer::json(200, &json!({"asset": null})));
    stage.server.always("/jobs/5", Answer::json(200, &json!({"asset": 9, "seen": "Bearer the-token-1"})));
    let transfer = stage.upload("chunks", &stage.file("room.jpg", &bytes(SIZE)));
    let result = stage.done(&transfer).await.result.unwrap();
    assert!(result.contains("•••") && !result.contains("the-token-1"), "{result}");
}
