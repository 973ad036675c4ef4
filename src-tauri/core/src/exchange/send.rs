//! Presents the token and sends.

use std::sync::Arc;
use std::time::Instant;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName};

use super::meaning::is_dead_token;
use super::prepared::Prepared;
use crate::account::Account;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ActivityEvent, Events};
use crate::provider::Presented;
use crate::redact;
use crate::secret::Secret;
use crate::token::{TokenSet, Tokens};
use crate::transport::{Answer, Limits, sensitive};

/// A request that was answered.
pub struct Exchange {
    /// The answer.
    pub answer: Answer,
    /// Whether it was sent a second time, with a renewed token.
    pub replayed: bool,
}

/// Sends requests of a connection.
#[derive(Clone)]
pub struct Sender {
    /// Where the token comes from.
    pub tokens: Arc<Tokens>,
    /// Where it is told.
    pub events: Events,
}

impl Sender {
    /// Sends a request with the connection's token. An answer with the provider's dead-token sign renews the token and
    /// sends once more; a second such answer is the answer (RFC 6750 section 3.1, security.md E10).
    ///
    /// # Errors
    /// When there is no usable token or no answer. A status is no error.
    pub async fn send(&self, account: &Account, prepared: &Prepared, target: Option<&str>) -> Result<Exchange> {
        let owner = &account.owner;
        let begun = Instant::now();
        let outcome = self.exchange(account, prepared).await;
        let (method, url, target) =
            (prepared.method.to_string(), redact::url(&prepared.url), target.map(str::to_owned));
        let event = match &outcome {
            Ok(Exchange { answer, replayed }) => {
                ActivityEvent::RequestSent { method, url, target, status: answer.status, replayed: *replayed }
            }
            Err(error) => ActivityEvent::RequestFailed { method, url, target, code: error.code },
        };
        if !owner.quiet || outcome.is_err() {
            owner.record(&self.events, event, Some(begun));
        }
        outcome
    }

    async fn exchange(&self, account: &Account, prepared: &Prepared) -> Result<Exchange> {
        let owner = &account.owner;
        let set = self.tokens.usable(owner).await?;
        let answer = self.present(account, &set, prepared).await?;
        if !is_dead_token(&account.provider, &answer) {
            return Ok(Exchange { answer, replayed: false });
        }
        owner.record(&self.events, ActivityEvent::TokenRefused { status: answer.status }, None);
        match self.tokens.other_than(&set, owner).await {
            Ok(renewed) => {
                let answer = self.present(account, &renewed, prepared).await?;
                Ok(Exchange { answer, replayed: true })
            }
            // Nothing to renew with: the refusal is the answer.
            Err(error) if error.code == ErrorCode::LoginNeeded => Ok(Exchange { answer, replayed: false }),
            Err(error) => Err(error),
        }
    }

    async fn present(&self, account: &Account, set: &TokenSet, prepared: &Prepared) -> Result<Answer> {
        // Whatever a template says: to no other server than it was made for (security.md H2).
        if !set.bound.origins.contains(&prepared.url.origin().ascii_serialization()) {
            let host = crate::transport::authority(&prepared.url);
            return Err(Error::new(ErrorCode::LoginNeeded, format!("The token was not made for {host}.")));
        }
        let transport = account.owner.client.transport();
        let mut request = match account.presented(Some(set))? {
            Presented::Header { name, prefix } => {
                let name = HeaderName::from_bytes(name.as_bytes())
                    .map_err(|_| Error::new(ErrorCode::InvalidInput, format!("“{name}” is no name of a header.")))?;
                let value = sensitive(&header_value(prefix.as_deref(), &set.access_token))?;
                transport.request(prepared.method.clone(), prepared.url.clone()).header(name, value)
            }
            Presented::Query(name) => {
                let mut url = prepared.url.clone();
                url.query_pairs_mut().append_pair(&name, set.access_token.expose());
                transport.request(prepared.method.clone(), url)
            }
        };
        request = request.header(ACCEPT, "application/json");
        for (name, value) in &prepared.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &prepared.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let request = request.build().map_err(|error| Error::internal("build the request", error.without_url()))?;
        transport.send(request, Limits::API).await
    }
}

/// The value of the header that presents a token: prefix and token, or the token alone.
pub(crate) fn header_value(prefix: Option<&str>, token: &Secret) -> Secret {
    match prefix {
        Some(prefix) => Secret::new(format!("{prefix} {}", token.expose())),
        None => token.clone(),
    }
}
