//! `oidc-provider`, a certified authorization server, on this machine. What it knows is in tests/support/oidc.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use serde_json::Value;

use crate::{Failure, Outcome, repository};

/// It takes a second to start; a busy machine takes some.
const LONG: Duration = Duration::from_secs(30);

/// The server's process. Dropping it ends it.
#[derive(Debug)]
pub struct Certified {
    process: Child,
    issuer: String,
}

impl Certified {
    /// The secret of its confidential clients. It guards nothing.
    pub const SECRET: &str = "a:b%c+e";

    /// Starts it on a free port.
    ///
    /// # Errors
    /// node or the npm packages are missing.
    pub fn start() -> Outcome<Self> {
        Self::with_lifetime(7200)
    }

    /// The same, with access tokens that live so many seconds.
    ///
    /// # Errors
    /// As for [`Self::start`].
    pub fn with_lifetime(seconds: u32) -> Outcome<Self> {
        // Seen once: node stood still in a lock of its own before its first line, for as long as anybody waited.
        Self::spawn(seconds).or_else(|_| Self::spawn(seconds))
    }

    fn spawn(seconds: u32) -> Outcome<Self> {
        let process = Command::new("node")
            .arg("server.mjs")
            .env("ACCESS_TTL", seconds.to_string())
            .current_dir(repository().join("tests/support/oidc"))
            // It ends when this pipe closes, also when the test dies.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|cause| Failure::new(format!("node: {cause}")))?;
        let mut server = Self { process, issuer: String::new() };
        let line = server.process.stdout.take().map(first_line).unwrap_or_default();
        let ready: Value = serde_json::from_str(&line).unwrap_or_default();
        let missing = || Failure::new("the certified server does not start: `npm ci` in tests/support/oidc?");
        ready["issuer"].as_str().ok_or_else(missing)?.clone_into(&mut server.issuer);
        Ok(server)
    }

    /// Its issuer identifier, which is also the address that the others begin with.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// What came to its token endpoint: how often each grant type, each error, and how many token families were revoked.
    ///
    /// # Errors
    /// The server is gone.
    pub async fn counts(&self) -> Outcome<Value> {
        Ok(reqwest::get(format!("{}/test/counts", self.issuer)).await?.json().await?)
    }
}

/// What it says first; nothing where it says nothing for long.
fn first_line(output: ChildStdout) -> String {
    let (sender, line) = mpsc::channel();
    std::thread::spawn(move || {
        let mut line = String::new();
        let _ = BufReader::new(output).read_line(&mut line);
        let _ = sender.send(line);
    });
    line.recv_timeout(LONG).unwrap_or_default()
}

impl Drop for Certified {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
