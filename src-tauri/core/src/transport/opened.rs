//! An answer whose body is still to come, and requests whose body takes its time: what counts is not how long all of it
//! takes, but that something moves.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hyper::body::Bytes;
use reqwest::header::HeaderMap;

use super::{Answer, Limits, Transport, authority, check_url, failure, is_loopback, too_slow};
use crate::error::Result;

/// How long nothing may move, either way.
const IDLE: Duration = Duration::from_secs(60);

/// The same once a whole file has left: a server may work it in before it answers.
const AT_WORK: Duration = Duration::from_secs(600);

/// How many bytes of a request’s body have left.
#[derive(Debug, Default)]
pub struct Gauge {
    bytes: AtomicU64,
    /// How many make a whole file, where it is sent whole.
    whole: Option<u64>,
}

impl Gauge {
    /// For a file of so many bytes that is sent whole.
    pub fn of_whole(bytes: u64) -> Self {
        Self { whole: Some(bytes), ..Self::default() }
    }

    /// So many more.
    pub fn add(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    /// Whether a whole file has left.
    pub fn is_over(&self) -> bool {
        self.whole.is_some_and(|whole| self.bytes() >= whole)
    }

    fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }
}

/// An answer whose body is still to come.
pub struct Opened {
    host: String,
    begun: Instant,
    response: reqwest::Response,
    /// What of the body was looked at before it was asked for.
    early: VecDeque<Bytes>,
}

impl Transport {
    /// Sends a request and gives the answer as soon as its head is there. The body comes as it was sent, not decompressed:
    /// only so do the bytes of a range fit to those before them (RFC 9110 section 14).
    ///
    /// # Errors
    /// `unreachable`, `tls_failed`, or `timed_out` when nothing moves; an HTTP status is an answer, not an error.
    pub async fn open(&self, request: reqwest::Request, gauge: &Gauge) -> Result<Opened> {
        check_url(request.url())?;
        let host = authority(request.url());
        let client = self.client(is_loopback(request.url()), true)?;
        opened(&client, host, request, gauge).await
    }
}

pub(super) async fn opened(
    client: &reqwest::Client,
    host: String,
    request: reqwest::Request,
    gauge: &Gauge,
) -> Result<Opened> {
    let begun = Instant::now();
    let mut exchange = std::pin::pin!(client.execute(request));
    loop {
        let before = gauge.bytes();
        let patience = if gauge.is_over() { AT_WORK } else { IDLE };
        match tokio::time::timeout(patience, &mut exchange).await {
            Ok(Ok(response)) => return Ok(Opened::new(host, begun, response)),
            Ok(Err(error)) => return Err(failure(&host, &error)),
            Err(_) if gauge.bytes() == before => return Err(too_slow(&host)),
            Err(_) => {}
        }
    }
}

impl Opened {
    pub(super) fn new(host: String, begun: Instant, response: reqwest::Response) -> Self {
        Self { host, begun, response, early: VecDeque::new() }
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    /// The headers as they came.
    pub fn headers(&self) -> &HeaderMap {
        self.response.headers()
    }

    /// The next bytes of the body; none at its end.
    ///
    /// # Errors
    /// `no_reply` when it was cut, `timed_out` when nothing moves.
    pub async fn piece(&mut self) -> Result<Option<Bytes>> {
        match self.early.pop_front() {
            Some(piece) => Ok(Some(piece)),
            None => self.next().await,
        }
    }

    async fn next(&mut self) -> Result<Option<Bytes>> {
        match tokio::time::timeout(IDLE, self.response.chunk()).await {
            Ok(piece) => piece.map_err(|error| failure(&self.host, &error)),
            Err(_) => Err(too_slow(&self.host)),
        }
    }

    /// The version of HTTP.
    pub fn version(&self) -> String {
        format!("{:?}", self.response.version())
    }

    /// An answer with the beginning of the body, within the limits. All of it is still to come.
    ///
    /// # Errors
    /// As for [`Opened::piece`].
    pub async fn beginning(&mut self, limits: Limits) -> Result<Answer> {
        let look = async {
            let mut body = Vec::new();
            while body.len() < limits.body
                && let Some(piece) = self.next().await?
            {
                body.extend_from_slice(&piece);
                self.early.push_back(piece);
            }
            Ok(body)
        };
        // What does not come in time is still to come.
        let body = match tokio::time::timeout(limits.time, look).await {
            Ok(body) => body?,
            Err(_) => self.early.iter().flatten().copied().collect(),
        };
        let truncated = body.len() >= limits.body;
        let (status, headers) = (self.status(), self.headers().clone());
        Ok(Answer { status, headers, body, truncated, took: self.begun.elapsed() })
    }

    /// All of it, within the limits.
    ///
    /// # Errors
    /// As for [`Opened::piece`].
    pub async fn whole(self, limits: Limits) -> Result<Answer> {
        let host = self.host.clone();
        let whole = tokio::time::timeout(limits.time, self.up_to(limits.body)).await;
        whole.unwrap_or_else(|_| Err(too_slow(&host)))
    }

    /// So many bytes of it at most.
    pub(super) async fn up_to(mut self, most: usize) -> Result<Answer> {
        let mut body = Vec::new();
        let mut truncated = false;
        while let Some(piece) = self.piece().await? {
            let room = most - body.len();
            truncated = piece.len() > room;
            body.extend_from_slice(&piece[..piece.len().min(room)]);
            if truncated {
                break;
            }
        }
        Ok(Answer {
            status: self.status(),
            headers: self.headers().clone(),
            body,
            truncated,
            took: self.begun.elapsed(),
        })
    }
}
