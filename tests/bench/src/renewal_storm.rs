//! Ten thousand callers of a token that is over, in one process with a real keychain, and the server in another: how many
//! requests come to its token endpoint, and how long the slowest caller waits, against that request by itself.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};
use keydesk_core::{
    AddConnection, Clock, CopyForm, Doors, Keydesk, LogIn, Paths, Secret, SecretStore, SystemBrowser, Transport,
};
use keydesk_support::{Answer, Desktop, DesktopOptions, Failure, FakeServer, Outcome};
use serde_json::json;

use crate::figure::{Figure, median};
use crate::request_overhead::failed;

const CALLERS: usize = 10_000;
/// Of a token, in seconds.
const LIFETIME: i64 = 7200;
/// How long the server takes to answer.
const ANSWER: Duration = Duration::from_millis(200);
/// What a caller may wait longer than the request takes, in milliseconds.
const LONGER: f64 = 50.0;
/// How often the request is sent by itself.
const ROUNDS: usize = 9;
const TOKEN: &str = "/legacy/oauth2/token";
/// Where the process with the callers finds the server.
const INSIDE: &str = "KEYDESK_BENCH_STORM";

pub async fn measure() -> Outcome<[Figure; 2]> {
    let server = FakeServer::start().await?;
    server.always("/legacy/oauth2/validate", Answer::json(200, &json!({"given_name": "Alice"})));
    server.answer(TOKEN, pair());
    server.always(TOKEN, pair().after(ANSWER));
    let alone = alone(&server).await?;
    let before = server.received_at(TOKEN).len();
    let slowest = slowest(&server).await?;
    // One was the login.
    let requests = server.received_at(TOKEN).len() - before - 1;
    Ok([
        Figure::at_most("renewal-storm", "ms", slowest, alone + LONGER, 1.0),
        Figure::at_most("renewal-storm-requests", "sent", requests as f64, 1.0, 1.0),
    ])
}

fn pair() -> Answer {
    let body = json!({"access_token": "a".repeat(800), "refresh_token": "r".repeat(800), "expires_in": LIFETIME});
    Answer::json(200, &body)
}

/// The request by itself, in milliseconds.
async fn alone(server: &FakeServer) -> Outcome<f64> {
    server.always("/alone", pair().after(ANSWER));
    let client = reqwest::Client::new();
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        let begun = Instant::now();
        let form = [("grant_type", "refresh_token"), ("refresh_token", &"r".repeat(800))];
        client.post(server.url("/alone")).form(&form).send().await?.bytes().await?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(median(times))
}

/// Starts this program again, in a session with a keychain, and gives what it measured.
async fn slowest(server: &FakeServer) -> Outcome<f64> {
    let desktop = Desktop::start(DesktopOptions::default())?;
    let mut inside = desktop.command(std::env::current_exe()?);
    inside.env(INSIDE, server.url("")).stdin(Stdio::null()).stderr(Stdio::inherit());
    let ran = tokio::task::spawn_blocking(move || inside.output());
    let output = ran.await.map_err(|error| Failure::new(error.to_string()))??;
    let printed = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    printed.parse().map_err(|_| Failure::new(format!("the callers ended with {}: {printed}", output.status)))
}

/// The server, where this is the process with the callers.
pub fn inside() -> Option<String> {
    std::env::var(INSIDE).ok()
}

/// Prints how long the slowest caller waited, in milliseconds.
pub fn measure_inside(server: &str) -> Outcome {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let slowest = runtime.block_on(async {
        let home = tempfile::tempdir()?;
        call(home.path(), server).await
    })?;
    println!("{slowest}");
    Ok(())
}

/// The system's clock, moved.
#[derive(Default)]
struct LaterClock(AtomicI64);

impl Clock for LaterClock {
    fn now(&self) -> Timestamp {
        Timestamp::now() + SignedDuration::from_secs(self.0.load(Ordering::Relaxed))
    }
}

async fn call(home: &Path, server: &str) -> Outcome<f64> {
    let (clock, paths) = (Arc::new(LaterClock::default()), Paths::under(home));
    let keydesk = Keydesk::open(Doors {
        clock: clock.clone(),
        browser: Arc::new(SystemBrowser),
        store: SecretStore::system(&paths),
        paths,
        transport: Transport::default(),
    })
    .map_err(|error| failed(&error))?;
    let connection = log_in(&keydesk, server).await?;
    clock.0.store(LIFETIME, Ordering::Relaxed);
    let (go, started) = tokio::sync::watch::channel(false);
    let callers: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (keydesk, connection, mut started) = (keydesk.clone(), connection.clone(), started.clone());
            tokio::spawn(async move {
                let _ = started.wait_for(|go| *go).await;
                let begun = Instant::now();
                let token = keydesk.copy_token(&connection, CopyForm::Token).await;
                token.map(|_| begun.elapsed()).map_err(|error| failed(&error))
            })
        })
        .collect();
    let _ = go.send(true);
    let mut slowest = Duration::ZERO;
    for caller in callers {
        slowest = slowest.max(caller.await.map_err(|error| Failure::new(error.to_string()))??);
    }
    Ok(slowest.as_secs_f64() * 1000.0)
}

async fn log_in(keydesk: &Arc<Keydesk>, server: &str) -> Outcome<String> {
    let paths = [("api_url", "api"), ("auth_url", "auth"), ("legacy_auth_url", "legacy")];
    let mut parameters: BTreeMap<String, String> =
        paths.map(|(name, path)| (name.to_owned(), format!("{}/{path}", server.trim_end_matches('/')))).into();
    parameters.insert("redirect_base".to_owned(), "http://127.0.0.1".to_owned());
    let request = AddConnection { provider: "relay".to_owned(), label: None, parameters, ca: None, sandbox: true };
    let connection = keydesk.add_connection(request).map_err(|error| failed(&error))?.id;
    let fields = [("token".to_owned(), Secret::new("pasted-token-0123456789"))].into();
    let login = "refresh_token".to_owned();
    let login = LogIn { connection: connection.clone(), login, fields, keep: Vec::new() };
    keydesk.log_in(login).await.map_err(|error| failed(&error))?;
    Ok(connection)
}
