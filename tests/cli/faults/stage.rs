//! A house with a token endpoint of the test's own, whose every answer the test decides.

use std::path::{Path, PathBuf};
use std::time::Duration;

use keydesk_support::{Answer, FakeServer, wait_until};
use serde_json::{Value, json};
use tokio::process::Child;

use crate::house::{House, SOON};
use crate::ran::Ran;

/// The token endpoint.
pub const TOKEN: &str = "/token";

/// How long the answer of a server takes that [`rotates`].
const ON_ITS_WAY: Duration = Duration::from_millis(60);

/// What is pasted to log in.
const PASTED: &str = "pasted-token-0123456789";

/// A login that sends nothing but the token request.
const PROVIDER: &str = r#"
id = "one-endpoint"
name = "One endpoint"
summary = "A token endpoint and nothing else"
hue = 20
[[parameter]]
id = "base_url"
label = "Base URL"
[api]
base_url = "{base_url}"
[[login]]
id = "refresh_token"
label = "Refresh token"
summary = "Pasted"
[login.grant.paste]
token = "refresh_token"
label = "Refresh token"
[[login.grant.paste.source]]
id = "here"
label = "here"
token_endpoint = "{base_url}/token"
client = { id = "client" }
"#;

pub struct Stage {
    pub house: House,
    pub server: FakeServer,
    /// The id of the connection “it”.
    pub id: String,
}

impl Stage {
    /// As if the wait after a failed renewal were over.
    pub fn later(&self) {
        let file = self.house.home.path().join("data/journal").join(format!("{}.failed.json", self.id));
        if file.exists() {
            std::fs::remove_file(file).unwrap();
        }
    }

    /// With a connection “it” that is not logged in.
    pub async fn new() -> Self {
        Self::in_house(House::new().await).await
    }

    /// The same, in this house.
    pub async fn in_house(house: House) -> Self {
        let server = FakeServer::start().await.unwrap();
        let file = house.home.path().join("one-endpoint.toml");
        std::fs::write(&file, PROVIDER).unwrap();
        house.run(&["providers", "add", file.to_str().unwrap()]).await.well();
        let stage = Self { house, server, id: String::new() };
        let id = stage.connect("it").await;
        Self { id, ..stage }
    }

    /// Adds a connection and gives its id.
    pub async fn connect(&self, name: &str) -> String {
        let base = format!("base_url={}", self.server.url(""));
        let connect = ["--json", "connect", "one-endpoint", "--name", name, "--set", &base];
        self.house.run(&connect).await.well().json()["id"].as_str().unwrap().to_owned()
    }

    /// Logs in; the server answers with this.
    pub async fn log_in(&self, name: &str, answer: Answer) {
        self.server.answer(TOKEN, answer);
        self.log_in_at_last(name).await;
    }

    /// Logs in at a server that knows what to answer.
    pub async fn log_in_at_last(&self, name: &str) {
        let login = ["login", name, "--method", "refresh_token", "--secret-stdin", "token"];
        self.house.run_with(&login, PASTED).await.well();
    }

    /// Logged in with a token that is over already, and with `refresh-token-0`.
    pub async fn over() -> Self {
        let stage = Self::new().await;
        stage.log_in("it", pair(0, 0)).await;
        stage
    }

    pub async fn token(&self) -> Ran {
        self.house.run(&["token", "it"]).await
    }

    /// The refresh tokens that renewals sent, in order.
    pub fn asked(&self) -> Vec<String> {
        let sent = self.server.received_at(TOKEN).into_iter().filter_map(|request| request.form_field("refresh_token"));
        sent.filter(|token| token != PASTED).collect()
    }

    /// Starts to renew, and returns when the token endpoint has the request.
    pub async fn renewing(&self) -> Child {
        let before = self.asked().len();
        let child = self.house.start(&["token", "it"]);
        self.asks(before + 1).await;
        child
    }

    /// Waits until so many renewals were sent.
    pub async fn asks(&self, count: usize) {
        wait_until(async || self.asked().len() >= count, SOON, "the renewal to be sent").await.unwrap();
    }

    /// “A renewal was sent.”
    pub fn journal(&self) -> PathBuf {
        self.house.home.path().join("data/journal").join(format!("{}.json", self.id))
    }

    /// The lock that whoever renews holds.
    pub fn lock(&self) -> PathBuf {
        self.house.home.path().join("data/locks").join(format!("{}.lock", self.id))
    }

    /// What the person set, and what the keychain has of these connections.
    pub fn settings(&self, connections: &[&str]) -> (Vec<(PathBuf, Vec<u8>)>, Vec<Value>) {
        let folder = std::fs::read_dir(self.house.home.path().join("config")).unwrap();
        let files = folder.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
        let mut files: Vec<_> = files.map(|path| (path.clone(), std::fs::read(&path).unwrap())).collect();
        files.sort();
        (files, connections.iter().map(|id| self.house.kept(id)).collect())
    }
}

/// The answer with the access token and refresh token of this number.
pub fn pair(number: u32, seconds: u32) -> Answer {
    let (access, refresh) = (format!("access-token-{number}"), format!("refresh-token-{number}"));
    let body = json!({"access_token": access, "refresh_token": refresh, "expires_in": seconds, "token_type": "Bearer"});
    Answer::json(200, &body)
}

pub fn invalid_grant() -> Answer {
    Answer::json(400, &json!({"error": "invalid_grant"}))
}

/// A server that rotates: each refresh token counts once, and is spent before the answer is on its way. What is pasted
/// always counts, for a token that is over at once.
pub fn rotates(server: &FakeServer) {
    let newest = std::sync::Mutex::new(0);
    server.answer_with(TOKEN, move |request| {
        let mut newest = newest.lock().unwrap();
        let sent = request.form_field("refresh_token").unwrap_or_default();
        let seconds = if sent == PASTED { 0 } else { 7200 };
        if sent != PASTED && sent != format!("refresh-token-{newest}") {
            return invalid_grant();
        }
        *newest += 1;
        pair(*newest, seconds).after(ON_ITS_WAY)
    });
}

/// `kill -9`, and it is gone.
pub async fn kill(mut child: Child) {
    assert!(child.try_wait().unwrap().is_none(), "it had ended before it could be killed");
    child.kill().await.unwrap();
}

/// Whether a process has this file open.
pub fn has_open(process: u32, file: &Path) -> bool {
    let Ok(file) = file.canonicalize() else { return false };
    let opened = std::fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    opened.filter_map(|entry| std::fs::read_link(entry.path()).ok()).any(|target| target == file)
}
