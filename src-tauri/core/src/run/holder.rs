//! Which process carries a run out. The system frees the file's lock when its holder dies, however it dies: then the next
//! Keydesk knows that the run was interrupted.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

/// Held as long as this process lives.
pub struct Holder {
    /// As runs name it.
    pub name: String,
    path: PathBuf,
    _file: File,
}

impl Holder {
    /// This process, in a folder of locks.
    ///
    /// # Errors
    /// When the file cannot be made or locked.
    pub fn new(folder: &Path) -> io::Result<Self> {
        let name = format!("runs-{}", uuid::Uuid::new_v4());
        let path = path_of(folder, &name);
        let file = OpenOptions::new().create_new(true).write(true).open(&path)?;
        file.lock()?;
        Ok(Self { name, path, _file: file })
    }
}

impl Drop for Holder {
    fn drop(&mut self) {
        // One that stays behind is found to be unlocked.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Whether the process of this name is gone.
pub fn is_gone(folder: &Path, name: &str) -> bool {
    let path = path_of(folder, name);
    let file = match OpenOptions::new().write(true).open(&path) {
        Ok(file) => file,
        Err(error) => return error.kind() == io::ErrorKind::NotFound,
    };
    match file.try_lock() {
        Ok(()) => {
            let _ = std::fs::remove_file(&path);
            true
        }
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => false,
    }
}

/// A name comes from the file of runs, and must lead nowhere else.
fn path_of(folder: &Path, name: &str) -> PathBuf {
    let safe: String = name.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    folder.join(format!("{safe}.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_holder_is_there_until_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let holder = Holder::new(folder.path()).unwrap();
        let name = holder.name.clone();
        assert!(!is_gone(folder.path(), &name));
        drop(holder);
        assert!(is_gone(folder.path(), &name));
        assert!(is_gone(folder.path(), "runs-nobody"));
    }
}
