//! A connection to a server that writes down what it gets, with a clock and a person of its own.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use keydesk_core::{
    ActionRequest, AddConnection, Browser, CallAnswer, CallRequest, Clock, ConnectionView, Doors, Error, FinishLogin,
    Keydesk, LogIn, LoginState, LoginView, Paths, ReceiveBy, RunOptions, RunRow, Secret, SecretStore, StartLogin,
    Started, TokenState, TokenView, Transport,
};
use keydesk_support::{Answer, FakeServer, Received};
use serde_json::{Value, json};
use tokio::sync::broadcast::error::RecvError;
use url::Url;

use crate::wanted::Wanted;

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

/// The person at the browser: lands on the redirect URI at once where there is a listener, and else does nothing.
#[derive(Default)]
pub struct Person {
    pub opened: Mutex<Vec<Url>>,
}

impl Browser for Person {
    fn open(&self, url: &Url) -> Result<(), Error> {
        self.opened.lock().unwrap().push(url.clone());
        let query: BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        if query["redirect_uri"].starts_with("http://127.0.0.1:") {
            let back = format!("{}?code=the-code&state={}", query["redirect_uri"], query["state"]);
            // What the page says is the listener's business, tested elsewhere.
            let _ = tokio::runtime::Handle::current().block_on(reqwest::get(back));
        }
        Ok(())
    }
}

pub struct Stage {
    pub keydesk: Arc<Keydesk>,
    pub clock: Arc<MovableClock>,
    pub person: Arc<Person>,
    pub server: FakeServer,
    /// The connection that is meant.
    pub connection: String,
    home: tempfile::TempDir,
    looked_at: AtomicUsize,
}

impl Stage {
    /// With a connection of this provider. `{server}` in its parameters stands for the server's address.
    pub async fn of(provider: &str, parameters: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let (clock, person) = (Arc::new(MovableClock::default()), Arc::new(Person::default()));
        let keydesk = Keydesk::open(Doors {
            paths: Paths::under(home.path()),
            clock: clock.clone(),
            browser: person.clone(),
            store: SecretStore::in_memory(),
            transport: Transport::default(),
        })
        .unwrap();
        let server = FakeServer::start().await.unwrap();
        let (connection, looked_at) = (String::new(), AtomicUsize::default());
        let mut stage = Self { keydesk, clock, person, server, connection, home, looked_at };
        stage.connect(provider, parameters);
        stage
    }

    /// Adds a connection, which is the one that is meant from now on.
    pub fn connect(&mut self, provider: &str, parameters: &[(&str, &str)]) {
        let filled =
            |(name, value): &(&str, &str)| ((*name).to_owned(), value.replace("{server}", &self.server.url("")));
        let parameters = parameters.iter().map(filled).collect();
        let request =
            AddConnection { provider: provider.to_owned(), label: None, parameters, ca: None, sandbox: false };
        self.connection = self.keydesk.add_connection(request).unwrap().id;
    }

    pub async fn log_in(&self, login: &str, fields: &[(&str, &str)], keep: &[&str]) -> Result<ConnectionView, Error> {
        let keep = keep.iter().map(|name| (*name).to_owned()).collect();
        let request =
            LogIn { connection: self.connection.clone(), login: login.to_owned(), fields: self.fields(fields), keep };
        self.keydesk.log_in(request).await
    }

    pub async fn start(&self, login: &str, fields: &[(&str, &str)], by: ReceiveBy) -> Result<LoginView, Error> {
        let request = StartLogin {
            connection: self.connection.clone(),
            login: login.to_owned(),
            receive_by: by,
            fields: self.fields(fields),
            keep: Vec::new(),
        };
        self.keydesk.start_login(request).await
    }

    /// Carries an action out, for one target.
    pub async fn send(&self, request: ActionRequest) -> RunRow {
        let Started { run, mut events } = self.keydesk.start_run(request, &RunOptions::default()).await.unwrap();
        while !matches!(events.recv().await, Err(RecvError::Closed)) {}
        self.keydesk.read_run_row(&run.id, 1).await.unwrap()
    }

    fn fields(&self, fields: &[(&str, &str)]) -> BTreeMap<String, Secret> {
        let filled = |value: &str| Secret::new(value.replace("{server}", &self.server.url("")));
        fields.iter().map(|(name, value)| ((*name).to_owned(), filled(value))).collect()
    }

    /// Pastes the address on which the browser ends with this response, and waits until the login is over.
    pub async fn redirected(&self, login: &LoginView, response: &str) -> LoginView {
        let back = format!("{}?{response}&state={}", login.redirect_uri, parameter(login, "state"));
        self.keydesk.finish_login(&FinishLogin { login: login.id.clone(), redirect_url: Secret::new(back) }).unwrap();
        self.over(login).await
    }

