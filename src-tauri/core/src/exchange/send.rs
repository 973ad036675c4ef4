//! Presents the token and sends.

use std::sync::Arc;
use std::time::Instant;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};

use super::prepared::Prepared;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ActivityEvent, Events};
use crate::provider::{Presentation, Provider};
use crate::redact;
use crate::secret::Secret;
use crate::token::{Owner, TokenSet, Tokens};
use crate::transport::{Answer, Limits, Transport};

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
    /// The way to the server.
    pub transport: Transport,
    /// Where it is told.
    pub events: Events,
}

impl Sender {
    /// Sends a request with the connection's token. An answer with the provider's dead-token sign renews the token and
    /// sends once more; a second such answer is the answer (RFC 6750 section 3.1, security.md E10).
    ///
    /// # Errors
    /// When there is no usable token or no answer. A status is no error.
    pub async fn send(
        &self,
        provider: &Provider,
        owner: &Owner,
        prepared: &Prepared,
        target: Option<&str>,
    ) -> Result<Exchange> {
        let begun = Instant::now();
        let outcome = self.exchange(provider, owner, prepared).await;
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

    async fn exchange(&self, provider: &Provider, owner: &Owner, prepared: &Prepared) -> Result<Exchange> {
        let set = self.tokens.usable(owner).await?;
        let answer = self.present(&provider.presentation, &set, prepared).await?;
        let dead = provider.dead_token.status.contains(&answer.status);
        // A token that may not do this is not dead, whatever else the answer looks like.
        if !dead || provider.no_permission.status.contains(&answer.status) {
            return Ok(Exchange { answer, replayed: false });
        }
        owner.record(&self.events, ActivityEvent::TokenRefused { status: answer.status }, None);
        match self.tokens.other_than(&set, owner).await {
            Ok(renewed) => {
                let answer = self.present(&provider.presentation, &renewed, prepared).await?;
                Ok(Exchange { answer, replayed: true })
            }
            // Nothing to renew with: the refusal is the answer.
            Err(error) if error.code == ErrorCode::LoginNeeded => Ok(Exchange { answer, replayed: false }),
            Err(error) => Err(error),
        }
    }

    async fn present(&self, presentation: &Presentation, set: &TokenSet, prepared: &Prepared) -> Result<Answer> {
        // Whatever a template says: to no other server than it was made for (security.md H2).
        if !set.bound.origins.contains(&prepared.url.origin().ascii_serialization()) {
            let host = crate::transport::authority(&prepared.url);
            return Err(Error::new(ErrorCode::LoginNeeded, format!("The token was not made for {host}.")));
        }
        let (name, value) = header(presentation, &set.access_token)?;
        let mut request = self.transport.request(prepared.method.clone(), prepared.url.clone());
        request = request.header(ACCEPT, "application/json").header(name, value);
        if let Some(body) = &prepared.body {
            request = request.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        let request = request.build().map_err(|error| Error::internal("build the request", error.without_url()))?;
        self.transport.send(request, Limits::API).await
    }
}

/// The header that presents a token.
fn header(presentation: &Presentation, token: &Secret) -> Result<(HeaderName, HeaderValue)> {
    let unusable = || Error::new(ErrorCode::NotATokenAnswer, "The token holds characters that no header can carry.");
    let name = HeaderName::from_bytes(presentation.header.as_bytes())
        .map_err(|_| Error::new(ErrorCode::Internal, "The provider file names no HTTP header."))?;
    let mut value = HeaderValue::from_str(header_value(presentation, token).expose()).map_err(|_| unusable())?;
    value.set_sensitive(true);
    Ok((name, value))
}

/// The value of the header that presents a token: prefix and token, or the token alone.
pub(crate) fn header_value(presentation: &Presentation, token: &Secret) -> Secret {
    match &presentation.prefix {
        Some(prefix) => Secret::new(format!("{prefix} {}", token.expose())),
        None => token.clone(),
    }
}
