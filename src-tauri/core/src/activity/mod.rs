//! What happened, kept on disk and searchable. Everything that comes in was redacted where it was known; here the live
//! secrets are masked once more. One thread reads and writes, so that what was said first is read first.

mod entry;
mod table;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::event::{Events, Happening, Signal};
use crate::redact::Redactor;

pub use entry::{ActivityEntry, ActivityQuery};
pub use table::Counts;
use table::Table;

/// The most that is written at once.
const TOGETHER: usize = 8192;
/// As long as more comes in, whoever tells it has the processor first: looked at so often, and at most so long.
const MOMENT: Duration = Duration::from_millis(1);
const AT_MOST: Duration = Duration::from_millis(25);

/// What the thread is asked for.
enum Job {
    /// Keep this.
    Keep(Box<Happening>),
    /// Read these.
    Read(ActivityQuery, oneshot::Sender<Result<Vec<ActivityEntry>>>),
    /// Count the requests of the last hour.
    Count(oneshot::Sender<Result<Counts>>),
    /// Delete all, or those of a connection.
    Clear(Option<String>, oneshot::Sender<Result<()>>),
    /// Say when all before this is done.
    Settle(oneshot::Sender<Result<()>>),
}

/// The activity of this installation.
pub struct Activity {
    jobs: mpsc::Sender<Job>,
    saved: Arc<AtomicBool>,
}

impl Activity {
    /// Opens the file, or keeps the activity in memory where it cannot be opened. Also gives the [`Events`] that feed it.
    ///
    /// # Errors
    /// `internal` when not even memory will do.
    pub fn open(file: &Path, clock: Arc<dyn Clock>, redactor: Arc<Redactor>) -> Result<(Self, Events)> {
        let (table, on_disk) = match Table::open(file) {
            Ok(table) => (table, true),
            Err(error) => {
                tracing::warn!(%error, "the activity is kept in memory only");
                (Table::in_memory().map_err(|error| Error::internal("open the activity", error))?, false)
            }
        };
        let (jobs, received) = mpsc::channel();
        let keeper = jobs.clone();
        // A failed send means that the app is closing.
        let events = Events::new(move |happening| drop(keeper.send(Job::Keep(Box::new(happening)))));
        let saved = Arc::new(AtomicBool::new(on_disk));
        // Not what feeds it: it would wait for itself to end.
        let clerk = Clerk { table, clock, redactor, events: events.of_signals_only(), saved: saved.clone() };
        std::thread::Builder::new()
            .name("activity".to_owned())
            .spawn(move || clerk.serve(&received))
            .map_err(|error| Error::internal("start the activity", error))?;
        Ok((Self { jobs, saved }, events))
    }

    /// Whether the activity is on disk.
    pub fn is_saved(&self) -> bool {
        self.saved.load(Ordering::Relaxed)
    }

    /// Entries, the newest first.
    ///
    /// # Errors
    /// `internal` when the file cannot be read.
    pub async fn read(&self, query: ActivityQuery) -> Result<Vec<ActivityEntry>> {
        self.ask(|reply| Job::Read(query, reply)).await
    }

    /// How many requests there were in the last hour.
    ///
    /// # Errors
    /// `internal` when the file cannot be read.
    pub async fn counts(&self) -> Result<Counts> {
        self.ask(Job::Count).await
    }

    /// Deletes all entries, or those of a connection.
    ///
    /// # Errors
    /// `internal` when the file cannot be written.
    pub async fn clear(&self, connection: Option<String>) -> Result<()> {
        self.ask(|reply| Job::Clear(connection, reply)).await
    }

    /// Returns when what was told so far is written.
    pub async fn settled(&self) {
        // One that has stopped writes nothing any more.
        let _ = self.ask(Job::Settle).await;
    }

    async fn ask<T>(&self, job: impl FnOnce(oneshot::Sender<Result<T>>) -> Job) -> Result<T> {
        let gone = |_| Error::internal("ask the activity", "it has stopped");
        let (reply, answer) = oneshot::channel();
        self.jobs.send(job(reply)).map_err(|_| Error::internal("ask the activity", "it has stopped"))?;
        answer.await.map_err(gone)?
    }
}

/// The thread's own.
struct Clerk {
    table: Table,
    clock: Arc<dyn Clock>,
    redactor: Arc<Redactor>,
    events: Events,
    saved: Arc<AtomicBool>,
}

impl Clerk {
    fn serve(&self, jobs: &mpsc::Receiver<Job>) {
        let mut next = None;
        while let Some(job) = next.take().or_else(|| jobs.recv().ok()) {
            // Whoever asked may be gone: then nobody reads the answer.
            match job {
                Job::Keep(happening) => next = self.keep_all(happening, jobs),
                Job::Read(query, reply) => answer(reply, "read the activity", self.table.read(&query)),
                Job::Count(reply) => {
                    let hour_ago = crate::clock::after(self.clock.now(), -3600);
                    answer(reply, "count the activity", self.table.counts(hour_ago));
                }
                Job::Clear(connection, reply) => {
                    answer(reply, "clear the activity", self.table.clear(connection.as_deref()));
                    self.events.signal(Signal::ActivityAdded(connection));
                }
                Job::Settle(reply) => answer(reply, "settle the activity", Ok(())),
            }
        }
    }

    /// Keeps what happened, with all that waits behind it, in one go: a run tells thousands of things a second. Gives the
    /// first job that is another.
    fn keep_all(&self, first: Box<Happening>, jobs: &mpsc::Receiver<Job>) -> Option<Job> {
        let (mut all, mut next) = (vec![first], None);
        let begun = Instant::now();
        loop {
            let before = all.len();
            while next.is_none() && all.len() < TOGETHER {
                match jobs.try_recv() {
                    Ok(Job::Keep(happening)) => all.push(happening),
                    Ok(other) => next = Some(other),
                    Err(_) => break,
                }
            }
            if next.is_some() || all.len() == before || all.len() >= TOGETHER || begun.elapsed() >= AT_MOST {
                break;
            }
            std::thread::sleep(MOMENT);
        }
        let outcome = self.table.together(|_| all.iter().try_for_each(|happening| self.keep(happening)));
        self.look_whether_saved(outcome);
        let connections: BTreeSet<_> = all.into_iter().map(|happening| happening.connection).collect();
        connections.into_iter().for_each(|connection| self.events.signal(Signal::ActivityAdded(connection)));
        next
    }

    fn keep(&self, happening: &Happening) -> rusqlite::Result<()> {
        let event = serde_json::to_string(&happening.event).unwrap_or_default();
        self.table.add(self.clock.now(), happening, &self.redactor.mask(&event))
    }

    fn look_whether_saved(&self, outcome: rusqlite::Result<()>) {
        let saved = outcome.is_ok() && self.table.on_disk();
        if let Err(error) = outcome {
            tracing::warn!(%error, "an activity was not saved");
        }
        if self.saved.swap(saved, Ordering::Relaxed) != saved {
            self.events.signal(Signal::StatusChanged);
        }
    }
}

fn answer<T>(reply: oneshot::Sender<Result<T>>, doing: &str, outcome: rusqlite::Result<T>) {
    let _ = reply.send(outcome.map_err(|error| Error::internal(doing, error)));
}
