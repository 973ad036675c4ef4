//! A list in a file of its own: written whole at each change, and read again when another process has changed it.

use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::paths::{read_json, write_json};
use crate::shared_file::{SharedFile, Stamp};

const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct File<T> {
    version: u32,
    #[serde(alias = "triggers")] // as the first of these files called it
    entries: Vec<T>,
}

/// The longest name, in letters.
const LONGEST: usize = 80;

/// What a person saved under a name, for a connection.
pub trait Saved {
    /// What one is called, in errors.
    const CALLED: &'static str;
    /// By which it is known.
    fn id(&self) -> &str;
    /// Whose it is.
    fn connection(&self) -> &str;
}

/// A name as it was typed.
///
/// # Errors
/// `invalid_input` of `name`: none, of several lines, or too long.
pub fn named(typed: &str) -> Result<String> {
    let name = typed.trim();
    if name.is_empty() || name.chars().count() > LONGEST || name.contains(char::is_control) {
        return Err(Error::input("name", format!("A name of one line, of {LONGEST} letters at most.")));
    }
    Ok(name.to_owned())
}

/// That there is none of this id.
pub fn unknown<T: Saved>(id: &str) -> Error {
    Error::input(T::CALLED, format!("There is no {} “{id}”.", T::CALLED))
}

/// A list that is kept. Holds nothing secret.
pub struct KeptList<T> {
    file: SharedFile,
    held: Mutex<Held<T>>,
}

struct Held<T> {
    /// What the file was when it was read.
    stamp: Option<Stamp>,
    all: Vec<T>,
}

impl<T: Saved + Clone + Serialize + DeserializeOwned> KeptList<T> {
    /// Reads the file; none is an empty list. Processes change it one after the other, behind the lock.
    ///
    /// # Errors
    /// `internal` when the system refuses to read it.
    pub fn open(file: PathBuf, lock: PathBuf) -> Result<Self> {
        let file = SharedFile::new(file, lock);
        let stamp = file.stamp();
        let stored: Option<File<T>> = read_json(file.path()).map_err(|error| failed("read", &file, error))?;
        let all = stored.map_or_else(Vec::new, |file| file.entries);
        Ok(Self { file, held: Mutex::new(Held { stamp, all }) })
    }

    /// All of it, in the order in which it was added.
    pub fn all(&self) -> Vec<T> {
        self.held().all.clone()
    }

    /// Another one whenever it was changed, here or by another process.
    pub fn stamp(&self) -> Option<Stamp> {
        self.file.stamp()
    }

    /// The one with this id.
    ///
    /// # Errors
    /// `invalid_input` when there is none.
    pub fn get(&self, id: &str) -> Result<T> {
        self.all().into_iter().find(|entry| entry.id() == id).ok_or_else(|| unknown::<T>(id))
    }

    /// Removes one.
    ///
    /// # Errors
    /// `invalid_input` when there is none; as for [`Self::change`].
    pub fn remove(&self, id: &str) -> Result<()> {
        self.change(|all| {
            let at = all.iter().position(|entry| entry.id() == id).ok_or_else(|| unknown::<T>(id))?;
            all.remove(at);
            Ok(())
        })
    }

    /// Removes those of a connection. Whether there were any.
    ///
    /// # Errors
    /// As for [`Self::change`].
    pub fn remove_of(&self, connection: &str) -> Result<bool> {
        let is_its = |entry: &T| entry.connection() == connection;
        let any = self.all().iter().any(is_its);
        if any {
            self.change(|all| {
                all.retain(|entry| !is_its(entry));
                Ok(())
            })?;
        }
        Ok(any)
    }

    /// Changes it, where that can be written down.
    ///
    /// # Errors
    /// What `change` says, or `internal` when the file cannot be written: then nothing is changed.
    pub fn change<R>(&self, change: impl FnOnce(&mut Vec<T>) -> Result<R>) -> Result<R> {
        let _lock = self.file.lock().map_err(|error| failed("lock", &self.file, error))?;
        let mut held = self.held();
        let mut all = held.all.clone();
        let outcome = change(&mut all)?;
        self.write(&mut held, all).map_err(|error| failed("write", &self.file, error))?;
        Ok(outcome)
    }

    /// Changes it, also where that cannot be written down: then it is known as long as this process lives.
    pub fn note<R>(&self, change: impl FnOnce(&mut Vec<T>) -> R) -> R {
        // Where there is no lock nothing is written either.
        let _lock = self.file.lock();
        let mut held = self.held();
        let outcome = change(&mut held.all);
        let all = held.all.clone();
        if let Err(error) = self.write(&mut held, all) {
            tracing::warn!(file = %self.file.path().display(), %error, "could not be written");
        }
        outcome
    }

    fn write(&self, held: &mut Held<T>, entries: Vec<T>) -> io::Result<()> {
        let file = File { version: VERSION, entries };
        write_json(self.file.path(), &file)?;
        *held = Held { stamp: self.file.stamp(), all: file.entries };
        Ok(())
    }

    /// As it is now: read again where another process has written it. What cannot be read, or not be understood, leaves what was known.
    fn held(&self) -> MutexGuard<'_, Held<T>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let stamp = self.file.stamp();
        if stamp != held.stamp
            && let Ok(content) = std::fs::read(self.file.path())
            && let Ok(file) = serde_json::from_slice::<File<T>>(&content)
        {
            *held = Held { stamp, all: file.entries };
        }
        held
    }
}

fn failed(doing: &str, file: &SharedFile, error: io::Error) -> Error {
    let name = file.path().file_name().unwrap_or_default().to_string_lossy();
    Error::internal(&format!("{doing} {name}"), error)
}
