//! A wall clock that is wrong, and may jump while a program runs, as it does when a machine sleeps: libfaketime, which
//! Debian has. Timers go on as they should.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Failure, Outcome};

/// The clock. A program that starts with its [`Self::variables`] sees it, and all that it starts.
#[derive(Debug)]
pub struct WrongClock {
    file: PathBuf,
    library: PathBuf,
}

impl WrongClock {
    /// One that is off by this: `+1h`, `-10y`. It is kept in a file of this folder.
    ///
    /// # Errors
    /// libfaketime is not installed.
    pub fn off_by(offset: &str, folder: &Path) -> Outcome<Self> {
        let folders = fs::read_dir("/usr/lib")?.filter_map(|entry| Some(entry.ok()?.path()));
        let mut libraries = folders.map(|folder| folder.join("faketime/libfaketimeMT.so.1"));
        let library = libraries.find(|library| library.exists());
        let library = library.ok_or_else(|| Failure::new("no libfaketime: `./dev prepare` installs it"))?;
        let clock = Self { file: folder.join("wrong-clock"), library };
        clock.jump(offset)?;
        Ok(clock)
    }

    /// From now on it is off by this.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn jump(&self, offset: &str) -> Outcome {
        // Whole at once: it is read all the time.
        let next = self.file.with_extension("next");
        fs::write(&next, offset)?;
        Ok(fs::rename(next, &self.file)?)
    }

    /// What a program is started with.
    #[must_use]
    pub fn variables(&self) -> Vec<(String, String)> {
        let file = self.file.to_string_lossy().into_owned();
        let own = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        // Two names for the same: versions differ.
        let plain = [("FAKETIME_NO_CACHE", "1"), ("FAKETIME_DONT_FAKE_MONOTONIC", "1"), ("DONT_FAKE_MONOTONIC", "1")];
        let library = ("LD_PRELOAD".to_owned(), self.library.to_string_lossy().into_owned());
        [library, ("FAKETIME_TIMESTAMP_FILE".to_owned(), file)].into_iter().chain(plain.map(own)).collect()
    }
}
