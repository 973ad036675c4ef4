//! A file that is fetched.

use std::time::Duration;

use keydesk_core::{ErrorCode, SaveTo, TransferState};
use keydesk_support::{Answer, Disk, FakeServer};
use serde_json::json;

use super::stage::{FILE, SIZE, Stage, bytes, gives, hash};
use crate::house::{Does, House};

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_fetched_whole_under_the_name_that_the_server_gives() {
    let stage = Stage::new().await;
    let whole = bytes(SIZE);
    let given = whole.clone();
    stage.server.answer_with(FILE, move |request| gives(&given, "a", request));
    let transfer = stage.fetch("fetch");
    let done = stage.done(&transfer).await;
    let path = stage.downloads().join("room 7.bin");
    assert_eq!((done.name.as_str(), done.file.as_deref()), ("room 7.bin", path.to_str()));
    assert_eq!((done.done, done.size), (SIZE as u64, Some(SIZE as u64)));
    assert_eq!(hash(&std::fs::read(path).unwrap()), hash(&whole));
    assert_eq!(stage.downloaded(), ["room 7.bin"], "no part is left");
    let request = &stage.server.received_at(FILE)[0];
    assert_eq!(request.header("authorization"), Some("Bearer the-token-1"));
    assert_eq!(request.header("accept-encoding"), Some("identity"));
    assert!(request.header("range").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_cut_goes_on_with_the_range_that_is_missing() {
    let stage = Stage::new().await;
    let whole = bytes(SIZE);
    let cut = gives(&whole, "a", &keydesk_support::Received::default()).cut_after(200_000);
    stage.server.answer(FILE, cut);
    let given = whole.clone();
    stage.server.answer_with(FILE, move |request| gives(&given, "a", request));
    let transfer = stage.fetch("fetch");
    let done = stage.done(&transfer).await;
    assert_eq!(done.tries, 1);
    let requests = stage.server.received_at(FILE);
    assert_eq!(requests.len(), 2);
    let range = requests[1].header("range").unwrap();
    let from: usize = range.strip_prefix("bytes=").unwrap().strip_suffix('-').unwrap().parse().unwrap();
    assert!(from > 0 && from <= 200_000, "{range}");
    assert_eq!(requests[1].header("if-range"), Some("\"a\""));
    assert_eq!(hash(&std::fs::read(done.file.unwrap()).unwrap()), hash(&whole));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_another_one_meanwhile_or_a_server_without_ranges_starts_again() {
    let (old, new) = (bytes(SIZE), bytes(SIZE - 1000));
    for knows_ranges in [true, false] {
        let stage = Stage::new().await;
        let cut = gives(&old, "old", &keydesk_support::Received::default()).cut_after(200_000);
        stage.server.answer(FILE, cut);
        let given = new.clone();
        stage.server.answer_with(FILE, move |request| match knows_ranges {
            true => gives(&given, "new", request),
            false => Answer::new(200).body(&given[..]),
        });
        let transfer = stage.fetch("fetch");
        let done = stage.done(&transfer).await;
        assert_eq!(hash(&std::fs::read(done.file.unwrap()).unwrap()), hash(&new), "ranges: {knows_ranges}");
        assert_eq!(stage.server.received_at(FILE)[1].header("if-range"), Some("\"old\""));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_strong_validator_no_range_is_asked_for() {
    let stage = Stage::new().await;
    let whole = bytes(SIZE);
    for tag in [Some("W/\"a\""), None] {
        let answer = Answer::new(200).body(&whole[..]);
        let answer = tag.iter().fold(answer, |answer, tag| answer.header("etag", tag));
        stage.server.answer(FILE, answer.clone().cut_after(150_000));
        stage.server.answer(FILE, answer);
        let transfer = stage.fetch("fetch");
        let done = stage.done(&transfer).await;
        assert_eq!(hash(&std::fs::read(done.file.unwrap()).unwrap()), hash(&whole));
    }
    assert!(stage.server.received_at(FILE).iter().all(|request| request.header("range").is_none()));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_that_is_odd_is_not_written_down() {
    let whole = bytes(SIZE);
    for odd in [
        Answer::new(206).header("content-range", "bytes 7-9/10").body("abc"),
        Answer::new(206).body("abc"),
        Answer::new(200).header("content-encoding", "br").body("abc"),
        Answer::new(304),
    ] {
        let stage = Stage::new().await;
        stage.server.answer(FILE, gives(&whole, "a", &keydesk_support::Received::default()).cut_after(100_000));
        stage.server.answer(FILE, odd);
        let transfer = stage.fetch("fetch");
        assert_eq!(stage.failed(&transfer).await.code, ErrorCode::UnexpectedAnswer);
        let given = whole.clone();
        stage.server.answer_with(FILE, move |request| gives(&given, "a", request));
        stage.house.keydesk.resume_transfer(&transfer.id).unwrap();
        let done = stage.done(&transfer).await;
        assert_eq!(hash(&std::fs::read(done.file.unwrap()).unwrap()), hash(&whole));
    }
    // A part of another file, by a server that does not look at If-Range.
    let stage = Stage::new().await;
    stage.server.answer(FILE, gives(&whole, "a", &keydesk_support::Received::default()).cut_after(100_000));
    let given = whole.clone();
    stage.server.answer_with(FILE, move |request| {
        let if_range = ("if-range".to_owned(), "\"b\"".to_owned());
        let mut request = request.clone();
        request.headers.retain(|(name, _)| name != "if-range");
        request.headers.push(if_range);
        gives(&given, "b", &request)
    });
    let transfer = stage.fetch("fetch");
    let done = stage.done(&transfer).await;
    assert_eq!((done.tries, stage.server.received_at(FILE).len()), (2, 3));
    assert_eq!(hash(&std::fs::read(done.file.unwrap()).unwrap()), hash(&whole));
    // A part that is longer than the file: all of it is fetched anew.
    let stage = Stage::new().await;
    stage.server.answer(FILE, gives(&whole, "a", &keydesk_support::Received::default()).cut_after(100_000));
    stage.server.answer(FILE, Answer::new(416).header("content-range", "bytes */50"));
    let given = whole.clone();
    stage.server.answer_with(FILE, move |request| gives(&given, "b", request));
    let transfer = stage.fetch("fetch");
    assert_eq!(hash(&std::fs::read(stage.done(&transfer).await.file.unwrap()).unwrap()), hash(&whole));
    // A file that is now as long as what is there of the one before.
    let stage = Stage::new().await;
    stage.server.answer(FILE, gives(&whole, "a", &keydesk_support::Received::default()).cut_after(100_000));
    let given = whole.clone();
    stage.server.answer_with(FILE, move |request| match request.header("range") {
        Some(range) => {
            Answer::new(416).header("content-range", &format!("bytes */{}", range[6..].trim_end_matches('-')))
        }
        None => gives(&given, "b", request),
    });
    let transfer = stage.fetch("fetch");
    assert_eq!(hash(&std::fs::read(stage.done(&transfer).await.file.unwrap()).unwrap()), hash(&whole));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_has_ended_during_a_wait_is_made_anew() {
    let stage = Stage::new().await;
    let link = |id: u32| json!({"id": id, "processing": false, "url": stage.server.url(&format!("/signed/{id}"))});
    for id in [1, 2] {
        stage.server.answer("/links", Answer::json(201, &json!({"id": id})));
        stage.server.always(&format!("/links/{id}"), Answer::json(200, &link(id)));
    }
    stage.server.answer("/signed/1", Answer::new(200).body(&bytes(SIZE)[..]).cut_after(0));
    stage.server.always("/signed/1", Answer::new(403));
    stage.server.always("/signed/2", Answer::new(200).body("it"));
    stage.done(&stage.fetch("fetch_by_link")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn h1_h2_a_link_is_waited_for_and_fetched_from_another_server_without_the_token() {
    let stage = Stage::new().await;
    let (store, last) = (FakeServer::start().await.unwrap(), FakeServer::start().await.unwrap());
    let whole = bytes(SIZE);
    let given = whole.clone();
    // It sends to a third one, and that back to the API.
    store.always("/signed", Answer::redirect(302, &last.url("/moved")));
    last.always("/moved", Answer::redirect(307, &stage.server.url("/public/room.jpg")));
    stage.server.answer_with("/public/room.jpg", move |request| gives(&given, "a", request));
    stage.server.always("/links", Answer::json(201, &json!({"id": 3, "processing": true})));
    let link = |processing: bool| json!({"id": 3, "processing": processing, "url": store.url("/signed?signature=s3cret-of-it")});
    stage.server.answer("/links/3", Answer::json(200, &link(true)));
    stage.server.always("/links/3", Answer::json(200, &link(false)));
    let transfer = stage.fetch("fetch_by_link");
    let done = stage.done(&transfer).await;
    assert_eq!(hash(&std::fs::read(done.file.unwrap()).unwrap()), hash(&whole));
    assert_eq!((stage.server.received_at("/links").len(), stage.server.received_at("/links/3").len()), (1, 2));
    assert_eq!(store.received_at("/signed")[0].query, "signature=s3cret-of-it");
    let asked = [store.received(), last.received(), stage.server.received_at("/public/room.jpg")].concat();
    assert_eq!(asked.len(), 3);
    for request in asked {
        assert!(request.header("authorization").is_none() && request.header("referer").is_none(), "{request:?}");
        let sent = format!("{} {:?}", request.query, request.headers);
        assert!(!sent.contains("the-token"), "{sent}");
    }
    let told = format!("{:?}", stage.house.activity(&stage.connection).await);
    assert!(told.contains("/signed") && !told.contains("s3cret-of-it"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn h1_a_server_of_the_connection_that_sends_elsewhere_takes_no_token_along() {
    let stage = Stage::new().await;
    let store = FakeServer::start().await.unwrap();
    store.always("/x", Answer::new(200).body("it"));
    stage.server.answer(FILE, Answer::redirect(302, "/here"));
    stage.server.answer("/here", Answer::redirect(302, &store.url("/x")));
    let transfer = stage.fetch("fetch");
    assert_eq!(std::fs::read(stage.done(&transfer).await.file.unwrap()).unwrap(), b"it");
    assert_eq!(stage.server.received_at("/here")[0].header("authorization"), Some("Bearer the-token-1"));
    assert!(store.received_at("/x")[0].header("authorization").is_none());
    // In a circle, to what is no web, without encryption beyond this machine.
    for to in [FILE, "file:///etc/passwd", "http://192.0.2.1/x", "https://user:p@192.0.2.1/"] {
        stage.server.always(FILE, Answer::redirect(302, to));
        let transfer = stage.fetch("fetch");
        assert_eq!(stage.failed(&transfer).await.code, ErrorCode::UnexpectedAnswer, "{to}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_that_has_ended_during_a_rest_is_made_anew() {
    let stage = Stage::new().await;
    let whole = bytes(SIZE);
    let link = |id: u32| json!({"id": id, "processing": false, "url": stage.server.url(&format!("/signed/{id}"))});
    for id in [1, 2] {
        stage.server.answer("/links", Answer::json(201, &json!({"id": id})));
        stage.server.always(&format!("/links/{id}"), Answer::json(200, &link(id)));
    }
    let first = gives(&whole, "a", &keydesk_support::Received::default());
    stage.server.answer("/signed/1", first.cut_after(150_000));
    stage.server.answer("/signed/1", Answer::new(422));
    stage.server.always("/signed/1", Answer::new(403));
    let given = whole.clone();
    stage.server.answer_with("/signed/2", move |request| gives(&given, "a", request));
    let transfer = stage.fetch("fetch_by_link");
    assert_eq!(stage.failed(&transfer).await.code, ErrorCode::BadRequest);
    stage.house.keydesk.resume_transfer(&transfer.id).unwrap();
    let done = stage.done(&transfer).await;
    assert_eq!(hash(&std::fs::read(done.file.unwrap()).unwrap()), hash(&whole));
    let asked = stage.server.received_at("/signed/2");
    assert!(asked[0].header("range").is_some(), "what was there is not fetched again");
}

#[tokio::test(flavor = "multi_thread")]
async fn e10_a_dead_token_is_renewed_once_in_the_middle() {
    let stage = Stage::new().await;
    let whole = bytes(SIZE);
    stage.server.answer(FILE, gives(&whole, "a", &keydesk_support::Received::default()).cut_after(150_000));
    stage.server.answer(FILE, Answer::new(401));
    let given = whole.clone();
    stage.server.answer_with(FILE, move |request| gives(&given, "a", request));
    let transfer = stage.fetch("fetch");
    let done = stage.done(&transfer).await;
    assert_eq!(hash(&std::fs::read(done.file.unwrap()).unwrap()), hash(&whole));
    let last = stage.server.received_at(FILE).pop().unwrap();
    assert_eq!(last.header("authorization"), Some("Bearer the-token-2"));
    assert!(last.header("range").is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_what_is_there_goes_on_when_there_is_room() {
    let home = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::over(home.path()) else { return };
    let stage = Stage::in_house(House::in_home(home, Does::LogsIn)).await;
    let whole = bytes(SIZE);
    let given = whole.clone();
    stage.server.answer_with(FILE, move |request| gives(&given, "a", request));
    disk.fill().unwrap();
    let transfer = stage.fetch("fetch");
    let error = stage.failed(&transfer).await;
    assert_eq!(error.code, ErrorCode::NotWritten);
    assert!(error.message.contains("No space left"), "{error}");
    disk.free().unwrap();
    stage.house.keydesk.resume_transfer(&transfer.id).unwrap();
    let done = stage.done(&transfer).await;
    assert_eq!(hash(&std::fs::read(done.file.unwrap()).unwrap()), hash(&whole));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_gone_for_long_is_told_and_what_is_there_stays() {
    let stage = Stage::new().await;
    let whole = bytes(SIZE);
    stage.server.answer(FILE, gives(&whole, "a", &keydesk_support::Received::default()).cut_after(150_000));
    stage.server.always(FILE, Answer::new(200).cut_after(0));
    let transfer = stage.fetch("fetch");
    assert_eq!(stage.failed(&transfer).await.code, ErrorCode::NoReply);
    let view = stage.view(&transfer);
    assert!(view.tries >= 5 && view.done > 0 && view.file.as_deref().unwrap().ends_with(".part"), "{view:?}");
    let given = whole.clone();
    stage.server.answer_with(FILE, move |request| gives(&given, "a", request));
    stage.house.keydesk.resume_transfer(&transfer.id).unwrap();
    assert_eq!(hash(&std::fs::read(stage.done(&transfer).await.file.unwrap()).unwrap()), hash(&whole));
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_put_where_the_person_says_and_never_over_another_file() {
    let stage = Stage::new().await;
    stage.server.always(FILE, Answer::new(200).body("it").drip(1, Duration::from_millis(20)));
    let folder = tempfile::tempdir().unwrap();
    let there = folder.path().join("mine.txt");
    std::fs::write(&there, "mine").unwrap();
    for to in [
        SaveTo::File(there.clone()),
        SaveTo::File(folder.path().join("none/x.txt")),
        SaveTo::Folder(folder.path().join("none")),
    ] {
        assert_eq!(stage.fetch_to("fetch", to).unwrap_err().field.as_deref(), Some("out"));
    }
    let out = folder.path().join("new.txt");
    let done = stage.done(&stage.fetch_to("fetch", SaveTo::File(out.clone())).unwrap()).await;
    assert_eq!(done.file.as_deref(), out.to_str());
    // Two at once.
    let to = SaveTo::Folder(folder.path().to_owned());
    let both = [stage.fetch_to("fetch", to.clone()).unwrap(), stage.fetch_to("fetch", to).unwrap()];
    let mut names = [stage.done(&both[0]).await.name, stage.done(&both[1]).await.name];
    names.sort();
    assert_eq!(names, ["7", "7-2"]);
    assert_eq!(std::fs::read_to_string(there).unwrap(), "mine");
    assert!(stage.view(&both[0]).state == TransferState::Done);
}

#[tokio::test(flavor = "multi_thread")]
async fn h8_another_server_that_asks_to_wait_is_obeyed_and_holds_up_nothing_else() {
    let stage = Stage::new().await;
    let store = FakeServer::start().await.unwrap();
    store.answer("/x", Answer::new(429).header("retry-after", "60"));
    store.always("/x", Answer::new(200).body("it"));
    stage.server.answer(FILE, Answer::redirect(302, &store.url("/x")));
    stage.server.answer(FILE, Answer::new(200).body("other"));
    stage.server.answer(FILE, Answer::redirect(302, &store.url("/x")));
    let transfer = stage.fetch("fetch");
    stage.until(&transfer, |view| view.state == TransferState::Waiting).await;
    let other = stage.fetch_to("fetch", SaveTo::Folder(stage.house.home.path().to_owned())).unwrap();
    stage.until(&other, |view| view.state == TransferState::Done).await;
    assert_eq!((store.received().len(), stage.view(&transfer).state), (1, TransferState::Waiting));
    stage.house.clock.forward(60);
    assert_eq!(std::fs::read(stage.done(&transfer).await.file.unwrap()).unwrap(), b"it");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "takes the minute in which nothing moves; run by `./dev test --faults`"]
async fn h6_a_server_that_stops_in_the_middle_is_given_up_and_asked_for_the_rest() {
    let stage = Stage::new().await;
    let whole = bytes(SIZE);
    let first = gives(&whole, "a", &keydesk_support::Received::default());
    stage.server.answer(FILE, first.drip(150_000, Duration::from_secs(300)));
    let given = whole.clone();
    stage.server.answer_with(FILE, move |request| gives(&given, "a", request));
    let transfer = stage.fetch("fetch");
    tokio::time::sleep(Duration::from_secs(62)).await;
    let done = stage.done(&transfer).await;
    assert_eq!((stage.server.received_at(FILE).len(), done.tries), (2, 1));
    assert_eq!(hash(&std::fs::read(done.file.unwrap()).unwrap()), hash(&whole));
}
