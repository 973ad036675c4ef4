//! An answer that somebody looks at.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::blocks::Walk;
use super::folder::Kept;
use super::hex;
use super::json::{Json, Rows, Table};
use super::reading::Reading;
use super::search::{Found, search};
use super::view::{AnswerMatch, AnswerMatches, AnswerShape, HexRow, JsonRow, JsonShape, JsonValue, TableRow, TextRow};
use crate::error::{Error, ErrorCode, Result};
use crate::file_name::sanitised;
use crate::paths::write_beside;
use crate::picture;

/// How long it is waited for what is there to be read through.
const WAIT: Duration = Duration::from_millis(100);
const MOST_BYTES: u32 = 4 * 1024 * 1024;
const LARGEST_PICTURE: u64 = 20 * 1024 * 1024;

/// One that is open. What was noted of it goes with it, and the reading ends.
pub struct Opened {
    reading: Arc<Reading>,
    json: Mutex<Shown>,
    found: Mutex<Found>,
    /// How many searches were begun: all but the last are no longer wanted.
    searches: AtomicU64,
}

/// What a person made of it.
#[derive(Default)]
struct Shown {
    rows: Rows,
    table: Table,
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.reading.end();
    }
}

impl Opened {
    pub fn new(kept: Kept) -> Result<Self> {
        let reading = Reading::begin(kept)?;
        Ok(Self { reading, json: Mutex::default(), found: Mutex::default(), searches: AtomicU64::default() })
    }

    pub fn id(&self) -> &str {
        &self.reading.kept.id
    }

    pub fn shape(&self, says_json: bool) -> Result<AnswerShape> {
        let now = self.reading.wait(WAIT);
        if let Some(error) = now.failed {
            return Err(error);
        }
        let reached = self.reading.kept.coming.reached();
        let begins_as_json = now.fault.is_none() && self.begins_as_json()?;
        let json = (says_json && now.at > 0 || begins_as_json).then(|| {
            self.json(|shown, json| {
                let (rows, table) = (shown.rows.total(json)?, shown.table.shape(json)?);
                Ok(JsonShape { fault: now.fault, rows, table })
            })
        });
        Ok(AnswerShape {
            id: self.id().to_owned(),
            size: reached.size,
            whole: now.over,
            json: json.transpose()?,
            text: now.is_text,
            text_rows: self.reading.text().rows(),
            hex_rows: reached.size.div_ceil(hex::WIDTH),
        })
    }

    /// Whether its outermost value has members: a number or a text alone may be anything.
    fn begins_as_json(&self) -> Result<bool> {
        let mut json = Json::new(&self.reading.kept.file, &self.reading.scan);
        let Some(root) = json.root() else { return Ok(false) };
        Ok(matches!(json.bytes().byte(root)?, Some(b'{' | b'[')))
    }

    pub fn json_rows(&self, from: u64, count: u32) -> Result<Vec<JsonRow>> {
        self.json(|shown, json| shown.rows.list(json, from, count))
    }

    pub fn toggle(&self, row: u64, open: bool, all: bool) -> Result<u64> {
        self.json(|shown, json| shown.rows.toggle(json, row, open, all))
    }

    pub fn reveal(&self, offset: u64) -> Result<u64> {
        self.json(|shown, json| shown.rows.reveal(json, offset))
    }

    pub fn json_value(&self, offset: u64) -> Result<JsonValue> {
        self.json(|_, json| json.value(offset))
    }

    pub fn table_rows(&self, from: u64, count: u32) -> Result<Vec<TableRow>> {
        self.json(|shown, json| shown.table.rows(json, from, count))
    }

    pub fn text_rows(&self, from: u64, count: u32) -> Result<Vec<TextRow>> {
        let mut along = self.reading.text().along(&self.reading.kept.file, from);
        along.rows(from, count)
    }

    pub fn hex_rows(&self, from: u64, count: u32) -> Result<Vec<HexRow>> {
        hex::rows(&mut self.walk(), from, count)
    }

    pub fn search(&self, text: &str, match_case: bool) -> Result<AnswerMatches> {
        let number = self.searches.fetch_add(1, Ordering::Relaxed) + 1;
        let is_wanted = || self.searches.load(Ordering::Relaxed) == number && !self.reading.has_ended();
        let (file, end) = (&self.reading.kept.file, self.reading.kept.coming.reached().size);
        let Some(found) = search(file, end, text, match_case, is_wanted)? else {
            return Ok(AnswerMatches { total: 0, cut: false });
        };
        let matches = AnswerMatches { total: found.places.len() as u32, cut: found.cut };
        *held(&self.found) = found;
        Ok(matches)
    }

    pub fn found(&self, number: u32) -> Result<AnswerMatch> {
        let offset = held(&self.found).places.get(number as usize).copied();
        let offset = offset.ok_or_else(|| Error::input("number", "The search did not find so many."))?;
        let json_row = if offset < held(&self.reading.scan).at() {
            self.json(|shown, json| shown.rows.visible(json, offset))?
        } else {
            None
        };
        let text_row = self.text_row(offset)?;
        Ok(AnswerMatch { offset, json_row, text_row })
    }

    fn text_row(&self, offset: u64) -> Result<Option<u64>> {
        let mut near = self.reading.text().near(&self.reading.kept.file, offset);
        near.row_at(offset)
    }

    pub fn image(&self) -> Result<String> {
        let size = self.reading.kept.coming.reached().size;
        let no = |what: &str| Error::new(ErrorCode::UnexpectedAnswer, format!("The answer is {what}."));
        if size > LARGEST_PICTURE {
            return Err(no("larger than a picture that is shown"));
        }
        let body = self.walk().between(0, size, LARGEST_PICTURE as usize)?;
        picture::data_url(&body).ok_or_else(|| no("no picture"))
    }

    pub fn base64(&self, from: u64, count: u32) -> Result<String> {
        let bytes = self.walk().between(from, u64::MAX, count.min(MOST_BYTES) as usize)?;
        Ok(BASE64_STANDARD.encode(bytes))
    }

    pub fn save(&self, folder: &Path, name: &str) -> Result<PathBuf> {
        let name = sanitised(name);
        let copy = || -> io::Result<PathBuf> {
            std::fs::create_dir_all(folder)?;
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            io::copy(&mut std::fs::File::open(&self.reading.kept.path)?, file.as_file_mut())?;
            write_beside(file, folder, &name)
        };
        copy().map_err(Error::not_written)
    }

    fn walk(&self) -> Walk<'_> {
        Walk::new(&self.reading.kept.file, self.reading.kept.coming.reached().size)
    }

    fn json<T>(&self, work: impl FnOnce(&mut Shown, &mut Json) -> Result<T>) -> Result<T> {
        let mut shown = held(&self.json);
        work(&mut shown, &mut Json::new(&self.reading.kept.file, &self.reading.scan))
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
