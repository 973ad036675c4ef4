//! What came of one target.

use std::time::Duration;

use serde::Serialize;

use crate::error::{Error, ErrorCode};
use crate::exchange::{Exchange, NoAnswer, Refusal};
use crate::transport::Answer;

/// What is known of a request that was to be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The server did it.
    Accepted,
    /// The server did not, or what was typed cannot be sent.
    Failed,
    /// It was sent, and no answer is known: it may have been done (RFC 9110 section 9.2.2).
    Unknown,
    /// Nothing was done, and it may be later: the server asks to wait, or was not there.
    Later(Option<Duration>),
    /// Nothing was done, and nothing will be sent before a person says so: there is no token, or no more is taken today.
    Stuck,
}

/// What came of one target.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// In a word.
    pub fate: Fate,
    /// The HTTP status.
    pub status: Option<u16>,
    /// How long it took.
    pub took: Duration,
    /// How often it was sent.
    pub attempts: u32,
    /// Whether it was sent a second time, with a renewed token.
    pub replayed: bool,
    /// Whether the server says that the token is dead, also after a renewal.
    pub dead: bool,
    /// The body as text.
    pub body: Option<String>,
    /// Whether the body was cut short.
    pub truncated: bool,
    /// What went wrong.
    pub error: Option<Error>,
    /// Why it was refused, where it was.
    pub refusal: Option<Box<Refusal>>,
}

impl Outcome {
    /// Nothing yet.
    const NOTHING: Self = Self {
        fate: Fate::Accepted,
        status: None,
        took: Duration::ZERO,
        attempts: 0,
        replayed: false,
        dead: false,
        body: None,
        truncated: false,
        error: None,
        refusal: None,
    };

    /// What cannot be sent as it is.
    pub fn failed(error: Error) -> Self {
        Self { fate: Fate::Failed, status: error.status, error: Some(error), ..Self::NOTHING }
    }

    /// No answer came.
    pub fn of_no_answer(no: NoAnswer) -> Self {
        let NoAnswer { error, sent } = no;
        let wait = error.retry_after.map(|seconds| Duration::from_secs(u64::from(seconds)));
        let fate = match error.code {
            _ if sent => Fate::Unknown,
            ErrorCode::InvalidInput => Fate::Failed,
            _ if error.retryable => Fate::Later(wait),
            _ => Fate::Stuck,
        };
        Self { fate, attempts: sent.into(), ..Self::failed(error) }
    }

    /// An answer came, which means this. `changes` is whether what was asked for changes something.
    pub fn of_exchange(exchange: Exchange, error: Option<Error>, changes: bool) -> Self {
        let Exchange { answer, replayed, dead, refusal } = exchange;
        let error = error.or_else(|| no_api_answer(&answer));
        let fate = match &error {
            None => Fate::Accepted,
            Some(_) if dead && !replayed => Fate::Stuck,
            // RFC 6585 section 4: it was not done.
            Some(error) if error.code == ErrorCode::DailyLimit => Fate::Stuck,
            Some(error) if error.code == ErrorCode::RateLimited => Fate::Later(answer.retry_after()),
            // A gateway's word that it had no good answer: the server behind it may have done it (RFC 9110 sections 15.6.3 and 15.6.5).
            Some(_) if changes && matches!(answer.status, 502 | 504) => Fate::Unknown,
            Some(_) => Fate::Failed,
        };
        let Answer { status, body, truncated, .. } = answer;
        let body =
            String::from_utf8(body).unwrap_or_else(|bytes| String::from_utf8_lossy(bytes.as_bytes()).into_owned());
        Self {
            fate,
            status: Some(status),
            attempts: 1 + u32::from(replayed),
            replayed,
            dead,
            body: (!body.is_empty()).then_some(body),
            truncated,
            error,
            refusal,
            ..Self::NOTHING
        }
    }

    /// An answer that is put together here, with what is missing from it.
    pub fn of_json(value: &impl Serialize, error: Option<Error>) -> Self {
        let fate = if error.is_some() { Fate::Failed } else { Fate::Accepted };
        let status = error.as_ref().and_then(|error| error.status);
        Self { fate, status, attempts: 1, body: serde_json::to_string(value).ok(), error, ..Self::NOTHING }
    }
}

/// A good status with something that no API answers: a redirect, or a web page such as a Wi-Fi login.
fn no_api_answer(answer: &Answer) -> Option<Error> {
    let what = match answer.status {
        300..400 => "The server sends elsewhere, which Keydesk does not follow.",
        _ if answer.media_type() == "text/html" => "A web page came back, no answer of an API.",
        _ => return None,
    };
    Some(Error::new(ErrorCode::UnexpectedAnswer, what).with_status(answer.status))
}
