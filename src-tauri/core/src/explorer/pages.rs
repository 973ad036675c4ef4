//! Whether an answer is a page of a list, and where the next one is. It is told from the answer: by a `Link` header (RFC 8288),
//! or by a cursor, a number or an address in its body.

use serde_json::value::RawValue;
use std::collections::HashMap;

use reqwest::Method;
use reqwest::header::HeaderMap;
use url::Url;

use crate::account::Account;
use crate::exchange::{Prepared, next_link, with_parameter};
use crate::provider::{PageScheme, Pages, Provider};
use crate::transport::Opened;

/// A page is no larger, in bytes: it is read whole.
pub const LARGEST: usize = 16 * 1024 * 1024;
/// One of so many bytes is read in less time than it takes to hand it to another thread and back.
const SMALL: usize = 64 * 1024;

/// Where the next page usually stands, and by which parameter it is asked for; none: it is an address.
const USUAL: [(&str, Option<&str>); 10] = [
    ("/pagination/next", Some("page")),
    ("/cursor", Some("cursor")),
    ("/next_cursor", Some("cursor")),
    ("/nextCursor", Some("cursor")),
    ("/pagination/next_cursor", Some("cursor")),
    ("/meta/next_cursor", Some("cursor")),
    ("/nextPageToken", Some("pageToken")),
    ("/next", None),
    ("/links/next", None),
    ("/_links/next/href", None),
];
/// Where the rows usually stand, where they are not the answer itself nor the only list in it.
const USUAL_ROWS: [&str; 6] = ["/data", "/items", "/results", "/rows", "/content", "/entries"];
/// Where the number of all pages usually stands.
const USUAL_COUNT: [&str; 3] = ["/pagination/pages", "/total_pages", "/meta/total_pages"];

/// What of an answer may tell that it is a page.
pub struct Beginning {
    url: Url,
    headers: HeaderMap,
    /// None where it cannot be one, or is too large.
    body: Option<Vec<u8>>,
}

impl Beginning {
    /// Of a good answer to a GET.
    pub fn of(request: &Prepared, opened: &Opened) -> Self {
        let may_be = request.method == Method::GET && (200..300).contains(&opened.status());
        Self { url: request.url.clone(), headers: opened.headers().clone(), body: may_be.then(Vec::new) }
    }

    /// A piece of the body came.
    pub fn add(&mut self, piece: &[u8]) {
        match &mut self.body {
            Some(body) if body.len() + piece.len() <= LARGEST && may_be_json(body, piece) => {
                body.extend_from_slice(piece);
            }
            // Let go at once: of a large answer nothing is held.
            _ => self.body = None,
        }
    }

    /// All of it came. What is large is read where that holds up nobody.
    pub async fn page(self, account: &Account) -> Option<Page> {
        let (body, provider) = (self.body?, account.provider.clone());
        let is_small = body.len() <= SMALL;
        let read = move || Page::read(&known(&provider), &self.url, &self.headers, &body);
        if is_small { read() } else { tokio::task::spawn_blocking(read).await.ok().flatten() }
    }
}

/// The pages that the provider's file tells of.
fn known(provider: &Provider) -> Vec<&Pages> {
    let of_actions = provider.actions.iter().filter_map(|action| action.pages.as_ref());
    of_actions.chain(provider.lists.iter().filter_map(|list| list.pages.as_ref())).collect()
}

/// What does not begin as a list or an object is no page.
fn may_be_json(body: &[u8], piece: &[u8]) -> bool {
    !body.is_empty() || piece.trim_ascii_start().first().is_none_or(|first| matches!(first, b'[' | b'{'))
}

/// A page of a list.
pub struct Page {
    /// Each as it was written.
    pub rows: Vec<Box<RawValue>>,
    /// Where the next one is; at the same server.
    pub next: Option<Url>,
    /// How many pages there are, where it says so.
    pub of: Option<u32>,
}

impl Page {
    fn read(known: &[&Pages], url: &Url, headers: &HeaderMap, body: &[u8]) -> Option<Self> {
        let body: &RawValue = serde_json::from_slice(body).ok()?;
        let rows = rows(known, body)?;
        let next = next_link(headers, url).or_else(|| next(known, url, body));
        // To no other server: its token is not for it (security.md H2).
        let next = next.filter(|next| next.origin() == url.origin());
        let of = USUAL_COUNT.iter().find_map(|pointer| scalar(body, pointer)?.parse().ok());
        Some(Self { rows, next, of })
    }
}

