//! What an API has: the endpoints of its provider file, and those of documents that were imported.

use serde::{Deserialize, Serialize};
use specta::Type;
use url::Url;

use crate::account::Account;
use crate::error::{Error, ErrorCode, Result};
use crate::openapi::{self, Imported};
use crate::provider::{Endpoint, Variables};
use crate::transport::{Answer, Limits, Transport, authority, is_loopback, parse_url};

/// The id of the one in the provider file.
const OF_PROVIDER: &str = "provider";
/// How much of a document is taken, and for how long.
const DOCUMENT: Limits = Limits { body: 20 * 1024 * 1024, ..Limits::API };
/// How often its server may send on.
const MOST_REDIRECTS: usize = 5;

/// Endpoints of one source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Catalogue {
    /// `provider`, or a name of its own.
    pub id: String,
    /// As people call it.
    pub name: String,
    /// Whether it was imported, and can be removed.
    pub imported: bool,
    /// The servers that a document names. They are shown; requests go to the connection's own.
    pub servers: Vec<String>,
    /// What can be called.
    pub endpoints: Vec<Endpoint>,
}

impl Catalogue {
    /// That of the provider file; none where it lists nothing.
    pub fn of_provider(account: &Account, has: &Variables) -> Option<Self> {
        let endpoints = account.provider.catalogue(has);
        (!endpoints.is_empty()).then(|| Self {
            id: OF_PROVIDER.to_owned(),
            name: account.provider.name.clone(),
            imported: false,
            servers: Vec::new(),
            endpoints,
        })
    }

    /// That of a document, for an API at this address.
    ///
    /// # Errors
    /// `invalid_input` of `text`: what it is instead.
    pub fn imported(text: &str, base: &Url) -> Result<Self> {
        let Imported { title, servers, mut endpoints } = openapi::read(text)?;
        let below = servers.first().map(|server| below(server, base)).unwrap_or_default();
        // A stranger's document names no token and no variable of the person's (security.md H7).
        endpoints.retain(|endpoint| !endpoint.path.contains("{{") && !endpoint.path.contains("{access_token}"));
        endpoints.iter_mut().for_each(|endpoint| endpoint.path.insert_str(0, &below));
        Ok(Self { id: uuid::Uuid::new_v4().to_string(), name: title, imported: true, servers, endpoints })
    }
}

/// What stands before the paths of a document below the address of an API: they are meant below the document's own server,
/// whose path the address may end with, begin, or not know.
fn below(server: &str, base: &Url) -> String {
    let path =
        base.join(server).map_or_else(|_| String::new(), |server| server.path().trim_end_matches('/').to_owned());
    let base = base.path().trim_end_matches('/');
    match path.strip_prefix(base) {
        _ if base.ends_with(&path) => String::new(),
        Some(rest) if rest.starts_with('/') => rest.to_owned(),
        _ => String::new(),
    }
}

/// Where an endpoint is described, for the person's browser. A stranger's document may name it, so it is https and no page of this
/// machine.
///
/// # Errors
/// `invalid_input`: there is none, or none that may be opened.
pub fn docs(catalogues: &[Catalogue], endpoint: &str) -> Result<Url> {
    let mut all = catalogues.iter().flat_map(|catalogue| &catalogue.endpoints);
    let found = all.find(|one| one.id == endpoint).and_then(|one| one.docs.as_deref());
    let url = parse_url(found.ok_or_else(|| Error::input("endpoint", "It is described nowhere."))?)?;
    if url.scheme() != "https" || is_loopback(&url) {
        return Err(Error::input("endpoint", "What describes it must be https, and not on this machine."));
    }
    Ok(url)
}

/// The text of a document, asked for without any token. Its server may send on within itself only: the person has confirmed
/// this one (security.md H7).
///
/// # Errors
/// `invalid_input` of `url`, `unexpected_answer`, or why there is none.
pub async fn fetch(transport: &Transport, url: &str) -> Result<String> {
    let mut url = parse_url(url).map_err(|error| Error { field: Some("url".to_owned()), ..error })?;
    let host = authority(&url);
    for _ in 0..=MOST_REDIRECTS {
        let request = transport.request(reqwest::Method::GET, url.clone())?.build();
        let request = request.map_err(|error| Error::internal("build the request", error.without_url()))?;
        let answer = transport.send(request, DOCUMENT).await?;
        match sent_on(&answer, &url)? {
            Some(next) => url = next,
            None => return text(answer, &host),
        }
    }
    Err(unexpected(format!("{host} sends on and on.")))
}

fn sent_on(answer: &Answer, url: &Url) -> Result<Option<Url>> {
    let location = answer.headers.get(reqwest::header::LOCATION).filter(|_| (300..400).contains(&answer.status));
    let Some(location) = location else { return Ok(None) };
    let next = location.to_str().ok().and_then(|location| url.join(location).ok());
    match next {
        Some(next) if next.origin() == url.origin() => Ok(Some(next)),
        Some(next) => {
            let next = next.origin().ascii_serialization();
            Err(unexpected(format!("It is at another server: {next}. Give its address there.")))
        }
        None => Err(unexpected("The server sends to an address that is none.".to_owned())),
    }
}

fn text(answer: Answer, host: &str) -> Result<String> {
    if let Some(error) = Error::of_status(answer.status) {
        return Err(error);
    }
    if answer.truncated {
        return Err(unexpected(format!("What {host} has is larger than 20 MB.")));
    }
    String::from_utf8(answer.body).map_err(|_| unexpected(format!("What {host} has is no text.")))
}

fn unexpected(what: String) -> Error {
    Error::new(ErrorCode::UnexpectedAnswer, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_paths_of_a_document_are_put_below_the_address_of_the_api() {
        for (server, base, expected) in [
            ("https://pets.example/v1", "https://pets.example/v1", ""),
            ("https://pets.example/v1/", "https://mirror.example/", "/v1"),
            ("/0.1", "https://pbx.example/api/auth/0.1", ""),
            ("/api/v2", "https://pets.example/api/", "/v2"),
            ("https://{region}.pets.example/v1", "https://pets.example/other", ""),
            ("/", "https://pets.example/v1", ""),
        ] {
            assert_eq!(below(server, &Url::parse(base).unwrap()), expected, "{server} at {base}");
        }
    }
}
