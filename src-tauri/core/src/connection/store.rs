//! The list of connections, kept in a file that holds nothing secret.

use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

use serde::{Deserialize, Serialize};

use super::Connection;
use crate::error::{Error, ErrorCode, Result};
use crate::paths::{read_json, write_json};

/// The connections, in the order in which they were added.
pub struct Connections {
    file: PathBuf,
    all: RwLock<Vec<Connection>>,
}

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    connections: Vec<Connection>,
}

const VERSION: u32 = 1;

impl Connections {
    /// Reads the file; none is an empty list.
    ///
    /// # Errors
    /// `internal` when the system refuses to read it.
    pub fn open(file: PathBuf) -> Result<Self> {
        let stored: Option<File> = read_json(&file).map_err(|error| Error::internal("read the connections", error))?;
        Ok(Self { file, all: RwLock::new(stored.map_or_else(Vec::new, |file| file.connections)) })
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