    /// Waits until a login is over.
    pub async fn over(&self, login: &LoginView) -> LoginView {
        for _ in 0..1500 {
            let now = self.keydesk.list_logins().into_iter().find(|view| view.id == login.id).unwrap();
            if !matches!(now.state, LoginState::Waiting | LoginState::Exchanging) {
                return now;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("the login is not over");
    }

    /// A login with the browser, from its beginning to its good end.
    pub async fn log_in_by_browser(&self, login: &str, fields: &[(&str, &str)]) -> LoginView {
        let login = self.start(login, fields, ReceiveBy::Paste).await.unwrap();
        let over = self.redirected(&login, "code=the-code").await;
        assert_eq!(over.state, LoginState::Done, "{:?}", over.error);
        over
    }

    pub async fn renew(&self) -> Result<ConnectionView, Error> {
        self.keydesk.renew_token(&self.connection).await
    }

    pub async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Result<CallAnswer, Error> {
        let path = path.replace("{server}", &self.server.url(""));
        let request = CallRequest { connection: self.connection.clone(), method: method.to_owned(), path, body };
        self.keydesk.call(&request).await
    }

    pub async fn get(&self, path: &str) -> CallAnswer {
        self.call("GET", path, None).await.unwrap()
    }

    pub fn view(&self) -> ConnectionView {
        self.keydesk.list_connections().into_iter().find(|view| view.id == self.connection).unwrap()
    }

    pub fn token(&self) -> TokenView {
        self.view().token
    }

    /// The addresses of the connection, as they are used.
    pub fn addresses(&self) -> BTreeMap<String, String> {
        self.view().addresses.into_iter().map(|address| (address.id, address.value)).collect()
    }

    /// How many seconds after it was received the token ends.
    pub fn lifetime(&self) -> Option<i64> {
        let token = self.token();
        Some(token.expires_at?.duration_since(token.obtained_at?).as_secs())
    }

    /// Moves the clock to so many seconds past the end of the token.
    pub fn past_the_end(&self, seconds: i64) {
        let left = self.token().expires_at.unwrap().duration_since(self.clock.now()).as_secs();
        self.clock.forward(left + seconds);
    }

    /// What was received since the last look.
    pub fn new_requests(&self) -> Vec<Received> {
        let all = self.server.received();
        let from = self.looked_at.swap(all.len(), Ordering::SeqCst);
        all[from..].to_vec()
    }

    /// That these requests were received since the last look, in this order, and nothing else.
    pub fn saw(&self, wanted: &[Wanted]) {
        let received = self.new_requests();
        let lines = |request: &Received| format!("{} {}?{}", request.method, request.path, request.query);
        let listed: Vec<String> = received.iter().map(lines).collect();
        assert_eq!(received.len(), wanted.len(), "received {listed:#?}");
        received.iter().zip(wanted).for_each(|(received, wanted)| wanted.check(received));
    }

    /// That nothing came of a login.
    pub fn kept_nothing(&self) {
        let view = self.view();
        assert_eq!((view.token.state, view.kept, view.identity), (TokenState::None, Vec::new(), None));
    }

    /// That a secret stands in no file.
    pub async fn wrote_nowhere(&self, secret: &str) {
        // What is written is written by threads of their own: once they answer, they have done so.
        self.keydesk.list_activity(keydesk_core::ActivityQuery::default()).await.unwrap();
        self.keydesk.list_exchanges(keydesk_core::ExchangeQuery::default()).await.unwrap();
        let mut looked_at = 0;
        let mut folders = vec![self.home.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
                    assert!(!text.contains(secret), "{}", path.display());
                    looked_at += 1;
                }
            }
        }
        assert!(looked_at > 1, "no files");
    }
}

/// A parameter of the address that the browser is sent to.
pub fn parameter(login: &LoginView, name: &str) -> String {
    let url = Url::parse(&login.authorization_url).unwrap();
    url.query_pairs().find(|(own, _)| own == name).map(|(_, value)| value.into_owned()).unwrap()
}

/// A good answer.
pub fn ok(body: &Value) -> Answer {
    Answer::json(200, body)
}

/// A signed JWT. Nobody here checks the signature.
pub fn jwt(claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}.c2lnbmF0dXJl", part(&json!({"alg": "RS256"})), part(claims))
}

/// The header of RFC 7617.
pub fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
}

/// In so many seconds, in seconds since 1970.
pub fn epoch_in(seconds: i64) -> i64 {
    Timestamp::now().as_second() + seconds
}
