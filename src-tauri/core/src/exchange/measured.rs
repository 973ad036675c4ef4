//! Any request, whose answer is given while its body is still to come, whatever its status; measured on a connection of its
//! own.

use std::time::Instant;

use super::long::Load;
use super::prepared::Prepared;
use super::refusal::Refusal;
use super::send::{Replied, Reply, Sender, Sent, Way, looked_at, no_answer};
use crate::account::Account;
use crate::error::{Error, ErrorCode};
use crate::event::ActivityEvent;
use crate::token::Owner;
use crate::transport::{Answer, Opened, Stopwatch};

/// An answer whose body is still to come.
pub struct Measured {
    /// The answer.
    pub opened: Box<Opened>,
    /// Its beginning, where it is no good one.
    pub beginning: Option<Box<Answer>>,
    /// Whether the request was sent a second time, with a renewed token.
    pub replayed: bool,
    /// Why it was refused, where it was.
    pub refusal: Option<Box<Refusal>>,
}

impl Sender {
    /// Sends a request with the connection's token; the rest as [`Sender::send_within`].
    ///
    /// # Errors
    /// As for that.
    pub async fn send_measured(
        &self,
        account: &Account,
        prepared: &Prepared,
        load: &dyn Load,
        stopwatch: &Stopwatch,
    ) -> Sent<Measured> {
        let owner = &account.owner.in_chain();
        let begun = Instant::now();
        let replied = self.replied(account, owner, prepared, Way::Measured(load, stopwatch)).await;
        self.told(owner, prepared, replied.and_then(Measured::of), begun)
    }

    /// The same to another server: without the token, or anything else of the connection.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn send_measured_elsewhere(
        &self,
        account: &Account,
        prepared: &Prepared,
        load: &dyn Load,
        stopwatch: &Stopwatch,
    ) -> Sent<Measured> {
        let owner = &account.owner.in_chain();
        let begun = Instant::now();
        let outcome = async {
            let transport = account.owner.client.transport();
            let request = load.put(transport.request(prepared.method.clone(), prepared.url.clone())?);
            let opened = transport.open_measured(prepared.put(request)?, load.gauge(), stopwatch).await;
            let reply = looked_at(opened.map_err(no_answer)?).await?;
            Measured::of(Replied { reply, replayed: false, dead: false, refusal: None })
        };
        let outcome = outcome.await;
        self.told(owner, prepared, outcome, begun)
    }

    fn told(&self, owner: &Owner, prepared: &Prepared, outcome: Sent<Measured>, begun: Instant) -> Sent<Measured> {
        match &outcome {
            Ok(measured) => self.tell_status(owner, prepared, measured.opened.status(), measured.replayed, begun),
            Err(no) => {
                let (method, url) = (prepared.method.to_string(), prepared.shown_url());
                let event = ActivityEvent::RequestFailed { method, url, target: None, code: no.error.code };
                owner.record(&self.events, event, Some(begun));
            }
        }
        outcome
    }
}

impl Measured {
    fn of(replied: Replied) -> Sent<Self> {
        let Replied { reply, replayed, refusal, .. } = replied;
        match reply {
            Reply::Open(opened, beginning) => Ok(Self { opened, beginning, replayed, refusal }),
            Reply::Whole(_) => Err(Error::new(ErrorCode::Internal, "An answer was read at once.").into()),
        }
    }
}
