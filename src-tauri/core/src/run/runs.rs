//! All runs: begins them, and goes on with them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::broadcast;

use super::books::{Books, Place, Shelf};
use super::counts::RunCounts;
use super::holder::Holder;
use super::left::Left;
use super::live::Live;
use super::runner::Runner;
use super::table::Head;
use super::view::{RunEvent, RunOptions, RunState, RunView, TargetState};
use crate::account::Account;
use crate::action::{ActionRequest, Desk, Form, Order, Target};
use crate::clock::Clock;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{Events, ExchangeSource, Signal};
use crate::pace::{Even, Pace, Paces};

/// Requests under way at once: usually, and at most.
const AT_ONCE: u32 = 8;
const MOST_AT_ONCE: u32 = 64;
/// The most targets of a run.
const MOST_TARGETS: usize = 100_000;

type Lives = Arc<Mutex<HashMap<String, Arc<Live>>>>;

/// A run that goes on, and what moves in it.
pub struct Started {
    /// As it stands.
    pub run: RunView,
    /// What moves; closed when it is over.
    pub events: broadcast::Receiver<RunEvent>,
}

/// All runs.
pub struct Runs {
    desk: Arc<Desk>,
    pub(super) books: Arc<Books>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) events: Events,
    pub(super) locks: PathBuf,
    holder: Mutex<Option<Arc<Holder>>>,
    lives: Lives,
    paces: Arc<Paces>,
}

impl Runs {
    /// Nothing is opened yet. `file` is that of the runs, `locks` a folder.
    pub fn new(
        desk: Arc<Desk>,
        paces: Arc<Paces>,
        clock: Arc<dyn Clock>,
        events: Events,
        file: PathBuf,
        locks: PathBuf,
    ) -> Self {
        let (books, holder) = (Arc::new(Books::new(file)), Mutex::default());
        Self { desk, books, clock, events, locks, holder, lives: Lives::default(), paces }
    }

    /// Begins a run. `ask_above` is how many targets need a word of the person.
    ///
    /// # Errors
    /// `invalid_input` that names the field which is not filled well, `confirm_needed`, or `not_saved` when it cannot be
    /// kept. What fails later is in the run.
    pub async fn start(
        &self,
        account: Account,
        request: ActionRequest,
        options: &RunOptions,
        ask_above: u32,
    ) -> Result<Started> {
        let id = uuid::Uuid::new_v4().to_string();
        let (mut order, form, mut targets) = Order::of(account.in_run(&id), request)?;
        order.is_no_transfer()?;
        if targets.len() > MOST_TARGETS {
            return Err(Error::input("targets", format!("At most {MOST_TARGETS} at a time.")));
        }
        let several = targets.len() > 1;
        // A single one is an exchange like others, but for what no file may hold.
        order.account.owner.told_as = (!several && !order.action.private).then_some(ExchangeSource::Action);
        if several && targets.len() > ask_above as usize && !options.confirmed {
            let what = format!("“{}” would be sent to {} targets.", order.action.label, targets.len());
            return Err(Error::new(ErrorCode::ConfirmNeeded, what));
        }
        self.desk.name(&order, &mut targets);
        let head = self.head(id, &order, form, options, None);
        let view = view_of(&head, u32::try_from(targets.len()).unwrap_or(u32::MAX));
        let in_file = order.action.changes || (several && !order.action.private);
        let (place, run) = self.begin(head, targets, in_file).await?;
        Ok(self.launch(order, place, run, view))
    }

