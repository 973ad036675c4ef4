//! Exchanges that are kept: what the explorer and forms have sent is found again, compared and handed on, and no token with it.

use keydesk_core::{
    CallRequest, Error, ErrorCode, ExchangeQuery, ExchangeRow, ExchangeSource, RequestBody, Settings, Side,
};
use keydesk_support::{Answer, Canary};
use serde_json::json;

use crate::acme::{Acme, TOKEN};
use crate::disk::on_a_disk;
use crate::explorer::stage::{get, json as body, off, request, row, stage};
use crate::house::sandbox;

const LIST: &str = r#"
[[action]]
id = "list"
label = "List"
summary = "Lists."
icon = "list"
submit = "Read"
view = { kind = "json" }
request = { url = "/list" }
[[action]]
id = "private"
label = "Private"
summary = "Makes a key."
icon = "key-round"
submit = "Make"
private = true
changes = true
view = { kind = "json" }
request = { method = "POST", url = "/keys" }
"#;

async fn found(acme: &Acme, search: &str) -> Result<Vec<ExchangeRow>, Error> {
    let search = Some(search.to_owned()).filter(|text| !text.is_empty());
    acme.house.keydesk.list_exchanges(ExchangeQuery { search, limit: 50, ..ExchangeQuery::default() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_sent_and_what_came_is_found_by_its_words_and_can_be_sent_again() -> Result<(), Error> {
    let (server, acme) = stage().await;
    server.always("/v1/folders", Answer::json(201, &json!({"name": "Harbour"})));
    let mut sent = request("POST", "/folders");
    sent.body = body("{\"wanted\": \"lighthouse\"}");
    sent.headers = vec![row("X-Trace", "trace-7")];
    acme.explore(&sent).await;
    acme.explore(&get("/missing")).await;
    for word in ["harbour", "LIGHT", "/v1/folders"] {
        let rows = found(&acme, word).await?;
        assert_eq!((rows.len(), rows[0].status, rows[0].source), (1, Some(201), ExchangeSource::Explorer), "{word}");
    }
    let all = found(&acme, "").await?;
    assert_eq!(all.iter().map(|row| row.status).collect::<Vec<_>>(), [Some(404), Some(201)]);
    let keydesk = &acme.house.keydesk;
    assert_eq!(keydesk.exchange_request(all[1].id).await?, sent);
    let details = keydesk.read_exchange(all[1].id).await?;
    assert!(details.sent_headers.iter().any(|header| header.value == "trace-7"));
    let lines = keydesk.compare_exchanges(all[0].id, all[1].id).await?;
    let of =
        |side: Side| lines.iter().filter(|line| line.side == side).map(|line| line.text.as_str()).collect::<Vec<_>>();
    assert!(of(Side::One).contains(&"404") && of(Side::Other).contains(&"201"), "{lines:?}");
    keydesk.clear_exchanges(Some(acme.connection.id.clone())).await?;
    assert!(found(&acme, "harbour").await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn f10_what_lets_in_elsewhere_is_in_no_exchange_and_is_typed_anew_to_be_sent_again() -> Result<(), Error> {
    let (_server, acme) = stage().await;
    let mut sent = get("/x");
    sent.headers = vec![row("Private-Token", "canary-4f8e10b7"), row("X-One", "1")];
    sent.query = vec![row("api_key", "canary-4f8e10b7"), row("q", "1")];
    acme.explore(&sent).await;
    let rows = found(&acme, "").await?;
    let again = acme.house.keydesk.exchange_request(rows[0].id).await?;
    assert_eq!(again.headers, [off("Private-Token", ""), row("X-One", "1")]);
    assert_eq!(again.query, [off("api_key", ""), row("q", "1")]);
    let details = acme.house.keydesk.read_exchange(rows[0].id).await?;
    assert!(!format!("{rows:?}{details:?}").contains("canary"), "{details:?}");
    // Also in a query that was typed into the address, and in a form.
    let mut sent = request("POST", "/y?q=1&api_key=canary-4f8e10b7&z");
    sent.body = RequestBody::Form { rows: vec![row("password", "canary-4f8e10b7"), row("name", "alice")] };
    acme.explore(&sent).await;
    let rows = found(&acme, "").await?;
    let again = acme.house.keydesk.exchange_request(rows[0].id).await?;
    assert_eq!(again.url, "/y?q=1&api_key=&z");
    assert_eq!(again.body, RequestBody::Form { rows: vec![off("password", ""), row("name", "alice")] });
    let details = acme.house.keydesk.read_exchange(rows[0].id).await?;
    assert!(!format!("{rows:?}{details:?}").contains("canary"), "{details:?}");
    assert_eq!(details.sent_body.as_deref(), Some("password=•••&name=alice"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_in_part_only_is_not_sent_again_as_if_it_were_whole() -> Result<(), Error> {
    let (_server, acme) = stage().await;
    let mut sent = request("POST", "/x");
    sent.body = body(&json!("ü".repeat(70_000)).to_string());
    acme.explore(&sent).await;
    let rows = found(&acme, "").await?;
    let error = acme.house.keydesk.exchange_request(rows[0].id).await.unwrap_err();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidInput, Some("exchange")));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_older_than_is_kept_goes_when_the_person_says_so_and_not_with_the_next_exchange() -> Result<(), Error> {
    let (_server, acme) = stage().await;
    let keydesk = &acme.house.keydesk;
    // As one that was sent three days ago.
    acme.house.clock.forward(-3 * 86_400);
    acme.explore(&get("/x")).await;
    assert_eq!(found(&acme, "").await?.len(), 1);
    let days = |days| Settings { history_days: days, ..keydesk.read_settings() };
    keydesk.save_settings(days(2)).unwrap();
    assert!(found(&acme, "").await?.is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_an_exchange_too_but_not_one_whose_answer_no_file_may_hold() -> Result<(), Error> {
    let server = keydesk_support::FakeServer::start().await.unwrap();
    let acme = Acme::at(&server.url(""), LIST).await;
    server.always("/v1/list", Answer::json(200, &json!([{"name": "Harbour"}])));
    server.always("/v1/keys", Answer::json(200, &json!({"key": "canary-new-key-0123456789"})));
    acme.house.run(&acme.connection, "list", &[]).await;
    acme.house.run(&acme.connection, "private", &[]).await;
    // Nor as a call of the command line.
    let (connection, method, path) = (acme.connection.id.clone(), "post".to_owned(), "/keys".to_owned());
    acme.house.keydesk.call(&CallRequest { connection, method, path, body: None }).await?;
    let rows = found(&acme, "").await?;
    assert_eq!(
        rows.iter().map(|row| (row.source, row.status)).collect::<Vec<_>>(),
        [(ExchangeSource::Action, Some(200))]
    );
    Canary::must_be_nowhere(acme.house.home.path(), &[Canary::new("key", "canary-new-key-0123456789").unwrap()])
        .unwrap();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_f10_a_token_that_an_answer_repeats_is_in_no_file_and_an_archive_holds_no_more_than_is_needed()
-> Result<(), Error> {
    let (server, acme) = stage().await;
    let answer = json!({"you_sent": TOKEN, "person": "canary-person-4f8e10b7"});
    server.always("/v1/echo", Answer::json(200, &answer).header("set-cookie", "session=canary-cookie-4f8e10b7"));
    acme.explore(&get("/echo?person=canary-person-4f8e10b7")).await;
    let keydesk = &acme.house.keydesk;
    assert_eq!(found(&acme, "person").await?.len(), 1);
    let (token, cookie) =
        (Canary::new("token", TOKEN).unwrap(), Canary::new("cookie", "canary-cookie-4f8e10b7").unwrap());
    let query = || ExchangeQuery::default();
    let plain = std::fs::read_to_string(keydesk.export_har(query(), false).await?).unwrap();
    assert!(plain.contains("/v1/echo") && !plain.contains("canary-person"), "{plain}");
    let whole = keydesk.export_har(query(), true).await?;
    let read: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&whole).unwrap()).unwrap();
    let text = read["log"]["entries"][0]["response"]["content"]["text"].as_str().unwrap();
    assert!(text.contains("canary-person") && !text.contains(TOKEN));
    // The archive is beside the rest, so it is searched too.
    Canary::must_be_nowhere(acme.house.home.path(), &[token, cookie]).unwrap();
    Ok(())
}

/// What the form for the same call keeps nowhere, the explorer does not either.
#[tokio::test(flavor = "multi_thread")]
async fn f1_an_answer_that_no_file_may_hold_is_shown_and_kept_in_none_also_when_the_explorer_asked() -> Result<(), Error>
{
    let server = keydesk_support::FakeServer::start().await.unwrap();
    let acme = Acme::at(&server.url(""), LIST).await;
    server.always("/v1/keys", Answer::json(200, &json!({"key": "canary-new-key-0123456789"})));
    let sent = acme.explore(&request("POST", "/keys")).await;
    let keydesk = &acme.house.keydesk;
    let shape = keydesk.open_answer(&sent.id).await?;
    assert!(shape.size > 20, "{shape:?}");
    assert!(found(&acme, "").await?.is_empty());
    let data = acme.house.home.path().join("data");
    Canary::must_be_nowhere(&data, &[Canary::new("key", "canary-new-key-0123456789").unwrap()]).unwrap();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_of_exchanges_is_set_aside_and_what_is_sent_from_then_on_is_kept() -> Result<(), Error> {
    let (server, acme) = stage().await;
    server.always("/v1/x", Answer::json(200, &json!({"name": "Harbour"})));
    acme.explore(&get("/x")).await;
    assert_eq!(found(&acme, "harbour").await?.len(), 1);
    let file = acme.house.home.path().join("data/history.sqlite");
    std::fs::write(&file, vec![b'?'; 8192]).unwrap();
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(file.with_file_name(format!("history.sqlite{ending}")));
    }
    let again = acme.house.again();
    let all = || again.list_exchanges(ExchangeQuery { limit: 50, ..ExchangeQuery::default() });
    assert!(all().await?.is_empty());
    assert_eq!(std::fs::read(file.with_file_name("history.sqlite.broken")).unwrap(), vec![b'?'; 8192]);
    let sent = again.send_request(&acme.connection.id, None, get("/x"), None).await?;
    while !again.read_sent(&sent.id).await?.state.is_over() {
        tokio::task::yield_now().await;
    }
    assert_eq!(all().await?.len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_a_form_is_sent_all_the_same_and_exchanges_are_kept_again_once_there_is_room()
-> Result<(), Error> {
    let Some((disk, house)) = on_a_disk() else { return Ok(()) };
    let sandbox = sandbox().await;
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    house.run(&connection, "workflows", &[]).await;
    let rows = async || {
        let all = house.keydesk.list_exchanges(ExchangeQuery { limit: 500, ..ExchangeQuery::default() });
        all.await.map(|rows| rows.len())
    };
    let before = rows().await?;
    assert!(before > 0);
    disk.fill().unwrap();
    // Until what the file has room for already is used up.
    for _ in 0..40 {
        let run = house.run(&connection, "workflows", &[]).await;
        assert_eq!(run.results[0].status, Some(200));
    }
    // What was kept is there still, and can be read.
    assert!(rows().await? >= before);
    disk.free().unwrap();
    let full = rows().await?;
    house.run(&connection, "workflows", &[]).await;
    assert!(rows().await? > full);
    Ok(())
}
