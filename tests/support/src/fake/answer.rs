//! One answer of a [`FakeServer`](super::FakeServer), with its manners.

use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::sync::watch;

/// Status, headers and body, and how they are sent.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    delay: Duration,
    held: Option<watch::Receiver<bool>>,
    drip: Option<(usize, Duration)>,
    cut_after: Option<usize>,
    raw: bool,
    silent: bool,
}

impl Answer {
    /// A status and nothing else.
    #[must_use]
    pub fn new(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            delay: Duration::ZERO,
            held: None,
            drip: None,
            cut_after: None,
            raw: false,
            silent: false,
        }
    }

    /// A JSON body.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::new(status).header("content-type", "application/json").body(body.to_string())
    }

    /// An HTML page.
    #[must_use]
    pub fn html(status: u16, body: &str) -> Self {
        Self::new(status).header("content-type", "text/html; charset=utf-8").body(body)
    }

    /// A redirect.
    #[must_use]
    pub fn redirect(status: u16, location: &str) -> Self {
        Self::new(status).header("location", location)
    }

    /// These bytes instead of an HTTP answer.
    #[must_use]
    pub fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self { raw: true, ..Self::new(200).body(bytes) }
    }

    /// The connection stays open and nothing ever comes.
    #[must_use]
    pub fn silence() -> Self {
        Self { silent: true, ..Self::new(200) }
    }

    /// Adds a header. A `content-length` given here replaces the true one.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Waits before the first byte.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    /// Waits before the first byte until this says so, or its sender is gone.
    #[must_use]
    pub fn held(mut self, until: &watch::Receiver<bool>) -> Self {
        self.held = Some(until.clone());
        self
    }

    /// Sends the body in pieces of so many bytes, pausing after each.
    #[must_use]
    pub fn drip(mut self, bytes: usize, pause: Duration) -> Self {
        self.drip = Some((bytes.max(1), pause));
        self
    }

    /// Closes the connection after so many bytes of the body (0: after the request, before any answer).
    #[must_use]
    pub fn cut_after(mut self, bytes: usize) -> Self {
        self.cut_after = Some(bytes);
        self
    }

    pub(super) async fn send(&self, stream: &mut TcpStream) -> std::io::Result<()> {
        tokio::time::sleep(self.delay).await;
        if let Some(mut held) = self.held.clone() {
            // An error means that nobody is left who could say it.
            let _ = held.wait_for(|open| *open).await;
        }
        if self.silent {
            std::future::pending::<()>().await;
        }
        if self.cut_after == Some(0) {
            return Ok(());
        }
        if !self.raw {
            stream.write_all(self.head().as_bytes()).await?;
        }
        let sent = &self.body[..self.cut_after.unwrap_or(self.body.len()).min(self.body.len())];
        match self.drip {
            None => stream.write_all(sent).await?,
            Some((bytes, pause)) => {
                for piece in sent.chunks(bytes) {
                    stream.write_all(piece).await?;
                    stream.flush().await?;
                    tokio::time::sleep(pause).await;
                }
            }
        }
        stream.flush().await
    }

    fn head(&self) -> String {
        let mut head = format!("HTTP/1.1 {} Scripted\r\nconnection: close\r\n", self.status);
        let says_length = |(name, _): &(String, String)| {
            name.eq_ignore_ascii_case("content-length") || name.eq_ignore_ascii_case("transfer-encoding")
        };
        if !self.headers.iter().any(says_length) {
            head.push_str(&format!("content-length: {}\r\n", self.body.len()));
        }
        for (name, value) in &self.headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head + "\r\n"
    }
}
