//! Answers of the explorer, by window: none is handed over whole.

use keydesk_core::{AnswerMatch, AnswerMatches, AnswerShape, HexRow, JsonRow, JsonValue, TableRow, TextRow};

use serde::{Deserialize, Serialize};
use specta::Type;

use super::{Answer, Here};

/// A row of an answer, or a place in it: JavaScript’s own numbers are exact further than a disk is long.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, Type)]
pub struct AnswerPlace(#[specta(type = u32)] u64);

#[tauri::command]
#[specta::specta]
pub async fn open_answer(here: Here<'_>, answer: String) -> Answer<AnswerShape> {
    here.keydesk.open_answer(&answer).await
}

#[tauri::command]
#[specta::specta]
pub async fn read_json_rows(here: Here<'_>, answer: String, from: AnswerPlace, count: u32) -> Answer<Vec<JsonRow>> {
    here.keydesk.read_json_rows(&answer, from.0, count).await
}

#[tauri::command]
#[specta::specta]
pub async fn toggle_json_row(
    here: Here<'_>,
    answer: String,
    row: AnswerPlace,
    open: bool,
    all: bool,
) -> Answer<AnswerPlace> {
    here.keydesk.toggle_json_row(&answer, row.0, open, all).await.map(AnswerPlace)
}

#[tauri::command]
#[specta::specta]
pub async fn reveal_json(here: Here<'_>, answer: String, offset: AnswerPlace) -> Answer<AnswerPlace> {
    here.keydesk.reveal_json(&answer, offset.0).await.map(AnswerPlace)
}

#[tauri::command]
#[specta::specta]
pub async fn read_table_rows(here: Here<'_>, answer: String, from: AnswerPlace, count: u32) -> Answer<Vec<TableRow>> {
    here.keydesk.read_table_rows(&answer, from.0, count).await
}

#[tauri::command]
#[specta::specta]
pub async fn read_text_rows(here: Here<'_>, answer: String, from: AnswerPlace, count: u32) -> Answer<Vec<TextRow>> {
    here.keydesk.read_text_rows(&answer, from.0, count).await
}

#[tauri::command]
#[specta::specta]
pub async fn read_hex_rows(here: Here<'_>, answer: String, from: AnswerPlace, count: u32) -> Answer<Vec<HexRow>> {
    here.keydesk.read_hex_rows(&answer, from.0, count).await
}

#[tauri::command]
#[specta::specta]
pub async fn search_answer(here: Here<'_>, answer: String, text: String, match_case: bool) -> Answer<AnswerMatches> {
    here.keydesk.search_answer(&answer, &text, match_case).await
}

#[tauri::command]
#[specta::specta]
pub async fn answer_match(here: Here<'_>, answer: String, number: u32) -> Answer<AnswerMatch> {
    here.keydesk.answer_match(&answer, number).await
}

#[tauri::command]
#[specta::specta]
pub async fn read_json_value(here: Here<'_>, answer: String, offset: AnswerPlace) -> Answer<JsonValue> {
    here.keydesk.read_json_value(&answer, offset.0).await
}

#[tauri::command]
#[specta::specta]
pub async fn read_answer_image(here: Here<'_>, answer: String) -> Answer<String> {
    here.keydesk.read_answer_image(&answer).await
}

#[tauri::command]
#[specta::specta]
pub async fn save_answer(here: Here<'_>, answer: String) -> Answer<String> {
    here.keydesk.save_answer(&answer).await.map(|file| file.display().to_string())
}

#[tauri::command]
#[specta::specta]
pub async fn read_answer_bytes(here: Here<'_>, answer: String, from: AnswerPlace, count: u32) -> Answer<String> {
    here.keydesk.read_answer_bytes(&answer, from.0, count).await
}
