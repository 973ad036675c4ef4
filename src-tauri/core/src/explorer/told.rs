//! A request that is over, as it is told to whoever keeps exchanges.

use std::time::Duration;

use jiff::Timestamp;

use super::request::ExplorerRequest;
use super::sent::SentView;
use crate::event::{ExchangeSource, Exchanged, told};
use crate::jwt::Member;
use crate::redact::MASK;

/// Headers that let in who has them, and are known to nobody who masks.
const SECRET: [&str; 3] = ["cookie", "set-cookie", "proxy-authorization"];

/// All of it is masked already; `beginning` is that of the answer.
pub fn exchanged(view: &SentView, request: &ExplorerRequest, beginning: &[u8], took: Duration) -> Exchanged {
    Exchanged {
        at: view.at.parse().unwrap_or_else(|_| Timestamp::now()),
        connection: view.connection.clone(),
        source: ExchangeSource::Explorer,
        method: view.method.clone(),
        url: view.url.clone(),
        sent_headers: members(&view.sent_headers),
        sent_body: view.sent_body.clone(),
        status: view.status,
        error: view.error.as_ref().map(|error| error.code).filter(|_| view.status.is_none()),
        headers: members(&view.headers),
        body: told(beginning).filter(|body| !body.is_empty()),
        size: view.status.map(|_| view.received),
        took,
        request: serde_json::to_string(request).ok(),
    }
}

fn members(members: &[Member]) -> Vec<Member> {
    let shown = |it: &Member| match SECRET.iter().any(|name| it.name.eq_ignore_ascii_case(name)) {
        true => Member { name: it.name.clone(), value: MASK.to_owned() },
        false => it.clone(),
    };
    members.iter().map(shown).collect()
}
