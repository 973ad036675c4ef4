//! The programs that may ask, and what each was granted, in a file that holds nothing secret. The window and the command
//! line change it behind a lock, and see what the other changed.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::clock::{Clock, after, seconds_between};
use crate::error::{Error, Result};
use crate::event::GrantFor;
use crate::kept_list::{KeptList, Listed};

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

impl Listed for Program {
    const CALLED: &'static str = "program";
    const ALL: &'static str = "programs";

    fn id(&self) -> &str {
        &self.id
    }
}

/// All of them.
pub(super) struct Programs {
    list: KeptList<Program>,
    clock: Arc<dyn Clock>,
}

impl Programs {
    /// Reads the file; none is an empty list.
    ///
    /// # Errors
    /// `internal` when the system refuses to read it.
    pub fn open(file: PathBuf, lock: PathBuf, clock: Arc<dyn Clock>) -> Result<Self> {
        Ok(Self { list: KeptList::open(file, lock)?, clock })
    }

    /// All of them, as they are now. What cannot be read counts as none: nothing is handed out.
    pub fn all(&self) -> Vec<Program> {
        self.list.read().unwrap_or_else(|error| {
            tracing::warn!(%error, "the programs cannot be read");
            Vec::new()
        })
    }

    /// The one with this id.
    ///
    /// # Errors
    /// `invalid_input` where there is none.
    pub fn get(&self, id: &str) -> Result<Program> {
        self.all().into_iter().find(|program| program.id == id).ok_or_else(|| Program::unknown(id))
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
        self.list.add(|all| {
            // What a person is asked for must be told apart by the name alone.
            if all.iter().any(|other| other.name.to_lowercase() == name.to_lowercase()) {
                return Err(Error::input("name", format!("There is a program “{name}” already.")));
            }
            let id = free_id(name, all);
            Ok(Program { id, name: name.to_owned(), added_at, last_used_at: None, grants: Vec::new() })
        })
    }

    /// Removes one, and returns it as it was.
    ///
    /// # Errors
    /// `invalid_input` where there is none, or `internal` when the file cannot be written.
    pub fn remove(&self, id: &str) -> Result<Program> {
        self.list.remove(id)
    }

    /// Grants a connection to one for some time, in place of what it had of it. For once, nothing is kept.
    ///
    /// # Errors
    /// `invalid_input` where there is none, or `internal` when the file cannot be written.
    pub fn grant(&self, id: &str, connection: &str, grant_for: GrantFor) -> Result<()> {
        let Some(seconds) = grant_for.seconds() else { return Ok(()) };
        let granted_at = self.clock.now();
        let grant = Grant { connection: connection.to_owned(), granted_at, ends_at: after(granted_at, seconds) };
        self.list.edit(id, |program| {
            program.grants.retain(|other| other.connection != connection && other.counts(granted_at));
            program.grants.push(grant);
        })
    }

    /// Takes a grant back, and says whether there was one.
    ///
    /// # Errors
    /// As for [`Programs::grant`].
    pub fn revoke(&self, id: &str, connection: &str) -> Result<bool> {
        self.list.edit(id, |program| {
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
        self.list.change(|all| {
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
        if let Err(error) = self.list.edit(id, |program| program.last_used_at = Some(now)) {
            tracing::warn!(%error, "when a program was given a token is not kept");
        }
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
