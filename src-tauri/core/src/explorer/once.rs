//! Sends a saved request on its own, for a check: its answer is read at once and kept in no file of its own.

use std::time::{Duration, Instant};

use super::carry::head;
use super::desk::Explorer;
use super::ready::Ready;
use super::request::{ExplorerRequest, SavedRequest};
use super::sent::SentView;
use super::told::exchanged;
use crate::account::Account;
use crate::error::{Error, ErrorCode, Result};
use crate::event::ExchangeSource;
use crate::exchange::{Measured, error_of};
use crate::transport::{Limits, Stopwatch};

/// What came of a request.
#[derive(Debug, Default)]
pub struct Once {
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// The body, masked.
    pub body: Vec<u8>,
    /// Whether there was more of it.
    pub truncated: bool,
    /// Why there is no answer, or what its status means.
    pub error: Option<Error>,
}

impl Explorer {
    /// That a saved request of a connection may be sent by itself.
    ///
    /// # Errors
    /// `invalid_input` of `of`: there is none, it goes to another server, or no file may hold its answer; `not_saved`.
    pub async fn is_repeatable(&self, account: &Account, saved: &str) -> Result<()> {
        self.repeatable(account, saved).await.map(drop)
    }

    async fn repeatable(&self, account: &Account, saved: &str) -> Result<(SavedRequest, Ready)> {
        let all = self.saved(account.connection.id.clone()).await?;
        let found = all.into_iter().find(|it| it.id == saved);
        let saved = found.ok_or_else(|| Error::input("of", "There is no such saved request any more."))?;
        let ready = self.ready(account, &saved.request).await?;
        if ready.elsewhere {
            return Err(Error::input("of", "It goes to another server, which only a person may say."));
        }
        if ready.is_private(account) {
            return Err(Error::input("of", "What it answers is kept in no file, so it cannot be checked."));
        }
        Ok((saved, ready))
    }

    /// Sends it. `most` is what is read of the body, in bytes; `patience` is how long it may take.
    ///
    /// # Errors
    /// As for [`Explorer::is_repeatable`]. What fails later is in the answer.
    pub async fn once(&self, account: &Account, saved: &str, most: usize, patience: Duration) -> Result<Once> {
        let (SavedRequest { request, .. }, ready) = self.repeatable(account, saved).await?;
        let (connection, at) = (account.connection.id.clone(), self.clock.now().to_string());
        let mut view = SentView::begun("", connection, None, at, self.shown(&ready));
        let begun = Instant::now();
        let answer = tokio::time::timeout(patience, self.answer_of(account, &ready, &request, most, &mut view)).await;
        let late = || Error::new(ErrorCode::TimedOut, format!("No answer in {} seconds.", patience.as_secs()));
        let once = answer.unwrap_or_else(|_| Err(late())).unwrap_or_else(Once::failed);
        view.error = once.error.clone();
        let (view, request) = self.masked((view, request))?;
        self.events.exchanged(exchanged(&view, &request, &once.body, begun.elapsed(), ExchangeSource::Check));
        Ok(once)
    }

    async fn answer_of(
        &self,
        account: &Account,
        ready: &Ready,
        request: &ExplorerRequest,
        most: usize,
        view: &mut SentView,
    ) -> Result<Once> {
        let stopwatch = Stopwatch::default();
        let arrived = self.post.send(account, ready, request.follow, &stopwatch, |_| ()).await?;
        let (asked, last) = (ready.prepared.url.origin(), arrived.prepared.url.origin());
        let Measured { opened, beginning } = arrived.exchange.answer;
        head(view, opened.headers(), &self.post.redactor);
        let status = Some(opened.status());
        view.status = status;
        if last != asked {
            // A login page, most of all: whatever it says, it is not what was asked.
            let why = format!("The server sends on to another one: {}", last.ascii_serialization());
            return Ok(Once::failed(Error::new(ErrorCode::OtherOrigin, why)));
        }
        let meaning = beginning.and_then(|answer| error_of(&account.provider, &answer));
        let error = arrived.not_followed.or(meaning).map(|error| self.post.redactor.mask_error(error));
        let answer = match opened.whole(Limits { body: most, ..Limits::API }).await {
            Ok(answer) => answer,
            Err(error) => return Ok(Once { status: None, ..Once::failed(error) }),
        };
        view.received = answer.body.len() as u64;
        let masked = self.post.redactor.mask(&String::from_utf8_lossy(&answer.body));
        Ok(Once { status, body: masked.into_bytes(), truncated: answer.truncated, error })
    }
}

impl Once {
    fn failed(error: Error) -> Self {
        Self { error: Some(error), ..Self::default() }
    }
}
