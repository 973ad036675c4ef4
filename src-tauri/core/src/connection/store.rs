//! The list of connections, kept in a file that holds nothing secret.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Connection;
use crate::error::{Error, ErrorCode, Result};
use crate::paths::{read_json, set_aside, write_json};
use crate::shared_file::{SharedFile, Stamp};

/// The connections, in the order in which they were added.
pub struct Connections {
    file: SharedFile,
    held: RwLock<Held>,
    /// When it was last looked whether another process has written it.
    looked: Mutex<Instant>,
    /// Whether the file is of a newer form.
    newer: bool,
}

#[derive(Default)]
struct Held {
    /// What the file was when it was read.
    stamp: Option<Stamp>,
    all: Vec<Connection>,
}

#[derive(Serialize, Deserialize)]
struct File<T = Connection> {
    version: u32,
    connections: Vec<T>,
}

/// How long nobody looks again whether another process has written the list, where one connection is asked for.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// The form of the file. A newer one is read as far as it is understood, and never written over.
const VERSION: u32 = 1;

impl Connections {
    /// Reads the file; none is an empty list. Processes change it one after the other, behind the lock.
    ///
    /// # Errors
    /// `internal` when the system refuses to read it.
    pub fn open(file: PathBuf, lock: PathBuf) -> Result<Self> {
        let failed = |error| Error::internal("read the connections", error);
        let file = SharedFile::new(file, lock);
        let stamp = file.stamp();
        let stored: Option<File<Value>> = read_json(file.path()).map_err(failed)?;
        let newer = stored.as_ref().is_some_and(|file| file.version > VERSION);
        let values = stored.map_or_else(Vec::new, |file| file.connections);
        let count = values.len();
        let all: Vec<Connection> = values.into_iter().filter_map(|value| serde_json::from_value(value).ok()).collect();
        if all.len() < count && !newer {
            tracing::warn!("set aside a list of connections that cannot be understood");
            set_aside(file.path()).map_err(failed)?;
            return Ok(Self { file, held: RwLock::default(), looked: Mutex::new(Instant::now()), newer });
        }
        Ok(Self { file, held: RwLock::new(Held { stamp, all }), looked: Mutex::new(Instant::now()), newer })
    }

    /// All of them.
    pub fn all(&self) -> Vec<Connection> {
        self.held_now().all.clone()
    }

    /// Another one whenever the list was changed, here or by another process.
    pub fn stamp(&self) -> Option<Stamp> {
        self.file.stamp()
    }

    /// The one with this id.
    ///
    /// # Errors
    /// `unknown_connection`.
    pub fn get(&self, id: &str) -> Result<Connection> {
        self.held().all.iter().find(|connection| connection.id == id).cloned().ok_or_else(|| unknown(id))
    }

    /// Adds one, made in view of those that are there.
    ///
    /// # Errors
    /// `internal` when the file cannot be written; the list then stays as it was.
    pub fn add(&self, make: impl FnOnce(&[Connection]) -> Connection) -> Result<Connection> {
        self.change(|all| {
            let connection = make(all);
            all.push(connection.clone());
            Ok(connection)
        })
    }

    /// Changes one and returns it as it then is.
    ///
    /// # Errors
    /// `unknown_connection`, or `internal` when the file cannot be written.
    pub fn edit(&self, id: &str, edit: impl FnOnce(&mut Connection)) -> Result<Connection> {
        self.change(|all| {
            let connection = all.iter_mut().find(|connection| connection.id == id).ok_or_else(|| unknown(id))?;
            edit(connection);
            Ok(connection.clone())
        })
    }

    /// Removes one.
    ///
    /// # Errors
    /// `unknown_connection`, or `internal` when the file cannot be written.
    pub fn remove(&self, id: &str) -> Result<()> {
        self.change(|all| {
            let at = all.iter().position(|connection| connection.id == id).ok_or_else(|| unknown(id))?;
            all.remove(at);
            Ok(())
        })
    }

    /// Reads again what other processes have written, changes a copy, writes it, and only then takes it for the list.
    fn change<T>(&self, change: impl FnOnce(&mut Vec<Connection>) -> Result<T>) -> Result<T> {
        if self.newer {
            return Err(newer());
        }
        let failed = |error| Error::internal("save the connections", error);
        let _lock = self.file.lock().map_err(failed)?;
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let mut file = File { version: VERSION, connections: self.written()?.unwrap_or_else(|| held.all.clone()) };
        let outcome = change(&mut file.connections)?;
        write_json(self.file.path(), &file).map_err(failed)?;
        *held = Held { stamp: self.file.stamp(), all: file.connections };
        Ok(outcome)
    }

    /// The list as it was a moment ago: of ten thousand callers one looks at the file.
    fn held(&self) -> RwLockReadGuard<'_, Held> {
        let lately = self.looked.lock().unwrap_or_else(PoisonError::into_inner).elapsed() < LOOK_AGAIN;
        if lately { self.known() } else { self.held_now() }
    }

    /// The list as it is now: read again where another process has written it.
    fn held_now(&self) -> RwLockReadGuard<'_, Held> {
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        let (held, stamp) = (self.known(), self.file.stamp());
        if stamp == held.stamp || self.newer {
            return held;
        }
        drop(held);
        if let Ok(Some(all)) = self.written() {
            *self.held.write().unwrap_or_else(PoisonError::into_inner) = Held { stamp, all };
        }
        self.known()
    }

    fn known(&self) -> RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// As the list stands in the file: none where that cannot be told.
    fn written(&self) -> Result<Option<Vec<Connection>>> {
        let Ok(content) = std::fs::read(self.file.path()) else { return Ok(None) };
        match serde_json::from_slice::<File<Value>>(&content) {
            Ok(file) if file.version > VERSION => Err(newer()),
            Ok(file) => Ok(file.connections.into_iter().map(|one| serde_json::from_value(one).ok()).collect()),
            Err(_) => Ok(None),
        }
    }
}

fn newer() -> Error {
    let why = "A newer Keydesk has written the list of connections, and this one would spoil it: use the newer.";
    Error::new(ErrorCode::Internal, why)
}

fn unknown(id: &str) -> Error {
    Error::new(ErrorCode::UnknownConnection, format!("There is no connection “{id}”."))
}
