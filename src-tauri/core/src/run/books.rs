//! What the thread has that reads and writes runs.

use std::collections::VecDeque;
use std::path::PathBuf;

use super::reading::Record;
use super::step::Told;
use super::table::Table;
use super::view::RunRow;
use crate::action::Outcome;
use crate::error::Result;
use crate::exchange::Refusal;
use crate::sqlite::Clerk;

/// Where a run is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In the file.
    File,
    /// In memory: a look at one thing, which changes nothing.
    Memory,
}

/// How many outcomes are held.
const HELD: usize = 60;

/// What came of a request and is in no file: the answer where it was the only one, which nobody needs tomorrow and which may
/// hold a secret, or where the action says that it does; and why a server refused.
struct Held {
    run: String,
    number: u32,
    body: Option<String>,
    /// Whether the body is for no file, not even one that the person asks for.
    private: bool,
    refusal: Option<Box<Refusal>>,
}

/// What the thread holds.
pub struct Shelf {
    path: PathBuf,
    file: Option<Table>,
    memory: Table,
    held: VecDeque<Held>,
}

impl Shelf {
    /// The runs of a place.
    ///
    /// # Errors
    /// When the file cannot be opened.
    pub fn table(&mut self, place: Place) -> rusqlite::Result<&mut Table> {
        match place {
            Place::Memory => Ok(&mut self.memory),
            Place::File => {
                if self.file.is_none() {
                    self.file = Some(Table::open(&self.path)?);
                }
                self.file.as_mut().ok_or(rusqlite::Error::InvalidQuery)
            }
        }
    }

    /// The run with this id, and where it is.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn find(&mut self, id: &str) -> rusqlite::Result<Option<(Place, Record)>> {
        if let Some(record) = self.memory.run(id)? {
            return Ok(Some((Place::Memory, record)));
        }
        Ok(self.table(Place::File)?.run(id)?.map(|record| (Place::File, record)))
    }

    /// Holds what is in no file of what came of a request: also the answer, where that is not.
    pub fn hold(&mut self, run: &str, told: &Told, answer: bool, private: bool) {
        let Outcome { body, refusal, .. } = &told.outcome;
        if answer || refusal.is_some() {
            let (run, body) = (run.to_owned(), body.clone().filter(|_| answer));
            self.held.push_back(Held { run, number: told.number, body, private, refusal: refusal.clone() });
        }
        if self.held.len() > HELD {
            self.held.pop_front();
        }
    }

    /// A row with what is held of it.
    pub fn whole(&self, run: &str, row: RunRow) -> RunRow {
        match self.held.iter().rev().find(|held| held.run == run && held.number == row.number) {
            Some(Held { body, refusal, .. }) => {
                RunRow { body: row.body.or_else(|| body.clone()), refusal: refusal.clone(), ..row }
            }
            None => row,
        }
    }

    /// The same for a file: without what is private.
    pub fn whole_for_a_file(&self, run: &str, row: RunRow) -> RunRow {
        let kept = row.body.clone();
        let is_private = |held: &Held| held.private && held.run == run && held.number == row.number;
        let private = self.held.iter().any(is_private);
        let whole = self.whole(run, row);
        if private { RunRow { body: kept, ..whole } } else { whole }
    }

    /// Deletes a run.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn remove(&mut self, place: Place, run: &str) -> rusqlite::Result<()> {
        self.held.retain(|held| held.run != run);
        self.table(place)?.remove(Some(run), None)
    }
}

/// Asks the thread.
pub struct Books {
    path: PathBuf,
    clerk: Clerk<Shelf>,
}

impl Books {
    /// Nothing is opened yet.
    pub fn new(path: PathBuf) -> Self {
        let file = path.clone();
        let open = move || {
            let memory = Table::in_memory()?;
            Ok(Shelf { path: file.clone(), file: None, memory, held: VecDeque::new() })
        };
        Self { path, clerk: Clerk::new("runs", open) }
    }

    /// Whether there may be runs in the file.
    pub fn exist(&self) -> bool {
        self.path.exists()
    }

    /// Does this with the runs.
    ///
    /// # Errors
    /// `not_saved` when the file cannot be read or written.
    pub async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Shelf) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T> {
        self.clerk.ask(work).await
    }
}
