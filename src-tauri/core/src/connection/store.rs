//! The list of connections, kept in a file that holds nothing secret.

use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Connection;
use crate::error::{Error, ErrorCode, Result};
use crate::paths::{read_json, set_aside, write_json};

/// The connections, in the order in which they were added.
pub struct Connections {
    file: PathBuf,
    all: RwLock<Vec<Connection>>,
    /// Whether the file is of a newer form.
    newer: bool,
}

#[derive(Serialize, Deserialize)]
struct File<T = Connection> {
    version: u32,
    connections: Vec<T>,
}

/// The form of the file. A newer one is read as far as it is understood, and never written over.
const VERSION: u32 = 1;

impl Connections {
    /// Reads the file; none is an empty list.
    ///
    /// # Errors
    /// `internal` when the system refuses to read it.
    pub fn open(file: PathBuf) -> Result<Self> {
        let failed = |error| Error::internal("read the connections", error);
        let stored: Option<File<Value>> = read_json(&file).map_err(failed)?;
        let newer = stored.as_ref().is_some_and(|file| file.version > VERSION);
        let values = stored.map_or_else(Vec::new, |file| file.connections);
        let count = values.len();
        let all: Vec<Connection> = values.into_iter().filter_map(|value| serde_json::from_value(value).ok()).collect();
        if all.len() < count && !newer {
            tracing::warn!("set aside a list of connections that cannot be understood");
            set_aside(&file).map_err(failed)?;
            return Ok(Self { file, all: RwLock::default(), newer });
        }
        Ok(Self { file, all: RwLock::new(all), newer })
    }

    /// All of them.
    pub fn all(&self) -> Vec<Connection> {
        self.all.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The one with this id.
    ///
    /// # Errors
    /// `unknown_connection`.
    pub fn get(&self, id: &str) -> Result<Connection> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|connection| connection.id == id).cloned().ok_or_else(|| unknown(id))
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

    /// Changes a copy, writes it, and only then takes it for the list.
    fn change<T>(&self, change: impl FnOnce(&mut Vec<Connection>) -> Result<T>) -> Result<T> {
        if self.newer {
            let why =
                "A newer Keydesk has written the list of connections, and this one would spoil it: use the newer.";
            return Err(Error::new(ErrorCode::Internal, why));
        }
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        let mut file = File { version: VERSION, connections: all.clone() };
        let outcome = change(&mut file.connections)?;
        write_json(&self.file, &file).map_err(|error| Error::internal("save the connections", error))?;
        *all = file.connections;
        Ok(outcome)
    }
}

fn unknown(id: &str) -> Error {
    Error::new(ErrorCode::UnknownConnection, format!("There is no connection “{id}”."))
}
