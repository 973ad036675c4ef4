//! The explorer of all connections: what is kept of it, and what is under way.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::carry::Job;
use super::curl;
use super::live::Live;
use super::post::Post;
use super::ready::{Filling, Ready};
use super::request::{ExplorerPreview, ExplorerRequest, ReadCurl};
use super::sent::SentView;
use super::table::Table;
use super::told::exchanged;
use crate::account::Account;
use crate::answer::Answers;
use crate::clock::Clock;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{Events, ExchangeSource, Signal, TOLD};
use crate::exchange::Sender;
use crate::pace::Paces;
use crate::provider::Presented;
use crate::redact::Redactor;
use crate::sqlite::Clerk;
use crate::transfer::ChosenFiles;
use crate::transport::authority;

/// What requests are explored with.
pub struct Means {
    /// Presents tokens and sends.
    pub sender: Sender,
    /// How fast requests may leave.
    pub paces: Arc<Paces>,
    /// What is masked.
    pub redactor: Arc<Redactor>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Where it is told.
    pub events: Events,
    /// The files that a person chose.
    pub chosen: Arc<ChosenFiles>,
    /// Where answers are kept.
    pub answers: Arc<Answers>,
    /// Where the rest is kept.
    pub file: PathBuf,
}

/// The explorer of all connections.
pub struct Explorer {
    pub(super) post: Post,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) events: Events,
    chosen: Arc<ChosenFiles>,
    answers: Arc<Answers>,
    pub(super) kept: Clerk<Table>,
    live: Mutex<HashMap<String, Arc<Live>>>,
}

impl Explorer {
    /// Nothing is opened yet.
    pub fn new(means: Means) -> Self {
        let Means { sender, paces, redactor, clock, events, chosen, answers, file } = means;
        let kept = Clerk::new("requests of the explorer", move || Table::open(&file));
        let post = Post { sender, paces, redactor };
        Self { post, clock, events, chosen, answers, kept, live: Mutex::default() }
    }

    /// After a start: deletes the answers that nothing refers to any more. `others` are those that something else does.
    ///
    /// # Errors
    /// `not_saved` when it cannot be read what is in use: then nothing is deleted.
    pub async fn tidy(&self, others: HashSet<String>) -> Result<()> {
        let mut in_use = others;
        in_use.extend(self.kept.ask(|table| table.answers_in_use()).await?);
        in_use.extend(self.lock().keys().cloned());
        self.answers.keep_only(&in_use);
        Ok(())
    }

    /// What will be sent.
    ///
    /// # Errors
    /// `invalid_input` that names what cannot be sent, `not_saved`; also in all below.
    pub async fn preview(&self, account: &Account, request: &ExplorerRequest) -> Result<ExplorerPreview> {
        Ok(self.shown(&self.ready(account, request).await?))
    }

    /// As it is shown: what was typed may hold a token too.
    pub(super) fn shown(&self, ready: &Ready) -> ExplorerPreview {
        let mut preview = ready.preview();
        let mask = |text: &mut String| *text = self.post.redactor.mask(text);
        mask(&mut preview.url);
        preview.headers.iter_mut().for_each(|header| mask(&mut header.value));
        preview.body.iter_mut().for_each(mask);
        preview.elsewhere.iter_mut().for_each(mask);
        preview
    }

    /// The same as a command of curl. `name` is what the command line knows the connection by.
    ///
    /// # Errors
    /// See above.
    pub async fn copy_as_curl(&self, account: &Account, request: &ExplorerRequest, name: &str) -> Result<String> {
        let command = curl::write(&self.ready(account, request).await?, name);
        // What was typed may hold a token too (security.md F10).
        Ok(self.post.redactor.mask(&command))
    }

    /// A command of curl as a request. Nothing is run.
    ///
    /// # Errors
    /// `invalid_input` of `text` when it is none.
    pub fn read_curl(&self, account: &Account, text: &str) -> Result<ReadCurl> {
        curl::read(account, &self.presented(account)?, text)
    }

    fn presented(&self, account: &Account) -> Result<Presented> {
        account.presented(self.post.sender.tokens.known(&account.owner).as_deref())
    }

    pub(super) async fn ready(&self, account: &Account, request: &ExplorerRequest) -> Result<Ready> {
        // What cannot be read is missed only by who uses it: a full disk stops no request.
        let variables = self.variables(account.connection.id.clone()).await.unwrap_or_default();
        let presented = self.presented(account)?;
        Ready::of(request, Filling { account, presented, variables: &variables, chosen: &self.chosen })
    }

    /// Begins to send a request. `elsewhere`: the origin of another server than the connection's that the person was asked
    /// about; to that one it goes, without the token, and to no other (security.md H2).
    ///
    /// # Errors
    /// `invalid_input` that names what cannot be sent, `other_origin` where the person must be asked; see above. What fails
    /// later is in the view.
    pub async fn send(
        self: &Arc<Self>,
        account: Account,
        draft: Option<String>,
        request: ExplorerRequest,
        elsewhere: Option<&str>,
    ) -> Result<SentView> {
        let job = self.job(account, draft, request, elsewhere).await?;
        self.takes_place(&job).await;
        let view = job.live.view();
        tokio::spawn(self.clone().carry(job));
        Ok(view)
    }

