//! Small files, one of a kind for each connection, by which processes know of each other what became of its tokens. They hold
//! nothing secret.

use std::io;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::paths::{read_json, write_json};

/// The notes of one kind.
pub(super) struct Notes<T> {
    folder: PathBuf,
    /// How their names end; a connection's id stands before it.
    ending: &'static str,
    of: PhantomData<fn(T) -> T>,
}

impl<T: Serialize + DeserializeOwned> Notes<T> {
    pub fn new(folder: &Path, ending: &'static str) -> Self {
        Self { folder: folder.to_owned(), ending, of: PhantomData }
    }

    /// That of a connection. One that cannot be read counts as none.
    pub fn read(&self, connection: &str) -> Option<T> {
        read_json(&self.file(connection)).ok().flatten()
    }

    /// # Errors
    /// When the disk refuses; the one before then stands as it was.
    pub fn write(&self, connection: &str, note: &T) -> io::Result<()> {
        write_json(&self.file(connection), note)
    }

    /// The same for what does little harm when it is not written. Whether it is.
    pub fn try_write(&self, connection: &str, note: &T) -> bool {
        let written = self.write(connection, note);
        if let Err(error) = &written {
            tracing::warn!(%error, kind = self.ending, "what became of a token is not written down");
        }
        written.is_ok()
    }

    pub fn remove(&self, connection: &str) {
        let _ = std::fs::remove_file(self.file(connection));
    }

    /// The connections that have one.
    pub fn connections(&self) -> Vec<String> {
        let files = std::fs::read_dir(&self.folder).into_iter().flatten().flatten();
        files.filter_map(|file| Some(file.file_name().to_str()?.strip_suffix(self.ending)?.to_owned())).collect()
    }

    fn file(&self, connection: &str) -> PathBuf {
        self.folder.join(format!("{connection}{}", self.ending))
    }
}
