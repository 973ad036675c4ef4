//! Any request, whose answer is given while its body is still to come, whatever its status; measured on a connection of its
//! own.

use std::time::Instant;

use reqwest::RequestBuilder;

use super::long::Load;
use super::prepared::Prepared;
use super::send::{Exchange, Sender, Sent, no_answer};
use super::way::Way;
use crate::account::Account;
use crate::token::Owner;
use crate::transport::{Answer, Limits, Opened, Stopwatch, Transport};

/// An answer whose body is still to come.
pub struct Measured {
    /// The answer.
    pub opened: Opened,
    /// Its beginning, where it is no good one.
    pub beginning: Option<Answer>,
}

/// It carries what there is to carry, and is measured.
struct Timed<'a> {
    load: &'a dyn Load,
    stopwatch: &'a Stopwatch,
}

impl Way for Timed<'_> {
    type Answer = Measured;

    async fn send(&self, transport: &Transport, prepared: &Prepared, request: RequestBuilder) -> Sent<Measured> {
        let request = prepared.put(self.load.put(request))?;
        let opened = transport.open_measured(request, self.load.gauge(), self.stopwatch).await;
        let mut opened = opened.map_err(no_answer)?;
        let is_good = opened.status() < 400;
        let beginning = if is_good { None } else { Some(opened.beginning(Limits::TOKEN).await.map_err(no_answer)?) };
        Ok(Measured { opened, beginning })
    }

    fn known(answer: &Measured) -> Option<&Answer> {
        answer.beginning.as_ref()
    }
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
    ) -> Sent<Exchange<Measured>> {
        let owner = &account.owner.in_chain();
        let begun = Instant::now();
        let outcome = self.exchange(account, owner, prepared, &Timed { load, stopwatch }).await;
        self.tell_measured(owner, prepared, &outcome, begun);
        outcome
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
    ) -> Sent<Exchange<Measured>> {
        let owner = &account.owner.in_chain();
        let begun = Instant::now();
        let outcome = async {
            let transport = account.owner.client.transport();
            let request = transport.request(prepared.method.clone(), prepared.url.clone())?;
            let answer = Timed { load, stopwatch }.send(transport, prepared, request).await?;
            Ok(Exchange { answer, replayed: false, dead: false, refusal: None })
        };
        let outcome = outcome.await;
        self.tell_measured(owner, prepared, &outcome, begun);
        outcome
    }

    /// In a line only: its body is still to come, and whoever reads it tells of it whole.
    fn tell_measured(&self, owner: &Owner, prepared: &Prepared, outcome: &Sent<Exchange<Measured>>, begun: Instant) {
        let outcome = outcome.as_ref().map(|exchange| (exchange.answer.opened.status(), exchange.replayed));
        self.tell(owner, &prepared.method, prepared.shown_url(), None, outcome, begun);
    }
}
