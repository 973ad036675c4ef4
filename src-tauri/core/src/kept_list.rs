//! A list in a file of its own: written whole at each change, behind a lock that processes respect, and read again when another
//! process has changed it. Holds nothing secret.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::error::{Error, ErrorCode, Result};
use crate::paths::{set_aside, write_json};
use crate::shared_file::{SharedFile, Stamp};

/// The form of the files. A newer one is read as far as it is understood, and never written over.
const VERSION: u64 = 1;
/// How long [`KeptList::get_lately`] does not look whether another process has written.
const LOOK_AGAIN: Duration = Duration::from_millis(250);
/// The longest name, in letters.
const LONGEST: usize = 80;

/// What is kept in such a list.
pub trait Listed: Clone + Serialize + DeserializeOwned {
    /// What one is called, in errors.
    const CALLED: &'static str;
    /// What all are called, in the file.
    const ALL: &'static str;

    /// By which it is known.
    fn id(&self) -> &str;

    /// That there is none of this id.
    fn unknown(id: &str) -> Error {
        Error::input(Self::CALLED, format!("There is no {} “{id}”.", Self::CALLED))
    }
}

/// What belongs to a connection, and goes with it.
pub trait OfConnection {
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

/// A list that is kept.
pub struct KeptList<T> {
    file: SharedFile,
    held: RwLock<Held<T>>,
    /// When it was last looked whether another process has written it.
    looked: Mutex<Instant>,
}

struct Held<T> {
    /// What the file was when it was read.
    stamp: Option<Stamp>,
    /// Whether it is of a newer form.
    newer: bool,
    all: Vec<T>,
}

impl<T: Listed> KeptList<T> {
    /// Reads the file; none is an empty list. One that cannot be understood is set aside.
    ///
    /// # Errors
    /// `internal` when the system refuses to read it or to set it aside.
    pub fn open(file: PathBuf, lock: PathBuf) -> Result<Self> {
        let held = RwLock::new(Held { stamp: None, newer: false, all: Vec::new() });
        let list = Self { file: SharedFile::new(file, lock), held, looked: Mutex::new(Instant::now()) };
        list.look(&mut list.write_lock()).or_else(|error| list.not_understood(error))?;
        Ok(list)
    }

    /// All of it, in the order in which it was added. What cannot be read now leaves what was known.
    pub fn all(&self) -> Vec<T> {
        self.held().all.clone()
    }

    /// The same, where what was known before does not count.
    ///
    /// # Errors
    /// When it cannot be read or understood.
    pub fn read(&self) -> io::Result<Vec<T>> {
        let mut held = self.write_lock();
        self.look(&mut held)?;
        Ok(held.all.clone())
    }

    /// Differs after each change, here or by another process.
    pub fn stamp(&self) -> Option<Stamp> {
        self.file.stamp()
    }

    /// The one with this id.
    ///
    /// # Errors
    /// As [`Listed::unknown`] says, when there is none.
    pub fn get(&self, id: &str) -> Result<T> {
        find(&self.held().all, id)
    }

    /// The same of the list as it was a moment ago: of ten thousand callers one looks at the file.
    ///
    /// # Errors
    /// As for [`Self::get`].
    pub fn get_lately(&self, id: &str) -> Result<T> {
        let looked = *self.looked.lock().unwrap_or_else(PoisonError::into_inner);
        if looked.elapsed() < LOOK_AGAIN { find(&self.known().all, id) } else { self.get(id) }
    }

    /// Adds one, made in view of those that are there.
    ///
    /// # Errors
    /// As for [`Self::change`].
    pub fn add(&self, make: impl FnOnce(&[T]) -> Result<T>) -> Result<T> {
        self.change(|all| {
            let added = make(all)?;
            all.push(added.clone());
            Ok(added)
        })
    }

    /// Changes one.
    ///
    /// # Errors
    /// As for [`Self::get`] and [`Self::change`].
    pub fn edit<R>(&self, id: &str, edit: impl FnOnce(&mut T) -> R) -> Result<R> {
        self.change(|all| all.iter_mut().find(|entry| entry.id() == id).map(edit).ok_or_else(|| T::unknown(id)))
    }

    /// Removes one, and returns it as it was.
    ///
    /// # Errors
    /// As for [`Self::get`] and [`Self::change`].
    pub fn remove(&self, id: &str) -> Result<T> {
        self.change(|all| {
            let at = all.iter().position(|entry| entry.id() == id).ok_or_else(|| T::unknown(id))?;
            Ok(all.remove(at))
        })
    }

