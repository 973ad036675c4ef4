//! The files that a person chose for an upload. The window knows them by an id: it never names a path.

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::{Error, Result};
use crate::redact::one_line;

/// A file that was chosen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
pub struct ChosenFile {
    /// By which it is named.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its size in bytes.
    #[specta(type = u32)]
    pub size: u64,
}

/// A file as it is when a transfer of it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub path: PathBuf,
    /// What it is called.
    pub name: String,
    /// Its size in bytes.
    pub size: u64,
    changed_at: Option<SystemTime>,
}

impl Source {
    /// Looks at a file.
    ///
    /// # Errors
    /// `invalid_input` of `file` when it is none, cannot be read, or is empty.
    pub fn of(path: &Path) -> Result<Self> {
        let shown = || path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        let no = |why: &dyn std::fmt::Display| Error::input("file", format!("“{}” cannot be sent: {why}.", shown()));
        let metadata = std::fs::File::open(path).and_then(|file| file.metadata()).map_err(|error| no(&error))?;
        if !metadata.is_file() {
            return Err(no(&"it is no file"));
        }
        if metadata.len() == 0 {
            return Err(no(&"it is empty"));
        }
        let path = std::path::absolute(path).map_err(|error| no(&error))?;
        // What its name says is told to a server and shown in a line.
        let name = one_line(&shown(), 255);
        Ok(Self { path, name, size: metadata.len(), changed_at: changed_at(&metadata) })
    }

    /// Whether it is still what it was.
    pub fn is(&self, metadata: &Metadata) -> bool {
        metadata.len() == self.size && changed_at(metadata) == self.changed_at
    }

    /// Why it cannot be gone on with.
    pub fn has_changed(&self) -> Error {
        Error::input("file", format!("“{}” has changed since the upload began: begin anew.", self.name))
    }
}

fn changed_at(metadata: &Metadata) -> Option<SystemTime> {
    metadata.modified().ok()
}

/// The files that were chosen while this process lives.
#[derive(Default)]
pub struct ChosenFiles(Mutex<HashMap<String, PathBuf>>);

impl ChosenFiles {
    /// A person chose this one.
    ///
    /// # Errors
    /// As for [`Source::of`].
    pub fn choose(&self, path: &Path) -> Result<ChosenFile> {
        let source = Source::of(path)?;
        let id = uuid::Uuid::new_v4().to_string();
        let chosen = ChosenFile { id: id.clone(), name: source.name, size: source.size };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id, source.path);
        Ok(chosen)
    }

    /// The file with this id, as it is now.
    ///
    /// # Errors
    /// `invalid_input` of `file` when none was chosen, or as for [`Source::of`].
    pub fn get(&self, id: &str) -> Result<Source> {
        let path = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
        Source::of(&path.ok_or_else(|| Error::input("file", "Choose a file first."))?)
    }
}
