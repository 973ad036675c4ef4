//! A Keydesk with a home, a clock and a person of its own.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use keydesk_core::{
    ActionRequest, ActivityEvent, ActivityQuery, AddConnection, Browser, Clock, ConnectionView, Doors, Error,
    ErrorCode, FieldValue, Keydesk, LoginState, LoginView, Paths, ReceiveBy, RunEvent, RunOptions, RunRow, RunState,
    SecretStore, StartLogin, Started, Transport,
};
use keydesk_sandbox::{Options, Sandbox};
use keydesk_support::{FakeServer, Visitor};
use tokio::sync::broadcast::error::RecvError;
use url::Url;

/// The system's clock, moved.
#[derive(Default)]
pub struct MovableClock(AtomicI64);

impl MovableClock {
    pub fn forward(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

impl Clock for MovableClock {
    fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_secs(self.0.load(Ordering::SeqCst))
    }
}

/// What the person does in the browser.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Does {
    LogsIn,
    Denies,
    /// At the certified server, which has several pages and cookies.
    LogsInAtCertified,
    Nothing,
    /// The browser does not start.
    Fails,
}

/// The person at the browser, who clicks through the login page.
pub struct Person {
    pub does: Mutex<Does>,
    pub opened: Mutex<Vec<Url>>,
    /// Where the browser ended when that was no web address.
    pub ended_on: Mutex<Vec<String>>,
}

impl Browser for Person {
    fn open(&self, url: &Url) -> Result<(), Error> {
        self.opened.lock().unwrap().push(url.clone());
        let runtime = tokio::runtime::Handle::current();
        let answer = match *self.does.lock().unwrap() {
            Does::LogsInAtCertified => {
                let redirect = runtime.block_on(Visitor::log_in(url)).unwrap();
                runtime.block_on(client().get(redirect).send()).unwrap();
                return Ok(());
            }
            Does::LogsIn => "log-in",
            Does::Denies => "deny",
            Does::Nothing => return Ok(()),
            Does::Fails => return Err(Error::new(ErrorCode::BrowserFailed, "no browser")),
        };
        let ended_on = runtime.block_on(click_through(url, answer));
        self.ended_on.lock().unwrap().push(ended_on);
        Ok(())
    }
}

