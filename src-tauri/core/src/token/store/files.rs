//! The files of the passphrase store as the disk sees them: one writer at a time among all processes, each file written
//! whole and synced, and what is damaged set aside under another name, never overwritten (security.md F12).

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::error::{Error, ErrorCode, Result};
use crate::lock_file;
use crate::paths::{self, BROKEN, write_whole};

/// Far longer than one holder takes.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) struct Files {
    folder: PathBuf,
    /// The key, encrypted with the passphrase.
    pub key: PathBuf,
    /// The secrets, encrypted with the key.
    pub secrets: PathBuf,
}

impl Files {
    pub fn new(folder: PathBuf) -> Self {
        Self { key: folder.join("secrets-key.age"), secrets: folder.join("secrets.age"), folder }
    }

    /// Waits for its turn among all processes.
    pub fn lock(&self) -> Result<File> {
        let path = self.folder.join("secrets.lock");
        lock_file::wait(&path, PATIENCE).map_err(|error| failed(&path, "locked", &error))
    }
}

/// What a file holds; none where there is none.
pub(super) fn read(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(content) => Ok(Some(content)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path, "read", &error)),
    }
}

/// Writes a file whole or not at all, and has seen that it is there as it was given.
pub(super) fn write(path: &Path, content: &[u8]) -> Result<()> {
    write_whole(path, content).and_then(|()| sync_folder(path)).map_err(|error| failed(path, "written", &error))?;
    if read(path)?.as_deref() == Some(content) {
        return Ok(());
    }
    Err(Error::new(ErrorCode::StoreFailed, format!("{} does not hold what was written.", path.display())))
}

/// Gives a damaged file another name, that none has yet, and says which.
pub(super) fn set_aside(path: &Path) -> Result<PathBuf> {
    let aside = set_aside_as(path, BROKEN)?;
    tracing::warn!(file = %path.display(), "set aside a file of secrets that cannot be understood");
    Ok(aside)
}

/// The same of one that is not damaged; `ending` says why.
pub(super) fn set_aside_as(path: &Path, ending: &str) -> Result<PathBuf> {
    paths::set_aside_as(path, ending).map_err(|error| failed(path, "set aside", &error))
}

/// Without it a rename may be undone by a power failure, and the refresh token in the older file is spent.
#[cfg(unix)]
fn sync_folder(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

pub(super) fn failed(path: &Path, what: &str, error: &io::Error) -> Error {
    Error::new(ErrorCode::StoreFailed, format!("{} cannot be {what}: {error}.", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f12_what_is_set_aside_never_takes_the_place_of_what_was_set_aside_before() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("secrets.age");
        for content in ["one", "two", "three"] {
            fs::write(&path, content).unwrap();
            set_aside(&path).unwrap();
        }
        let kept = ["secrets.age.broken", "secrets.age.broken-2", "secrets.age.broken-3"];
        assert_eq!(kept.map(|name| fs::read_to_string(home.path().join(name)).unwrap()), ["one", "two", "three"]);
        assert!(!path.exists());
    }

    #[cfg(unix)]
    #[test]
    fn f12_a_file_is_for_this_person_only_and_a_disk_that_refuses_leaves_the_old_one() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("secrets.age");
        write(&path, b"one").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let refused = write(&home.path().join("nowhere/secrets.age"), b"two").unwrap_err();
        assert_eq!(refused.code, ErrorCode::StoreFailed);
        assert_eq!(fs::read(&path).unwrap(), b"one");
    }
}