    /// Keeps a run before anything is sent: in the file, but a look in memory only. On a disk that takes nothing a single
    /// request is carried out all the same: there is no other that it could be mistaken for.
    async fn begin(&self, head: Head, targets: Vec<Target>, in_file: bool) -> Result<(Place, i64)> {
        let several = targets.len() > 1;
        let holder = if in_file { self.holder_for(Place::File) } else { Ok(None) };
        let holder = match holder {
            Err(error) if several => return Err(error),
            holder => holder.unwrap_or_default(),
        };
        let begin = move |shelf: &mut Shelf| {
            if let Some(holder) = &holder {
                match shelf.table(Place::File).and_then(|table| table.begin(&head, Some(&holder.name), &targets)) {
                    Err(error) if several => return Err(error),
                    Err(error) => tracing::warn!(%error, "a run is kept in memory only"),
                    Ok(run) => return Ok((Place::File, run)),
                }
            }
            Ok((Place::Memory, shelf.table(Place::Memory)?.begin(&head, None, &targets)?))
        };
        self.books.ask(begin).await
    }

    /// Goes on with a paused or interrupted run. What is unknown stays so.
    ///
    /// # Errors
    /// `invalid_input` when it is over, another Keydesk carries it out, or its form can no more be filled.
    pub async fn resume(&self, account: Account, id: &str) -> Result<Started> {
        if let Some(live) = self.live(id) {
            if live.now().state == RunState::Paused {
                self.pace_of(&account).go_on();
                live.ask(RunState::Running);
            }
            return Ok(Started { run: live.view(), events: live.events() });
        }
        let (_, record) = self.find(id).await?;
        let order = Order::again(account.in_run(id), &record.view.action, &record.form)?;
        let holder = self.holder_for(Place::File)?;
        let taken = id.to_owned();
        let take_up = move |shelf: &mut Shelf| {
            let holder = holder.as_ref().map(|holder| holder.name.as_str());
            shelf.table(Place::File)?.take_up(&taken, holder)
        };
        if !self.books.ask(take_up).await? {
            return Err(Error::input("run", not_to_be_resumed(record.view.state)));
        }
        self.pace_of(&order.account).go_on();
        Ok(self.launch(order, Place::File, record.run, RunView { ended_at: None, ..record.view }))
    }

    /// Begins another run over those targets of one that are in these states and were not tried again before.
    ///
    /// # Errors
    /// `invalid_input` when it is still under way, there is nothing to try again, or its form can no more be filled.
    pub async fn retry(&self, account: Account, id: &str, which: Vec<TargetState>) -> Result<Started> {
        let (place, record) = self.find(id).await?;
        let under_way = self.live(id).is_some() || record.view.state == RunState::Running;
        if place == Place::Memory || under_way {
            return Err(Error::input("run", "A run is tried again when it is over."));
        }
        if which.is_empty() || which.contains(&TargetState::Accepted) || which.contains(&TargetState::Sending) {
            return Err(Error::input("which", "Those that failed, are unknown or wait can be tried again."));
        }
        let new = uuid::Uuid::new_v4().to_string();
        let order = Order::again(account.in_run(&new), &record.view.action, &record.form)?;
        let options =
            RunOptions { at_once: Some(record.view.at_once), per_second: record.view.per_second, confirmed: true };
        let head = self.head(new, &order, record.form, &options, Some(id.to_owned()));
        let Some(holder) = self.holder_for(Place::File)? else { return Err(no_lock("none")) };
        let kept = head.clone();
        let begin =
            move |shelf: &mut Shelf| shelf.table(Place::File)?.begin_again(&kept, &holder.name, record.run, &which);
        let Some((run, total)) = self.books.ask(begin).await? else {
            return Err(Error::input("which", "There is nothing of that kind that was not tried again already."));
        };
        self.events.signal(Signal::RunChanged(id.to_owned()));
        Ok(self.launch(order, Place::File, run, view_of(&head, total)))
    }

    fn head(&self, id: String, order: &Order, form: Form, options: &RunOptions, retry_of: Option<String>) -> Head {
        let limit = order.account.provider.api.per_second;
        Head {
            id,
            connection: order.account.connection.id.clone(),
            action: order.action.id.clone(),
            label: order.action.label.clone(),
            form,
            at_once: options.at_once.unwrap_or(AT_ONCE).clamp(1, MOST_AT_ONCE),
            per_second: [options.per_second.filter(|own| *own > 0), limit].into_iter().flatten().min(),
            began_at: self.clock.now(),
            retry_of,
        }
    }

