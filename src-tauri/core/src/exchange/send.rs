//! Presents the token and sends.

use std::sync::Arc;
use std::time::Instant;

use reqwest::header::HeaderName;

use super::meaning::is_dead_token;
use super::prepared::Prepared;
use super::refusal::{Refusal, Refused};
use super::way::{Way, Whole};
use crate::account::Account;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ActivityEvent, Events};
use crate::provider::Presented;
use crate::secret::Secret;
use crate::token::{Owner, TokenSet, Tokens};
use crate::transport::{Answer, Limits, is_at, sensitive};

/// A request that was answered: with all of an answer, where nothing else is said.
pub struct Exchange<A = Answer> {
    /// The answer.
    pub answer: A,
    /// Whether it was sent a second time, with a renewed token.
    pub replayed: bool,
    /// Whether the server says all the same that the token is dead.
    pub dead: bool,
    /// Why it was refused, where it was.
    pub refusal: Option<Box<Refusal>>,
}

/// Why there is no answer.
pub struct NoAnswer {
    /// What went wrong.
    pub error: Error,
    /// Whether the request may have reached the server, which may have done what it says (RFC 9110 section 9.2.2).
    pub sent: bool,
}

impl From<Error> for NoAnswer {
    /// What goes wrong before a request leaves.
    fn from(error: Error) -> Self {
        Self { error, sent: false }
    }
}

pub(super) type Sent<T> = std::result::Result<T, NoAnswer>;

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
        self.send_within(account, prepared, target, Limits::API).await.map_err(|no| no.error)
    }

    /// The same within other limits. Tells what never left from what may have arrived.
    ///
    /// # Errors
    /// As for [`Sender::send`].
    pub async fn send_within(
        &self,
        account: &Account,
        prepared: &Prepared,
        target: Option<&str>,
        limits: Limits,
    ) -> Sent<Exchange> {
        let owner = &account.owner.in_chain();
        let begun = Instant::now();
        let outcome = self.exchange(account, owner, prepared, &Whole(limits)).await;
        self.tell_whole(owner, prepared, target, &outcome, begun);
        outcome
    }

    /// Presents the token; after the sign of a dead one presents another, once.
    pub(super) async fn exchange<W: Way>(
        &self,
        account: &Account,
        owner: &Owner,
        prepared: &Prepared,
        way: &W,
    ) -> Sent<Exchange<W::Answer>> {
        let set = self.tokens.usable(owner).await?;
        let answer = self.present(account, &set, prepared, way).await?;
        let Some(status) = dead(account, W::known(&answer)) else {
            let refusal = self.refusal(account, &set, prepared, W::known(&answer))?;
            return Ok(Exchange { answer, replayed: false, dead: false, refusal });
        };
        owner.record(&self.events, ActivityEvent::TokenRefused { status }, None);
        match self.tokens.other_than(&set, owner).await {
            Ok(renewed) => {
                let answer = self.present(account, &renewed, prepared, way).await?;
                let dead = dead(account, W::known(&answer)).is_some();
                let refusal = self.refusal(account, &renewed, prepared, W::known(&answer))?;
                Ok(Exchange { answer, replayed: true, dead, refusal })
            }
            // Nothing to renew with: the refusal is the answer.
            Err(error) if error.code == ErrorCode::LoginNeeded => {
                let refusal = self.refusal(account, &set, prepared, W::known(&answer))?;
                Ok(Exchange { answer, replayed: false, dead: true, refusal })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Why an answer is a refusal, while all is at hand that may show it.
    fn refusal(
        &self,
        account: &Account,
        set: &TokenSet,
        prepared: &Prepared,
        known: Option<&Answer>,
    ) -> Result<Option<Box<Refusal>>> {
        let Some(answer) = known.filter(|answer| Refusal::explains(answer.status)) else { return Ok(None) };
        let refused = Refused::of(prepared, answer);
        let presented = account.presented(Some(set))?;
        Ok(Some(Box::new(Refusal::of(account, set, &presented, &refused, self.tokens.now()))))
    }

    async fn present<W: Way>(
        &self,
        account: &Account,
        set: &TokenSet,
        prepared: &Prepared,
        way: &W,
    ) -> Sent<W::Answer> {
        // Whatever a template says: to no other server than it was made for (security.md H2).
        if !is_at(&prepared.url, &set.bound.origins) {
            let host = crate::transport::authority(&prepared.url);
            return Err(Error::new(ErrorCode::LoginNeeded, format!("The token was not made for {host}.")).into());
        }
        let mut url = prepared.url_with(&set.access_token)?;
        let transport = account.owner.client.transport();
        let request = match account.presented(Some(set))? {
            Presented::Header { name, prefix } => {
                let name = HeaderName::from_bytes(name.as_bytes())
                    .map_err(|_| Error::new(ErrorCode::InvalidInput, format!("“{name}” is no name of a header.")))?;
                let value = sensitive(&header_value(prefix.as_deref(), &set.access_token))?;
                transport.request(prepared.method.clone(), url)?.header(name, value)
            }
            Presented::Query(name) => {
                url.query_pairs_mut().append_pair(&name, set.access_token.expose());
                transport.request(prepared.method.clone(), url)?
            }
        };
        way.send(transport, prepared, request).await
    }
}

/// The status of an answer that says that the token is dead.
fn dead(account: &Account, known: Option<&Answer>) -> Option<u16> {
    known.filter(|answer| is_dead_token(&account.provider, answer)).map(|answer| answer.status)
}

/// What went wrong before an answer, and whether the request may have arrived.
pub(super) fn no_answer(error: Error) -> NoAnswer {
    let sent = matches!(error.code, ErrorCode::NoReply | ErrorCode::TimedOut);
    NoAnswer { error, sent }
}

/// The value of the header that presents a token: prefix and token, or the token alone.
pub(crate) fn header_value(prefix: Option<&str>, token: &Secret) -> Secret {
    match prefix {
        Some(prefix) => Secret::new(format!("{prefix} {}", token.expose())),
        None => token.clone(),
    }
}
