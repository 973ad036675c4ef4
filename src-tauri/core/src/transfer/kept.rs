//! How far a transfer was when its process ended: what the same one, begun again, goes on from. A file of the data folder, as
//! long as the transfer is not over; nothing in it is secret.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::header::HeaderValue;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::part::Part;
use super::work::Reached;
use crate::lock_file;
use crate::paths::{Paths, make_private, read_json, write_json};

/// After so long nobody goes on with it.
const FORGOTTEN: Duration = Duration::from_secs(30 * 24 * 60 * 60);

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Record {
    /// Whose it is.
    #[serde(default)]
    connection: String,
    before: usize,
    after: usize,
    taken: BTreeMap<String, Value>,
    chunks: u32,
    #[serde(default)]
    lost: bool,
    part: Option<PartRecord>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct PartRecord {
    path: PathBuf,
    folder: PathBuf,
    name: String,
    may_be_numbered: bool,
    validator: Option<String>,
    total: Option<u64>,
    done: u64,
}

/// Keeps how far one transfer is. Another one of the same cannot, while this one does.
pub struct Keeper {
    connection: String,
    path: PathBuf,
    lock: PathBuf,
    _held: File,
}

impl Keeper {
    /// For what this text names. None where another transfer of the same is not over, or nothing can be kept.
    pub fn of(paths: &Paths, connection: &str, what: &str) -> Option<Self> {
        let folder = folder(paths);
        make_private(&folder).ok()?;
        forget_old(&folder);
        let name: String = Sha256::digest(what).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let (path, lock) = (folder.join(format!("{name}.json")), folder.join(format!("{name}.lock")));
        let held = lock_file::open(&lock).ok().filter(|held| lock_file::take(held).unwrap_or(false))?;
        Some(Self { connection: connection.to_owned(), path, lock, _held: held })
    }

    /// How far it was.
    pub fn known(&self, reached: &mut Reached) {
        // What cannot be read is begun anew.
        let Ok(Some(record)) = read_json::<Record>(&self.path) else { return };
        (reached.before, reached.after, reached.chunks) = (record.before, record.after, record.chunks);
        reached.lost = record.lost;
        record.taken.iter().for_each(|(name, value)| reached.taken.give(name, value));
        reached.part = record.part.and_then(PartRecord::part);
    }

    /// Keeps how far it is. Nothing depends on it: what is not kept is begun anew.
    pub fn keep(&self, reached: &Reached, is_upload: bool) {
        let record = Record {
            connection: self.connection.clone(),
            // A link is made anew: it may let in whoever has it.
            before: if is_upload { reached.before } else { 0 },
            after: reached.after,
            taken: if is_upload { reached.taken.values.clone() } else { BTreeMap::new() },
            chunks: reached.chunks,
            lost: reached.lost,
            part: reached.part.as_ref().map(PartRecord::of),
        };
        if let Err(error) = write_json(&self.path, &record) {
            tracing::warn!(%error, "how far a transfer is was not kept");
        }
    }

    /// It is over.
    pub fn forget(self) {
        // One that stays behind is forgotten later.
        let _ = fs::remove_file(&self.path);
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.lock);
    }
}

impl PartRecord {
    fn of(part: &Part) -> Self {
        Self {
            path: part.path.clone(),
            folder: part.folder.clone(),
            name: part.name.clone(),
            may_be_numbered: part.may_be_numbered,
            validator: part.validator.as_ref().and_then(|it| it.to_str().ok()).map(str::to_owned),
            total: part.total,
            done: part.done,
        }
    }

    /// None where it is no longer there.
    fn part(self) -> Option<Part> {
        let Self { path, folder, name, may_be_numbered, validator, total, done } = self;
        let validator = validator.and_then(|it| HeaderValue::from_str(&it).ok());
        let part = Part { path, validator, total, done, folder, name, may_be_numbered };
        part.is_there().then_some(part)
    }
}

/// Forgets all of a connection.
pub fn forget_of(paths: &Paths, connection: &str) {
    for entry in fs::read_dir(folder(paths)).into_iter().flatten().flatten() {
        let path = entry.path();
        let is_of = |record: Option<Record>| record.is_some_and(|record| record.connection == connection);
        if path.extension().is_some_and(|it| it == "json") && read_json(&path).is_ok_and(is_of) {
            let _ = fs::remove_file(path);
        }
    }
}

fn folder(paths: &Paths) -> PathBuf {
    paths.data("transfers")
}

fn forget_old(folder: &Path) {
    let is_old = |entry: &fs::DirEntry| -> io::Result<bool> {
        Ok(entry.metadata()?.modified()?.elapsed().is_ok_and(|age| age > FORGOTTEN))
    };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if is_old(&entry).unwrap_or(false) {
            let _ = fs::remove_file(entry.path());
        }
    }
}
