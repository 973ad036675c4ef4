//! A home for one test, with a sandbox of its own, in a session with a keychain that all tests share.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use keydesk_sandbox::{Offer, Options, Sandbox, offers};
use keydesk_support::{Desktop, DesktopOptions, wait_for};
use serde_json::Value;
use tempfile::{NamedTempFile, TempDir};
use tokio::io::AsyncWriteExt;
use tokio::process::{Child, Command};
use url::Url;

use crate::browser::click_through;
use crate::ran::Ran;

pub const BINARY: &str = env!("CARGO_BIN_EXE_keydesk");
pub const SOON: Duration = Duration::from_secs(20);

/// The session while any test needs it.
static SESSION: Mutex<Weak<Desktop>> = Mutex::new(Weak::new());

static SHOWN: Mutex<BTreeMap<String, Value>> = Mutex::new(BTreeMap::new());

fn session() -> Arc<Desktop> {
    let mut shared = SESSION.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(running) = shared.upgrade() {
        return running;
    }
    let started = Arc::new(Desktop::start(DesktopOptions::default()).unwrap());
    *shared = Arc::downgrade(&started);
    started
}

pub struct House {
    pub session: Arc<Desktop>,
    pub home: TempDir,
    pub sandbox: Sandbox,
    /// What KEYDESK_PASSPHRASE_FILE names.
    pub passphrase: Option<NamedTempFile>,
}

impl House {
    pub async fn new() -> Self {
        Self::in_session(session()).await
    }

    /// In a session of its own, with a keychain that nobody else uses.
    pub async fn alone() -> Self {
        Self::in_session(Arc::new(Desktop::start(DesktopOptions::default()).unwrap())).await
    }

    pub async fn in_session(session: Arc<Desktop>) -> Self {
        // As short as the core polls.
        let options = Options { device_interval: Duration::from_secs(1), ..Options::default() };
        let sandbox = Sandbox::start(options).await.unwrap();
        Self { session, home: tempfile::tempdir().unwrap(), sandbox, passphrase: None }
    }

    /// Its commands are told this passphrase.
    pub fn with_passphrase(mut self, passphrase: &str) -> Self {
        let file = NamedTempFile::new().unwrap();
        std::fs::write(file.path(), format!("{passphrase}\n")).unwrap();
        self.passphrase = Some(file);
        self
    }

