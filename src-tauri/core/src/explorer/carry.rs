//! Carries a request out: sends it, and puts its answer down as it comes.

use std::sync::Arc;

use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};

use super::desk::Explorer;
use super::live::Live;
use super::pages::Beginning;
use super::post::Arrived;
use super::ready::{Ready, member, text};
use super::request::ExplorerRequest;
use super::sent::{AnswerKind, PagesState, SendState, SentView};
use crate::account::Account;
use crate::answer::Writer;
use crate::error::Result;
use crate::exchange::{Exchange, Measured, error_of};
use crate::jwt::Member;
use crate::redact::{self, Redactor};
use crate::transport::{Stopwatch, is_at};

/// What is sent, and where its answer is put.
pub struct Job {
    pub account: Account,
    pub request: ExplorerRequest,
    pub ready: Ready,
    pub live: Arc<Live>,
    pub writer: Writer,
    /// Whether no file may hold what came of it.
    pub private: bool,
}

impl Explorer {
    /// Carries it out until it is over or nobody wants it any more: then all that it holds is let go at once (security.md
    /// H6). What is there of the answer stays.
    pub(super) async fn carry(self: Arc<Self>, mut job: Job) {
        let live = job.live.clone();
        let stopwatch = Stopwatch::default();
        let outcome = tokio::select! {
            outcome = self.exchange(&mut job, &stopwatch) => Some(outcome),
            () = live.is_cancelled() => None,
        };
        stopwatch.end();
        let wanted = outcome.is_some();
        // What was held back, because more of it might have made a secret, is none.
        let written = job.writer.finish();
        let outcome = outcome.unwrap_or(Ok(())).map_err(|error| self.post.redactor.mask_error(error));
        let conclude = |view: &mut SentView| {
            view.phases = stopwatch.phases();
            end(view, outcome.and(written).map(|size| wanted.then_some(size)));
        };
        self.conclude(&live, &job.request, job.private, conclude).await;
    }

    async fn exchange(&self, job: &mut Job, stopwatch: &Stopwatch) -> Result<()> {
        let live = &job.live;
        let hopped = |hop| live.change(|view| view.hops.push(hop));
        let arrived = self.post.send(&job.account, &job.ready, job.request.follow, stopwatch, hopped).await?;
        let Arrived { exchange, prepared, not_followed } = arrived;
        let Exchange { answer: Measured { mut opened, beginning }, replayed, refusal, .. } = exchange;
        let meaning = beginning.and_then(|answer| error_of(&job.account.provider, &answer));
        let error = not_followed.or(meaning).map(|error| self.post.redactor.mask_error(error));
        live.change(|view| {
            head(view, opened.headers(), &self.post.redactor);
            view.state = SendState::Receiving;
            (view.status, view.version) = (Some(opened.status()), Some(opened.version()));
            view.refusal = refusal.map(|refusal| refusal.masked(&self.post.redactor));
            (view.replayed, view.error, view.phases) = (replayed, error, stopwatch.phases());
        });
        let mut beginning = Beginning::of(&prepared, &opened);
        while let Some(piece) = opened.piece().await? {
            job.writer.write(&piece)?;
            beginning.add(&piece);
            live.received(piece.len() as u64);
        }
        // Pages are asked for with the token, which goes to the connection's own servers only.
        let own = is_at(&prepared.url, &job.account.owner.origins);
        let page = beginning.page(&job.account).await.filter(|page| own && !job.ready.elsewhere && page.next.is_some());
        if let Some(page) = page {
            let rows = u32::try_from(page.rows.len()).unwrap_or(u32::MAX);
            live.change(|view| view.pages = Some(PagesState { loaded: 1, rows, of: page.of, more: true }));
        }
        Ok(())
    }
}

/// What the head of an answer says.
pub fn head(view: &mut SentView, headers: &HeaderMap, redactor: &Redactor) {
    let shown = |name, value| redactor.mask(&redact::header(name, value));
    view.headers =
        headers.iter().map(|(name, value)| member(name.as_str(), &shown(name, value))).collect::<Vec<Member>>();
    let said = |name| headers.get(name).map(text);
    let media_type = said(CONTENT_TYPE).unwrap_or_default();
    view.media_type = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    view.kind = AnswerKind::of(&view.media_type);
    view.size = said(CONTENT_LENGTH).and_then(|size| size.trim().parse().ok());
}

/// How it ended: the size of a whole answer, or none where nobody wanted it any more.
pub fn end(view: &mut SentView, outcome: Result<Option<u64>>) {
    match outcome {
        Err(error) => (view.state, view.error) = (SendState::Failed, Some(error)),
        Ok(None) => view.state = SendState::Cancelled,
        Ok(Some(size)) => {
            view.state = SendState::Done;
            if size == 0 {
                view.kind = AnswerKind::Empty;
            }
        }
    }
}
