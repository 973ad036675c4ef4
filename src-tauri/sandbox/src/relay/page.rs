use axum::Json;
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::problem::Problem;
use super::time::instant;
use crate::oauth::Parameters;

/// providers.md §1.3: 100 where `limit` isn't named. The most is the sandbox's.
const LIMIT: usize = 100;
const MOST: usize = 1000;

/// A page of what happened, asked for by `latest, oldest, limit, cursor` (providers.md §1.3).
pub(super) struct Page {
    latest: Timestamp,
    oldest: Timestamp,
    limit: usize,
    from: usize,
}

impl Page {
    pub(super) fn read(query: &Parameters) -> Result<Self, Problem> {
        Ok(Self {
            latest: bound(query, "latest", Timestamp::MAX)?,
            oldest: bound(query, "oldest", Timestamp::MIN)?,
            limit: match named(query, "limit") {
                None => LIMIT,
                Some(text) => text.parse().map_err(|_| Problem::bad_request("limit is a number"))?,
            }
            .clamp(1, MOST),
            from: match named(query, "cursor") {
                None => 0,
                Some(cursor) => place(cursor).ok_or(Problem::bad_request("Unknown cursor"))?,
            },
        })
    }

    /// `{"data","cursor"}` of rows with their times, newest first. An empty cursor is the end.
    pub(super) fn cut(&self, rows: impl Iterator<Item = (Timestamp, Value)>) -> Json<Value> {
        let mut wanted = rows.filter(|(at, _)| (self.oldest..=self.latest).contains(at)).skip(self.from);
        let data: Vec<_> = wanted.by_ref().take(self.limit).map(|(_, row)| row).collect();
        let cursor = wanted.next().map(|_| cursor(self.from + data.len())).unwrap_or_default();
        Json(json!({ "data": data, "cursor": cursor }))
    }
}

fn named<'a>(query: &'a Parameters, name: &str) -> Option<&'a str> {
    query.get(name).filter(|text| !text.is_empty())
}

fn bound(query: &Parameters, name: &str, without: Timestamp) -> Result<Timestamp, Problem> {
    match named(query, name) {
        None => Ok(without),
        Some(text) => instant(text).ok_or(Problem::bad_request("latest and oldest are instants")),
    }
}

/// Opaque, as a cursor should be.
fn cursor(place: usize) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("after {place}"))
}

fn place(cursor: &str) -> Option<usize> {
    let text = String::from_utf8(BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()?;
    text.strip_prefix("after ")?.parse().ok()
}
