//! What of a download is there: `NAME.part` beside its place, until all of it is.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use reqwest::header::HeaderValue;

use crate::error::{Error, ErrorCode, Result};
use crate::file_name::numbered;
use crate::paths::Paths;

/// Where a download is put.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveTo {
    /// Into the person's downloads, beside what is there.
    Downloads,
    /// Into this folder, beside what is there.
    Folder(PathBuf),
    /// Into this file, which there must not be yet.
    File(PathBuf),
}

impl SaveTo {
    /// That there is such a place.
    ///
    /// # Errors
    /// `invalid_input` of `out`.
    pub fn check(&self) -> Result<()> {
        let no = |path: &Path, why: &str| Err(Error::input("out", format!("{}: {why}.", path.display())));
        match self {
            Self::Folder(path) if !path.is_dir() => no(path, "there is no such folder"),
            Self::File(path) if path.symlink_metadata().is_ok() => no(path, "there is such a file already"),
            Self::File(path) if !folder_of(path).is_dir() => no(path, "there is no such folder"),
            Self::File(path) if path.file_name().is_none() => no(path, "this is no name of a file"),
            _ => Ok(()),
        }
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// What of a download is there.
pub struct Part {
    /// Where it lies.
    pub path: PathBuf,
    /// What tells whether what is missing is of the same file.
    pub validator: Option<HeaderValue>,
    /// How many bytes the whole has, where it is known.
    pub total: Option<u64>,
    /// How many bytes are written.
    pub done: u64,
    pub(super) folder: PathBuf,
    pub(super) name: String,
    /// Whether it may get a number.
    pub(super) may_be_numbered: bool,
}

impl Part {
    /// Begins one: an empty file beside what is there. `name` is what it is called unless the person said so.
    ///
    /// # Errors
    /// `not_written`.
    pub fn begin(to: &SaveTo, paths: &Paths, name: &str) -> Result<Self> {
        let (folder, name, may_be_numbered) = match to {
            SaveTo::Downloads => (paths.exports().map_err(Error::not_written)?.to_owned(), name.to_owned(), true),
            SaveTo::Folder(folder) => (folder.clone(), name.to_owned(), true),
            SaveTo::File(path) => {
                let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
                (folder_of(path).to_owned(), name, false)
            }
        };
        let mut number = 1;
        loop {
            let path = folder.join(format!("{}.part", numbered(&name, number)));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(_) => {
                    let (validator, total) = (None, None);
                    return Ok(Self { path, validator, total, done: 0, folder, name, may_be_numbered });
                }
                Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
                Err(error) => return Err(Error::not_written(error)),
            }
        }
    }

    /// What it is to be called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether what is there is still what was written.
    pub fn is_there(&self) -> bool {
        self.path.symlink_metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() >= self.done)
    }

    /// What the next byte is written to; what was written beyond what is known to be there is cut off.
    ///
    /// # Errors
    /// `not_written`.
    pub fn open(&self) -> Result<File> {
        let open = || -> io::Result<File> {
            let mut file = OpenOptions::new().write(true).create(true).truncate(false).open(&self.path)?;
            file.set_len(self.done)?;
            file.seek(SeekFrom::Start(self.done))?;
            Ok(file)
        };
        open().map_err(Error::not_written)
    }

    /// Gives it its name, beside what is there, and says where it is.
    ///
    /// # Errors
    /// `not_written`: what is there stays.
    pub fn finish(&self) -> Result<PathBuf> {
        for number in 1.. {
            let path = self.folder.join(numbered(&self.name, number));
            match rename_beside(&self.path, &path) {
                Ok(()) => return Ok(path),
                Err(error) if error.kind() == ErrorKind::AlreadyExists && self.may_be_numbered => {}
                Err(error) => return Err(Error::not_written(error)),
            }
        }
        Err(Error::new(ErrorCode::NotWritten, "There is no free name."))
    }

    /// Returns when what is written is on the disk.
    ///
    /// # Errors
    /// `not_written`.
    pub fn sync(&self) -> Result<()> {
        OpenOptions::new().write(true).open(&self.path).and_then(|file| file.sync_all()).map_err(Error::not_written)
    }

    /// Removes it.
    pub fn discard(self) {
        // Gone already: then it is as it should be.
        let _ = fs::remove_file(&self.path);
    }
}

/// Never over another file: a second name is made, which fails where there is one, and then the first removed.
fn rename_beside(from: &Path, to: &Path) -> io::Result<()> {
    match fs::hard_link(from, to) {
        Ok(()) => fs::remove_file(from),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(error),
        // A disk without second names.
        Err(_) if to.symlink_metadata().is_ok() => Err(ErrorKind::AlreadyExists.into()),
        Err(_) => fs::rename(from, to),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_never_takes_the_place_of_another_file() {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::under(folder.path());
        let to = SaveTo::Folder(folder.path().to_owned());
        fs::write(folder.path().join("a.txt"), "mine").unwrap();
        fs::write(folder.path().join("a-2.txt.part"), "mine").unwrap();
        let (first, second) = (Part::begin(&to, &paths, "a.txt").unwrap(), Part::begin(&to, &paths, "a.txt").unwrap());
        assert_ne!(first.path, second.path);
        fs::write(&first.path, "first").unwrap();
        fs::write(&second.path, "second").unwrap();
        assert_eq!(first.finish().unwrap(), folder.path().join("a-2.txt"));
        assert_eq!(second.finish().unwrap(), folder.path().join("a-3.txt"));
        for (name, content) in
            [("a.txt", "mine"), ("a-2.txt.part", "mine"), ("a-2.txt", "first"), ("a-3.txt", "second")]
        {
            assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), content);
        }
        let to = SaveTo::File(folder.path().join("b.txt"));
        let part = Part::begin(&to, &paths, "other").unwrap();
        fs::write(folder.path().join("b.txt"), "came meanwhile").unwrap();
        assert_eq!(part.finish().unwrap_err().code, ErrorCode::NotWritten);
        assert!(part.is_there(), "what was fetched stays");
        assert!(to.check().is_err());
    }
}
