//! Answers that are not ready yet: asked for again until they are, and what became of something that was made.

use std::time::Duration;

use keydesk_core::{ActionRequest, ErrorCode, FieldValue, RunOptions, RunRow, TargetState};
use keydesk_support::{Answer, FakeServer};
use serde_json::{Value, json};

use crate::acme::Acme;
use crate::house::over;

const JOBS: &str = r#"
[[action]]
id = "job"
label = "Job"
summary = "A job, when it is done."
icon = "hourglass"
submit = "Wait"
[[action.field]]
id = "job"
label = "Job"
[action.request]
url = "/jobs/{job}"
[action.until]
at = "/done"
is = true
every_seconds = 1
at_most_seconds = 3
[action.view]
kind = "json"
[[action]]
id = "begin"
label = "Begin"
summary = "Begins a job, and waits for it."
icon = "play"
submit = "Begin"
changes = true
[[action.field]]
id = "name"
label = "Name"
[action.request]
method = "POST"
url = "/jobs"
body = { name = "{name}" }
[action.then]
take = { job = "/job/id" }
until = { at = "/done", is = true, every_seconds = 1, at_most_seconds = 3 }
[action.then.request]
url = "/jobs/{job}"
query = { name = "{name}" }
[action.view]
kind = "json"
"#;

async fn jobs() -> (FakeServer, Acme) {
    let server = FakeServer::start().await.unwrap();
    let acme = Acme::at(&server.url(""), JOBS).await;
    (server, acme)
}

fn done(done: bool) -> Answer {
    Answer::json(200, &json!({"id": 7, "done": done}))
}

impl Acme {
    async fn send(&self, action: &str, field: &str, text: &str) -> RunRow {
        let values = [(field, FieldValue::Text(text.to_owned()))];
        self.house.run(&self.connection, action, &values).await.results.remove(0)
    }
}

fn body(row: &RunRow) -> Value {
    serde_json::from_str(row.body.as_deref().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_ready_is_asked_for_again_until_it_is() {
    let (server, acme) = jobs().await;
    for ready in [false, false, true] {
        server.answer("/v1/jobs/7", done(ready));
    }
    let row = acme.send("job", "job", "7").await;
    assert_eq!((row.error.as_ref(), &body(&row)["done"]), (None, &json!(true)));
    assert_eq!(server.received().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_time_is_over_the_last_answer_counts_and_one_that_fails_is_the_answer() {
    let (server, acme) = jobs().await;
    server.always("/v1/jobs/7", done(false));
    let row = acme.send("job", "job", "7").await;
    assert_eq!((row.state, &body(&row)["done"]), (TargetState::Accepted, &json!(false)));
    assert!((2..=4).contains(&server.received().len()), "{:?}", server.received());

    server.answer("/v1/jobs/8", done(false));
    server.always("/v1/jobs/8", Answer::json(500, &json!({"message": "out of order"})));
    let row = acme.send("job", "job", "8").await;
    assert_eq!((row.state, row.error.unwrap().code), (TargetState::Failed, ErrorCode::ServerFailed));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_is_made_once_and_waited_for() {
    let (server, acme) = jobs().await;
    server.always("/v1/jobs", Answer::json(201, &json!({"job": {"id": 7}})));
    for ready in [false, true] {
        server.answer("/v1/jobs/7", done(ready));
    }
    let row = acme.send("begin", "name", "a b").await;
    assert_eq!((row.state, body(&row)), (TargetState::Accepted, json!({"id": 7, "done": true})));
    assert_eq!(server.received_at("/v1/jobs").len(), 1);
    assert_eq!(server.received_at("/v1/jobs/7")[0].query, "name=a+b");
}

/// It was done, and says so: to call it failed would have somebody do it twice (H8).
#[tokio::test(flavor = "multi_thread")]
async fn h8_what_was_made_stays_made_where_it_cannot_be_waited_for() {
    for follow in [Answer::new(502), Answer::json(200, &json!({})).cut_after(1), Answer::html(404, "gone")] {
        let (server, acme) = jobs().await;
        server.always("/v1/jobs", Answer::json(201, &json!({"job": {"id": 7}})));
        server.always("/v1/jobs/7", follow);
        let row = acme.send("begin", "name", "a").await;
        assert_eq!((row.state, body(&row)), (TargetState::Accepted, json!({"job": {"id": 7}})));
        assert_eq!(server.received_at("/v1/jobs").len(), 1);
    }
    // What was not made is not waited for.
    let (server, acme) = jobs().await;
    server.always("/v1/jobs", Answer::new(422));
    let row = acme.send("begin", "name", "a").await;
    assert_eq!((row.state, server.received().len()), (TargetState::Failed, 1));
}

fn slow_down(seconds: u32) -> Answer {
    Answer::json(429, &json!({"message": "slow down"})).header("retry-after", &seconds.to_string())
}

/// RFC 6585 section 4: it was not done. What takes longer than a moment, or comes again, the person decides.
#[tokio::test(flavor = "multi_thread")]
async fn h8_a_server_that_asks_one_request_to_wait_a_moment_is_obeyed_once() {
    for (refusals, state, sent) in [
        (vec![slow_down(1)], TargetState::Accepted, 2),
        (vec![slow_down(1), slow_down(1)], TargetState::Failed, 2),
        (vec![slow_down(60)], TargetState::Failed, 1),
    ] {
        let (server, acme) = jobs().await;
        refusals.into_iter().for_each(|refusal| server.answer("/v1/jobs", refusal));
        server.always("/v1/jobs", Answer::json(201, &json!({"job": {"id": 7}})));
        server.always("/v1/jobs/7", done(true));
        let row = acme.send("begin", "name", "a").await;
        assert_eq!((row.state, server.received_at("/v1/jobs").len()), (state, sent));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn h8_a_list_waits_a_moment_too_where_the_server_asks_for_it() {
    let list = "[[list]]\nid = \"l\"\nitems = \"\"\nvalue = \"\"\n[list.request]\nurl = \"/l\"\n";
    let server = FakeServer::start().await.unwrap();
    let acme = Acme::at(&server.url(""), list).await;
    server.answer("/v1/l", slow_down(1));
    server.answer("/v1/l", Answer::json(200, &json!(["a"])));
    server.always("/v1/l", slow_down(60));
    let read = || acme.house.keydesk.list_choices(&acme.connection.id, "l");
    assert_eq!(read().await.unwrap().len(), 1);
    assert_eq!(read().await.unwrap_err().code, ErrorCode::RateLimited);
    assert_eq!(server.received().len(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_waited_for_can_be_stopped_and_the_last_answer_counts() {
    let jobs = JOBS
        .replace("every_seconds = 1", "every_seconds = 600")
        .replace("at_most_seconds = 3", "at_most_seconds = 6000");
    let server = FakeServer::start().await.unwrap();
    let acme = Acme::at(&server.url(""), &jobs).await;
    server.always("/v1/jobs/7", done(false));
    let request = ActionRequest {
        connection: acme.connection.id.clone(),
        action: "job".to_owned(),
        values: [("job".to_owned(), FieldValue::Text("7".to_owned()))].into(),
        rows: None,
    };
    let started = acme.house.keydesk.start_run(request, &RunOptions::default()).await.unwrap();
    while server.received().is_empty() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    acme.house.keydesk.stop_run(&started.run.id).await.unwrap();
    let row = over(&acme.house.keydesk, started).await.results.remove(0);
    assert_eq!((row.state, &body(&row)["done"]), (TargetState::Accepted, &json!(false)));
    assert_eq!(server.received().len(), 1);
}