    /// Carries it out from now on.
    fn launch(&self, order: Order, place: Place, run: i64, view: RunView) -> Started {
        let pace = self.pace_of(&order.account);
        let at_once = view.at_once as usize;
        let limit = order.account.provider.api.per_second;
        let own_pace = view.per_second.filter(|own| Some(*own) != limit).map(Even::new);
        let several = view.counts.total > 1;
        let live = Arc::new(Live::new(place, run, view));
        self.lives().insert(live.id().to_owned(), live.clone());
        let started = Started { run: live.view(), events: live.events() };
        let runner = Runner {
            desk: self.desk.clone(),
            order: Arc::new(order),
            books: self.books.clone(),
            live: live.clone(),
            pace,
            own_pace,
            clock: self.clock.clone(),
            events: self.events.clone(),
            at_once,
            several,
            left: Left::default(),
        };
        self.events.signal(Signal::RunChanged(live.id().to_owned()));
        tokio::spawn(attended(runner, self.lives.clone()));
        started
    }

    fn pace_of(&self, account: &Account) -> Arc<Pace> {
        self.paces.of(&account.connection.id, account.provider.api.per_second)
    }

    pub(super) fn live(&self, id: &str) -> Option<Arc<Live>> {
        self.lives().get(id).cloned()
    }

    pub(super) fn lives(&self) -> MutexGuard<'_, HashMap<String, Arc<Live>>> {
        self.lives.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn holder(&self) -> MutexGuard<'_, Option<Arc<Holder>>> {
        self.holder.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who holds the runs of this process that are in the file.
    fn holder_for(&self, place: Place) -> Result<Option<Arc<Holder>>> {
        if place == Place::Memory {
            return Ok(None);
        }
        let mut holder = self.holder();
        if holder.is_none() {
            *holder = Some(Arc::new(Holder::new(&self.locks).map_err(no_lock)?));
        }
        Ok(holder.clone())
    }
}

/// Carries a run out, and leaves it to the file when it is over.
async fn attended(runner: Runner, lives: Lives) {
    let (live, books, events) = (runner.live.clone(), runner.books.clone(), runner.events.clone());
    let (place, run) = (live.place, live.run);
    if tokio::spawn(runner.run()).await.is_err() {
        // A fault of ours: what is not written is as lost as if this process had ended.
        let _ = books.ask(move |shelf| shelf.table(place)?.interrupt(run)).await;
    }
    lives.lock().unwrap_or_else(PoisonError::into_inner).remove(live.id());
    if live.is_forgotten() {
        let id = live.id().to_owned();
        let _ = books.ask(move |shelf| shelf.remove(place, &id)).await;
    }
    events.signal(Signal::RunChanged(live.id().to_owned()));
}

fn no_lock(cause: impl std::fmt::Display) -> Error {
    Error::internal("lock the runs", cause)
}

fn not_to_be_resumed(state: RunState) -> &'static str {
    match state {
        RunState::Running => "Another Keydesk carries this run out: ask there.",
        RunState::Paused | RunState::Interrupted => "Another Keydesk goes on with it.",
        RunState::Stopped | RunState::Done => "It is over: what is left of it can be tried again.",
    }
}

/// A run as it begins.
fn view_of(head: &Head, total: u32) -> RunView {
    RunView {
        id: head.id.clone(),
        connection: head.connection.clone(),
        action: head.action.clone(),
        action_label: head.label.clone(),
        state: RunState::Running,
        counts: RunCounts::of(total),
        began_at: head.began_at.to_string(),
        ended_at: None,
        at_once: head.at_once,
        per_second: head.per_second,
        rate: 0.0,
        seconds_left: None,
        waits_until: None,
        retry_of: head.retry_of.clone(),
        note: None,
    }
}
