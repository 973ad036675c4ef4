//! All pages of a list.

use keydesk_core::{ErrorCode, SendState};
use keydesk_support::Answer;
use serde_json::{Value, json};
use tokio::sync::watch;

use super::kept::{draft, sent_from};
use super::stage::{get, row, stage};

#[tokio::test(flavor = "multi_thread")]
async fn all_pages_become_one_list_in_each_scheme_and_numbers_stay_as_they_were_written() {
    let (server, acme) = stage().await;
    server.answer_with("/v1/linked", |request| {
        let page: u32 = request.query_parameter("page").map_or(1, |page| page.parse().unwrap());
        let answer = Answer::new(200).header("content-type", "application/json");
        let answer = answer.body(format!("[{{\"n\": {page}.0000000000000000000{page}}}, {{\"n\": 1, \"n\": 2}}]"));
        if page < 3 { answer.header("link", &format!("</v1/linked?page={}>; rel=\"next\"", page + 1)) } else { answer }
    });
    server.answer_with("/v1/object", |request| {
        let page: u32 = request.query_parameter("page").map_or(1, |page| page.parse().unwrap());
        let next = if page < 3 { json!(page + 1) } else { Value::Null };
        Answer::json(200, &json!({"files": [{"n": page}], "pagination": {"next": next, "pages": 3}}))
    });
    server.answer_with("/v1/cursor", |request| {
        let (n, next) = match request.query_parameter("cursor").as_deref() {
            None => (1, "b"),
            Some("b") => (2, "c"),
            _ => (3, ""),
        };
        Answer::json(200, &json!({"data": [{"n": n}], "cursor": next}))
    });
    for (path, rows) in [("/linked", 6), ("/object", 3), ("/cursor", 3)] {
        let mut built = get(path);
        built.query = vec![row("q", "x y")];
        let first = acme.explore(&built).await;
        let pages = first.pages.expect("it is a page");
        assert!(pages.more && pages.loaded == 1, "{path}: {pages:?}");
        let all = acme.over(&acme.house.keydesk.load_all_pages(&first.id).await.unwrap()).await;
        let pages = all.pages.unwrap();
        assert_eq!(
            (all.state, pages.loaded, pages.rows, pages.more),
            (SendState::Done, 3, rows, false),
            "{path}: {all:?}"
        );
        assert_ne!(all.id, first.id, "the first page stays");
        let body = String::from_utf8(acme.body(&all).await).unwrap();
        assert_eq!(serde_json::from_str::<Vec<Value>>(&body).unwrap().len(), rows as usize, "{path}");
        if path == "/linked" {
            assert!(body.contains("2.00000000000000000002") && body.contains("{\"n\": 1, \"n\": 2}"), "{body}");
        } else {
            let all = server.received_at(&format!("/v1{path}"));
            assert!(all.iter().all(|received| received.query_parameter("q").as_deref() == Some("x y")));
        }
    }
    let whole = acme.explore(&get("/cursor?cursor=c")).await;
    assert_eq!(whole.pages, None, "there is no other page");
    assert_eq!(acme.house.keydesk.load_all_pages(&whole.id).await.unwrap_err().field.as_deref(), Some("answer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_fails_or_leads_in_a_circle_keeps_what_is_there_as_a_whole_list() {
    let (server, acme) = stage().await;
    server.answer_with("/v1/broken", |request| match request.query_parameter("page") {
        None => Answer::json(200, &json!({"rows": [1, 2], "pagination": {"next": 2}})),
        Some(_) => Answer::json(500, &json!({"message": "out of order"})),
    });
    let first = acme.explore(&get("/broken")).await;
    let all = acme.over(&acme.house.keydesk.load_all_pages(&first.id).await.unwrap()).await;
    assert_eq!((all.state, all.pages.unwrap().rows, all.pages.unwrap().more), (SendState::Failed, 2, true));
    assert_eq!(all.error.as_ref().map(|error| error.code), Some(ErrorCode::ServerFailed));
    assert_eq!(serde_json::from_slice::<Value>(&acme.body(&all).await).unwrap(), json!([1, 2]));
    server.always("/v1/circle", Answer::json(200, &json!({"rows": [1], "pagination": {"next": 2}})));
    let first = acme.explore(&get("/circle")).await;
    let all = acme.over(&acme.house.keydesk.load_all_pages(&first.id).await.unwrap()).await;
    assert_eq!((all.state, all.pages.unwrap().rows), (SendState::Done, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_may_be_large() {
    let (server, acme) = stage().await;
    server.answer_with("/v1/large", |request| {
        let next = if request.query_parameter("page").is_none() { json!(2) } else { Value::Null };
        let rows: Vec<_> = (0..2000).map(|n| json!({"n": n, "text": "x".repeat(100)})).collect();
        Answer::json(200, &json!({"rows": rows, "pagination": {"next": next}}))
    });
    let first = acme.explore(&get("/large")).await;
    let all = acme.over(&acme.house.keydesk.load_all_pages(&first.id).await.unwrap()).await;
    assert_eq!((all.state, all.pages.unwrap().rows), (SendState::Done, 4000), "{all:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_keeps_the_first_page_that_it_has_until_that_is_there_anew() {
    let (server, acme) = stage().await;
    let keydesk = &acme.house.keydesk;
    let page = |rows: Value, next: Value| Answer::json(200, &json!({"rows": rows, "pagination": {"next": next}}));
    server.answer("/v1/x", page(json!([1, 2]), json!(2)));
    let draft = draft(&acme, "1", "/x");
    keydesk.save_draft(draft.clone()).await.unwrap();
    let first = sent_from(&acme, &draft).await;
    let answer = async || keydesk.list_drafts(draft.connection.clone()).await.unwrap()[0].answer.clone();
    let no_page = Answer::new(200).header("content-type", "text/html").body("<p>Maintenance</p>");
    for refused in
        [Answer::json(500, &json!({"message": "out of order"})), no_page, Answer::new(200).body("x").cut_after(0)]
    {
        server.answer("/v1/x", refused);
        let all = acme.over(&keydesk.load_all_pages(&first.id).await.unwrap()).await;
        assert_eq!((all.state, all.pages, all.error.is_some()), (SendState::Failed, None, true), "{all:?}");
        assert!(acme.body(&all).await.is_empty(), "no list is made of nothing");
        assert_eq!(answer().await.as_ref(), Some(&first.id), "{all:?}");
        let body: Value = serde_json::from_slice(&acme.body(&first).await).unwrap();
        assert_eq!(body["rows"], json!([1, 2]), "what was seen is there still");
    }
    server.answer("/v1/x", page(json!([1, 2]), json!(2)));
    server.answer("/v1/x", Answer::json(500, &json!({})));
    let all = acme.over(&keydesk.load_all_pages(&first.id).await.unwrap()).await;
    assert_eq!((all.state, all.pages.map(|pages| pages.rows)), (SendState::Failed, Some(2)), "as far as it came");
    assert_eq!(answer().await.as_ref(), Some(&all.id));
    assert!(keydesk.read_sent(&first.id).await.is_err(), "a draft has one answer");
    let (_hold, held) = watch::channel(false);
    server.always("/v1/x", Answer::new(200).held(&held));
    let again = keydesk.load_all_pages(&all.id).await.unwrap();
    assert_eq!(keydesk.cancel_sent(&again.id).await.unwrap().state, SendState::Cancelled);
    assert_eq!(answer().await.as_ref(), Some(&all.id));
}

#[tokio::test(flavor = "multi_thread")]
async fn all_pages_that_are_still_waited_for_end_with_their_draft() {
    let (server, acme) = stage().await;
    let keydesk = &acme.house.keydesk;
    server.answer("/v1/x", Answer::json(200, &json!({"rows": [1], "pagination": {"next": 2}})));
    let draft = draft(&acme, "1", "/x");
    keydesk.save_draft(draft.clone()).await.unwrap();
    let first = sent_from(&acme, &draft).await;
    let (_hold, held) = watch::channel(false);
    server.always("/v1/x", Answer::new(200).held(&held));
    let all = keydesk.load_all_pages(&first.id).await.unwrap();
    keydesk.close_draft(draft.id).await.unwrap();
    for gone in [&first.id, &all.id] {
        assert!(keydesk.read_sent(gone).await.is_err() && keydesk.open_answer(gone).await.is_err());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_asks_to_wait_between_pages_is_obeyed() {
    let (server, acme) = stage().await;
    server.answer_with("/v1/x", |request| match request.query_parameter("page") {
        None => Answer::json(200, &json!({"rows": [1], "pagination": {"next": 2}})),
        Some(_) => Answer::json(200, &json!({"rows": [2], "pagination": {"next": null}})),
    });
    let first = acme.explore(&get("/x")).await;
    server.answer("/v1/x", Answer::new(429).header("retry-after", "1"));
    let all = acme.over(&acme.house.keydesk.load_all_pages(&first.id).await.unwrap()).await;
    assert_eq!(serde_json::from_slice::<Value>(&acme.body(&all).await).unwrap(), json!([1, 2]), "{all:?}");
}
