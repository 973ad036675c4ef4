//! Exchanges that are kept: what the explorer and forms have sent is found again, compared and handed on, and no token with it.

use keydesk_core::{Error, ExchangeQuery, ExchangeRow, ExchangeSource, Side};
use keydesk_support::{Answer, Canary};
use serde_json::json;

use crate::acme::{Acme, TOKEN};
use crate::explorer::stage::{get, json as body, request, row, stage};

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
async fn a_form_is_an_exchange_too_but_not_one_whose_answer_no_file_may_hold() -> Result<(), Error> {
    let server = keydesk_support::FakeServer::start().await.unwrap();
    let acme = Acme::at(&server.url(""), LIST).await;
    server.always("/v1/list", Answer::json(200, &json!([{"name": "Harbour"}])));
    server.always("/v1/keys", Answer::json(200, &json!({"key": "canary-new-key-0123456789"})));
    acme.house.run(&acme.connection, "list", &[]).await;
    acme.house.run(&acme.connection, "private", &[]).await;
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
