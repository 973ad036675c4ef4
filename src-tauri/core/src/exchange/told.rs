//! An exchange as it is told to whoever keeps them: without the token, as that is put on when a request is sent.

use std::time::Instant;

use jiff::Timestamp;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::prepared::{JSON, Prepared};
use super::send::{Exchange, Sent};
use crate::event::{ExchangeSource, Exchanged, told};
use crate::jwt::Member;
use crate::redact;
use crate::token::Owner;

pub(super) fn exchanged(
    owner: &Owner,
    source: ExchangeSource,
    prepared: &Prepared,
    outcome: &Sent<Exchange>,
    begun: Instant,
) -> Exchanged {
    let took = begun.elapsed();
    let answer = outcome.as_ref().ok().map(|exchange| &exchange.answer);
    let content = prepared.body.is_some().then(|| Member { name: CONTENT_TYPE.to_string(), value: JSON.to_owned() });
    Exchanged {
        at: Timestamp::now().checked_sub(took).unwrap_or_default(),
        connection: owner.connection.clone(),
        source,
        method: prepared.method.to_string(),
        url: prepared.shown_url(),
        sent_headers: prepared.headers.iter().map(|(name, value)| member(name, value)).chain(content).collect(),
        sent_body: prepared.body.as_deref().and_then(|body| told(body.as_bytes())),
        status: answer.map(|answer| answer.status),
        error: outcome.as_ref().err().map(|no| no.error.code),
        headers: answer.map(|answer| members(&answer.headers)).unwrap_or_default(),
        body: answer.and_then(|answer| told(&answer.body)),
        size: answer.map(|answer| answer.body.len() as u64),
        took,
        request: None,
    }
}

fn members(headers: &HeaderMap) -> Vec<Member> {
    headers.iter().map(|(name, value)| member(name, value)).collect()
}

fn member(name: &HeaderName, value: &HeaderValue) -> Member {
    Member { name: name.to_string(), value: redact::header(name, value) }
}
