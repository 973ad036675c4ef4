//! Checks: what was saved is sent on its schedule, what came of it is judged and kept, and a turn is told.

use std::time::Duration;

use keydesk_core::{
    CheckOf, CheckView, Error, ErrorCode, ExchangeQuery, ExchangeSource, Expectation, ExpectedValue, ExplorerRequest,
    Found, Must, SaveCheck, SaveTrigger, SavedRequest, Signal, Unmet,
};
use keydesk_support::{Answer, FakeServer};
use serde_json::json;
use tokio::sync::broadcast::Receiver;

use crate::acme::{Acme, TOKEN};
use crate::explorer::stage::{get, stage};

const FORMS: &str = r#"
[[action]]
id = "door"
label = "Door"
summary = "How a door is."
icon = "list"
submit = "Look"
each = "door"
view = { kind = "json" }
request = { url = "/doors/{door}" }
[[action.field]]
id = "door"
label = "Doors"
kind = "choices"
[[action]]
id = "key"
label = "Key"
summary = "Makes a key."
icon = "key-round"
submit = "Make"
private = true
changes = true
view = { kind = "json" }
request = { method = "POST", url = "/keys" }
"#;

impl Acme {
    async fn saved(&self, request: ExplorerRequest) -> CheckOf {
        let connection = self.connection.id.clone();
        let (id, folder, name) = (String::new(), String::new(), "Heart".to_owned());
        let saved = SavedRequest { id, connection, folder, name, endpoint: None, request };
        CheckOf::SavedRequest { id: self.house.keydesk.save_request(saved).await.unwrap().id }
    }

    fn check(&self, of: CheckOf, expectation: Expectation) -> SaveCheck {
        let (connection, name) = (self.connection.id.clone(), "Heart beats".to_owned());
        SaveCheck { id: None, connection, name, of, every_seconds: 30, expectation, on: true }
    }