pub fn client() -> reqwest::Client {
    reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// Answers the login page and follows the redirects; returns the last address.
pub async fn click_through(url: &Url, answer: &str) -> String {
    let form =
        [("username", "alice@hillside.example"), ("password", "sandbox"), ("remember_me", "yes"), ("answer", answer)];
    let mut answered = client().post(url.clone()).form(&form).send().await.unwrap();
    let mut at = url.to_string();
    while let Some(location) = answered.headers().get("location") {
        at = Url::parse(&at).unwrap().join(location.to_str().unwrap()).unwrap().into();
        if !at.starts_with("http") {
            break;
        }
        match client().get(&at).send().await {
            Ok(next) => answered = next,
            Err(_) => break,
        }
    }
    at
}

pub struct House {
    pub keydesk: Arc<Keydesk>,
    pub clock: Arc<MovableClock>,
    pub person: Arc<Person>,
    pub home: tempfile::TempDir,
}

impl House {
    pub fn new() -> Self {
        Self::with(Does::LogsIn)
    }

    pub fn with(does: Does) -> Self {
        Self::in_home(tempfile::tempdir().unwrap(), does)
    }

    /// Where there may be something already.
    pub fn in_home(home: tempfile::TempDir, does: Does) -> Self {
        let clock = Arc::new(MovableClock::default());
        let person = Arc::new(Person { does: Mutex::new(does), opened: Mutex::default(), ended_on: Mutex::default() });
        let keydesk = open(&home, clock.clone(), person.clone());
        Self { keydesk, clock, person, home }
    }

    /// Another Keydesk at the same home, as after a start.
    pub fn again(&self) -> Arc<Keydesk> {
        open(&self.home, self.clock.clone(), self.person.clone())
    }

    /// A connection to the sandbox.
    pub fn connect(&self, sandbox: &Sandbox) -> ConnectionView {
        let offer = keydesk_sandbox::offers(sandbox.url()).into_iter().next().unwrap();
        self.add(offer.parameters)
    }

    /// A connection whose servers all are `server`.
    pub fn connect_to(&self, server: &FakeServer) -> ConnectionView {
        self.connect_to_port(server.address().port())
    }

    /// The same, whoever listens there.
    pub fn connect_to_port(&self, port: u16) -> ConnectionView {
        let urls = [("api_url", "/api"), ("auth_url", "/auth"), ("legacy_auth_url", "/legacy")];
        let url = |(name, path): (&str, &str)| (name.to_owned(), format!("http://127.0.0.1:{port}{path}"));
        let mut parameters: BTreeMap<String, String> = urls.map(url).into();
        parameters.insert("redirect_base".to_owned(), "http://127.0.0.1".to_owned());
        self.add(parameters)
    }

    pub fn add(&self, parameters: BTreeMap<String, String>) -> ConnectionView {
        let request = AddConnection { provider: "relay".to_owned(), label: None, parameters, ca: None, sandbox: true };
        self.keydesk.add_connection(request).unwrap()
    }

    pub async fn start(&self, connection: &ConnectionView, login: &str, receive_by: ReceiveBy) -> LoginView {
        self.try_start(connection, login, receive_by).await.unwrap()
    }

    pub async fn try_start(
        &self,
        connection: &ConnectionView,
        login: &str,
        receive_by: ReceiveBy,
    ) -> Result<LoginView, Error> {
        let request = StartLogin {
            connection: connection.id.clone(),
            login: login.to_owned(),
            receive_by,
            fields: BTreeMap::new(),
            keep: Vec::new(),
        };
        self.keydesk.start_login(request).await
    }

    pub fn login(&self, id: &str) -> LoginView {
        self.keydesk.list_logins().into_iter().find(|login| login.id == id).unwrap()
    }

    /// Waits until the login is over.
    pub async fn outcome(&self, login: &LoginView) -> LoginView {
        for _ in 0..500 {
            let now = self.login(&login.id);
            if !matches!(now.state, LoginState::Waiting | LoginState::Exchanging) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("the login is not over: {:?}", self.login(&login.id));
    }

    /// Logs in at the current authorization server.
    pub async fn log_in(&self, connection: &ConnectionView) {
        let login = self.start(connection, "browser", ReceiveBy::Loopback).await;
        let over = self.outcome(&login).await;
        assert_eq!(over.state, LoginState::Done, "{:?}", over.error);
    }

    pub fn view(&self, connection: &ConnectionView) -> ConnectionView {
        self.keydesk.list_connections().into_iter().find(|view| view.id == connection.id).unwrap()
    }

    pub async fn run(&self, connection: &ConnectionView, action: &str, values: &[(&str, FieldValue)]) -> Ran {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let request =
            ActionRequest { connection: connection.id.clone(), action: action.to_owned(), values, rows: None };
        let options = RunOptions { confirmed: true, ..RunOptions::default() };
        over(&self.keydesk, self.keydesk.start_run(request, &options).await.unwrap()).await
    }

    /// What happened to a connection, the oldest first.
    pub async fn activity(&self, connection: &ConnectionView) -> Vec<ActivityEvent> {
        let query = ActivityQuery { connection: Some(connection.id.clone()), limit: 500, ..ActivityQuery::default() };
        let entries = self.keydesk.list_activity(query).await.unwrap();
        entries.into_iter().rev().map(|entry| entry.event).collect()
    }
}

/// What came of a run.
#[derive(Debug)]
pub struct Ran {
    pub results: Vec<RunRow>,
}

/// Waits until a run is over, or rests.
pub async fn over(keydesk: &Keydesk, started: Started) -> Ran {
    let Started { run, mut events } = started;
    loop {
        match events.recv().await {
            Ok(RunEvent::Moved { run, .. }) if run.state == RunState::Paused && run.counts.sending == 0 => break,
            Err(RecvError::Closed) => break,
            Ok(_) | Err(RecvError::Lagged(_)) => {}
        }
    }
    let run = keydesk.watch_run(&run.id).await.unwrap().run;
    let mut results = Vec::new();
    for number in 1..=run.counts.total {
        results.push(keydesk.read_run_row(&run.id, number).await.unwrap());
    }
    Ran { results }
}

fn open(home: &tempfile::TempDir, clock: Arc<MovableClock>, browser: Arc<Person>) -> Arc<Keydesk> {
    Keydesk::open(Doors {
        paths: Paths::under(home.path()),
        clock,
        browser,
        store: SecretStore::in_memory(),
        transport: Transport::default(),
    })
    .unwrap()
}

pub async fn sandbox() -> Sandbox {
    Sandbox::start(Options::default()).await.unwrap()
}

pub const TOKEN_PATH: &str = "/relay/auth/realms/Relay/protocol/openid-connect/token";

/// How often the sandbox was asked to refresh.
pub fn refreshes(sandbox: &Sandbox) -> usize {
    sandbox.count(&format!("{TOKEN_PATH}?grant_type=refresh_token"))
}

/// How often the sandbox was asked to exchange a code.
pub fn exchanges(sandbox: &Sandbox) -> usize {
    sandbox.count(&format!("{TOKEN_PATH}?grant_type=authorization_code"))
}
