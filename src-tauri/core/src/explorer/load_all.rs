//! All pages of a list as one answer: the rows of each, one after the other, in one JSON array. Beginning with the first, so
//! that all are of one moment; paced as all requests of the connection are.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use url::Url;

use super::carry::{Job, end, head};
use super::desk::Explorer;
use super::pages::{Beginning, LARGEST, Page};
use super::sent::{AnswerKind, PagesState, SendState, SentView};
use crate::error::{Error, ErrorCode, Result};
use crate::exchange::error_of;
use crate::transport::{Answer, Limits, Stopwatch};

/// A server that always names another page is not followed for ever.
const MOST_PAGES: u32 = 10_000;
/// How long a server may ask to wait, and how often.
const PATIENCE: (Duration, u32) = (Duration::from_secs(60), 5);

impl Explorer {
    /// Loads them until there are no more, or nobody wants them. What is there stays, as a whole array; where nothing is, the
    /// draft keeps the first page that it had.
    pub(super) async fn load_all(self: Arc<Self>, mut job: Job) {
        let live = job.live.clone();
        let stopwatch = Stopwatch::default();
        let outcome = tokio::select! {
            outcome = self.every_page(&mut job, &stopwatch) => Some(outcome),
            () = live.is_cancelled() => None,
        };
        stopwatch.end();
        let wanted = outcome.is_some();
        let is_list = live.view().pages;
        let closed = is_list.map_or(Ok(()), |pages| job.writer.write(if pages.rows > 0 { b"\n]" } else { b"[]" }));
        let written = closed.and(job.writer.finish());
        let outcome = outcome.unwrap_or(Ok(())).map_err(|error| self.post.redactor.mask_error(error));
        let conclude = |view: &mut SentView| {
            view.phases = stopwatch.phases();
            end(view, outcome.and(written).map(|size| wanted.then_some(size)));
            if is_list.is_some() {
                (view.media_type, view.kind) = ("application/json".to_owned(), AnswerKind::Json);
            }
        };
        self.conclude(&live, &job.request, job.private, conclude).await;
    }

    async fn every_page(&self, job: &mut Job, stopwatch: &Stopwatch) -> Result<()> {
        let mut asked: BTreeSet<Url> = [job.ready.prepared.url.clone()].into();
        loop {
            let page = self.page(job, stopwatch).await?;
            // A server that leads in a circle has no more.
            let next = page.next.clone().filter(|next| asked.insert(next.clone()));
            put(job, &page, next.is_some())?;
            if job.live.view().pages.is_some_and(|pages| pages.loaded == 1) {
                self.takes_place(job).await;
            }
            let Some(next) = next else { return Ok(()) };
            if asked.len() > MOST_PAGES as usize {
                return Err(Error::new(
                    ErrorCode::UnexpectedAnswer,
                    format!("There are more than {MOST_PAGES} pages."),
                ));
            }
            job.ready.prepared.url = next;
        }
    }

    async fn page(&self, job: &Job, stopwatch: &Stopwatch) -> Result<Page> {
        let mut tries = 0;
        loop {
            let (beginning, answer) = self.read_page(job, stopwatch).await?;
            let Some(error) = error_of(&job.account.provider, &answer) else {
                let no_page = || Error::new(ErrorCode::UnexpectedAnswer, "This is not a page of a list.");
                return beginning.page(&job.account).await.ok_or_else(no_page);
            };
            tries += 1;
            let wait = answer.retry_after().filter(|wait| *wait <= PATIENCE.0 && tries <= PATIENCE.1);
            match wait.filter(|_| error.code == ErrorCode::RateLimited) {
                Some(wait) => tokio::time::sleep(wait).await,
                None => return Err(error),
            }
        }
    }

    async fn read_page(&self, job: &Job, stopwatch: &Stopwatch) -> Result<(Beginning, Answer)> {
        let live = &job.live;
        let arrived = self.post.send(&job.account, &job.ready, job.request.follow, stopwatch, |_| ()).await?;
        let mut beginning = Beginning::of(&arrived.prepared, &arrived.exchange.answer.opened);
        let opened = arrived.exchange.answer.opened;
        live.change(|view| {
            head(view, opened.headers(), &self.post.redactor);
            (view.status, view.version, view.size) = (Some(opened.status()), Some(opened.version()), None);
            view.state = SendState::Receiving;
            view.replayed |= arrived.exchange.replayed;
        });
        let answer = opened.whole(Limits { body: LARGEST, ..Limits::API }).await?;
        if answer.truncated {
            return Err(Error::new(ErrorCode::UnexpectedAnswer, "A page is larger than 16 MB."));
        }
        beginning.add(&answer.body);
        Ok((beginning, answer))
    }
}

/// Puts the rows of a page down.
fn put(job: &mut Job, page: &Page, more: bool) -> Result<()> {
    let before = job.live.view().pages.unwrap_or(PagesState { loaded: 0, rows: 0, of: None, more });
    let mut rows = before.rows;
    for row in &page.rows {
        job.writer.write(if rows == 0 { b"[\n" } else { b",\n" })?;
        job.writer.write(row.get().as_bytes())?;
        rows += 1;
    }
    let pages = PagesState { loaded: before.loaded + 1, rows, of: page.of.or(before.of), more };
    let size = job.writer.written();
    job.live.change(|view| (view.pages, view.received) = (Some(pages), size));
    Ok(())
}
