//! Presents the token and sends.

use std::sync::Arc;
use std::time::Instant;

use reqwest::header::HeaderName;

use super::long::Load;
use super::meaning::is_dead_token;
use super::prepared::Prepared;
use super::refusal::{Refusal, Refused};
use super::told;
use crate::account::Account;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ActivityEvent, Events};
use crate::provider::Presented;
use crate::secret::Secret;
use crate::token::{Owner, TokenSet, Tokens};
use crate::transport::{Answer, Limits, Opened, Stopwatch, sensitive};

/// A request that was answered.
pub struct Exchange {
    /// The answer.
    pub answer: Answer,
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

/// How a request goes.
#[derive(Clone, Copy)]
pub(super) enum Way<'a> {
    /// Its answer is read at once, within these limits.
    Whole(Limits),
    /// It carries or gives a file.
    Long(&'a dyn Load),
    /// Each answer is given while its body is still to come, and it is measured.
    Measured(&'a dyn Load, &'a Stopwatch),
}

/// What a server answers.
pub(super) enum Reply {
    /// All of it.
    Whole(Answer),
    /// An answer whose body is still to come, and its beginning where it is no good one.
    Open(Box<Opened>, Option<Box<Answer>>),
}

impl Reply {
    /// What is known of an answer that may say why it is none.
    fn known(&self) -> Option<&Answer> {
        match self {
            Self::Whole(answer) => Some(answer),
            Self::Open(_, beginning) => beginning.as_deref(),
        }
    }
}

/// An answer, and what it took.
pub(super) struct Replied {
    pub reply: Reply,
    pub replayed: bool,
    pub dead: bool,
    pub refusal: Option<Box<Refusal>>,
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
        let outcome = self.exchange(account, owner, prepared, limits).await;
        self.tell(owner, prepared, target, &outcome, begun);
        outcome
    }

    /// Tells of a request.
    pub(super) fn tell(
        &self,
        owner: &Owner,
        prepared: &Prepared,
        target: Option<&str>,
        outcome: &Sent<Exchange>,
        begun: Instant,
    ) {
        let (method, url, target) = (prepared.method.to_string(), prepared.shown_url(), target.map(str::to_owned));
        let event = match outcome {
            Ok(Exchange { answer, replayed, .. }) => {
                ActivityEvent::RequestSent { method, url, target, status: answer.status, replayed: *replayed }
            }
            Err(no) => ActivityEvent::RequestFailed { method, url, target, code: no.error.code },
        };
        if let Some(source) = owner.told_as {
            self.events.exchanged(told::exchanged(owner, source, prepared, outcome, begun));
        }
        // A quiet one is told when it is the cause of something that is told.
        if !owner.quiet || !matches!(outcome, Ok(Exchange { replayed: false, .. })) {
            owner.record(&self.events, event, Some(begun));
        }
    }

    /// Tells of a request that was answered well.
    pub(super) fn tell_status(&self, owner: &Owner, prepared: &Prepared, status: u16, replayed: bool, begun: Instant) {
        let (method, url) = (prepared.method.to_string(), prepared.shown_url());
        if !owner.quiet || replayed {
            let event = ActivityEvent::RequestSent { method, url, target: None, status, replayed };
            owner.record(&self.events, event, Some(begun));
        }
    }

    async fn exchange(&self, account: &Account, owner: &Owner, prepared: &Prepared, limits: Limits) -> Sent<Exchange> {
        let Replied { reply, replayed, dead, refusal } =
            self.replied(account, owner, prepared, Way::Whole(limits)).await?;
        match reply {
            Reply::Whole(answer) => Ok(Exchange { answer, replayed, dead, refusal }),
            Reply::Open(..) => Err(Error::new(ErrorCode::Internal, "An answer was left open.").into()),
        }
    }

    /// Presents the token; after the sign of a dead one presents another, once.
    pub(super) async fn replied(
        &self,
        account: &Account,
        owner: &Owner,
        prepared: &Prepared,
        way: Way<'_>,
    ) -> Sent<Replied> {
        let set = self.tokens.usable(owner).await?;
        let reply = self.present(account, &set, prepared, way).await?;
        let Some(status) = dead(account, &reply) else {
            let refusal = self.refusal(account, &set, prepared, &reply)?;
            return Ok(Replied { reply, replayed: false, dead: false, refusal });
        };
        owner.record(&self.events, ActivityEvent::TokenRefused { status }, None);
        match self.tokens.other_than(&set, owner).await {
            Ok(renewed) => {
                let reply = self.present(account, &renewed, prepared, way).await?;
                let dead = dead(account, &reply).is_some();
                let refusal = self.refusal(account, &renewed, prepared, &reply)?;
                Ok(Replied { reply, replayed: true, dead, refusal })
            }
            // Nothing to renew with: the refusal is the answer.
            Err(error) if error.code == ErrorCode::LoginNeeded => {
                let refusal = self.refusal(account, &set, prepared, &reply)?;
                Ok(Replied { reply, replayed: false, dead: true, refusal })
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
        reply: &Reply,
    ) -> Result<Option<Box<Refusal>>> {
        let Some(answer) = reply.known().filter(|answer| Refusal::explains(answer.status)) else { return Ok(None) };
        let refused = Refused::of(prepared, answer);
        let presented = account.presented(Some(set))?;
        Ok(Some(Box::new(Refusal::of(account, set, &presented, &refused, self.tokens.now()))))
    }

    async fn present(&self, account: &Account, set: &TokenSet, prepared: &Prepared, way: Way<'_>) -> Sent<Reply> {
        // Whatever a template says: to no other server than it was made for (security.md H2).
        if !set.bound.origins.contains(&prepared.url.origin().ascii_serialization()) {
            let host = crate::transport::authority(&prepared.url);
            return Err(Error::new(ErrorCode::LoginNeeded, format!("The token was not made for {host}.")).into());
        }
        let mut url = prepared.url_with(&set.access_token)?;
        let transport = account.owner.client.transport();
        let mut request = match account.presented(Some(set))? {
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
        if let Way::Long(load) | Way::Measured(load, _) = way {
            request = load.put(request);
        }
        let request = prepared.put(request)?;
        match way {
            Way::Whole(limits) => transport.send(request, limits).await.map(Reply::Whole).map_err(no_answer),
            Way::Long(load) => {
                let opened = transport.open(request, load.gauge()).await.map_err(no_answer)?;
                if opened.status() < 300 {
                    return Ok(Reply::Open(Box::new(opened), None));
                }
                opened.whole(Limits::TOKEN).await.map(Reply::Whole).map_err(no_answer)
            }
            Way::Measured(load, stopwatch) => {
                let opened = transport.open_measured(request, load.gauge(), stopwatch).await.map_err(no_answer)?;
                looked_at(opened).await
            }
        }
    }
}

/// The status of an answer that says that the token is dead.
fn dead(account: &Account, reply: &Reply) -> Option<u16> {
    reply.known().filter(|answer| is_dead_token(&account.provider, answer)).map(|answer| answer.status)
}

/// With its beginning, where that may say what is wrong.
pub(super) async fn looked_at(mut opened: Opened) -> Sent<Reply> {
    let is_good = opened.status() < 400;
    let beginning =
        if is_good { None } else { Some(Box::new(opened.beginning(Limits::TOKEN).await.map_err(no_answer)?)) };
    Ok(Reply::Open(Box::new(opened), beginning))
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
