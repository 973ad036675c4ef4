//! Group I: tokens for other programs, asked for over real sockets, as a program does.

mod asking;
mod guard;
mod limits;
mod page;
mod place;
mod tokens;

use std::path::PathBuf;
use std::time::Duration;

use keydesk_core::{ActivityEvent, ActivityQuery, AskView, BrokerSettings, BrokerView, ConnectionView, GrantFor};
use keydesk_sandbox::Sandbox;
use keydesk_support::wait_for;
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use crate::house::{House, sandbox};

const SOON: Duration = Duration::from_secs(20);

/// A house with a broker that listens, and a program “Backup”.
pub struct Stage {
    pub house: House,
}

/// What a program was answered.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: Value,
}

impl Stage {
    pub async fn new() -> Self {
        Self::with(true).await
    }

    pub async fn with(tcp: bool) -> Self {
        Self::at_house(House::new(), tcp).await
    }

    pub async fn at_house(house: House, tcp: bool) -> Self {
        let stage = Self { house };
        let view = stage.set(true, tcp).await;
        assert!(view.listening && view.error.is_none(), "{view:?}");
        stage.house.keydesk.add_program("Backup").unwrap();
        stage
    }

    pub async fn set(&self, on: bool, tcp: bool) -> BrokerView {
        self.house.keydesk.set_broker(BrokerSettings { on, tcp, tcp_port: None }).await.unwrap()
    }

    pub fn view(&self) -> BrokerView {
        self.house.keydesk.read_broker()
    }

    pub fn socket(&self) -> PathBuf {
        self.view().socket.unwrap().into()
    }

    pub fn port(&self) -> u16 {
        self.view().tcp.unwrap().strip_prefix("127.0.0.1:").unwrap().parse().unwrap()
    }

    /// The line that a program sends to show who it is.
    pub fn header(&self) -> String {
        let file = self.house.home.path().join("run/backup.header");
        std::fs::read_to_string(file).unwrap().trim_end().to_owned()
    }

    /// A connection that is logged in at a sandbox.
    pub async fn logged_in(&self) -> (Sandbox, ConnectionView) {
        let sandbox = sandbox().await;
        let connection = self.house.connect(&sandbox);
        self.house.log_in(&connection).await;
        (sandbox, connection)
    }

    /// The same, and “Backup” may have its token for an hour.
    pub async fn granted(&self) -> (Sandbox, ConnectionView) {
        let (sandbox, connection) = self.logged_in().await;
        self.house.keydesk.grant_program("backup", &connection.id, GrantFor::Hour).unwrap();
        (sandbox, connection)
    }

    /// What “Backup” is answered over the socket.
    pub async fn asks(&self, path: &str) -> Answer {
        self.says(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{}\r\n\r\n", self.header())).await
    }

    /// What these bytes are answered over the socket.
    pub async fn says(&self, request: &str) -> Answer {
        talk(UnixStream::connect(self.socket()).await.unwrap(), request).await
    }

    /// What these bytes are answered at the port.
    pub async fn says_at_port(&self, request: &str) -> Answer {
        talk(TcpStream::connect(("127.0.0.1", self.port())).await.unwrap(), request).await
    }

    /// A program that asks, as the person sees it.
    pub async fn ask(&self) -> AskView {
        let ask = async || self.view().asks.into_iter().next();
        wait_for(ask, SOON, "a program to ask").await.unwrap()
    }

    /// What happened, the oldest first, with its connection.
    pub async fn activity(&self) -> Vec<(Option<String>, ActivityEvent)> {
        let query = ActivityQuery { limit: 500, ..ActivityQuery::default() };
        let entries = self.house.keydesk.list_activity(query).await.unwrap();
        entries.into_iter().rev().map(|entry| (entry.connection, entry.event)).collect()
    }

    /// How many tokens were handed out, by the activity.
    pub async fn handed_out(&self) -> usize {
        let all = self.activity().await;
        all.iter().filter(|(_, event)| matches!(event, ActivityEvent::TokenHandedOut { .. })).count()
    }
}

/// The path of a connection's token.
pub fn path(connection: &ConnectionView) -> String {
    format!("/connections/{}/access-token", connection.id)
}

/// Sends bytes as they are and reads what comes back.
pub async fn talk(mut stream: impl AsyncRead + AsyncWrite + Unpin, request: &str) -> Answer {
    // The broker may cut a long request short.
    let _ = stream.write_all(request.as_bytes()).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    Answer {
        status: head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0),
        body: serde_json::from_str(body).unwrap_or_default(),
        head: head.to_lowercase(),
    }
}

impl Answer {
    /// That it is refused so.
    #[track_caller]
    pub fn is(&self, status: u16, error: &str) {
        assert_eq!((self.status, &self.body["error"]), (status, &error.into()), "{self:?}");
    }

    /// The token in it.
    #[track_caller]
    pub fn token(&self) -> &str {
        assert_eq!(self.status, 200, "{self:?}");
        self.body["access_token"].as_str().unwrap()
    }
}
