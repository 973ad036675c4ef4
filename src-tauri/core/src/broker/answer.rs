//! What a program is answered: JSON, for its eyes only, and nothing that a page could read (security.md I9).

use hyper::body::Bytes;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use hyper::{Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::asks::LEFT_ALONE;
use super::keys::HEADER;
use crate::clock::seconds_between;
use crate::error::{Error, ErrorCode};
use crate::event::NotHandedOut;
use crate::local_http::Reply;
use crate::secret::Secret;

/// An access token, and how an API wants it.
pub struct HandedOut {
    /// The token.
    pub access_token: Secret,
    /// When it ends, where that is known.
    pub expires_at: Option<Timestamp>,
    /// The header that presents it, with the word before it; none where a parameter does.
    pub header: Option<(String, Option<String>)>,
    /// The parameter of the query that presents it.
    pub query: Option<String>,
    /// The chain of the activity that it came about in.
    pub chain: String,
}

impl HandedOut {
    /// As the program reads it.
    pub(super) fn reply(&self, now: Timestamp) -> Reply {
        let (header, prefix) =
            self.header.as_ref().map_or((None, None), |(name, prefix)| (Some(name), prefix.as_ref()));
        let members = [
            ("access_token", json!(self.access_token.expose())),
            // RFC 6750 section 2.1: that the header presents it so is what this says.
            ("token_type", json!(prefix.filter(|word| word.eq_ignore_ascii_case("Bearer")))),
            ("expires_in", json!(self.expires_at.map(|end| seconds_between(now, end).max(0)))),
            ("expires_at", json!(self.expires_at)),
            ("header", json!(header)),
            ("prefix", json!(prefix)),
            ("query", json!(self.query)),
        ];
        let known: serde_json::Map<String, Value> =
            members.into_iter().filter(|(_, value)| !value.is_null()).map(|(name, it)| (name.to_owned(), it)).collect();
        reply(StatusCode::OK, &Secret::new(Value::Object(known).to_string()))
    }
}

/// Why there is none.
#[derive(Debug)]
pub(super) struct Refusal {
    /// In a word.
    pub reason: NotHandedOut,
    message: String,
    /// What went wrong with the token.
    cause: Option<ErrorCode>,
    retry_after: Option<u32>,
}

/// Where nobody says when to ask again, and the same may well go better then.
const SOON: u32 = 5;
/// The same, where the person has to do something before.
const LATER: u32 = 60;

impl Refusal {
    pub fn new(reason: NotHandedOut, message: impl Into<String>) -> Self {
        let retry_after = match reason {
            NotHandedOut::Refused => Some(LEFT_ALONE),
            NotHandedOut::TooMany => Some(SOON),
            _ => None,
        };
        Self { reason, message: message.into(), cause: None, retry_after }
    }

    /// To be asked again after so many seconds.
    pub fn after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }

    /// There is no token, for this reason.
    pub fn of(error: &Error) -> Self {
        let locked = is_locked(error);
        let reason = if locked { NotHandedOut::Locked } else { NotHandedOut::NoToken };
        let later = if locked || error.retryable { SOON } else { LATER };
        let refusal = Self::new(reason, error.message.clone()).after(error.retry_after.unwrap_or(later));
        Self { cause: Some(error.code), ..refusal }
    }

    /// As the program reads it.
    pub fn reply(&self) -> Reply {
        let mut body = json!({ "error": self.reason, "message": self.message });
        if let Some(cause) = self.cause {
            body["cause"] = json!(cause);
        }
        let mut reply = reply(status(self.reason), &Secret::new(body.to_string()));
        if let Some(seconds) = self.retry_after {
            reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        // RFC 9110 sections 15.5.2 and 15.5.6.
        let more = match self.reason {
            NotHandedOut::WrongSecret => Some((WWW_AUTHENTICATE, HEADER)),
            NotHandedOut::WrongMethod => Some((ALLOW, "GET")),
            _ => None,
        };
        reply.headers_mut().extend(more.map(|(name, value)| (name, HeaderValue::from_static(value))));
        reply
    }
}

/// Whether the place where tokens are kept is locked, or may be asking for its password right now.
pub fn is_locked(error: &Error) -> bool {
    matches!(error.code, ErrorCode::KeychainLocked | ErrorCode::KeychainSilent | ErrorCode::PassphraseNeeded)
}

fn status(reason: NotHandedOut) -> StatusCode {
    match reason {
        NotHandedOut::Malformed => StatusCode::BAD_REQUEST,
        NotHandedOut::WrongSecret => StatusCode::UNAUTHORIZED,
        NotHandedOut::WrongHost | NotHandedOut::FromAPage => StatusCode::FORBIDDEN,
        NotHandedOut::Refused | NotHandedOut::NotAnswered => StatusCode::FORBIDDEN,
        NotHandedOut::UnknownRoute | NotHandedOut::UnknownConnection => StatusCode::NOT_FOUND,
        NotHandedOut::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
        NotHandedOut::Ambiguous => StatusCode::CONFLICT,
        NotHandedOut::Locked => StatusCode::LOCKED,
        NotHandedOut::TooMany => StatusCode::TOO_MANY_REQUESTS,
        NotHandedOut::NoToken => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn reply(status: StatusCode, body: &Secret) -> Reply {
    let mut reply = Response::new(Bytes::copy_from_slice(body.expose().as_bytes()).into());
    *reply.status_mut() = status;
    for (name, value) in [
        (CONTENT_TYPE.as_str(), "application/json"),
        (CACHE_CONTROL.as_str(), "no-store"),
        ("x-content-type-options", "nosniff"),
    ] {
        reply.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    reply
}
