//! All pages of a list as one answer, and one row of a list in place of all.

use std::collections::BTreeSet;

use reqwest::header::HeaderMap;
use serde_json::Value;
use url::Url;

use super::desk::Desk;
use super::rows::rows;
use crate::account::Account;
use crate::error::{Error, ErrorCode, Result};
use crate::exchange::{Exchange, Prepared, next_link, with_parameter};
use crate::pointer::text_at;
use crate::provider::{Action, Encoding, Lookup, PageScheme, Pages, Pick, fill};

/// How many pages are asked for at most.
const MOST_PAGES: usize = 50;
/// How much is brought together at most, in bytes: less than a result holds, so that nothing is cut in the middle.
const MOST_BYTES: usize = 200 * 1024;

/// What came of a request, as its action wants it.
pub(super) struct Shaped {
    /// The answer: of all pages, or the one row.
    pub exchange: Exchange,
    /// Whether the server has more pages than were asked for.
    pub more: bool,
}

impl Desk {
    /// Asks for what is missing from a good answer and takes from it what is meant. A page that fails is the answer.
    ///
    /// # Errors
    /// When a further page gets no answer; `not_found` when the row that is meant is not there.
    pub(super) async fn shape(
        &self,
        account: &Account,
        action: &Action,
        prepared: &Prepared,
        filling: &impl Lookup,
        target: Option<&str>,
        first: Exchange,
    ) -> Result<Shaped> {
        let good = (200..300).contains(&first.answer.status) && !first.answer.truncated;
        let mut shaped = match &action.pages {
            Some(pages) if good => self.all_pages(account, pages, MOST_BYTES, prepared, target, first).await?,
            _ => Shaped { exchange: first, more: false },
        };
        let body = &mut shaped.exchange.answer.body;
        if let Some(pick) = action.pick.as_ref().filter(|_| good && !body.is_empty()) {
            *body = picked(pick, filling, body)?;
        }
        Ok(shaped)
    }

    /// The rows of all pages, in at most so many bytes.
    ///
    /// # Errors
    /// When a further page gets no answer.
    pub(super) async fn all_pages(
        &self,
        account: &Account,
        pages: &Pages,
        most_bytes: usize,
        prepared: &Prepared,
        target: Option<&str>,
        first: Exchange,
    ) -> Result<Shaped> {
        let mut book = Book::new(pages, most_bytes, &prepared.url);
        let (mut exchange, mut prepared) = (first, prepared.clone());
        while let Some(url) = book.take(&mut exchange, &prepared.url) {
            prepared.url = url;
            let page = self.send(account, &prepared, target).await?;
            let replayed = exchange.replayed || page.replayed;
            exchange = Exchange { replayed, ..page };
        }
        let more = book.bind(&mut exchange);
        Ok(Shaped { exchange, more })
    }
}

/// The pages that came so far.
struct Book<'a> {
    pages: &'a Pages,
    most_bytes: usize,
    rows: Vec<Value>,
    /// The last page: what stands around the rows is taken from it.
    last: Option<Value>,
    bytes: usize,
    count: usize,
    asked: BTreeSet<Url>,
    more: bool,
}

impl<'a> Book<'a> {
    fn new(pages: &'a Pages, most_bytes: usize, first: &Url) -> Self {
        let asked = [first.clone()].into();
        Self { pages, most_bytes, rows: Vec::new(), last: None, bytes: 0, count: 0, asked, more: false }
    }

    /// Takes a page; gives the address of the next, where there is one and it is wanted.
    fn take(&mut self, exchange: &mut Exchange, url: &Url) -> Option<Url> {
        let answer = &mut exchange.answer;
        let read = || serde_json::from_slice(&answer.body).ok().filter(|_| (200..300).contains(&answer.status));
        // Not a page: it is the answer, and what came before it is not shown as if it were all.
        let Some((page, new)) = read().and_then(|page| rows(&page, &self.pages.rows).map(|rows| (page, rows))) else {
            self.last = None;
            return None;
        };
        // The same page once more: the server has no other.
        if self.last.as_ref() == Some(&page) {
            return None;
        }
        // All rows can only be put in where they stand as they are.
        let next = page.pointer(&self.pages.rows).and_then(|_| self.next(&page, &answer.headers, url, new.len()));
        self.bytes += answer.body.len();
        self.count += 1;
        self.rows.extend(new);
        self.last = Some(page);
        let next = next?;
        let most = usize::try_from(self.pages.most).unwrap_or(usize::MAX);
        let full =
            self.rows.len() >= most || self.count >= MOST_PAGES || self.bytes + answer.body.len() > self.most_bytes;
        // A server that leads in a circle would be followed for ever.
        self.more = full || !self.asked.insert(next.clone());
        (!self.more).then_some(next)
    }

    /// Where the next page is.
    fn next(&self, page: &Value, headers: &HeaderMap, url: &Url, new: usize) -> Option<Url> {
        let parameter = self.pages.parameter();
        match self.pages.scheme {
            PageScheme::Cursor | PageScheme::PageObject => {
                let next = text_at(page, self.pages.next()?).filter(|next| !next.is_empty())?;
                Some(with_parameter(url, parameter?, &next))
            }
            PageScheme::Offset => {
                let skipped = self.rows.len() + new;
                (new > 0).then_some(with_parameter(url, parameter?, &skipped.to_string()))
            }
            PageScheme::PageNumber => {
                let full = self.pages.size.is_none_or(|size| new >= size as usize);
                let asked = url.query_pairs().find(|(name, _)| Some(name.as_ref()) == parameter);
                let page = asked.and_then(|(_, page)| page.parse().ok()).unwrap_or(1_u32);
                (new > 0 && full).then_some(with_parameter(url, parameter?, &page.saturating_add(1).to_string()))
            }
            PageScheme::LinkHeader => next_link(headers, url),
        }
    }

    /// Puts all rows into the last page. Whether there are more.
    fn bind(mut self, exchange: &mut Exchange) -> bool {
        let most = usize::try_from(self.pages.most).unwrap_or(usize::MAX);
        let Some(mut whole) = self.last.take() else { return false };
        if self.count > 1 || self.rows.len() > most {
            self.more |= self.rows.len() > most;
            self.rows.truncate(most);
            if let Some(place) = whole.pointer_mut(&self.pages.rows) {
                *place = Value::Array(self.rows);
                exchange.answer.body = whole.to_string().into_bytes();
            }
        }
        self.more
    }
}

/// The row that is meant.
fn picked(pick: &Pick, filling: &impl Lookup, body: &[u8]) -> Result<Vec<u8>> {
    let meant = fill(&pick.is, filling, Encoding::Plain)?;
    let answer: Value = serde_json::from_slice(body).unwrap_or_default();
    let Some(rows) = rows(&answer, &pick.rows) else {
        let what = format!("The answer holds no list at “{}”.", pick.rows);
        return Err(Error::new(ErrorCode::UnexpectedAnswer, what));
    };
    let row = rows.into_iter().find(|row| text_at(row, &pick.by).is_some_and(|text| text == meant));
    let row = row.ok_or_else(|| Error::new(ErrorCode::NotFound, format!("The list has no “{meant}” any more.")))?;
    Ok(row.to_string().into_bytes())
}
