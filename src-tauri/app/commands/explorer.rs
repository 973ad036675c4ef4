//! The explorer: any request, and what is kept of it.

use keydesk_core::{Catalogue, Draft, ExplorerPreview, ExplorerRequest, ReadCurl, SavedRequest, SentView, Variable};

use super::{Answer, Here};

#[tauri::command]
#[specta::specta]
pub async fn read_catalogues(here: Here<'_>, connection: String) -> Answer<Vec<Catalogue>> {
    here.keydesk.read_catalogues(&connection).await
}

#[tauri::command]
#[specta::specta]
pub async fn import_catalogue(here: Here<'_>, connection: String, text: String) -> Answer<Catalogue> {
    here.keydesk.import_catalogue(connection, text).await
}

#[tauri::command]
#[specta::specta]
pub async fn remove_catalogue(here: Here<'_>, connection: String, catalogue: String) -> Answer<()> {
    here.keydesk.remove_catalogue(connection, catalogue).await
}

#[tauri::command]
#[specta::specta]
pub async fn fetch_document(here: Here<'_>, url: String) -> Answer<String> {
    here.keydesk.fetch_document(&url).await
}

#[tauri::command]
#[specta::specta]
pub async fn open_docs(here: Here<'_>, connection: String, endpoint: String) -> Answer<()> {
    here.keydesk.open_docs(&connection, &endpoint).await
}

#[tauri::command]
#[specta::specta]
pub async fn list_drafts(here: Here<'_>, connection: String) -> Answer<Vec<Draft>> {
    here.keydesk.list_drafts(connection).await
}

#[tauri::command]
#[specta::specta]
pub async fn save_draft(here: Here<'_>, draft: Draft) -> Answer<()> {
    here.keydesk.save_draft(draft).await
}

#[tauri::command]
#[specta::specta]
pub async fn close_draft(here: Here<'_>, draft: String) -> Answer<()> {
    here.keydesk.close_draft(draft).await
}

#[tauri::command]
#[specta::specta]
pub async fn list_saved_requests(here: Here<'_>, connection: String) -> Answer<Vec<SavedRequest>> {
    here.keydesk.list_saved_requests(connection).await
}

#[tauri::command]
#[specta::specta]
pub async fn save_request(here: Here<'_>, saved: SavedRequest) -> Answer<SavedRequest> {
    here.keydesk.save_request(saved).await
}

#[tauri::command]
#[specta::specta]
pub async fn remove_saved_request(here: Here<'_>, saved: String) -> Answer<()> {
    here.keydesk.remove_saved_request(saved).await
}

#[tauri::command]
#[specta::specta]
pub async fn list_variables(here: Here<'_>, connection: String) -> Answer<Vec<Variable>> {
    here.keydesk.list_variables(connection).await
}

#[tauri::command]
#[specta::specta]
pub async fn set_variables(here: Here<'_>, connection: String, variables: Vec<Variable>) -> Answer<Vec<Variable>> {
    here.keydesk.set_variables(connection, variables).await
}

#[tauri::command]
#[specta::specta]
pub async fn preview_explorer_request(
    here: Here<'_>,
    connection: String,
    request: ExplorerRequest,
) -> Answer<ExplorerPreview> {
    here.keydesk.preview_explorer_request(&connection, &request).await
}

#[tauri::command]
#[specta::specta]
pub async fn copy_as_curl(here: Here<'_>, connection: String, request: ExplorerRequest) -> Answer<String> {
    here.keydesk.copy_as_curl(&connection, &request).await
}

#[tauri::command]
#[specta::specta]
pub async fn read_curl(here: Here<'_>, connection: String, text: String) -> Answer<ReadCurl> {
    here.keydesk.read_curl(&connection, &text)
}

#[tauri::command]
#[specta::specta]
pub async fn send_request(
    here: Here<'_>,
    connection: String,
    draft: Option<String>,
    request: ExplorerRequest,
    elsewhere: Option<String>,
) -> Answer<SentView> {
    here.keydesk.send_request(&connection, draft, request, elsewhere.as_deref()).await
}

#[tauri::command]
#[specta::specta]
pub async fn read_sent(here: Here<'_>, answer: String) -> Answer<SentView> {
    here.keydesk.read_sent(&answer).await
}

#[tauri::command]
#[specta::specta]
pub async fn cancel_sent(here: Here<'_>, answer: String) -> Answer<SentView> {
    here.keydesk.cancel_sent(&answer).await
}

#[tauri::command]
#[specta::specta]
pub async fn load_all_pages(here: Here<'_>, answer: String) -> Answer<SentView> {
    here.keydesk.load_all_pages(&answer).await
}
