//! What is kept: drafts, saved requests, variables; and what never is.

use keydesk_core::{Draft, Error, ErrorCode, SavedRequest, SendState, Variable};
use keydesk_support::{Answer, Canary};

use super::stage::{get, json, request, rows, stage};
use crate::acme::{Acme, TOKEN};
use crate::disk::on_a_disk;
use crate::house::sandbox;

pub fn draft(acme: &Acme, id: &str, url: &str) -> Draft {
    Draft {
        id: id.to_owned(),
        connection: acme.connection.id.clone(),
        name: Some("My call".to_owned()),
        saved: None,
        endpoint: None,
        request: get(url),
        answer: None,
    }
}

fn saved(acme: &Acme, folder: &str, name: &str) -> SavedRequest {
    SavedRequest {
        id: String::new(),
        connection: acme.connection.id.clone(),
        folder: folder.to_owned(),
        name: name.to_owned(),
        endpoint: None,
        request: request("POST", "/x"),
    }
}

pub async fn sent_from(acme: &Acme, draft: &Draft) -> keydesk_core::SentView {
    let keydesk = &acme.house.keydesk;
    let sent = keydesk.send_request(&draft.connection, Some(draft.id.clone()), draft.request.clone(), None).await;
    acme.over(&sent.unwrap()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_saved_requests_variables_and_answers_survive_a_restart() -> Result<(), Error> {
    let (server, acme) = stage().await;
    server.always("/v1/first", Answer::json(200, &serde_json::json!({"a": 1})));
    let (keydesk, id) = (&acme.house.keydesk, acme.connection.id.clone());
    let (mut first, second) = (draft(&acme, "1", "/first"), draft(&acme, "2", "/second"));
    keydesk.save_draft(first.clone()).await?;
    keydesk.save_draft(second.clone()).await?;
    first.request.body = json("{\"half");
    keydesk.save_draft(first.clone()).await?;
    first.request = get("/first");
    keydesk.save_draft(first.clone()).await?;
    let sent = sent_from(&acme, &first).await;
    first.answer = Some(sent.id.clone());
    let kept = keydesk.save_request(saved(&acme, " a / b/", " Mine ")).await?;
    assert_eq!((kept.folder.as_str(), kept.name.as_str()), ("a/b", "Mine"));
    assert_eq!(keydesk.save_request(saved(&acme, "", " ")).await.unwrap_err().field.as_deref(), Some("name"));
    let variable = |name: &str| Variable { name: name.to_owned(), value: "v".to_owned() };
    keydesk.set_variables(id.clone(), vec![variable("z"), variable("a")]).await?;
    for bad in [vec![variable("a b")], vec![variable("a"), variable("a")]] {
        let refused = keydesk.set_variables(id.clone(), bad).await.unwrap_err();
        assert_eq!(refused.field.as_deref(), Some("variables"));
    }

    let again = acme.house.again();
    again.wake().await;
    assert_eq!(again.list_drafts(id.clone()).await?, [first.clone(), second.clone()]);
    assert_eq!(again.list_saved_requests(id.clone()).await?, std::slice::from_ref(&kept));
    let names: Vec<_> = again.list_variables(id.clone()).await?.into_iter().map(|variable| variable.name).collect();
    assert_eq!(names, ["z", "a"]);
    let view = again.read_sent(&sent.id).await?;
    assert_eq!((view.state, view.status, view.hops.len()), (SendState::Done, Some(200), 0));
    assert_eq!(again.open_answer(&sent.id).await?.size, 7);

    again.remove_saved_request(kept.id).await?;
    again.close_draft(first.id).await?;
    assert_eq!(again.list_drafts(id.clone()).await?, [second]);
    assert!(again.list_saved_requests(id).await?.is_empty());
    assert!(again.read_sent(&sent.id).await.is_err(), "its answer went with the draft");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_has_one_answer_and_what_nothing_refers_to_is_deleted_at_the_next_start() -> Result<(), Error> {
    let (server, acme) = stage().await;
    server.always("/v1/x", Answer::new(200).body("x"));
    let draft = draft(&acme, "1", "/x");
    acme.house.keydesk.save_draft(draft.clone()).await?;
    let old = sent_from(&acme, &draft).await;
    let new = sent_from(&acme, &draft).await;
    acme.house.keydesk.save_draft(draft.clone()).await?;
    let kept = acme.house.keydesk.list_drafts(draft.connection.clone()).await?;
    assert_eq!(kept[0].answer, Some(new.id.clone()), "a window that has not heard of it yet takes nothing away");
    let alone = acme.explore(&get("/x")).await;
    let answers = || std::fs::read_dir(acme.house.home.path().join("data/answers")).unwrap().count();
    assert!(acme.house.keydesk.open_answer(&old.id).await.is_err(), "replaced by the next");
    assert_eq!(answers(), 2);
    acme.house.again().wake().await;
    assert_eq!(answers(), 1);
    assert!(acme.house.keydesk.open_answer(&alone.id).await.is_err());
    assert_eq!(acme.house.keydesk.list_drafts(draft.connection.clone()).await?[0].answer, Some(new.id));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_goes_with_its_connection() -> Result<(), Error> {
    let (server, acme) = stage().await;
    server.always("/v1/x", Answer::new(200).body("x"));
    let (keydesk, id) = (&acme.house.keydesk, acme.connection.id.clone());
    let draft = draft(&acme, "1", "/x");
    keydesk.save_draft(draft.clone()).await?;
    sent_from(&acme, &draft).await;
    keydesk.save_request(saved(&acme, "", "Mine")).await?;
    keydesk.set_variables(id.clone(), vec![Variable { name: "a".to_owned(), value: "b".to_owned() }]).await?;
    keydesk.remove_connection(&id).await?;
    assert!(keydesk.list_drafts(id.clone()).await?.is_empty());
    assert!(keydesk.list_saved_requests(id.clone()).await?.is_empty());
    assert!(keydesk.list_variables(id).await?.is_empty());
    assert_eq!(std::fs::read_dir(acme.house.home.path().join("data/answers")).unwrap().count(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_file_is_set_aside_and_nothing_else_is_lost() -> Result<(), Error> {
    let (server, acme) = stage().await;
    server.always("/v1/x", Answer::new(200));
    acme.house.keydesk.save_draft(draft(&acme, "1", "/x")).await?;
    let file = acme.house.home.path().join("data/explorer.sqlite");
    std::fs::write(&file, vec![b'?'; 8192]).unwrap();
    for ending in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(file.with_file_name(format!("explorer.sqlite{ending}")));
    }
    let again = acme.house.again();
    assert!(again.list_drafts(acme.connection.id.clone()).await?.is_empty());
    again.save_draft(draft(&acme, "2", "/x")).await?;
    assert_eq!(again.list_drafts(acme.connection.id.clone()).await?.len(), 1);
    let broken = std::fs::read(file.with_file_name("explorer.sqlite.broken")).unwrap();
    assert_eq!(broken, vec![b'?'; 8192]);
    assert_eq!(again.list_connections().len(), 1);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn f1_f9_f10_a_token_is_in_no_draft_answer_or_command_however_it_came_there() -> Result<(), Error> {
    let (server, acme) = stage().await;
    // The server repeats it, cut across pieces, in a header, and in an address.
    let echo = Answer::new(200).header("x-echo", TOKEN).body(format!("before {TOKEN} after"));
    server.always("/v1/x", echo.drip(5, std::time::Duration::from_millis(1)));
    let keydesk = &acme.house.keydesk;
    let mut draft = draft(&acme, "1", "/x");
    draft.request.headers = rows(&[("X-Pasted", TOKEN)]);
    draft.request.query = rows(&[("pasted", TOKEN)]);
    keydesk.save_draft(draft.clone()).await?;
    let sent = sent_from(&acme, &draft).await;
    let body = String::from_utf8(acme.body(&sent).await).unwrap();
    assert_eq!(body, "before ••• after");
    let curl = keydesk.copy_as_curl(&draft.connection, &draft.request).await?;
    let preview = keydesk.preview_explorer_request(&draft.connection, &draft.request).await?;
    let seen = format!("{sent:?} {curl} {preview:?} {:?}", keydesk.list_drafts(draft.connection).await?);
    let canary = Canary::new("token", TOKEN).unwrap();
    assert!(canary.forms_in(seen.as_bytes()).is_empty(), "{seen}");
    Canary::must_be_nowhere(acme.house.home.path(), &[canary]).unwrap();
    Ok(())
}

/// One with a quote and a backslash is written otherwise inside JSON, and otherwise again in the JSON of a draft.
#[tokio::test(flavor = "multi_thread")]
async fn f1_a_token_with_signs_that_json_writes_otherwise_is_in_no_draft() -> Result<(), Error> {
    let (_server, acme) = stage().await;
    let keydesk = &acme.house.keydesk;
    let token = r#"canary\"of"acme\0123456789"#;
    let fields = [("token".to_owned(), keydesk_core::Secret::new(token))].into();
    let (connection, login) = (acme.connection.id.clone(), "key".to_owned());
    keydesk.log_in(keydesk_core::LogIn { connection, login, fields, keep: Vec::new() }).await?;
    let mut draft = draft(&acme, "1", "/x");
    draft.request.headers = rows(&[("X-Pasted", token)]);
    draft.request.body = json(&serde_json::json!({"token": token, "other": 1}).to_string());
    keydesk.save_draft(draft.clone()).await?;
    let kept = format!("{:?}", keydesk.list_drafts(draft.connection).await?);
    assert!(kept.contains("other") && !kept.contains("0123456789"), "{kept}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_a_request_is_sent_all_the_same_and_what_is_not_kept_is_said() {
    let Some((disk, house)) = on_a_disk() else { return };
    let sandbox = sandbox().await;
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    disk.fill().unwrap();
    let asked = sandbox.count("/relay/api/ibot/authz_context");
    let sent = house.keydesk.send_request(&connection.id, None, get("/ibot/authz_context"), None).await.unwrap();
    let mut view = sent.clone();
    while !view.state.is_over() {
        tokio::task::yield_now().await;
        view = house.keydesk.read_sent(&sent.id).await.unwrap();
    }
    assert_eq!((view.state, view.status), (SendState::Failed, Some(200)), "{view:?}");
    assert_eq!(view.error.map(|error| error.code), Some(ErrorCode::NotWritten));
    assert_eq!(sandbox.count("/relay/api/ibot/authz_context"), asked + 1);
    disk.free().unwrap();
}
