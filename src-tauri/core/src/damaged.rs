//! Files of this installation that could not be understood: each was set aside beside its place, and a new one begun.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde::Serialize;
use specta::Type;

use crate::paths::{BROKEN, Paths};

/// A file that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
pub struct DamagedFile {
    /// What it was called: `settings.json`.
    pub name: String,
    /// The path at which it is kept.
    pub kept_as: String,
}

/// What was set aside since Keydesk was opened. It is found by looking: whoever sets a file aside need not tell.
pub struct DamagedFiles {
    folders: [PathBuf; 2],
    before: BTreeSet<DamagedFile>,
}

impl DamagedFiles {
    /// From now on: before any file is read.
    pub fn watch(paths: &Paths) -> Self {
        let folders = [paths.config(""), paths.data("")];
        let before = set_aside_in(&folders);
        Self { folders, before }
    }

    /// Those since then, by name.
    pub fn found(&self) -> Vec<DamagedFile> {
        set_aside_in(&self.folders).difference(&self.before).cloned().collect()
    }
}

fn set_aside_in(folders: &[PathBuf]) -> BTreeSet<DamagedFile> {
    let entries = folders.iter().filter_map(|folder| fs::read_dir(folder).ok()).flatten();
    entries.filter_map(|entry| damaged(&entry.ok()?.path())).collect()
}

fn damaged(path: &Path) -> Option<DamagedFile> {
    let name = path.file_name()?.to_str()?;
    let (name, number) = name.rsplit_once(BROKEN)?;
    let is_ours = number.is_empty() || number.strip_prefix('-')?.parse::<u32>().is_ok();
    // The store of secrets says so itself, and what that means.
    let is_secret = Path::new(name).extension().is_some_and(|extension| extension == "age");
    (is_ours && !is_secret).then(|| DamagedFile { name: name.to_owned(), kept_as: path.display().to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_set_aside_since_then_is_found() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::under(home.path());
        paths.create().unwrap();
        fs::write(paths.config("settings.json.broken"), "").unwrap();
        let files = DamagedFiles::watch(&paths);
        assert!(files.found().is_empty());
        for name in ["settings.json.broken-2", "settings.json", "notes.broken-down", "secrets.age.broken"] {
            fs::write(paths.config(name), "").unwrap();
        }
        fs::write(paths.data("runs.sqlite.broken"), "").unwrap();
        let found = files.found();
        let names: Vec<&str> = found.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["runs.sqlite", "settings.json"]);
        assert_eq!(Path::new(&found[1].kept_as), paths.config("settings.json.broken-2"));
    }
}
