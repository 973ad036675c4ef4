//! The programs that may ask, and what each was granted, in a file that holds nothing secret. The window and the command
//! line change it behind a lock, and see what the other changed.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::{Clock, after, seconds_between};
use crate::error::{Error, Result};
use crate::event::GrantFor;
use crate::paths::{read_json, write_json};
use crate::shared_file::{SharedFile, Stamp};

/// A program.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Program {
    /// Made of its name, and safe as the name of a file.
    pub id: String,
    pub name: String,
    pub added_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub grants: Vec<Grant>,
}

/// That it may have the access token of a connection.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Grant {
    pub connection: String,
    pub granted_at: Timestamp,
    pub ends_at: Timestamp,
}

/// How far a clock may have been set back before what it granted counts as not yet begun.
const SET_BACK: i64 = 300;

impl Grant {
    /// Whether it counts now, by the wall clock. Set back, that makes no grant longer.
    pub fn counts(&self, now: Timestamp) -> bool {
        now < self.ends_at && after(self.granted_at, -SET_BACK) <= now
    }
}

impl GrantFor {
    /// For how many seconds; none for the one request that waits.
    fn seconds(self) -> Option<i64> {
        match self {
            Self::Once => None,
            Self::Hour => Some(3600),
            Self::Day => Some(86_400),
            Self::Month => Some(30 * 86_400),
        }
    }
}

/// The longest name, in characters.
const LONGEST: usize = 60;
/// How often it is written down that a program was given a token, in seconds.
const USED: i64 = 60;

/// All of them.
pub(super) struct Programs {
    file: SharedFile,
    clock: Arc<dyn Clock>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    /// What the file was when it was read.
    stamp: Option<Stamp>,
    all: Vec<Program>,
}

#[derive(Default, Serialize, Deserialize)]
struct Document {
    version: u32,
    programs: Vec<Program>,
}

const VERSION: u32 = 1;

impl Programs {
    /// Nothing is read yet.
    pub fn new(file: PathBuf, lock: PathBuf, clock: Arc<dyn Clock>) -> Self {
        Self { file: SharedFile::new(file, lock), clock, held: Mutex::default() }
    }

    /// All of them, as they are now. What cannot be read counts as none: nothing is handed out.
    pub fn all(&self) -> Vec<Program> {
        let mut held = self.held();
        if let Err(error) = self.read(&mut held) {
            tracing::warn!(%error, "the programs cannot be read");
            *held = Held::default();
        }
        held.all.clone()
    }

    /// The one with this id.
    ///
    /// # Errors
    /// `invalid_input` where there is none.
    pub fn get(&self, id: &str) -> Result<Program> {
        self.all().into_iter().find(|program| program.id == id).ok_or_else(|| unknown(id))
    }

    /// Whether a program may have the access token of a connection now.
    pub fn allows(&self, id: &str, connection: &str) -> bool {
        let now = self.clock.now();
        let counts = |grant: &Grant| grant.connection == connection && grant.counts(now);
        self.get(id).is_ok_and(|program| program.grants.iter().any(counts))
    }

