//! Where the files are, and the one way in which a file is written.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::file_name::numbered;

/// The folders of this installation. `KEYDESK_HOME` moves them all.
#[derive(Debug, Clone)]
pub struct Paths {
    config: PathBuf,
    data: PathBuf,
    runtime: PathBuf,
    exports: PathBuf,
}

impl Paths {
    /// The folders of this person on this machine.
    ///
    /// # Errors
    /// When the system names no home folder.
    pub fn of_this_person() -> io::Result<Self> {
        if let Some(home) = std::env::var_os("KEYDESK_HOME") {
            return Ok(Self::under(Path::new(&home)));
        }
        let folders = directories::ProjectDirs::from("dev", "", "keydesk")
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no home folder"))?;
        let downloads = directories::UserDirs::new().and_then(|dirs| dirs.download_dir().map(Path::to_owned));
        let (config, data) = (folders.config_dir().to_owned(), folders.data_dir().to_owned());
        // Where the system has no folder for what is gone with the session, a private one beside the data.
        let runtime = folders.runtime_dir().map_or_else(|| data.join("run"), Path::to_owned);
        Ok(Self { exports: downloads.unwrap_or_else(|| data.join("exports")), config, data, runtime })
    }

    /// All folders under one.
    pub fn under(home: &Path) -> Self {
        let [config, data, runtime, exports] = ["config", "data", "run", "exports"].map(|name| home.join(name));
        Self { config, data, runtime, exports }
    }

    /// What the person set: connections, settings, own providers.
    pub fn config(&self, name: &str) -> PathBuf {
        self.config.join(name)
    }

    /// What has come to be: activity, history, runs, answers, transfers, what stands in the explorer, the renewals' journal,
    /// locks. Also checks, the broker's programs, and the file of secrets.
    pub fn data(&self, name: &str) -> PathBuf {
        self.data.join(name)
    }

    /// What is there while Keydesk runs: the broker's socket. Not made before it is needed.
    pub fn runtime(&self) -> &Path {
        &self.runtime
    }

    /// Where files go that the person takes out of the app; made if need be.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn exports(&self) -> io::Result<&Path> {
        fs::create_dir_all(&self.exports)?;
        Ok(&self.exports)
    }

    /// Makes the folders, for this person's eyes only.
    ///
    /// # Errors
    /// When a folder cannot be made.
    pub fn create(&self) -> io::Result<()> {
        [&self.config, &self.data].into_iter().try_for_each(|folder| make_private(folder))
    }
}

/// Makes a folder that nobody else can look into.
///
/// # Errors
/// When it cannot be made, or is another person's.
#[cfg(unix)]
pub fn make_private(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    // Only where it is needed: a disk that can be read alone would refuse.
    if fs::metadata(folder)?.permissions().mode() & 0o777 == 0o700 {
        return Ok(());
    }
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

/// Makes a folder; on this system those under a person's profile are private.
///
/// # Errors
/// When it cannot be made.
#[cfg(not(unix))]
pub fn make_private(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

/// Writes a file whole or not at all: a temporary one beside it (mode 0600), synced, then renamed over it.
///
/// # Errors
/// When the disk refuses; the old file then stands as it was.
pub fn write_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a path without a folder"))?;
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Gives a file that was written a name in a folder, beside what is there: numbered from the second on.
///
/// # Errors
/// When the disk refuses.
pub fn write_beside(mut file: tempfile::NamedTempFile, folder: &Path, name: &str) -> io::Result<PathBuf> {
    file.as_file().sync_all()?;
    let mut number = 1;
    loop {
        let path = folder.join(numbered(name, number));
        match file.persist_noclobber(&path) {
            Ok(_) => return Ok(path),
            Err(taken) if taken.error.kind() == io::ErrorKind::AlreadyExists => file = taken.file,
            Err(other) => return Err(other.error),
        }
        number += 1;
    }
}

/// Writes a value as JSON by [`write_whole`].
///
/// # Errors
/// When the disk refuses.
pub fn write_json(path: &Path, value: &impl Serialize) -> io::Result<()> {
    write_whole(path, &serde_json::to_vec_pretty(value)?)
}

/// Reads a value of JSON; none where there is no file. A file that cannot be understood is set aside as `name.broken`
/// and counts as none, so that the app starts and nothing is lost.
///
/// # Errors
/// When the file is there and the system refuses to read it or to set it aside.
pub fn read_json<T: DeserializeOwned>(path: &Path) -> io::Result<Option<T>> {
    let content = match fs::read(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other?,
    };
    match serde_json::from_slice(&content) {
        Ok(value) => Ok(Some(value)),
        Err(error) => {
            tracing::warn!(file = %path.display(), %error, "set aside a file that cannot be understood");
            set_aside(path)?;
            Ok(None)
        }
    }
}

/// What the name of a file ends with that was set aside.
pub const BROKEN: &str = ".broken";

/// Gives a file that cannot be used a name beside its own that is free: what was set aside before stays.
///
/// # Errors
/// When the system refuses.
pub fn set_aside(path: &Path) -> io::Result<()> {
    set_aside_as(path, BROKEN).map(drop)
}

/// The same with another ending, and says how it is called now.
///
/// # Errors
/// When the system refuses.
pub fn set_aside_as(path: &Path, ending: &str) -> io::Result<PathBuf> {
    let named = |number: u32| {
        let mut name = path.as_os_str().to_owned();
        name.push(if number == 1 { ending.to_owned() } else { format!("{ending}-{number}") });
        PathBuf::from(name)
    };
    let mut number = 1;
    while named(number).exists() {
        number += 1;
    }
    fs::rename(path, named(number))?;
    Ok(named(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_cannot_be_understood_is_set_aside_and_kept() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("settings.json");
        fs::write(&path, "{\"half").unwrap();
        assert!(read_json::<serde_json::Value>(&path).unwrap().is_none());
        assert_eq!(fs::read_to_string(home.path().join("settings.json.broken")).unwrap(), "{\"half");
        fs::write(&path, "[").unwrap();
        assert!(read_json::<Vec<u8>>(&path).unwrap().is_none());
        assert_eq!(fs::read_to_string(home.path().join("settings.json.broken")).unwrap(), "{\"half");
        assert_eq!(fs::read_to_string(home.path().join("settings.json.broken-2")).unwrap(), "[");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_written_is_for_this_person_only() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::under(home.path());
        paths.create().unwrap();
        write_json(&paths.config("settings.json"), &1).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&paths.config("")), 0o700);
        assert_eq!(mode(&paths.config("settings.json")), 0o600);
    }
}
