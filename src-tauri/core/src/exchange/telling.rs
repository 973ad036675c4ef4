//! Telling of a request: in a line to the activity, and whole to whoever keeps exchanges. What was sent is told without
//! the token, as that is put on when a request is sent.

use std::time::Instant;

use jiff::Timestamp;
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};

use super::prepared::{JSON, Prepared};
use super::send::{Exchange, NoAnswer, Sender, Sent};
use crate::event::{ActivityEvent, ExchangeSource, Exchanged, told};
use crate::jwt::Member;
use crate::redact;
use crate::token::Owner;

impl Sender {
    /// Tells the activity of a request: the status of its answer, whatever that is, and whether it was sent a second
    /// time; or why there is no answer. `url` is as it is shown.
    pub(super) fn tell(
        &self,
        owner: &Owner,
        method: &Method,
        url: String,
        target: Option<&str>,
        outcome: Result<(u16, bool), &NoAnswer>,
        begun: Instant,
    ) {
        // A quiet one is worth a word only where it failed, or is the cause of something that is told.
        if owner.quiet && matches!(outcome, Ok((_, false))) {
            return;
        }
        let (method, target) = (method.to_string(), target.map(str::to_owned));
        let event = match outcome {
            Ok((status, replayed)) => ActivityEvent::RequestSent { method, url, target, status, replayed },
            Err(no) => ActivityEvent::RequestFailed { method, url, target, code: no.error.code },
        };
        owner.record(&self.events, event, Some(begun));
    }

    /// Tells of a request whose answer was read: the activity, and where its exchanges are told, whoever keeps them.
    pub(super) fn tell_whole(
        &self,
        owner: &Owner,
        prepared: &Prepared,
        target: Option<&str>,
        outcome: &Sent<Exchange>,
        begun: Instant,
    ) {
        if let Some(source) = owner.told_as {
            self.events.exchanged(exchanged(owner, source, prepared, outcome, begun));
        }
        let outcome = outcome.as_ref().map(|exchange| (exchange.answer.status, exchange.replayed));
        self.tell(owner, &prepared.method, prepared.shown_url(), target, outcome, begun);
    }
}

fn exchanged(
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
