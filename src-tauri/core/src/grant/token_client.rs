//! Sends token requests: no redirects, an answer of at most 1 MiB within 30 seconds. What is sent and what comes back is
//! known to the redactor before anything is said of it: a server may repeat it in its error (security.md D2, D6, F9).

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderName};
use url::Url;

use crate::error::{Error, ErrorCode, Result};
use crate::provider::TokenRequestEncoding;
use crate::redact::{AtWork, Redactor};
use crate::secret::Secret;
use crate::transport::{Answer, Limits, Transport, sensitive};

/// Asks token endpoints for one connection.
#[derive(Clone)]
pub struct TokenClient {
    connection: String,
    transport: Transport,
    redactor: Arc<Redactor>,
    /// What is asked for, and with which token, is masked as long as this is there, also after a log-out.
    _at_work: Arc<AtWork>,
}

/// A token request that is filled.
pub(super) struct Call {
    pub method: Method,
    pub url: Url,
    pub headers: Vec<(String, Secret)>,
    /// User name and password, as they stand in the header before base64.
    pub basic: Option<(Secret, Secret)>,
    pub encoding: TokenRequestEncoding,
    /// A JSON object, or the pairs of a form.
    pub body: Body,
}

/// What a token request carries.
pub(super) enum Body {
    Nothing,
    Json(Secret),
    Pairs(Vec<(String, Secret)>),
}

impl TokenClient {
    /// Asks over this transport, on behalf of this connection.
    pub fn new(connection: &str, transport: Transport, redactor: Arc<Redactor>) -> Self {
        let at_work = Arc::new(redactor.at_work(connection));
        Self { connection: connection.to_owned(), transport, redactor, _at_work: at_work }
    }

    /// The way to servers.
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// Masks from now on.
    pub fn hide<'a>(&self, secrets: impl IntoIterator<Item = &'a Secret>) {
        secrets.into_iter().for_each(|secret| self.redactor.add(&self.connection, secret));
    }

    /// Masks no longer: it is spent.
    pub fn spent<'a>(&self, secrets: impl IntoIterator<Item = &'a Secret>) {
        secrets.into_iter().for_each(|secret| self.redactor.remove(&self.connection, secret));
    }

    /// The text with every secret masked.
    pub(super) fn mask(&self, text: &str) -> String {
        self.redactor.mask(text)
    }

    /// The error with every secret masked.
    pub(super) fn masked(&self, error: Error) -> Error {
        self.redactor.mask_error(error)
    }

    /// Reads metadata: a GET without anything secret.
    pub(super) async fn get(&self, url: Url) -> Result<Answer> {
        let request = self.transport.request(Method::GET, url)?.header(ACCEPT, "application/json").build();
        let request = request.map_err(|error| Error::internal("build the request", error.without_url()))?;
        self.transport.send(request, Limits::TOKEN).await
    }

    pub(super) async fn send(&self, call: Call) -> Result<Answer> {
        crate::transport::check_url(&call.url)?;
        let mut url = call.url;
        if let (TokenRequestEncoding::Query, Body::Pairs(pairs)) = (call.encoding, &call.body) {
            url.query_pairs_mut().extend_pairs(pairs.iter().map(|(name, value)| (name, value.expose())));
        }
        let mut request = self.transport.request(call.method, url)?.header(ACCEPT, "application/json");
        for (name, value) in &call.headers {
            request = request.header(header_name(name)?, sensitive(value)?);
        }
        if let Some((user, password)) = &call.basic {
            let pair = Secret::new(format!("{}:{}", user.expose(), password.expose()));
            let encoded = Secret::new(STANDARD.encode(pair.expose()));
            // A server may repeat any form of it.
            self.hide([password, &encoded]);
            let value = Secret::new(format!("Basic {}", encoded.expose()));
            request = request.header(AUTHORIZATION, sensitive(&value)?);
        }
        request = match (call.encoding, &call.body) {
            (_, Body::Nothing) | (TokenRequestEncoding::Query, Body::Pairs(_)) => request,
            (_, Body::Json(json)) => request.header(CONTENT_TYPE, "application/json").body(json.expose().to_owned()),
            (_, Body::Pairs(pairs)) => {
                let pairs: Vec<_> = pairs.iter().map(|(name, value)| (name, value.expose())).collect();
                request.form(&pairs)
            }
        };
        let request =
            request.build().map_err(|error| Error::internal("build the token request", error.without_url()))?;
        self.transport.send(request, Limits::TOKEN).await
    }
}

fn header_name(name: &str) -> Result<HeaderName> {
    HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| Error::new(ErrorCode::Internal, format!("“{name}” is no name of an HTTP header.")))
}