    /// Begins to load all pages of the list whose first one this answer is. The draft keeps that one until the first page is
    /// there anew.
    ///
    /// # Errors
    /// `invalid_input` when it is none; see above.
    pub async fn load_all_pages(self: &Arc<Self>, account: Account, answer: &str) -> Result<SentView> {
        let view = self.read(answer).await?;
        let id = answer.to_owned();
        let request = self.kept.ask(move |table| table.request_of(&id)).await?;
        let (Some(request), Some(_)) = (request, view.pages) else {
            return Err(Error::input("answer", "This is not a page of a list."));
        };
        let job = self.job(account, view.draft, request, None).await?;
        let view = job.live.view();
        tokio::spawn(self.clone().load_all(job));
        Ok(view)
    }

    async fn job(
        &self,
        account: Account,
        draft: Option<String>,
        request: ExplorerRequest,
        elsewhere: Option<&str>,
    ) -> Result<Job> {
        let ready = self.ready(&account, &request).await?;
        if ready.origin_elsewhere().is_some_and(|origin| elsewhere != Some(origin.as_str())) {
            let host = authority(&ready.prepared.url);
            let what = format!("{host} is not a server of this connection: its token is not for it.");
            return Err(Error { field: Some("url".to_owned()), ..Error::new(ErrorCode::OtherOrigin, what) });
        }
        let private = ready.is_private(&account);
        let writer = self.answers.begin(private)?;
        let (connection, at) = (account.connection.id.clone(), self.clock.now().to_string());
        let view = SentView::begun(writer.id(), connection, draft, at, self.shown(&ready));
        let live = Arc::new(Live::new(view, self.events.clone()));
        self.lock().insert(writer.id().to_owned(), live.clone());
        Ok(Job { account, request, ready, live, writer, private })
    }

    /// Its draft has this answer from now on, and no other.
    pub(super) async fn takes_place(&self, job: &Job) {
        let SentView { id, draft, .. } = job.live.view();
        let Some(draft) = draft.filter(|_| !job.private) else { return };
        let others = self.under_way(&draft).into_iter().filter(|other| *other != id);
        let others: Vec<_> = others.collect();
        // Where that cannot be written down, the draft keeps the answer that it had.
        if let Ok(before) = self.kept.ask(move |table| table.answered(&draft, &id)).await {
            for other in before.into_iter().chain(others) {
                // One that cannot be deleted now goes at the next start; this request is known to be under way already.
                let _ = self.let_go(Some(other)).await;
            }
        }
    }

    /// What was sent from a draft, of what is not kept yet.
    pub(super) fn under_way(&self, draft: &str) -> Vec<String> {
        let all = self.lock();
        let its = all.iter().filter(|(_, live)| live.view().draft.as_deref() == Some(draft));
        its.map(|(answer, _)| answer.clone()).collect()
    }

    /// It is over, and `last` says how it ended: told first, so that who sees that it is over finds it among the exchanges, and
    /// kept as long as its draft is. What is private is in no file, and known as long as this process lives.
    pub(super) async fn conclude(
        &self,
        live: &Live,
        request: &ExplorerRequest,
        private: bool,
        last: impl FnOnce(&mut SentView),
    ) {
        let mut view = live.view();
        last(&mut view);
        let answer = view.id.clone();
        let kept = if private { None } else { self.masked((view.clone(), request.clone())).ok() };
        if let Some((view, request)) = &kept {
            let beginning = self.answers.beginning(&answer, TOLD as u64);
            self.events.exchanged(exchanged(view, request, &beginning, live.took(), ExchangeSource::Explorer));
        }
        live.change(|it| *it = view);
        // Its draft may have been closed meanwhile.
        if let Some((view, request)) = kept.filter(|_| self.lock().contains_key(&answer)) {
            // A disk that is full: it is held as long as this process lives.
            if self.kept.ask(move |table| table.keep_sent(&view, &request)).await.is_ok() {
                self.lock().remove(&answer);
            }
        }
        self.events.signal(Signal::SentChanged(answer));
    }

    /// How a request that was sent stands.
    ///
    /// # Errors
    /// `invalid_input` when there is none of this id; see above.
    pub async fn read(&self, answer: &str) -> Result<SentView> {
        let under_way = self.lock().get(answer).map(|live| live.view());
        if let Some(view) = under_way {
            return Ok(view);
        }
        let id = answer.to_owned();
        let kept = self.kept.ask(move |table| table.sent(&id)).await?;
        kept.ok_or_else(|| Error::input("answer", "There is no such answer."))
    }

    /// Ends a request that is under way. What is there of its answer stays.
    ///
    /// # Errors
    /// As for [`Explorer::read`].
    pub async fn cancel(&self, answer: &str) -> Result<SentView> {
        let live = self.lock().get(answer).cloned();
        if let Some(live) = &live {
            live.cancel();
            live.over().await;
        }
        self.read(answer).await
    }

    /// Forgets all of a connection: it is removed.
    ///
    /// # Errors
    /// See above.
    pub async fn forget(&self, connection: &str) -> Result<()> {
        let id = connection.to_owned();
        let answers = self.kept.ask(move |table| table.forget(&id)).await?;
        let under_way: Vec<_> =
            self.lock().values().filter(|live| live.view().connection == connection).cloned().collect();
        for live in under_way {
            live.cancel();
            live.over().await;
            self.let_go(Some(live.view().id)).await?;
        }
        for answer in answers {
            self.let_go(Some(answer)).await?;
        }
        Ok(())
    }

    /// Deletes an answer that its draft has no more.
    pub(super) async fn let_go(&self, answer: Option<String>) -> Result<()> {
        let Some(answer) = answer else { return Ok(()) };
        let live = self.lock().remove(&answer);
        if let Some(live) = live {
            live.cancel();
        }
        let id = answer.clone();
        self.kept.ask(move |table| table.forget_sent(&id)).await?;
        self.answers.delete(&answer)
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Arc<Live>>> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
