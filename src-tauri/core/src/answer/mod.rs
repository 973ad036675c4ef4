//! Answers: bodies of any size, kept on the disk and shown by window. Nothing is held whole.
//!
//! 1. A [`Writer`] puts a body down as it comes, without the secrets that are in use (security.md F1, F9).
//! 2. Whoever looks at it first opens it: a thread of its own reads it through once, as fast as it comes, and notes where
//!    rows are: every n-th child of what is large, every n-th row of text (json/scan.rs, text.rs).
//! 3. From then on a window onto it costs a look at those notes and a few thousand bytes of the file.
//!
//! What is read here came from a server: nothing recurses, nothing grows with what is in it without a bound.

mod blocks;
#[cfg(test)]
mod corpus;
mod folder;
mod hex;
mod json;
mod opened;
mod reading;
mod search;
#[cfg(test)]
mod tests;
mod text;
mod view;
mod writer;

use std::collections::{HashSet, VecDeque};
use std::io::Read;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use folder::Folder;
use opened::Opened;
pub use view::{
    AnswerMatch, AnswerMatches, AnswerShape, HexRow, JsonFault, JsonFaultReason, JsonKind, JsonRow, JsonShape,
    JsonValue, TableRow, TableShape, TextRow,
};
pub use writer::Writer;

use crate::error::{Error, Result};
use crate::paths::Paths;
use crate::redact::Redactor;

/// How many are open at once; of those that were looked at longest ago it is forgotten what was open in them.
const MOST_OPENED: usize = 16;
/// What one call gives at most.
const MOST_ROWS: u32 = 1000;

/// The answers that are kept.
pub struct Answers {
    folder: Folder,
    redactor: Arc<Redactor>,
    /// The one that was looked at last at the end.
    opened: Mutex<VecDeque<Arc<Opened>>>,
}

impl Answers {
    /// Those in the data folder.
    ///
    /// # Errors
    /// `not_written` when the folder cannot be made.
    pub fn new(paths: &Paths, redactor: Arc<Redactor>) -> Result<Self> {
        Ok(Self { folder: Folder::new(paths)?, redactor, opened: Mutex::default() })
    }

    /// Begins one. It can be looked at from now on. One that is private holds a secret that nobody masks yet: it lies where the
    /// session's own files are, and not among those that are kept.
    ///
    /// # Errors
    /// `not_written`.
    pub fn begin(&self, private: bool) -> Result<Writer> {
        self.folder.begin(private, &self.redactor)
    }

    /// Its first bytes, without opening it; none where they cannot be read.
    pub fn beginning(&self, answer: &str, most: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        // What cannot be read is not told.
        let _ = self.folder.open(answer).map(|kept| kept.file.take(most).read_to_end(&mut bytes));
        bytes
    }

    /// Deletes one; whoever reads it meets its end. One that is not there is deleted already.
    ///
    /// # Errors
    /// `not_written` when the system does not let it.
    pub fn delete(&self, answer: &str) -> Result<()> {
        self.close(answer);
        self.folder.delete(answer)
    }

    /// Deletes all that nobody refers to any more, at start. What began since then stays.
    pub fn keep_only(&self, in_use: &HashSet<String>) {
        self.folder.keep_only(in_use);
    }

    /// Forgets what was noted of it, and ends the work on it.
    pub fn close(&self, answer: &str) {
        self.lock().retain(|opened| opened.id() != answer);
    }

    /// What there is of it. It is waited a moment for what is there already to be read through. `says_json`: it is shown as
    /// a tree also where it does not begin as one.
    ///
    /// # Errors
    /// `invalid_input` where there is no such answer; also in all below.
    pub async fn shape(&self, answer: &str, says_json: bool) -> Result<AnswerShape> {
        self.with(answer, move |opened| opened.shape(says_json)).await
    }

    /// Rows of the tree.
    ///
    /// # Errors
    /// `internal` when the disk refuses; also in all below.
    pub async fn json_rows(&self, answer: &str, from: u64, count: u32) -> Result<Vec<JsonRow>> {
        self.with(answer, move |opened| opened.json_rows(from, count.min(MOST_ROWS))).await
    }

