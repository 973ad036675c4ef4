//! Requests that carry a file, and answers that are one. They take their time: what counts is that something moves.

use std::time::Instant;

use reqwest::header::ACCEPT;
use reqwest::{Method, RequestBuilder};
use url::Url;

use super::prepared::Prepared;
use super::send::{Exchange, Sender, Sent, no_answer};
use super::way::Way;
use crate::account::Account;
use crate::error::Error;
use crate::transport::{Answer, Gauge, Limits, Opened, Transport};

/// What a request carries or asks for beside its template. It is put on each request anew: one that is sent once more, with
/// a renewed token, begins with the first byte.
pub trait Load: Sync {
    /// Puts it on a request.
    fn put(&self, request: RequestBuilder) -> RequestBuilder;
    /// How much of it has left.
    fn gauge(&self) -> &Gauge;
}

/// An answer to who asked for a file.
pub enum Given {
    /// Its body is still to come.
    Open(Opened),
    /// It was refused, or sent elsewhere.
    Told(Exchange),
}

/// The request carries or asks for a file.
struct Long<'a>(&'a dyn Load);

/// An answer is read at once only where it is no good one.
enum Reply {
    Open(Opened),
    Whole(Answer),
}

impl Way for Long<'_> {
    type Answer = Reply;

    async fn send(&self, transport: &Transport, prepared: &Prepared, request: RequestBuilder) -> Sent<Reply> {
        let request = prepared.put(self.0.put(request))?;
        let opened = transport.open(request, self.0.gauge()).await.map_err(no_answer)?;
        if opened.status() < 300 {
            return Ok(Reply::Open(opened));
        }
        opened.whole(Limits::TOKEN).await.map(Reply::Whole).map_err(no_answer)
    }

    fn known(reply: &Reply) -> Option<&Answer> {
        match reply {
            Reply::Open(_) => None,
            Reply::Whole(answer) => Some(answer),
        }
    }
}

impl Exchange<Reply> {
    /// With all of the answer.
    async fn whole(self) -> Sent<Exchange> {
        let Self { answer, replayed, dead, refusal } = self;
        let answer = match answer {
            Reply::Open(opened) => opened.whole(Limits::TOKEN).await.map_err(no_answer)?,
            Reply::Whole(answer) => answer,
        };
        Ok(Exchange { answer, replayed, dead, refusal })
    }
}

impl Sender {
    /// Sends a file, or a piece of one, with the connection's token; the rest as [`Sender::send_within`].
    ///
    /// # Errors
    /// As for that.
    pub async fn send_file(&self, account: &Account, prepared: &Prepared, load: &dyn Load) -> Sent<Exchange> {
        let owner = &account.owner.in_chain();
        let begun = Instant::now();
        let outcome = match self.exchange(account, owner, prepared, &Long(load)).await {
            Ok(exchange) => exchange.whole().await,
            Err(no) => Err(no),
        };
        self.tell_whole(owner, prepared, None, &outcome, begun);
        outcome
    }

    /// Asks for a file with the connection's token; the rest as [`Sender::send_within`].
    ///
    /// # Errors
    /// As for that.
    pub async fn open(&self, account: &Account, prepared: &Prepared, load: &dyn Load) -> Sent<Given> {
        let owner = &account.owner.in_chain();
        let begun = Instant::now();
        let outcome = match self.exchange(account, owner, prepared, &Long(load)).await {
            Ok(Exchange { answer: Reply::Open(opened), replayed, .. }) => {
                // In a line only: a file is nothing for whoever keeps exchanges.
                let outcome = Ok((opened.status(), replayed));
                self.tell(owner, &prepared.method, prepared.shown_url(), None, outcome, begun);
                return Ok(Given::Open(opened));
            }
            Ok(exchange) => exchange.whole().await,
            Err(no) => Err(no),
        };
        self.tell_whole(owner, prepared, None, &outcome, begun);
        outcome.map(Given::Told)
    }

    /// Asks another server for a file: without the token, or anything else of the connection.
    ///
    /// # Errors
    /// As for [`Sender::send_within`].
    pub async fn open_elsewhere(&self, account: &Account, url: &Url, load: &dyn Load) -> Sent<Given> {
        let owner = &account.owner.in_chain();
        let begun = Instant::now();
        let transport = account.owner.client.transport();
        let request = load.put(transport.request(Method::GET, url.clone())?.header(ACCEPT, "*/*"));
        let request = request.build();
        let request = request.map_err(|error| Error::internal("build the request", error.without_url()))?;
        let opened = transport.open(request, load.gauge()).await.map_err(no_answer);
        // The query of such an address is often what lets in who has it.
        let shown = format!("{}{}", url.origin().ascii_serialization(), url.path());
        let outcome = opened.as_ref().map(|opened| (opened.status(), false));
        self.tell(owner, &Method::GET, shown, None, outcome, begun);
        let opened = opened?;
        if opened.status() < 300 {
            return Ok(Given::Open(opened));
        }
        let answer = opened.whole(Limits::TOKEN).await.map_err(no_answer)?;
        Ok(Given::Told(Exchange { answer, replayed: false, dead: false, refusal: None }))
    }
}