    /// Changes it, where that can be written down.
    ///
    /// # Errors
    /// What `change` says, or `internal` when the file cannot be read or written, or a newer Keydesk has written it: then nothing
    /// is changed.
    pub fn change<R>(&self, change: impl FnOnce(&mut Vec<T>) -> Result<R>) -> Result<R> {
        let _lock = self.file.lock().map_err(|error| failed("lock", self.file.path(), error))?;
        let mut held = self.write_lock();
        self.look(&mut held).or_else(|error| self.not_understood(error))?;
        if held.newer {
            return Err(newer(self.file.path()));
        }
        let mut all = held.all.clone();
        let outcome = change(&mut all)?;
        self.write(&mut held, all).map_err(|error| failed("write", self.file.path(), error))?;
        Ok(outcome)
    }

    /// Changes it, also where that cannot be written down: then it is known as long as this process lives.
    pub fn note<R>(&self, change: impl FnOnce(&mut Vec<T>) -> R) -> R {
        // Where there is no lock nothing is written either.
        let _lock = self.file.lock();
        let mut held = self.write_lock();
        let _ = self.look(&mut held);
        let outcome = change(&mut held.all);
        let all = held.all.clone();
        let written = if held.newer { Ok(()) } else { self.write(&mut held, all) };
        if let Err(error) = written {
            tracing::warn!(file = %self.file.path().display(), %error, "could not be written");
        }
        outcome
    }

    fn write(&self, held: &mut Held<T>, all: Vec<T>) -> io::Result<()> {
        write_json(self.file.path(), &json!({ "version": VERSION, T::ALL: all }))?;
        (held.stamp, held.all) = (self.file.stamp(), all);
        Ok(())
    }

    /// Reads it again where another process has written it. What cannot be read, or not be understood, leaves what was known.
    fn look(&self, held: &mut Held<T>) -> io::Result<()> {
        let stamp = self.file.stamp();
        if stamp == held.stamp {
            return Ok(());
        }
        let (newer, all) = read(self.file.path())?;
        (held.stamp, held.newer, held.all) = (stamp, newer, all);
        Ok(())
    }

    /// A file that cannot be understood stands in nobody's way, and nothing of it is written over.
    fn not_understood(&self, error: io::Error) -> Result<()> {
        let path = self.file.path();
        if error.kind() != io::ErrorKind::InvalidData {
            return Err(failed("read", path, error));
        }
        tracing::warn!(file = %path.display(), %error, "set aside a list that cannot be understood");
        set_aside(path).map_err(|error| failed("set aside", path, error))
    }

    /// As it is now, as far as it can be read.
    fn held(&self) -> RwLockReadGuard<'_, Held<T>> {
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        let known = self.known();
        if self.file.stamp() == known.stamp {
            return known;
        }
        drop(known);
        let _ = self.look(&mut self.write_lock());
        self.known()
    }

    /// As it was at the last look.
    fn known(&self) -> RwLockReadGuard<'_, Held<T>> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write_lock(&self) -> RwLockWriteGuard<'_, Held<T>> {
        self.held.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Listed + OfConnection> KeptList<T> {
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
}

fn find<T: Listed>(all: &[T], id: &str) -> Result<T> {
    all.iter().find(|entry| entry.id() == id).cloned().ok_or_else(|| T::unknown(id))
}

/// Whether the file is of a newer form, and what is understood of it; without a file, nothing.
fn read<T: Listed>(path: &Path) -> io::Result<(bool, Vec<T>)> {
    let content = match std::fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((false, Vec::new())),
        other => other?,
    };
    let odd = || io::Error::new(io::ErrorKind::InvalidData, format!("no list of {}", T::ALL));
    let mut document: Map<String, Value> = serde_json::from_slice(&content).map_err(|_| odd())?;
    let newer = document.get("version").and_then(Value::as_u64).ok_or_else(odd)? > VERSION;
    // The first of these files called everything entries.
    let Some(Value::Array(values)) = document.remove(T::ALL).or_else(|| document.remove("entries")) else {
        return if newer { Ok((newer, Vec::new())) } else { Err(odd()) };
    };
    let count = values.len();
    let all: Vec<T> = values.into_iter().filter_map(|value| serde_json::from_value(value).ok()).collect();
    if all.len() < count && !newer { Err(odd()) } else { Ok((newer, all)) }
}

fn newer(path: &Path) -> Error {
    let name = name_of(path);
    let why = format!("A newer Keydesk has written {name}, and this one would spoil it: use the newer.");
    Error::new(ErrorCode::Internal, why)
}

fn failed(doing: &str, path: &Path, error: io::Error) -> Error {
    Error::internal(&format!("{doing} {}", name_of(path)), error)
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
