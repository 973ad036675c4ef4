//! A request that is over, as it is told to whoever keeps exchanges.

use std::time::Duration;

use jiff::Timestamp;

use super::request::{ExplorerRequest, RequestBody};
use super::sent::SentView;
use crate::event::{ExchangeSource, Exchanged, told};
use crate::jwt::Member;
use crate::redact::{MASK, header_lets_in, pairs, parameter_lets_in};

/// The longest request that is kept to be sent again, in bytes.
const LONGEST: usize = 64 * 1024;

/// All of it is masked already; `beginning` is that of the answer.
pub fn exchanged(
    view: &SentView,
    request: &ExplorerRequest,
    beginning: &[u8],
    took: Duration,
    source: ExchangeSource,
) -> Exchanged {
    Exchanged {
        at: view.at.parse().unwrap_or_else(|_| Timestamp::now()),
        connection: view.connection.clone(),
        source,
        method: view.method.clone(),
        url: view.url.clone(),
        sent_headers: members(&view.sent_headers),
        sent_body: sent_body(view, request),
        status: view.status,
        error: view.error.as_ref().map(|error| error.code).filter(|_| view.status.is_none()),
        headers: view.headers.clone(),
        body: told(beginning).filter(|body| !body.is_empty()),
        size: view.status.map(|_| view.received),
        took,
        request: serde_json::to_string(&without_secrets(request)).ok().filter(|request| request.len() <= LONGEST),
    }
}

/// A header that lets in elsewhere is known to nobody who masks.
fn members(members: &[Member]) -> Vec<Member> {
    let shown = |it: &Member| {
        if header_lets_in(&it.name) { Member { value: MASK.to_owned(), ..it.clone() } } else { it.clone() }
    };
    members.iter().map(shown).collect()
}

/// To be sent again, it wants those typed anew.
fn without_secrets(request: &ExplorerRequest) -> ExplorerRequest {
    let mut request = request.clone();
    let headers = request.headers.iter_mut().filter(|row| header_lets_in(&row.name));
    for row in headers.chain(request.query.iter_mut().filter(|row| parameter_lets_in(&row.name))) {
        (row.value, row.on) = (String::new(), false);
    }
    if let Some((address, query)) = request.url.split_once('?') {
        request.url = format!("{address}?{}", pairs(query, ""));
    }
    match &mut request.body {
        RequestBody::Form { rows } => {
            let secret = rows.iter_mut().filter(|row| parameter_lets_in(&row.name));
            secret.for_each(|row| (row.value, row.on) = (String::new(), false));
        }
        RequestBody::Multipart { parts } => {
            let secret = parts.iter_mut().filter(|part| parameter_lets_in(&part.name));
            secret.for_each(|part| (part.value, part.on) = (String::new(), false));
        }
        _ => {}
    }
    request
}

/// What a form's fields are called says which of them is secret.
fn sent_body(view: &SentView, request: &ExplorerRequest) -> Option<String> {
    let body = view.sent_body.clone()?;
    Some(if matches!(request.body, RequestBody::Form { .. }) { pairs(&body, MASK) } else { body })
}
