//! Where the answers lie: a file each, for this person's eyes only, named by its id.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use uuid::Uuid;

use super::writer::{Coming, Writer};
use crate::error::{Error, Result};
use crate::paths::{Paths, make_private};
use crate::redact::Redactor;

/// The folder.
pub struct Folder {
    path: PathBuf,
    /// Where those are that no disk may hold: it is gone with the session, where the system has such a place.
    private: PathBuf,
    /// Those that this process began: gone when it is written.
    coming: Mutex<HashMap<String, Weak<Coming>>>,
}

/// The file of an answer, and how far it is.
pub struct Kept {
    /// The answer's id.
    pub id: String,
    /// Its file, to read.
    pub file: File,
    /// Where it lies.
    pub path: PathBuf,
    /// How far it is.
    pub coming: Arc<Coming>,
}

impl Folder {
    /// That in the data folder.
    ///
    /// # Errors
    /// `not_written`.
    pub fn new(paths: &Paths) -> Result<Self> {
        let path = paths.data("answers");
        Ok(Self { path, private: paths.runtime().join("answers"), coming: Mutex::default() })
    }

    /// Begins one.
    ///
    /// # Errors
    /// `not_written`.
    pub fn begin(&self, private: bool, redactor: &Arc<Redactor>) -> Result<Writer> {
        let id = Uuid::new_v4().to_string();
        let folder = if private { &self.private } else { &self.path };
        let file = make_private(folder).and_then(|()| create(&folder.join(&id))).map_err(Error::not_written)?;
        let coming = Arc::new(Coming::default());
        self.lock().insert(id.clone(), Arc::downgrade(&coming));
        Ok(Writer::new(id, file, coming, redactor))
    }

    /// Opens one.
    ///
    /// # Errors
    /// `invalid_input` where there is none.
    pub fn open(&self, answer: &str) -> Result<Kept> {
        let path = self.path_of(answer)?;
        let (file, size) =
            File::open(&path).and_then(|file| file.metadata().map(|it| (file, it.len()))).map_err(|error| {
                if error.kind() == io::ErrorKind::NotFound { unknown() } else { super::blocks::not_read(error) }
            })?;
        let coming = self.lock().get(answer).and_then(Weak::upgrade);
        let coming = coming.unwrap_or_else(|| Arc::new(Coming::whole(size)));
        Ok(Kept { id: answer.to_owned(), file, path, coming })
    }

    /// Deletes one.
    ///
    /// # Errors
    /// `not_written`.
    pub fn delete(&self, answer: &str) -> Result<()> {
        let Ok(path) = self.path_of(answer) else { return Ok(()) };
        self.lock().remove(answer);
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::not_written(error)),
            _ => Ok(()),
        }
    }

    /// Deletes all but these, and those that this process began: who refers to them may not have said so yet. What cannot be
    /// deleted stays until the next time.
    pub fn keep_only(&self, in_use: &HashSet<String>) {
        let there = [&self.path, &self.private].into_iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
        let names = there.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        for orphan in names.filter(|name| !in_use.contains(name) && !self.lock().contains_key(name)) {
            if let Err(error) = self.delete(&orphan) {
                tracing::warn!(%error, "an answer that nobody refers to stays");
            }
        }
    }

    /// An id is a UUID, and so never a way to another folder.
    fn path_of(&self, answer: &str) -> Result<PathBuf> {
        let id = Uuid::parse_str(answer).map_err(|_| unknown())?.to_string();
        let private = self.private.join(&id);
        match id == answer {
            true if private.exists() => Ok(private),
            true => Ok(self.path.join(id)),
            false => Err(unknown()),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Weak<Coming>>> {
        self.coming.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unknown() -> Error {
    Error::input("answer", "There is no such answer any more.")
}

fn create(path: &std::path::Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}
