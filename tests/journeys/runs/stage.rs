//! A server that is sent to, and counts what it did for whom.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use keydesk_core::{
    ActionRequest, ConnectionView, FieldValue, Keydesk, LogIn, RunCounts, RunEvent, RunOptions, RunQuery, RunRow,
    RunState, RunView, Secret, Started, TargetState,
};
use keydesk_support::{Answer, FakeServer, Received};
use serde_json::json;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::watch;

use crate::house::House;

pub const TOKEN: &str = "/legacy/oauth2/token";
const TRIGGER: &str = "/api/ibot/workflow/wf";

/// What the server does with a request for a target, which it has seen so often before.
pub type Does = dyn Fn(&str, usize) -> Reply + Send + Sync;

/// What it does.
pub enum Reply {
    /// It does it and says so.
    Done,
    /// The same, a little later.
    Slowly,
    /// It does it, and nobody hears of it.
    Lost,
    /// It does nothing, and answers this.
    Refuses(Answer),
}

/// What was done, and asked.
#[derive(Default)]
pub struct Counted {
    pub done: BTreeMap<String, usize>,
    pub asked: BTreeMap<String, usize>,
    pub arguments: BTreeMap<String, serde_json::Value>,
}

pub struct Stage {
    pub house: House,
    pub server: FakeServer,
    pub connection: ConnectionView,
    pub counted: Arc<Mutex<Counted>>,
    does: Arc<Mutex<Box<Does>>>,
    gate: watch::Sender<bool>,
    good: Arc<Mutex<String>>,
}

impl Stage {
    /// Logged in, at a server that does what it is asked.
    pub async fn new() -> Self {
        Self::in_house(House::new()).await
    }

    pub async fn in_house(house: House) -> Self {
        let server = FakeServer::start().await.unwrap();
        let number = Arc::new(Mutex::new(0));
        let good = Arc::new(Mutex::new("access-token-1".to_owned()));
        server.answer_with(TOKEN, move |_| {
            let mut number = number.lock().unwrap();
            *number += 1;
            let body = json!({"access_token": format!("access-token-{number}"), "expires_in": 7200});
            Answer::json(200, &body)
        });
        server.always("/legacy/oauth2/validate", Answer::json(200, &json!({"email": "a@b.c"})));
        server.always("/api/ibot/authz_context", Answer::json(200, &json!([{"subscriber_id": "s"}])));
        let connection = house.connect_to(&server);
        let (gate, _) = watch::channel(true);
        let does: Arc<Mutex<Box<Does>>> = Arc::new(Mutex::new(Box::new(|_: &str, _: usize| Reply::Done)));
        let stage = Self { house, server, connection, counted: Arc::default(), does, gate, good };
        stage.log_in().await;
        stage.answer();
        stage
    }

    pub async fn log_in(&self) {
        let fields = [("token".to_owned(), Secret::new("the-refresh-token"))].into();
        let request = LogIn {
            connection: self.connection.id.clone(),
            login: "refresh_token".to_owned(),
            fields,
            keep: Vec::new(),
        };
        self.house.keydesk.log_in(request).await.unwrap();
    }

    fn answer(&self) {
        let (counted, does, good) = (self.counted.clone(), self.does.clone(), self.good.clone());
        let gate = self.gate.subscribe();
        self.server.answer_with(TRIGGER, move |request| {
            if request.header("authorization") != Some(&format!("Bearer {}", good.lock().unwrap())) {
                return Answer::json(401, &json!({"message": "no such token"}));
            }
            reply(&counted, &does, request).held(&gate)
        });
    }

    /// What the server does from now on.
    pub fn does(&self, does: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) {
        *self.does.lock().unwrap() = Box::new(does);
    }

    /// From now on only this token is good.
    pub fn only_takes(&self, token: &str) {
        *self.good.lock().unwrap() = token.to_owned();
    }

    /// What is needed for that somewhere else.
    pub fn good(&self) -> Arc<Mutex<String>> {
        self.good.clone()
    }