fn rows(known: &[&Pages], body: &RawValue) -> Option<Vec<Box<RawValue>>> {
    let list = |raw: &RawValue| serde_json::from_str::<Vec<Box<RawValue>>>(raw.get()).ok();
    if let Some(rows) = list(body) {
        return Some(rows);
    }
    let pointers = known.iter().map(|pages| pages.rows.as_str()).filter(|pointer| !pointer.is_empty());
    let said = pointers.chain(USUAL_ROWS).find_map(|pointer| list(at(body, pointer)?));
    // Else the only list in it.
    said.or_else(|| {
        let mut lists = members(body)?.into_values().filter_map(list);
        let only = lists.next()?;
        lists.next().is_none().then_some(only)
    })
}

fn next(known: &[&Pages], url: &Url, body: &RawValue) -> Option<Url> {
    let in_body = known.iter().filter(|pages| matches!(pages.scheme, PageScheme::Cursor | PageScheme::PageObject));
    let said = in_body.filter_map(|pages| Some((pages.next()?, Some(pages.parameter()?))));
    said.chain(USUAL).find_map(|(pointer, parameter)| {
        let next = scalar(body, pointer)?;
        match parameter {
            Some(parameter) => Some(with_parameter(url, parameter, &next)),
            // A number or a cursor would be an address too, of something else.
            None if !next.starts_with('/') && !next.contains('?') && !next.contains("://") => None,
            None => url.join(&next).ok().filter(|next| next != url),
        }
    })
}

/// A text or number that is not empty.
fn scalar(body: &RawValue, pointer: &str) -> Option<String> {
    let raw = at(body, pointer)?.get();
    let number = || raw.starts_with(|c: char| c.is_ascii_digit()).then(|| raw.to_owned());
    let text = serde_json::from_str::<String>(raw).ok().or_else(number)?;
    (!text.is_empty() && text != "0").then_some(text)
}

/// What stands at a pointer (RFC 6901) through objects.
fn at<'a>(body: &'a RawValue, pointer: &str) -> Option<&'a RawValue> {
    pointer.split('/').skip(1).try_fold(body, |raw, name| {
        let name = name.replace("~1", "/").replace("~0", "~");
        members(raw)?.remove(&name)
    })
}

fn members(raw: &RawValue) -> Option<HashMap<String, &RawValue>> {
    serde_json::from_str(raw.get()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(headers: &[(&str, &str)], body: &str) -> Option<Page> {
        let headers = headers
            .iter()
            .map(|(name, value)| (reqwest::header::HeaderName::try_from(*name).unwrap(), value.parse().unwrap()));
        let url = Url::parse("https://a.example/x?page=1&q=a%20b").unwrap();
        Page::read(&[], &url, &headers.collect(), body.as_bytes())
    }

    #[test]
    fn a_page_says_where_the_next_one_is_in_each_way_and_its_rows_stay_as_they_were_written() {
        let next = |headers: &[_], body: &str| page(headers, body).and_then(|page| page.next).map(String::from);
        let link = [("link", "</x?page=2>; rel=\"next\"")];
        assert_eq!(next(&link, "[1]").as_deref(), Some("https://a.example/x?page=2"));
        let second = Some("https://a.example/x?q=a+b&page=2".to_owned());
        assert_eq!(next(&[], r#"{"rows":[],"pagination":{"next":2,"pages":7}}"#), second);
        assert_eq!(
            next(&[], r#"{"data":[],"cursor":"c/="}"#).as_deref(),
            Some("https://a.example/x?page=1&q=a+b&cursor=c%2F%3D")
        );
        assert_eq!(next(&[], r#"{"items":[],"next":"/x?page=3"}"#).as_deref(), Some("https://a.example/x?page=3"));
        for end in [r#"{"data":[],"cursor":""}"#, r#"{"rows":[],"pagination":{"next":null}}"#, "[]"] {
            assert_eq!(next(&[], end), None, "{end}");
        }
        let found =
            page(&[], r#"{"a":1,"things":[{"n":1.0000000000000000001,"n":2}, "x"],"pagination":{"pages":7}}"#).unwrap();
        assert_eq!(
            found.rows.iter().map(|row| row.get()).collect::<Vec<_>>(),
            [r#"{"n":1.0000000000000000001,"n":2}"#, r#""x""#]
        );
        assert_eq!(found.of, Some(7));
        assert!(page(&[], r#"{"a":[1],"b":[2]}"#).is_none(), "which is meant cannot be told");
    }

    #[test]
    fn h2_the_next_page_is_at_the_same_server_only() {
        for (headers, body) in [
            (&[("link", "<https://evil.test/x>; rel=next")][..], "[1]"),
            (&[], r#"{"data":[1],"next":"https://evil.test/x"}"#),
            (&[], r#"{"data":[1],"next":"http://a.example/x"}"#),
        ] {
            assert!(page(headers, body).unwrap().next.is_none(), "{body}");
        }
    }
}
