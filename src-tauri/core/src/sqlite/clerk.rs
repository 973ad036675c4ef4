//! The thread that reads and writes a file, so that what was said first is read first, and nobody waits for a disk on a thread
//! that has requests to send. It is started, and the file opened, when it is needed first: most commands need none.

use std::sync::{Mutex, PoisonError, mpsc};

use tokio::sync::oneshot;

use crate::error::{Error, ErrorCode, Result};

type Job<T> = Box<dyn FnOnce(&mut T) + Send>;

/// Asks the thread, which has a `T`.
pub struct Clerk<T> {
    /// What it has, in a word.
    name: &'static str,
    open: Box<dyn Fn() -> rusqlite::Result<T> + Send + Sync>,
    jobs: Mutex<Option<mpsc::Sender<Job<T>>>>,
}

impl<T: Send + 'static> Clerk<T> {
    /// Nothing is opened yet.
    pub fn new(name: &'static str, open: impl Fn() -> rusqlite::Result<T> + Send + Sync + 'static) -> Self {
        Self { name, open: Box::new(open), jobs: Mutex::default() }
    }

    /// Does this with what it has.
    ///
    /// # Errors
    /// `not_saved` when the file cannot be read or written.
    pub async fn ask<R: Send + 'static>(
        &self,
        work: impl FnOnce(&mut T) -> rusqlite::Result<R> + Send + 'static,
    ) -> Result<R> {
        let (reply, answer) = oneshot::channel();
        // Whoever asked may be gone: then nobody reads the answer.
        let job: Job<T> = Box::new(move |file| drop(reply.send(work(file))));
        self.jobs()?.send(job).map_err(|_| self.stopped())?;
        answer.await.map_err(|_| self.stopped())?.map_err(|error| self.failed(&error))
    }

    fn jobs(&self) -> Result<mpsc::Sender<Job<T>>> {
        let mut jobs = self.jobs.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(jobs) = &*jobs {
            return Ok(jobs.clone());
        }
        let mut file = (self.open)().map_err(|error| self.failed(&error))?;
        let (sender, received) = mpsc::channel::<Job<T>>();
        std::thread::Builder::new()
            .name(self.name.to_owned())
            .spawn(move || received.iter().for_each(|job| job(&mut file)))
            .map_err(|error| Error::internal("start a thread", error))?;
        *jobs = Some(sender.clone());
        Ok(sender)
    }

    fn failed(&self, error: &rusqlite::Error) -> Error {
        Error::new(ErrorCode::NotSaved, format!("The {} cannot be read or written: {error}.", self.name))
    }

    fn stopped(&self) -> Error {
        Error::internal("ask for a file", format!("the thread of the {} has stopped", self.name))
    }
}