    /// What is found of it, when it is sent by itself.
    async fn after(&self, check: &str, reached: impl Fn(&CheckView) -> bool) -> CheckView {
        for _ in 0..3000 {
            let view = self.house.keydesk.read_check(check).unwrap();
            if reached(&view) {
                return view;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("it does not come so far: {:?}", self.house.keydesk.read_check(check));
    }
}

fn beats(must: Must) -> Expectation {
    Expectation { status: None, value: Some(ExpectedValue { pointer: "/heart/beats".to_owned(), must }) }
}

/// The checks that were worth a word since.
fn turned(signals: &mut Receiver<Signal>) -> usize {
    std::iter::from_fn(|| signals.try_recv().ok()).filter(|signal| matches!(signal, Signal::CheckTurned(_))).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_request_is_sent_at_once_and_then_on_its_schedule_and_only_a_turn_is_told() -> Result<(), Error> {
    let (server, acme) = stage().await;
    let keydesk = &acme.house.keydesk;
    keydesk.wake().await;
    server.answer("/v1/heart", Answer::json(200, &json!({"heart": {"beats": true}})));
    server.answer("/v1/heart", Answer::json(200, &json!({"heart": {"beats": true}})));
    server.always("/v1/heart", Answer::json(500, &json!({"you_sent": TOKEN})));
    let mut signals = keydesk.signals();
    let expectation = Expectation { status: Some(200), ..beats(Must::Be { value: "true".to_owned() }) };
    let check = keydesk.save_check(acme.check(acme.saved(get("/heart")).await, expectation)).await?;
    let first = acme.after(&check.id, |view| view.finding.is_some()).await;
    let finding = first.finding.clone().unwrap();
    assert_eq!((finding.found, finding.status, finding.value.as_deref()), (Found::Good, Some(200), Some("true")));
    acme.house.clock.forward(31);
    acme.after(&check.id, |view| view.recent.len() == 2).await;
    // Good from the start is no news, and neither is what stays so.
    assert_eq!(turned(&mut signals), 0);
    acme.house.clock.forward(31);
    let bad = acme.after(&check.id, |view| view.recent.len() == 3).await;
    assert_eq!(bad.recent, [Found::Good, Found::Good, Found::Bad]);
    let finding = bad.finding.unwrap();
    assert_eq!(finding.unmet, Some(Unmet::Status { expected: Some(200), got: 500 }));
    assert_eq!(turned(&mut signals), 1);
    assert!(bad.changed_at > first.changed_at);
    // Each is an exchange; in the activity they would be noise.
    let exchanges = keydesk.list_exchanges(ExchangeQuery { limit: 50, ..ExchangeQuery::default() }).await?;
    assert_eq!(exchanges.iter().map(|row| row.source).collect::<Vec<_>>(), [ExchangeSource::Check; 3]);
    let details = keydesk.read_exchange(exchanges[0].id).await?;
    assert!(!format!("{details:?}").contains(TOKEN), "{details:?}");
    assert!(acme.house.activity(&acme.connection).await.iter().all(|event| !format!("{event:?}").contains("/heart")));
    assert_eq!(server.received_at("/v1/heart").len(), 3);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn how_a_check_stands_outlives_the_app_and_a_change_of_it_begins_anew() -> Result<(), Error> {
    let (server, acme) = stage().await;
    let keydesk = &acme.house.keydesk;
    server.always("/v1/heart", Answer::json(200, &json!({"heart": {"beats": 61}})));
    let of = acme.saved(get("/heart")).await;
    let check = keydesk.save_check(acme.check(of, beats(Must::Stay))).await?;
    let found = keydesk.run_check(&check.id).await?;
    assert_eq!(found.finding.as_ref().unwrap().value.as_deref(), Some("61"));
    let mut signals = keydesk.signals();
    server.always("/v1/heart", Answer::json(200, &json!({"heart": {"beats": 62}})));
    let moved = keydesk.run_check(&check.id).await?;
    assert_eq!((moved.finding.as_ref().unwrap().found, turned(&mut signals)), (Found::Good, 1));
    assert_eq!(acme.house.again().list_checks(), std::slice::from_ref(&moved));
    let save = |expectation| SaveCheck { id: Some(check.id.clone()), ..acme.check(moved.of.clone(), expectation) };
    let same = keydesk.save_check(SaveCheck { on: false, ..save(beats(Must::Stay)) }).await?;
    assert_eq!((same.recent.len(), same.next_at), (2, None));
    let other = keydesk.save_check(save(Expectation { status: Some(204), value: None })).await?;
    assert_eq!((other.finding, other.recent.len()), (None, 0));
    keydesk.remove_connection(&acme.connection.id).await?;
    assert!(keydesk.list_checks().is_empty());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_answer_no_token_and_a_request_that_is_gone_are_failures_with_their_reason() -> Result<(), Error> {
    let (server, acme) = stage().await;
    let keydesk = &acme.house.keydesk;
    server.always("/v1/heart", Answer::json(200, &json!({})).cut_after(1));
    let of = acme.saved(get("/heart")).await;
    let check = keydesk.save_check(acme.check(of.clone(), Expectation::default())).await?;
    let why = |view: CheckView| {
        let finding = view.finding.unwrap();
        assert_eq!(finding.found, Found::Failed);
        finding.error.unwrap().code
    };
    assert_eq!(why(keydesk.run_check(&check.id).await?), ErrorCode::NoReply);
    keydesk.log_out(&acme.connection.id).await?;
    assert_eq!(why(keydesk.run_check(&check.id).await?), ErrorCode::LoginNeeded);
    let CheckOf::SavedRequest { id } = of else { unreachable!() };
    keydesk.remove_saved_request(id).await?;
    assert_eq!(why(keydesk.run_check(&check.id).await?), ErrorCode::InvalidInput);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_saved_form_is_checked_for_each_of_its_targets_and_the_first_that_is_not_as_expected_is_named()
-> Result<(), Error> {
    let server = FakeServer::start().await.unwrap();
    let acme = Acme::at(&server.url(""), FORMS).await;
    let keydesk = &acme.house.keydesk;
    for (door, state) in [("front", "shut"), ("back", "open"), ("side", "shut")] {
        server.always(&format!("/v1/doors/{door}"), Answer::json(200, &json!({"state": state})));
    }
    let trigger = |action: &str, name: &str, doors: &[String]| SaveTrigger {
        id: None,
        name: name.to_owned(),
        connection: acme.connection.id.clone(),
        action: action.to_owned(),
        values: [("door".to_owned(), keydesk_core::FieldValue::Several(doors.to_vec()))]
            .into_iter()
            .filter(|_| action == "door")
            .collect(),
        rows: None,
        shortcut: None,
        in_tray: false,
    };
    let doors = ["front", "back", "side"].map(str::to_owned);
    let saved = keydesk.save_trigger(trigger("door", "Doors", &doors))?;
    let value = Some(ExpectedValue { pointer: "/state".to_owned(), must: Must::Be { value: "shut".to_owned() } });
    let of = CheckOf::Trigger { id: saved.id };
    let check = keydesk.save_check(acme.check(of, Expectation { status: None, value })).await?;
    let finding = keydesk.run_check(&check.id).await?.finding.unwrap();
    assert_eq!((finding.found, finding.target.as_deref()), (Found::Bad, Some("back")));
    assert_eq!(finding.unmet, Some(Unmet::Other { expected: "shut".to_owned(), got: "open".to_owned() }));
    server.always("/v1/doors/back", Answer::json(200, &json!({"state": "shut"})));
    assert_eq!(keydesk.run_check(&check.id).await?.finding.unwrap().found, Found::Good);
    // What must stay is that of each.
    let stays = Some(ExpectedValue { pointer: "/state".to_owned(), must: Must::Stay });
    let of = keydesk.read_check(&check.id)?.of;
    let stays = keydesk.save_check(acme.check(of, Expectation { status: None, value: stays })).await?;
    let seen = async || keydesk.run_check(&stays.id).await.map(|view| view.finding.unwrap().value.unwrap());
    assert_eq!(seen().await?, "front: shut\nback: shut\nside: shut");
    let mut signals = keydesk.signals();
    server.always("/v1/doors/front", Answer::json(200, &json!({"state": "open"})));
    assert_eq!((seen().await?.as_str(), turned(&mut signals)), ("front: open\nback: shut\nside: shut", 1));
    // More than a few make a run; what no file may hold cannot be looked at by itself.
    let many: Vec<_> = (0..21).map(|number| number.to_string()).collect();
    for saved in [trigger("door", "Many", &many), trigger("key", "Key", &[])] {
        let of = CheckOf::Trigger { id: keydesk.save_trigger(saved)?.id };
        let error = keydesk.save_check(acme.check(of, Expectation::default())).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some("of"));
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_cannot_be_is_refused_with_its_field() -> Result<(), Error> {
    let (_server, acme) = stage().await;
    let of = acme.saved(get("/heart")).await;
    let good = acme.check(of, Expectation::default());
    let elsewhere = acme.saved(get("https://elsewhere.example/heart")).await;
    let pointer = Some(ExpectedValue { pointer: "heart".to_owned(), must: Must::Exist });
    let token = beats(Must::Be { value: format!("it is {TOKEN}") });
    for (wrong, field) in [
        (SaveCheck { name: " ".to_owned(), ..good.clone() }, "name"),
        (SaveCheck { every_seconds: 29, ..good.clone() }, "every_seconds"),
        (SaveCheck { of: CheckOf::SavedRequest { id: "none".to_owned() }, ..good.clone() }, "of"),
        (SaveCheck { of: elsewhere, ..good.clone() }, "of"),
        (SaveCheck { expectation: Expectation { status: Some(42), value: None }, ..good.clone() }, "status"),
        (SaveCheck { expectation: token, ..good.clone() }, "pointer"),
        (SaveCheck { expectation: Expectation { status: None, value: pointer }, ..good }, "pointer"),
    ] {
        let error = acme.house.keydesk.save_check(wrong).await.unwrap_err();
        assert_eq!(error.field.as_deref(), Some(field));
    }
    assert!(acme.house.keydesk.list_checks().is_empty());
    Ok(())
}

/// A login page answers with 200, and is not what was asked for.
#[tokio::test(flavor = "multi_thread")]
async fn h1_a_check_that_is_sent_on_to_another_server_has_failed_whatever_that_says() -> Result<(), Error> {
    let (server, acme) = stage().await;
    let login = FakeServer::start().await.unwrap();
    login.always("/login", Answer::html(200, "<h1>Log in</h1>"));
    server.always("/v1/heart", Answer::redirect(302, &login.url("/login")));
    let keydesk = &acme.house.keydesk;
    for status in [None, Some(200)] {
        let expectation = Expectation { status, value: None };
        let check = keydesk.save_check(acme.check(acme.saved(get("/heart")).await, expectation)).await?;
        let finding = keydesk.run_check(&check.id).await?.finding.unwrap();
        assert_eq!(
            (finding.found, finding.error.map(|error| error.code)),
            (Found::Failed, Some(ErrorCode::OtherOrigin))
        );
    }
    // Not followed, it is no good answer either.
    let request = ExplorerRequest { follow: false, ..get("/heart") };
    let check = keydesk.save_check(acme.check(acme.saved(request).await, Expectation::default())).await?;
    assert_eq!(keydesk.run_check(&check.id).await?.finding.unwrap().found, Found::Bad);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_is_switched_off_while_it_waits_for_its_turn_is_not_sent() -> Result<(), Error> {
    let (server, acme) = stage().await;
    let keydesk = &acme.house.keydesk;
    let (open, gate) = tokio::sync::watch::channel(false);
    server.always("/v1/slow", Answer::json(200, &json!({})).held(&gate));
    server.always("/v1/heart", Answer::json(200, &json!({})));
    keydesk.wake().await;
    // As many as are sent at once.
    for _ in 0..4 {
        keydesk.save_check(acme.check(acme.saved(get("/slow")).await, Expectation::default())).await?;
    }
    while server.received_at("/v1/slow").len() < 4 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let last = keydesk.save_check(acme.check(acme.saved(get("/heart")).await, Expectation::default())).await?;
    acme.after(&last.id, |view| view.running).await;
    let of = last.of.clone();
    keydesk
        .save_check(SaveCheck { id: Some(last.id.clone()), on: false, ..acme.check(of, Expectation::default()) })
        .await?;
    open.send(true).unwrap();
    let view = acme.after(&last.id, |view| !view.running).await;
    assert_eq!((view.finding, server.received_at("/v1/heart").len()), (None, 0));
    // By hand it is.
    assert_eq!(keydesk.run_check(&last.id).await?.finding.unwrap().found, Found::Good);
    Ok(())
}
