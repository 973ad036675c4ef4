//! Answers of the explorer, by window.

use std::path::PathBuf;

use super::Keydesk;
use crate::answer::{AnswerMatch, AnswerMatches, AnswerShape, HexRow, JsonRow, JsonValue, TableRow, TextRow};
use crate::error::{Error, Result};
use crate::explorer::AnswerKind;

impl Keydesk {
    /// Which windows there are onto an answer, as far as it came.
    ///
    /// # Errors
    /// `invalid_input` when there is none; also in all below.
    pub async fn open_answer(&self, answer: &str) -> Result<AnswerShape> {
        let says_json = self.explorer.read(answer).await.is_ok_and(|view| view.kind == AnswerKind::Json);
        self.answers.shape(answer, says_json).await
    }

    /// Rows of an answer's tree.
    ///
    /// # Errors
    /// See above.
    pub async fn read_json_rows(&self, answer: &str, from: u64, count: u32) -> Result<Vec<JsonRow>> {
        self.answers.json_rows(answer, from, count).await
    }

    /// Opens or closes a row of the tree; gives how many are visible then.
    ///
    /// # Errors
    /// See above.
    pub async fn toggle_json_row(&self, answer: &str, row: u64, open: bool, all: bool) -> Result<u64> {
        self.answers.toggle_json_row(answer, row, open, all).await
    }

    /// Opens what is above a place in the tree; gives its row.
    ///
    /// # Errors
    /// See above.
    pub async fn reveal_json(&self, answer: &str, offset: u64) -> Result<u64> {
        self.answers.reveal_json(answer, offset).await
    }

    /// Rows of an answer's table.
    ///
    /// # Errors
    /// See above.
    pub async fn read_table_rows(&self, answer: &str, from: u64, count: u32) -> Result<Vec<TableRow>> {
        self.answers.table_rows(answer, from, count).await
    }

    /// Rows of an answer's text.
    ///
    /// # Errors
    /// See above.
    pub async fn read_text_rows(&self, answer: &str, from: u64, count: u32) -> Result<Vec<TextRow>> {
        self.answers.text_rows(answer, from, count).await
    }

    /// Rows of an answer's bytes.
    ///
    /// # Errors
    /// See above.
    pub async fn read_hex_rows(&self, answer: &str, from: u64, count: u32) -> Result<Vec<HexRow>> {
        self.answers.hex_rows(answer, from, count).await
    }

    /// Searches an answer.
    ///
    /// # Errors
    /// See above.
    pub async fn search_answer(&self, answer: &str, text: &str, match_case: bool) -> Result<AnswerMatches> {
        self.answers.search(answer, text, match_case).await
    }

    /// A place that the last search found.
    ///
    /// # Errors
    /// See above.
    pub async fn answer_match(&self, answer: &str, number: u32) -> Result<AnswerMatch> {
        self.answers.found(answer, number).await
    }

    /// A value of the tree, whole.
    ///
    /// # Errors
    /// See above.
    pub async fn read_json_value(&self, answer: &str, offset: u64) -> Result<JsonValue> {
        self.answers.json_value(answer, offset).await
    }

    /// An answer as a `data:` URL, where it is a picture.
    ///
    /// # Errors
    /// `unexpected_answer` when it is none; see above.
    pub async fn read_answer_image(&self, answer: &str) -> Result<String> {
        self.answers.image(answer).await
    }

    /// Bytes of an answer in Base64.
    ///
    /// # Errors
    /// See above.
    pub async fn read_answer_bytes(&self, answer: &str, from: u64, count: u32) -> Result<String> {
        self.answers.base64(answer, from, count).await
    }

    /// Copies an answer to the person's downloads, beside what is there, and says where.
    ///
    /// # Errors
    /// `not_written`; see above.
    pub async fn save_answer(&self, answer: &str) -> Result<PathBuf> {
        let view = self.explorer.read(answer).await?;
        let folder = self.paths.exports().map_err(|error| Error::internal("find the downloads", error))?;
        self.answers.save(answer, folder.to_owned(), &view.file_name()).await
    }
}
