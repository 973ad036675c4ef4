//! A redirect: what the next request is, and what it goes without (security.md H1, H3; RFC 9110 section 15.4).

use reqwest::Method;
use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderMap, HeaderName,
    IF_MODIFIED_SINCE, IF_NONE_MATCH, LOCATION, RANGE, USER_AGENT,
};
use url::Url;

use super::sent::{Hop, Removed};
use crate::account::Account;
use crate::error::{Error, ErrorCode, Result};
use crate::exchange::Prepared;
use crate::provider::Presented;
use crate::redact::{self, Redactor};
use crate::transport::{authority, parse_url};

/// How often a server may send on.
pub const MOST: usize = 10;

/// What another server may see: nothing in it says who asks. Any other header may be a credential, whatever its name is.
const HARMLESS: [HeaderName; 10] = [
    ACCEPT,
    ACCEPT_LANGUAGE,
    CACHE_CONTROL,
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_TYPE,
    IF_MODIFIED_SINCE,
    IF_NONE_MATCH,
    RANGE,
    USER_AGENT,
];

/// What a request carries beside its headers.
#[derive(Debug, Clone, Copy)]
pub struct Carries<'a> {
    /// How its token is presented; none where it goes without.
    pub token: Option<&'a Presented>,
    /// Whether it has a body.
    pub body: bool,
}

/// The next request.
pub struct Next {
    pub prepared: Prepared,
    /// Whether it presents the token.
    pub token: bool,
    /// Whether it has the body.
    pub body: bool,
    pub hop: Hop,
}

/// Where an answer sends to; none where it sends nowhere.
pub fn next(
    account: &Account,
    redactor: &Redactor,
    from: &Prepared,
    carries: Carries<'_>,
    status: u16,
    headers: &HeaderMap,
) -> Option<Result<Next>> {
    let location = headers.get(LOCATION).filter(|_| matches!(status, 301 | 302 | 303 | 307 | 308))?;
    let to = location.to_str().ok().and_then(|location| from.url.join(location).ok());
    Some(match to {
        Some(to) => follow(account, redactor, from, carries, status, &to),
        None => Err(not_followed("The server sends to an address that is none.")),
    })
}

fn follow(
    account: &Account,
    redactor: &Redactor,
    from: &Prepared,
    carries: Carries<'_>,
    status: u16,
    to: &Url,
) -> Result<Next> {
    let to = checked(&from.url, to)?;
    let host = authority(&to);
    let other = to.origin() != from.url.origin();
    if other {
        account.may_ask(&to).map_err(|error| not_followed(&error.message))?;
        if redactor.mask(to.as_str()) != to.as_str() {
            return Err(not_followed(&format!("The server sends to {host}, with a secret in the address.")));
        }
    }
    let mut removed = Vec::new();
    let mut next = from.clone();
    let body = carries.body && keeps_method(status, &from.method);
    // What it carries was meant for the server that was asked: it may hold a password as well as any header.
    if other && body {
        return Err(not_followed(&format!("The server sends to {host}, with what the request carries.")));
    }
    if !keeps_method(status, &from.method) {
        next.method = if from.method == Method::HEAD { Method::HEAD } else { Method::GET };
        next.headers.retain(|(name, _)| !name.as_str().starts_with("content-"));
        removed.extend(carries.body.then_some(Removed::Body));
    }
    next.url = without(to, carries.token.and_then(Presented::query));
    if other {
        removed.extend(carries.token.map(|_| Removed::AccessToken));
        let (kept, gone) = next.headers.into_iter().partition(|(name, _)| HARMLESS.contains(name));
        let gone: Vec<_> = gone;
        removed.extend(gone.iter().map(|(name, _)| Removed::Header { name: name.to_string() }));
        next = Prepared::bare(next.method, next.url, kept);
    }
    let hop = Hop {
        method: from.method.to_string(),
        url: redactor.mask(&from.shown_url()),
        status,
        location: redactor.mask(&redact::url(&next.url)),
        removed,
    };
    Ok(Next { prepared: next, token: carries.token.is_some() && !other, body, hop })
}

/// Security.md H3: never from https to http, nor to anything else.
fn checked(from: &Url, to: &Url) -> Result<Url> {
    if from.scheme() == "https" && to.scheme() != "https" {
        let host = authority(to);
        return Err(not_followed(&format!("The server sends from https to {} at {host}.", to.scheme())));
    }
    let mut to = parse_url(to.as_str()).map_err(|error| not_followed(&error.message))?;
    // It is never sent (RFC 9110 section 7.1).
    to.set_fragment(None);
    Ok(to)
}

/// 303 asks for something else, by GET; after 301 and 302 all clients do so with POST.
fn keeps_method(status: u16, method: &Method) -> bool {
    match status {
        303 => matches!(*method, Method::GET | Method::HEAD),
        301 | 302 => *method != Method::POST,
        _ => true,
    }
}

/// Without the parameter that presents a token: it is presented anew, or not at all.
fn without(mut url: Url, parameter: Option<&str>) -> Url {
    let Some(parameter) = parameter.filter(|own| url.query_pairs().any(|(name, _)| name == **own)) else { return url };
    let others: Vec<_> = url.query_pairs().into_owned().filter(|(name, _)| name != parameter).collect();
    url.query_pairs_mut().clear().extend_pairs(others);
    url
}

/// Why a redirect is the answer.
pub fn not_followed(why: &str) -> Error {
    Error::new(ErrorCode::UnexpectedAnswer, format!("{why} It is not followed."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn h3_from_https_nothing_leads_to_http_also_not_to_this_machine() {
        let url = |text: &str| Url::parse(text).unwrap();
        let from = url("https://a.example/x");
        for to in ["http://a.example/x", "http://127.0.0.1:1/", "http://localhost/", "ftp://a.example/", "file:///x"] {
            assert_eq!(checked(&from, &url(to)).unwrap_err().code, ErrorCode::UnexpectedAnswer, "{to}");
        }
        assert_eq!(checked(&from, &url("https://b.example/#part")).unwrap().as_str(), "https://b.example/");
        assert!(checked(&url("http://127.0.0.1/"), &url("https://a.example/")).is_ok());
        assert!(checked(&from, &url("https://me:secret@b.example/")).is_err());
    }
}
