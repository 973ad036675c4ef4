//! A request that is ready but for the token: filled, and looked at whether it may be sent.

use reqwest::Method;
use reqwest::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName, HeaderValue, PROXY_AUTHORIZATION, TE,
    TRANSFER_ENCODING, UPGRADE,
};
use url::Url;

use super::body::Carried;
use super::fill::Filler;
use super::request::{ExplorerPreview, ExplorerRequest, RequestBody, RequestRow, Variable};
use crate::account::Account;
use crate::error::{Error, Result};
use crate::exchange::{Prepared, address};
use crate::jwt::Member;
use crate::provider::Presented;
use crate::redact::MASK;
use crate::transfer::ChosenFiles;
use crate::transport::{USER_AGENT, is_at};

/// A request that is ready but for the token.
pub struct Ready {
    pub prepared: Prepared,
    pub carried: Carried,
    /// How the token will be presented.
    pub presented: Presented,
    /// Whether it leads to another origin than the connection's.
    pub elsewhere: bool,
}

/// What a request is filled with.
pub struct Filling<'a> {
    pub account: &'a Account,
    pub presented: Presented,
    pub variables: &'a [Variable],
    pub chosen: &'a ChosenFiles,
}

impl Ready {
    /// Fills a request.
    ///
    /// # Errors
    /// `invalid_input` that names what cannot be sent.
    pub fn of(request: &ExplorerRequest, filling: Filling<'_>) -> Result<Self> {
        let Filling { account, presented, variables, chosen } = filling;
        let filler = Filler(variables);
        let method = method(&request.method)?;
        let mut url = url(account, &filler.url(&request.url, &request.parameters)?)?;
        let elsewhere = !is_at(&url, &account.owner.origins);
        let presents = Some(&presented).filter(|_| !elsewhere);
        add_query(&mut url, filler.rows(&request.query)?, presents)?;
        let headers = headers(&filler, &request.headers, presents)?;
        let mut carried = Carried::of(&request.body, &filler, chosen)?;
        if headers.iter().any(|(name, _)| name == CONTENT_TYPE) {
            if matches!(request.body, RequestBody::Multipart { .. }) {
                let why = "“Content-Type” of a form of several parts is made with it: leave it out.";
                return Err(Error::input("headers", why));
            }
            carried.say_no_type();
        }
        let prepared = if elsewhere {
            Prepared::bare(method, url, headers)
        } else {
            Prepared::typed(account, method, url, headers)?
        };
        Ok(Self { prepared, carried, presented, elsewhere })
    }

    /// Where it leads, where that is another origin than the connection's: what the person is asked about.
    pub fn origin_elsewhere(&self) -> Option<String> {
        self.elsewhere.then(|| self.prepared.url.origin().ascii_serialization())
    }

    /// Whether no file may hold what comes of it.
    pub fn is_private(&self, account: &Account) -> bool {
        account.provider.is_private(self.prepared.method.as_str(), self.prepared.url.path())
    }

    /// As it is shown: with a mark in place of the token.
    pub fn preview(&self) -> ExplorerPreview {
        let mut url = self.prepared.shown_url();
        let mut headers = Vec::new();
        match &self.presented {
            _ if self.elsewhere => {}
            Presented::Header { name, prefix } => {
                let prefix = prefix.as_ref().map(|prefix| format!("{prefix} ")).unwrap_or_default();
                headers.push(member(name, &format!("{prefix}{MASK}")));
            }
            Presented::Query(name) => {
                let mark = if url.contains('?') { '&' } else { '?' };
                url = format!("{url}{mark}{name}={MASK}");
            }
        }
        let own = &self.prepared.headers;
        let usual = [("accept", self.prepared.accept), ("user-agent", USER_AGENT)];
        let usual = usual.iter().filter(|(name, _)| !own.iter().any(|(other, _)| other == name));
        headers.extend(usual.map(|(name, value)| member(name, value)));
        headers.extend(own.iter().map(|(name, value)| member(name.as_str(), &text(value))));
        headers.extend(self.carried.media_type().map(|value| member("content-type", &text(value))));
        let (method, body) = (self.prepared.method.to_string(), self.carried.shown());
        ExplorerPreview { method, url, headers, body, elsewhere: self.origin_elsewhere() }
    }
}

/// Reads an address that was filled: a path below the API's, or a whole one.
///
/// # Errors
/// `invalid_input` of `url`.
pub fn url(account: &Account, filled: &str) -> Result<Url> {
    if filled.is_empty() {
        return Err(Error::input("url", "Give a path, or a whole address."));
    }
    let is_path = !filled.starts_with('/') && !filled.contains("://");
    let url = if is_path { address(account, &format!("/{filled}")) } else { address(account, filled) };
    let mut url = url.map_err(|error| Error { field: Some("url".to_owned()), ..error })?;
    // It is never sent (RFC 9110 section 7.1).
    url.set_fragment(None);
    Ok(url)
}

fn method(typed: &str) -> Result<Method> {
    let no = || Error::input("method", format!("“{typed}” is no HTTP method."));
    let method = Method::from_bytes(typed.trim().to_uppercase().as_bytes()).map_err(|_| no())?;
    // It makes a tunnel, and is no request of an API (RFC 9110 section 9.3.6).
    if method == Method::CONNECT { Err(no()) } else { Ok(method) }
}

fn add_query(url: &mut Url, rows: Vec<(String, String)>, presents: Option<&Presented>) -> Result<()> {
    let own = presents.and_then(Presented::query);
    let typed = url.query_pairs().map(|(name, _)| name.into_owned()).collect::<Vec<_>>();
    if let Some(name) = own.filter(|own| typed.iter().chain(rows.iter().map(|(name, _)| name)).any(|name| name == own))
    {
        return Err(Error::input("query", format!("“{name}” presents the connection’s token: leave it out.")));
    }
    if !rows.is_empty() {
        url.query_pairs_mut().extend_pairs(rows);
    }
    Ok(())
}

/// Security.md H4: no line break or NUL, and no header that would end the request elsewhere than it ends.
fn headers(
    filler: &Filler,
    rows: &[RequestRow],
    presents: Option<&Presented>,
) -> Result<Vec<(HeaderName, HeaderValue)>> {
    let no = |why: String| Error::input("headers", why);
    let own = presents.and_then(Presented::header);
    let mut headers = Vec::new();
    for (name, value) in filler.rows(rows)? {
        let header = HeaderName::from_bytes(name.as_bytes());
        let header =
            header.map_err(|_| no(format!("“{}” is no name of a header.", crate::redact::one_line(&name, 80))))?;
        if [HOST, CONTENT_LENGTH, TRANSFER_ENCODING, CONNECTION, TE, UPGRADE, PROXY_AUTHORIZATION].contains(&header) {
            return Err(no(format!("“{name}” is made with the request: leave it out.")));
        }
        if own.is_some_and(|own| header.as_str().eq_ignore_ascii_case(own)) {
            return Err(no(format!("“{name}” presents the connection’s token: leave it out.")));
        }
        let value = HeaderValue::from_bytes(value.trim().as_bytes());
        let value = value.map_err(|_| no(format!("“{name}” holds a line break or another control character.")))?;
        headers.push((header, value));
    }
    Ok(headers)
}

/// A header's value as text.
pub fn text(value: &HeaderValue) -> String {
    String::from_utf8_lossy(value.as_bytes()).into_owned()
}

pub fn member(name: &str, value: &str) -> Member {
    Member { name: name.to_owned(), value: value.to_owned() }
}
