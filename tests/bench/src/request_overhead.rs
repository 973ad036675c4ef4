//! What a request costs through the core, with its token, its activity and its masking, against the same request by bare
//! reqwest: the same server on this machine, the same TLS, connections kept open by both. The server takes a millisecond,
//! which is less than the way to one elsewhere alone: against one that takes none, some ten microseconds are half of all.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use keydesk_core::{
    AddConnection, CallRequest, Doors, Keydesk, LogIn, Paths, Secret, SecretStore, SystemBrowser, SystemClock,
    Transport,
};
use keydesk_support::{Authority, Failure, Outcome};
use reqwest::header::{ACCEPT, AUTHORIZATION};

use crate::figure::{Figure, median};

/// Of each, one after the other.
const ROUNDS: usize = 1500;
/// Until connections are there and code is warm.
const BEFORE: usize = 200;
const MOST: f64 = 1.05;
pub const ANSWER: Duration = Duration::from_millis(1);

pub async fn measure() -> Outcome<Figure> {
    let authority = Authority::new()?.after(ANSWER);
    let ca = authority.pem().to_owned();
    let url = elsewhere(authority)?;
    let home = tempfile::tempdir()?;
    let keydesk = open(home.path())?;
    let request = log_in(&keydesk, &url, &ca).await?;
    let token = keydesk.reveal_token(&request.connection).await.map_err(|error| failed(&error))?;
    let certificate = reqwest::Certificate::from_pem(ca.as_bytes())?;
    let bare = reqwest::Client::builder().tls_certs_merge([certificate]).user_agent("Keydesk/bench").build()?;
    let (address, authorization) = (format!("{url}/things"), format!("Bearer {}", token.expose()));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..BEFORE + ROUNDS {
        let begun = Instant::now();
        let answer = bare.get(&address).header(AUTHORIZATION, &authorization).header(ACCEPT, "application/json").send();
        let body = answer.await?.bytes().await?;
        let their_time = begun.elapsed().as_secs_f64() * 1e6;
        let begun = Instant::now();
        let answer = keydesk.call(&request).await.map_err(|error| failed(&error))?;
        let our_time = begun.elapsed().as_secs_f64() * 1e6;
        if answer.status != 200 || body.is_empty() {
            return Err(Failure::new(format!("the server answered {}", answer.status)));
        }
        if round >= BEFORE {
            ours.push(our_time);
            theirs.push(their_time);
        }
    }
    Ok(Figure::at_most("request-overhead", "µs", median(ours), median(theirs), MOST))
}

/// With a home of its own, and no keychain.
pub fn open(home: &Path) -> Outcome<Arc<Keydesk>> {
    let doors = Doors {
        paths: Paths::under(home),
        clock: Arc::new(SystemClock),
        browser: Arc::new(SystemBrowser),
        store: SecretStore::in_memory(),
        transport: Transport::default(),
    };
    Keydesk::open(doors).map_err(|error| failed(&error))
}

/// The server, on a thread of its own, as a server is. It ends with the program.
pub fn elsewhere(authority: Authority) -> Outcome<String> {
    let (tell, told) = std::sync::mpsc::channel();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            // Nobody waits for it any more: the program ends.
            let _ = tell.send(authority.server("localhost", 2090).await);
            std::future::pending::<()>().await;
        });
    });
    told.recv().map_err(|error| Failure::new(error.to_string()))?
}

/// A connection that is logged in, and the request that is measured.
pub async fn log_in(keydesk: &Arc<Keydesk>, url: &str, ca: &str) -> Outcome<CallRequest> {
    let connection = keydesk
        .add_connection(AddConnection {
            provider: "world-of-workflows".to_owned(),
            label: None,
            parameters: BTreeMap::from([("base_url".to_owned(), url.to_owned())]),
            ca: Some(ca.to_owned()),
            sandbox: false,
        })
        .map_err(|error| failed(&error))?
        .id;
    let fields = [("username", "someone"), ("password", "a-password")];
    let fields = fields.map(|(name, value)| (name.to_owned(), Secret::new(value))).into();
    let login = LogIn { connection: connection.clone(), login: "request".to_owned(), fields, keep: Vec::new() };
    keydesk.log_in(login).await.map_err(|error| failed(&error))?;
    Ok(CallRequest { connection, method: "GET".to_owned(), path: "/things".to_owned(), body: None })
}

pub fn failed(error: &keydesk_core::Error) -> Failure {
    Failure::new(error.to_string())
}
