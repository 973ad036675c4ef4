//! Every exchange with a server that a person caused: what was sent, what came back, kept on the disk, searched by its words,
//! compared, and exported. Secrets were masked where they were known; here the live ones are masked once more. What a run
//! sent stands in the run.

mod compare;
mod exchange;
mod har;
mod keep;
mod table;
mod words;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tokio::sync::mpsc;

use crate::error::{Error, Result};
use crate::event::{Events, Exchanged};
use crate::redact::Redactor;
use crate::sqlite::Clerk;

pub use compare::{ComparedLine, Side};
pub use exchange::{ExchangeDetails, ExchangeQuery, ExchangeRow, ExchangeStatus};
pub use table::Retention;
use table::Table;

/// The exchanges of this installation.
pub struct History {
    clerk: Arc<Clerk<Table>>,
    redactor: Arc<Redactor>,
    events: Events,
    retention: Mutex<Retention>,
    /// What is to be kept, once something is.
    jobs: OnceLock<mpsc::UnboundedSender<keep::Job>>,
}

impl History {
    /// Nothing is opened before something is kept or read.
    /// `events`: where it is told that something was kept.
    pub fn new(file: PathBuf, redactor: Arc<Redactor>, events: Events, retention: Retention) -> Self {
        let clerk = Arc::new(Clerk::new("history", move || Table::open(&file)));
        Self { clerk, redactor, events, retention: Mutex::new(retention), jobs: OnceLock::new() }
    }

    /// Keeps an exchange, some time soon: nobody waits for it.
    pub fn keep(&self, exchange: Exchanged) {
        let retention = *self.retention.lock().unwrap_or_else(PoisonError::into_inner);
        let jobs = self.jobs();
        let at_work = self.redactor.at_work(&exchange.connection);
        // A failed send means that the app is closing.
        let _ = jobs.send(keep::Job::Keep(Box::new(exchange), retention, at_work));
    }

    /// From now on so long and so much is kept.
    pub fn retain(&self, retention: Retention) {
        *self.retention.lock().unwrap_or_else(PoisonError::into_inner) = retention;
        // Also where nothing more is sent.
        let _ = self.jobs().send(keep::Job::Retain(retention));
    }

    fn jobs(&self) -> &mpsc::UnboundedSender<keep::Job> {
        self.jobs.get_or_init(|| keep::start(self.clerk.clone(), self.redactor.clone(), self.events.clone()))
    }

    /// Returns when what was told so far is kept.
    pub async fn settled(&self) {
        let Some(jobs) = self.jobs.get() else { return };
        let (reply, settled) = tokio::sync::oneshot::channel();
        if jobs.send(keep::Job::Settle(reply)).is_ok() {
            let _ = settled.await;
        }
    }

    /// Exchanges, the newest first.
    ///
    /// # Errors
    /// `not_saved` when the file cannot be read.
    pub async fn list(&self, query: ExchangeQuery) -> Result<Vec<ExchangeRow>> {
        self.clerk.ask(move |table| table.list(&query)).await
    }

    /// One of them, whole.
    ///
    /// # Errors
    /// `invalid_input` when it is gone, `not_saved` when the file cannot be read.
    pub async fn read(&self, id: i64) -> Result<ExchangeDetails> {
        let gone = || Error::input("exchange", "This exchange is not kept any more.");
        self.clerk.ask(move |table| table.read(id)).await?.ok_or_else(gone)
    }

    /// Deletes all, or those of a connection.
    ///
    /// # Errors
    /// `not_saved` when the file cannot be written.
    pub async fn clear(&self, connection: Option<String>) -> Result<()> {
        self.clerk.ask(move |table| table.clear(connection.as_deref())).await
    }

    /// Two exchanges side by side, line by line.
    ///
    /// # Errors
    /// As for [`History::read`].
    pub async fn compare(&self, one: i64, other: i64) -> Result<Vec<ComparedLine>> {
        let (one, other) = (self.read(one).await?, self.read(other).await?);
        let compared = tokio::task::spawn_blocking(move || compare::lines(&one, &other)).await;
        compared.map_err(|fault| Error::of_task("compare exchanges", &fault))
    }
}