    /// The command, in this home.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::from(self.session.command(BINARY));
        command.args(arguments).env("KEYDESK_HOME", self.home.path()).env("OPENED_URLS", self.opened());
        if let Some(passphrase) = &self.passphrase {
            command.env("KEYDESK_PASSPHRASE_FILE", passphrase.path());
        }
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        command
    }

    pub async fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(&self.command(arguments).output().await.unwrap())
    }

    pub async fn run_with(&self, arguments: &[&str], stdin: &str) -> Ran {
        let mut child = self.start(arguments);
        type_in(&mut child, stdin).await;
        self.end(child).await
    }

    /// Starts a command that waits for something.
    pub fn start(&self, arguments: &[&str]) -> Child {
        self.command(arguments).stdin(Stdio::piped()).spawn().unwrap()
    }

    pub async fn end(&self, child: Child) -> Ran {
        let ended = tokio::time::timeout(SOON, child.wait_with_output()).await;
        Ran::of(&ended.expect("the command does not end").unwrap())
    }

    pub fn offer(&self, provider: &str) -> Offer {
        offers(self.sandbox.url()).into_iter().find(|offer| offer.provider == provider).unwrap()
    }

    /// A connection to the sandbox.
    pub async fn connect(&self, provider: &str, name: &str) {
        self.run(&["connect", provider, "--name", name, "--sandbox-at", self.sandbox.url()]).await.well();
    }

    /// Logs in by what is typed: what the sandbox offers, with what the test adds.
    pub async fn log_in(&self, provider: &str, name: &str, method: &str, more: &[(&str, &str)]) -> Ran {
        let (arguments, secrets) = self.typed(provider, name, method, more).await;
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        self.run_with(&arguments, &secrets).await
    }

    /// Logs in with the browser that the command opens.
    pub async fn log_in_by_browser(&self, provider: &str, name: &str, method: &str) -> Ran {
        let (arguments, secrets) = self.typed(provider, name, method, &[]).await;
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let before = self.opened_urls().len();
        let mut child = self.start(&arguments);
        type_in(&mut child, &secrets).await;
        click_through(&self.opened_url(before).await, "log-in").await;
        self.end(child).await
    }

    /// A provider as the command shows it: the same in every home.
    async fn shown(&self, provider: &str) -> Value {
        let known = SHOWN.lock().unwrap_or_else(PoisonError::into_inner).get(provider).cloned();
        if let Some(known) = known {
            return known;
        }
        let shown = self.run(&["--json", "providers", "show", provider]).await.well().json();
        SHOWN.lock().unwrap_or_else(PoisonError::into_inner).insert(provider.to_owned(), shown.clone());
        shown
    }

    /// The arguments of a login, and what goes to standard input.
    pub async fn typed(
        &self,
        provider: &str,
        name: &str,
        method: &str,
        more: &[(&str, &str)],
    ) -> (Vec<String>, String) {
        let shown = self.shown(provider).await;
        let methods = shown["logins"].as_array().unwrap().iter();
        let fields = methods.clone().find(|it| it["id"] == method).unwrap()["fields"].as_array().unwrap().clone();
        let mut given: BTreeMap<String, String> = self.offer(provider).logins.remove(method).unwrap_or_default();
        given.extend(more.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        let mut arguments: Vec<String> = ["login", name, "--method", method].map(str::to_owned).into();
        let mut secrets = String::new();
        for (key, value) in given {
            let is_secret = fields.iter().any(|field| field["id"] == key.as_str() && field["kind"] == "secret");
            if is_secret {
                arguments.extend(["--secret-stdin".to_owned(), key]);
                secrets.push_str(&value);
                secrets.push('\n');
            } else {
                arguments.extend(["--set".to_owned(), format!("{key}={value}")]);
            }
        }
        (arguments, secrets)
    }

    /// A connection that is logged in, by the way in that takes the least.
    pub async fn logged_in(&self, name: &str) {
        self.connect("another-api", name).await;
        self.log_in("another-api", name, "client_credentials", &[]).await.well();
    }

    pub async fn id_of(&self, name: &str) -> String {
        self.run(&["--json", "status", name]).await.json()["id"].as_str().unwrap().to_owned()
    }

    /// What the keychain has of a connection.
    pub async fn kept_of(&self, name: &str) -> Value {
        self.kept(&self.id_of(name).await)
    }

    /// The same, by its id.
    pub fn kept(&self, id: &str) -> Value {
        let mut lookup = self.session.command("secret-tool");
        let found = lookup.args(["lookup", "service", "Keydesk", "username", id]).output().unwrap();
        serde_json::from_slice(&found.stdout).unwrap_or_default()
    }

    /// Puts this into the keychain, as it was before.
    pub fn keep(&self, id: &str, what: &Value) {
        use std::io::Write;
        let mut store = self.session.command("secret-tool");
        store.args(["store", "--label", "Keydesk", "service", "Keydesk", "username", id]).stdin(Stdio::piped());
        let mut store = store.spawn().unwrap();
        store.stdin.take().unwrap().write_all(what.to_string().as_bytes()).unwrap();
        assert!(store.wait().unwrap().success());
    }

    fn opened(&self) -> PathBuf {
        self.home.path().join("opened-urls")
    }

    /// What was opened in a browser, each as the one argument that it was given.
    pub fn opened_urls(&self) -> Vec<String> {
        let record = std::fs::read_to_string(self.opened()).unwrap_or_default();
        record.lines().map(|line| line.strip_prefix("1 ").expect("not one argument").to_owned()).collect()
    }

    /// What is opened in a browser after this many.
    pub async fn opened_url(&self, before: usize) -> Url {
        let ask = async || self.opened_urls().get(before).cloned();
        Url::parse(&wait_for(ask, SOON, "an address to be opened").await.unwrap()).unwrap()
    }
}

pub async fn type_in(child: &mut Child, text: &str) {
    let mut stdin = child.stdin.take().unwrap();
    // A command that wants nothing may be gone.
    let _ = stdin.write_all(text.as_bytes()).await;
}