    /// Holds answers back, or lets them go.
    pub fn holds(&self, holds: bool) {
        self.gate.send_replace(!holds);
    }

    pub fn request(&self, targets: &[String]) -> ActionRequest {
        let values = [
            ("workflow".to_owned(), FieldValue::Text("wf".to_owned())),
            ("devices".to_owned(), FieldValue::Several(targets.to_vec())),
        ];
        ActionRequest {
            connection: self.connection.id.clone(),
            action: "send_trigger".to_owned(),
            values: values.into(),
            rows: None,
        }
    }

    pub async fn start(&self, targets: &[String], at_once: u32) -> Started {
        let options = RunOptions { at_once: Some(at_once), confirmed: true, ..RunOptions::default() };
        self.house.keydesk.start_run(self.request(targets), &options).await.unwrap()
    }

    /// How often each was done.
    pub fn done(&self) -> BTreeMap<String, usize> {
        self.counted.lock().unwrap().done.clone()
    }

    pub fn asked(&self) -> usize {
        self.counted.lock().unwrap().asked.values().sum()
    }

    /// Waits until the server was asked so often.
    pub async fn is_asked(&self, times: usize) {
        while self.asked() < times {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    pub async fn rows(&self, run: &RunView, state: Option<TargetState>) -> Vec<RunRow> {
        rows(&self.house.keydesk, run, state).await
    }
}

fn reply(counted: &Mutex<Counted>, does: &Mutex<Box<Does>>, request: &Received) -> Answer {
    let body = request.json();
    let target = body["target_device_ids"][0].as_str().unwrap_or_default().to_owned();
    let mut counted = counted.lock().unwrap();
    let asked = counted.asked.entry(target.clone()).or_default();
    let before = *asked;
    *asked += 1;
    let reply = does.lock().unwrap()(&target, before);
    if !matches!(reply, Reply::Refuses(_)) {
        *counted.done.entry(target.clone()).or_default() += 1;
        counted.arguments.insert(target.clone(), body["action_args"].clone());
    }
    let done = Answer::json(200, &json!({"result": "success", "for": target}));
    match reply {
        Reply::Done => done,
        Reply::Slowly => done.after(Duration::from_millis(30)),
        Reply::Lost => done.cut_after(0),
        Reply::Refuses(answer) => answer,
    }
}

/// All rows of a run.
pub async fn rows(keydesk: &Keydesk, run: &RunView, state: Option<TargetState>) -> Vec<RunRow> {
    let mut all = Vec::new();
    loop {
        let query = RunQuery { state, offset: all.len() as u32, limit: 500, ..RunQuery::default() };
        let page = keydesk.read_run(&run.id, query).await.unwrap();
        all.extend(page.rows);
        if all.len() == page.total as usize {
            return all;
        }
    }
}

/// Follows a run until it is as is wanted.
pub async fn until(started: &mut Started, wanted: impl Fn(&RunView) -> bool) -> RunView {
    loop {
        match started.events.recv().await {
            Ok(RunEvent::Moved { run, .. }) if wanted(&run) => return run,
            Ok(_) | Err(RecvError::Lagged(_)) => {}
            Err(RecvError::Closed) => panic!("the run is over"),
        }
    }
}

/// Follows a run until nobody carries it out any more; its id.
pub async fn followed(mut started: Started) -> String {
    while !matches!(started.events.recv().await, Err(RecvError::Closed)) {}
    started.run.id
}

/// Follows a run to its end.
pub async fn end(keydesk: &Keydesk, started: Started) -> RunView {
    let run = keydesk.watch_run(&followed(started).await).await.unwrap().run;
    assert!(matches!(run.state, RunState::Done | RunState::Stopped), "{run:?}");
    run
}

pub fn devices(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("d{number:04}")).collect()
}

/// Accepted, failed, unknown, waiting.
pub fn known(counts: RunCounts) -> [u32; 4] {
    assert_eq!(counts.sending, 0, "{counts:?}");
    [counts.accepted, counts.failed, counts.unknown, counts.waiting]
}
