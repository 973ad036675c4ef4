//! What a person does with a transfer: lets it rest, go on, ends it, and takes it from the list.

use std::time::Duration;

use keydesk_core::{ErrorCode, FieldValue, RunOptions, SaveProvider, Signal, TransferState};
use keydesk_support::Answer;
use serde_json::json;
use tokio::sync::watch;

use super::stage::{CHUNK, FILE, SIZE, Stage, bytes, chunk_path, gives, hash};

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_rests_and_goes_on_with_the_piece_that_was_under_way() {
    let stage = Stage::new().await;
    stage.takes_chunks();
    let (open, held) = watch::channel(false);
    stage.server.answer(&chunk_path(3), Answer::new(204).held(&held));
    let sent = bytes(SIZE);
    let transfer = stage.upload("chunks", &stage.file("room.jpg", &sent));
    while stage.counts()[2] == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    let keydesk = &stage.house.keydesk;
    let paused = keydesk.pause_transfer(&transfer.id).await.unwrap();
    assert_eq!(paused.state, TransferState::Paused);
    assert!(keydesk.pause_transfer(&transfer.id).await.is_err(), "nobody works on it");
    drop(open);
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(stage.counts(), [1, 1, 1, 0], "nothing is sent while it rests");
    let view = keydesk.resume_transfer(&transfer.id).unwrap();
    assert!(view.state.is_under_way());
    assert!(keydesk.resume_transfer(&transfer.id).is_err(), "it goes on already");
    stage.done(&transfer).await;
    assert_eq!(stage.counts(), [1, 1, 2, 1]);
    assert_eq!(hash(&stage.arrived()), hash(&sent));
    assert!(keydesk.resume_transfer(&transfer.id).is_err() && keydesk.stop_transfer(&transfer.id).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_rests_goes_on_where_it_was_and_is_gone_when_it_is_stopped() {
    let stage = Stage::new().await;
    let whole = bytes(SIZE);
    let slowly = |from: &[u8]| {
        gives(from, "a", &keydesk_support::Received::default()).drip(CHUNK / 2, Duration::from_millis(50))
    };
    stage.server.answer(FILE, slowly(&whole));
    let given = whole.clone();
    stage.server.answer_with(FILE, move |request| gives(&given, "a", request));
    let keydesk = &stage.house.keydesk;
    let transfer = stage.fetch("fetch");
    stage.until(&transfer, |view| view.file.is_some()).await;
    keydesk.pause_transfer(&transfer.id).await.unwrap();
    let paused = stage.view(&transfer);
    assert!(paused.file.as_deref().unwrap().ends_with("room 7.bin.part"), "{paused:?}");
    keydesk.resume_transfer(&transfer.id).unwrap();
    let done = stage.done(&transfer).await;
    assert_eq!(hash(&std::fs::read(done.file.unwrap()).unwrap()), hash(&whole));

    stage.server.answer(FILE, slowly(&whole));
    let transfer = stage.fetch("fetch");
    stage.until(&transfer, |view| view.file.is_some()).await;
    let stopped = keydesk.stop_transfer(&transfer.id).await.unwrap();
    assert_eq!((stopped.state, stopped.file), (TransferState::Stopped, None));
    assert_eq!(stage.downloaded(), ["room 7.bin"], "the first stays, the part of the second is gone");
    keydesk.remove_transfer(&transfer.id).await.unwrap();
    assert_eq!(keydesk.list_transfers(None).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_is_no_run_and_a_run_no_transfer() {
    let stage = Stage::new().await;
    let keydesk = &stage.house.keydesk;
    let error = keydesk.start_run(stage.request("fetch"), &RunOptions::default()).await.err().unwrap();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidInput, Some("action")));
    let actions = keydesk.list_actions(&stage.connection.id).unwrap();
    let kinds: Vec<_> = actions.iter().map(|action| action.transfer.is_some()).collect();
    assert_eq!(kinds, [true; 4]);
    assert_eq!(keydesk.remove_transfer("none").await.unwrap_err().field.as_deref(), Some("transfer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_moves_is_told_and_not_too_often() {
    let stage = Stage::new().await;
    let mut signals = stage.house.keydesk.signals();
    let whole = bytes(SIZE);
    stage
        .server
        .always(FILE, gives(&whole, "a", &keydesk_support::Received::default()).drip(1000, Duration::from_millis(1)));
    let begun = std::time::Instant::now();
    let transfer = stage.fetch("fetch");
    stage.done(&transfer).await;
    let tenths = begun.elapsed().as_millis() / 100 + 1;
    let mut told = 0;
    while let Ok(signal) = signals.try_recv() {
        told += u128::from(signal == Signal::TransferChanged(transfer.id.clone()));
    }
    // A few beside them: it began, its name was known, it ended.
    assert!(told >= 2 && told <= tenths + 8, "{told} in {tenths} tenths of a second");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_removed_takes_its_transfers_along() {
    let stage = Stage::new().await;
    let whole = bytes(SIZE);
    let answer = gives(&whole, "a", &keydesk_support::Received::default());
    stage.server.always(FILE, answer.drip(1000, Duration::from_millis(20)));
    let transfer = stage.fetch("fetch");
    stage.until(&transfer, |view| view.file.is_some()).await;
    stage.house.keydesk.remove_connection(&stage.connection.id).await.unwrap();
    assert!(stage.house.keydesk.list_transfers(None).is_empty());
    assert_eq!(stage.downloaded(), [""; 0], "nor is a part left");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_will_be_sent_first_is_shown_before() {
    let stage = Stage::new().await;
    let keydesk = &stage.house.keydesk;
    let mut request = stage.request("chunks");
    assert_eq!(keydesk.preview_request(request.clone()).await.unwrap_err().field.as_deref(), Some("file"));
    request.values.insert("file".to_owned(), FieldValue::Text("room.jpg".to_owned()));
    let shown = keydesk.preview_request(request).await.unwrap();
    assert_eq!((shown.method.as_str(), shown.url), ("POST", stage.server.url("/jobs")));
    assert_eq!(shown.body.as_deref(), Some("{\"name\":\"room.jpg\",\"size\":\"{file_size}\"}"));
    let shown = keydesk.preview_request(stage.request("fetch")).await.unwrap();
    assert_eq!(shown.url, stage.server.url(FILE));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_has_sent_is_not_sent_again() {
    let mut stage = Stage::new().await;
    stage.takes_chunks();
    stage.server.answer(&chunk_path(3), Answer::new(403));
    let sent = bytes(SIZE);
    let path = stage.file("room.jpg", &sent);
    let transfer = stage.upload("chunks", &path);
    stage.failed(&transfer).await;
    // The same at the same time, in another list: it knows nothing of the first.
    let twin = stage.upload("chunks", &path);
    stage.done(&twin).await;
    assert_eq!(stage.counts(), [2, 2, 2, 1]);
    stage.next_process().await;
    let transfer = stage.upload("chunks", &path);
    assert_eq!(transfer.done, 2 * CHUNK as u64);
    stage.done(&transfer).await;
    assert_eq!((stage.counts(), stage.server.received_at("/jobs").len()), ([2, 2, 3, 2], 2));
    assert_eq!(hash(&stage.arrived()), hash(&sent));
    // It is over: the same once more is a new one, of which it is kept how far it is.
    stage.server.answer(&chunk_path(2), Answer::new(422));
    stage.failed(&stage.upload("chunks", &path)).await;
    assert_eq!(stage.counts()[0], 3);
    stage.next_process().await;
    assert_eq!(stage.upload("chunks", &path).done, CHUNK as u64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_is_no_longer_there_is_made_anew_once() {
    let mut stage = Stage::new().await;
    stage.takes_chunks();
    stage.server.answer(&chunk_path(3), Answer::new(422));
    let sent = bytes(SIZE);
    let path = stage.file("room.jpg", &sent);
    stage.failed(&stage.upload("chunks", &path)).await;
    stage.next_process().await;
    stage.server.answer(&chunk_path(3), Answer::new(404));
    stage.done(&stage.upload("chunks", &path)).await;
    assert_eq!((stage.counts(), stage.server.received_at("/jobs").len()), ([2, 2, 3, 1], 2));
    assert_eq!(hash(&stage.arrived()), hash(&sent));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_ended_after_the_last_piece_is_made_anew_once() {
    let stage = Stage::new().await;
    stage.takes_chunks();
    stage.server.answer("/jobs/5", Answer::new(422));
    let transfer = stage.upload("chunks", &stage.file("room.jpg", &bytes(SIZE)));
    stage.failed(&transfer).await;
    stage.server.answer("/jobs/5", Answer::new(404));
    stage.house.keydesk.resume_transfer(&transfer.id).unwrap();
    stage.done(&transfer).await;
    assert_eq!((stage.counts(), stage.server.received_at("/jobs").len()), ([2, 2, 2, 2], 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_was_taken_away_throws_no_piece_away() {
    let stage = Stage::new().await;
    stage.takes_chunks();
    for status in [422, 403] {
        stage.server.answer(&chunk_path(3), Answer::new(status));
    }
    let transfer = stage.upload("chunks", &stage.file("room.jpg", &bytes(SIZE)));
    stage.failed(&transfer).await;
    stage.house.keydesk.resume_transfer(&transfer.id).unwrap();
    assert_eq!(stage.failed(&transfer).await.code, ErrorCode::NoPermission);
    stage.house.keydesk.resume_transfer(&transfer.id).unwrap();
    stage.done(&transfer).await;
    assert_eq!((stage.counts(), stage.server.received_at("/jobs").len()), ([1, 1, 3, 1], 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn pieces_of_another_size_or_to_another_server_are_not_counted_on() {
    let mut stage = Stage::new().await;
    stage.takes_chunks();
    stage.server.answer(&chunk_path(3), Answer::new(422));
    let path = stage.file("room.jpg", &bytes(SIZE));
    stage.failed(&stage.upload("chunks", &path)).await;
    stage.next_process().await;
    let text = super::stage::provider().replace("bytes = 100_000", "bytes = 50_000");
    let request = SaveProvider { text, replaces: Some("drive".to_owned()), file: None };
    stage.house.keydesk.save_provider(&request).unwrap();
    assert_eq!(stage.upload("chunks", &path).done, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_logs_out_leaves_no_transfer_that_goes_on_and_no_record_of_one() {
    let stage = Stage::new().await;
    stage.takes_chunks();
    let (_open, held) = watch::channel(false);
    stage.server.answer(&chunk_path(3), Answer::new(204).held(&held));
    let transfer = stage.upload("chunks", &stage.file("room.jpg", &bytes(SIZE)));
    while stage.counts()[2] == 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(stage.records().len(), 1);
    stage.house.keydesk.log_out(&stage.connection.id).await.unwrap();
    assert_eq!((stage.view(&transfer).state, stage.records().len()), (TransferState::Paused, 0));
    stage.log_in().await;
    let error = stage.house.keydesk.resume_transfer(&transfer.id).unwrap_err();
    assert_eq!(error.field.as_deref(), Some("transfer"), "it may be somebody else");
    assert_eq!(stage.counts(), [1, 1, 1, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_link_is_kept_and_a_connection_that_is_removed_takes_its_records_along() {
    let mut stage = Stage::new().await;
    let link = json!({"id": 1, "processing": false, "url": stage.server.url("/signed?signature=s3cret-of-it")});
    stage.server.always("/links", Answer::json(201, &json!({"id": 1})));
    stage.server.always("/links/1", Answer::json(200, &link));
    stage.server.always("/signed", Answer::new(422));
    stage.failed(&stage.fetch("fetch_by_link")).await;
    let kept = stage.records();
    assert!(kept.len() == 1 && !kept[0].contains("s3cret-of-it"), "{kept:?}");
    stage.next_process().await;
    stage.house.keydesk.remove_connection(&stage.connection.id).await.unwrap();
    assert!(stage.records().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_process_has_fetched_is_not_fetched_again() {
    let mut stage = Stage::new().await;
    let whole = bytes(SIZE);
    stage.server.answer(FILE, gives(&whole, "a", &keydesk_support::Received::default()).cut_after(200_000));
    stage.server.answer(FILE, Answer::new(404));
    stage.failed(&stage.fetch("fetch")).await;
    stage.next_process().await;
    let given = whole.clone();
    stage.server.answer_with(FILE, move |request| gives(&given, "a", request));
    let transfer = stage.fetch("fetch");
    assert!(transfer.done > 0 && transfer.name == "room 7.bin", "{transfer:?}");
    let done = stage.done(&transfer).await;
    assert_eq!(hash(&std::fs::read(done.file.unwrap()).unwrap()), hash(&whole));
    assert!(stage.server.received_at(FILE).pop().unwrap().header("range").is_some());
    assert_eq!(stage.downloaded(), ["room 7.bin"]);
    assert!(stage.records().is_empty(), "what is over is forgotten");
}