    /// Adds one.
    ///
    /// # Errors
    /// `invalid_input` of `name`, or `internal` when the file cannot be written.
    pub fn add(&self, name: &str) -> Result<Program> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > LONGEST || name.chars().any(char::is_control) {
            return Err(Error::input("name", format!("A program needs a name of at most {LONGEST} characters.")));
        }
        let added_at = self.clock.now();
        self.change(|all| {
            // What a person is asked for must be told apart by the name alone.
            if all.iter().any(|other| other.name.to_lowercase() == name.to_lowercase()) {
                return Err(Error::input("name", format!("There is a program “{name}” already.")));
            }
            let id = free_id(name, all);
            let program = Program { id, name: name.to_owned(), added_at, last_used_at: None, grants: Vec::new() };
            all.push(program.clone());
            Ok(program)
        })
    }

    /// Removes one, and returns it as it was.
    ///
    /// # Errors
    /// `invalid_input` where there is none, or `internal` when the file cannot be written.
    pub fn remove(&self, id: &str) -> Result<Program> {
        self.change(|all| {
            let at = all.iter().position(|program| program.id == id).ok_or_else(|| unknown(id))?;
            Ok(all.remove(at))
        })
    }

    /// Grants a connection to one for some time, in place of what it had of it. For once, nothing is kept.
    ///
    /// # Errors
    /// `invalid_input` where there is none, or `internal` when the file cannot be written.
    pub fn grant(&self, id: &str, connection: &str, grant_for: GrantFor) -> Result<()> {
        let Some(seconds) = grant_for.seconds() else { return Ok(()) };
        let granted_at = self.clock.now();
        let grant = Grant { connection: connection.to_owned(), granted_at, ends_at: after(granted_at, seconds) };
        self.edit(id, |program| {
            program.grants.retain(|other| other.connection != connection && other.counts(granted_at));
            program.grants.push(grant);
        })
    }

    /// Takes a grant back, and says whether there was one.
    ///
    /// # Errors
    /// As for [`Programs::grant`].
    pub fn revoke(&self, id: &str, connection: &str) -> Result<bool> {
        self.edit(id, |program| {
            let before = program.grants.len();
            program.grants.retain(|grant| grant.connection != connection);
            program.grants.len() < before
        })
    }

    /// Takes all grants of a connection back.
    ///
    /// # Errors
    /// `internal` when the file cannot be written.
    pub fn revoke_all(&self, connection: &str) -> Result<()> {
        let granted = |program: &Program| program.grants.iter().any(|grant| grant.connection == connection);
        if !self.all().iter().any(granted) {
            return Ok(());
        }
        self.change(|all| {
            all.iter_mut().for_each(|program| program.grants.retain(|grant| grant.connection != connection));
            Ok(())
        })
    }

    /// Notes that one was given a token. Not kept, nothing is lost but the time.
    pub fn used(&self, id: &str) {
        let now = self.clock.now();
        let last = self.get(id).ok().and_then(|program| program.last_used_at);
        if last.is_some_and(|last| (0..USED).contains(&seconds_between(last, now))) {
            return;
        }
        if let Err(error) = self.edit(id, |program| program.last_used_at = Some(now)) {
            tracing::warn!(%error, "when a program was given a token is not kept");
        }
    }

    fn edit<T>(&self, id: &str, edit: impl FnOnce(&mut Program) -> T) -> Result<T> {
        self.change(|all| all.iter_mut().find(|program| program.id == id).map(edit).ok_or_else(|| unknown(id)))
    }

    /// Reads again, changes and writes, behind a lock that other processes respect.
    fn change<T>(&self, change: impl FnOnce(&mut Vec<Program>) -> Result<T>) -> Result<T> {
        let mut held = self.held();
        let _lock = self.file.lock().map_err(|error| Error::internal("lock the programs", error))?;
        self.read(&mut held).map_err(|error| Error::internal("read the programs", error))?;
        let mut document = Document { version: VERSION, programs: held.all.clone() };
        let outcome = change(&mut document.programs)?;
        write_json(self.file.path(), &document).map_err(|error| Error::internal("save the programs", error))?;
        *held = Held { stamp: self.file.stamp(), all: document.programs };
        Ok(outcome)
    }

    fn read(&self, held: &mut Held) -> std::io::Result<()> {
        let stamp = self.file.stamp();
        if stamp.is_none() || stamp != held.stamp {
            let document: Option<Document> = read_json(self.file.path())?;
            *held = Held { stamp, all: document.unwrap_or_default().programs };
        }
        Ok(())
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The name as a word that is safe as the name of a file, numbered from the second on.
fn free_id(name: &str, others: &[Program]) -> String {
    let letters = name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { ' ' });
    let word = letters.collect::<String>().split_whitespace().collect::<Vec<_>>().join("-");
    let word = if word.is_empty() { "program".to_owned() } else { word };
    let numbered = (2..).map(|number| format!("{word}-{number}"));
    let mut ids = std::iter::once(word.clone()).chain(numbered);
    let taken = |id: &String| others.iter().any(|other| &other.id == id);
    ids.find(|id| !taken(id)).unwrap_or(word)
}

fn unknown(id: &str) -> Error {
    Error::input("program", format!("There is no program “{id}”."))
}
