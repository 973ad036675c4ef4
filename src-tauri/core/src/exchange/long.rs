//! Requests that carry a file, and answers that are one. They take their time: what counts is that something moves.

use std::time::Instant;

use reqwest::RequestBuilder;
use reqwest::header::ACCEPT;
use url::Url;

use super::prepared::Prepared;
use super::send::{Exchange, Replied, Reply, Sender, Sent, Way, no_answer};
use crate::account::Account;
use crate::error::Error;
use crate::event::ActivityEvent;
use crate::transport::{Gauge, Limits, Opened};

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

impl Sender {
    /// Sends a file, or a piece of one, with the connection's token; the rest as [`Sender::send_within`].
    ///
    /// # Errors
    /// As for that.
    pub async fn send_file(&self, account: &Account, prepared: &Prepared, load: &dyn Load) -> Sent<Exchange> {
        let owner = &account.owner.in_chain();
        let begun = Instant::now();
        let outcome = async {
            let replied = self.replied(account, owner, prepared, Way::Long(load)).await?;
            self.whole(replied).await
        };
        let outcome = outcome.await;
        self.tell(owner, prepared, None, &outcome, begun);
        outcome
    }

    /// Asks for a file with the connection's token; the rest as [`Sender::send_within`].
    ///
    /// # Errors
    /// As for that.
    pub async fn open(&self, account: &Account, prepared: &Prepared, load: &dyn Load) -> Sent<Given> {
        let owner = &account.owner.in_chain();
        let begun = Instant::now();
        let replied = self.replied(account, owner, prepared, Way::Long(load)).await;
        match replied {
            Ok(Replied { reply: Reply::Open(opened, _), replayed, .. }) => {
                let status = opened.status();
                self.tell_status(owner, prepared, status, replayed, begun);
                Ok(Given::Open(*opened))
            }
            Ok(replied) => {
                let outcome = self.whole(replied).await;
                self.tell(owner, prepared, None, &outcome, begun);
                outcome.map(Given::Told)
            }
            Err(no) => {
                let outcome = Err(no);
                self.tell(owner, prepared, None, &outcome, begun);
                outcome.map(Given::Told)
            }
        }
    }

    /// Asks another server for a file: without the token, or anything else of the connection.
    ///
    /// # Errors
    /// As for [`Sender::send_within`].
    pub async fn open_elsewhere(&self, account: &Account, url: &Url, load: &dyn Load) -> Sent<Given> {
        let owner = &account.owner.in_chain();
        let begun = Instant::now();
        let transport = account.owner.client.transport();
        let request = load.put(transport.request(reqwest::Method::GET, url.clone())?.header(ACCEPT, "*/*"));
        let request = request.build();
        let request = request.map_err(|error| Error::internal("build the request", error.without_url()))?;
        let opened = transport.open(request, load.gauge()).await.map_err(no_answer);
        // The query of such an address is often what lets in who has it.
        let shown = format!("{}{}", url.origin().ascii_serialization(), url.path());
        let event = match &opened {
            Ok(opened) => ActivityEvent::RequestSent {
                method: "GET".to_owned(),
                url: shown,
                target: None,
                status: opened.status(),
                replayed: false,
            },
            Err(no) => {
                ActivityEvent::RequestFailed { method: "GET".to_owned(), url: shown, target: None, code: no.error.code }
            }
        };
        owner.record(&self.events, event, Some(begun));
        let opened = opened?;
        if opened.status() < 300 {
            return Ok(Given::Open(opened));
        }
        let answer = opened.whole(Limits::TOKEN).await.map_err(no_answer)?;
        Ok(Given::Told(Exchange { answer, replayed: false, dead: false, refusal: None }))
    }

    async fn whole(&self, replied: Replied) -> Sent<Exchange> {
        let Replied { reply, replayed, dead, refusal } = replied;
        let answer = match reply {
            Reply::Whole(answer) => answer,
            Reply::Open(opened, _) => opened.whole(Limits::TOKEN).await.map_err(no_answer)?,
        };
        Ok(Exchange { answer, replayed, dead, refusal })
    }
}