    /// Opens or closes an object or array, with `all` also what is in it. Gives how many rows are visible then.
    ///
    /// # Errors
    /// See above.
    pub async fn toggle_json_row(&self, answer: &str, row: u64, open: bool, all: bool) -> Result<u64> {
        self.with(answer, move |opened| opened.toggle(row, open, all)).await
    }

    /// Opens what is above a place, and gives its row.
    ///
    /// # Errors
    /// See above.
    pub async fn reveal_json(&self, answer: &str, offset: u64) -> Result<u64> {
        self.with(answer, move |opened| opened.reveal(offset)).await
    }

    /// The value of the row at a place.
    ///
    /// # Errors
    /// `invalid_input` where no value stands; see above.
    pub async fn json_value(&self, answer: &str, offset: u64) -> Result<JsonValue> {
        self.with(answer, move |opened| opened.json_value(offset)).await
    }

    /// Rows of the table.
    ///
    /// # Errors
    /// See above.
    pub async fn table_rows(&self, answer: &str, from: u64, count: u32) -> Result<Vec<TableRow>> {
        self.with(answer, move |opened| opened.table_rows(from, count.min(MOST_ROWS))).await
    }

    /// Rows of the text.
    ///
    /// # Errors
    /// See above.
    pub async fn text_rows(&self, answer: &str, from: u64, count: u32) -> Result<Vec<TextRow>> {
        self.with(answer, move |opened| opened.text_rows(from, count.min(MOST_ROWS))).await
    }

    /// Rows of 16 bytes.
    ///
    /// # Errors
    /// See above.
    pub async fn hex_rows(&self, answer: &str, from: u64, count: u32) -> Result<Vec<HexRow>> {
        self.with(answer, move |opened| opened.hex_rows(from, count.min(MOST_ROWS))).await
    }

    /// Searches all that is there. What was found is kept for [`Self::found`]; a search that is still under way ends.
    ///
    /// # Errors
    /// See above.
    pub async fn search(&self, answer: &str, text: &str, match_case: bool) -> Result<AnswerMatches> {
        let text = text.to_owned();
        self.with(answer, move |opened| opened.search(&text, match_case)).await
    }

    /// A place that the last search found, by its number from zero on.
    ///
    /// # Errors
    /// `invalid_input` where it did not find so many; see above.
    pub async fn found(&self, answer: &str, number: u32) -> Result<AnswerMatch> {
        self.with(answer, move |opened| opened.found(number)).await
    }

    /// As a `data:` URL for a picture.
    ///
    /// # Errors
    /// `unexpected_answer` when it does not begin as a picture or is too large; see above.
    pub async fn image(&self, answer: &str) -> Result<String> {
        self.with(answer, Opened::image).await
    }

    /// Bytes of it in Base64, at most 4 MB and less at its end.
    ///
    /// # Errors
    /// See above.
    pub async fn base64(&self, answer: &str, from: u64, count: u32) -> Result<String> {
        self.with(answer, move |opened| opened.base64(from, count)).await
    }

    /// Copies it into a folder under this name, made safe and numbered where there is such a file: never over another.
    ///
    /// # Errors
    /// `not_written`; see above.
    pub async fn save(&self, answer: &str, folder: PathBuf, name: &str) -> Result<PathBuf> {
        let name = name.to_owned();
        self.with(answer, move |opened| opened.save(&folder, &name)).await
    }

    /// Works on it where waiting for a disk holds up nobody.
    async fn with<T: Send + 'static>(
        &self,
        answer: &str,
        work: impl FnOnce(&Opened) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let opened = self.open(answer)?;
        let done = tokio::task::spawn_blocking(move || work(&opened)).await;
        done.map_err(|fault| Error::of_task("read an answer", &fault))?
    }

    fn open(&self, answer: &str) -> Result<Arc<Opened>> {
        let mut all = self.lock();
        let known = all.iter().position(|opened| opened.id() == answer).and_then(|at| all.remove(at));
        let opened = known.map_or_else(|| self.folder.open(answer).and_then(Opened::new).map(Arc::new), Ok)?;
        all.push_back(opened.clone());
        if all.len() > MOST_OPENED {
            all.pop_front();
        }
        Ok(opened)
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Arc<Opened>>> {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
