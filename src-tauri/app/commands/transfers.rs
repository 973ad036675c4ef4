//! Transfers: files that are sent and fetched. The window names no path: files are chosen in the system’s own dialog, and
//! what is fetched goes to the person’s downloads.

use keydesk_core::{ActionRequest, ChosenFile, SaveTo, TransferView};

use super::{Answer, Here};

#[tauri::command]
#[specta::specta]
pub async fn choose_file(here: Here<'_>) -> Answer<Option<ChosenFile>> {
    let path = here.chooser.choose().await;
    path.map(|path| here.keydesk.choose_file(&path)).transpose()
}

#[tauri::command]
#[specta::specta]
pub async fn start_transfer(here: Here<'_>, request: ActionRequest, file: Option<String>) -> Answer<TransferView> {
    here.keydesk.start_transfer(request, file.as_deref(), SaveTo::Downloads)
}

#[tauri::command]
#[specta::specta]
pub async fn list_transfers(here: Here<'_>, connection: Option<String>) -> Answer<Vec<TransferView>> {
    Ok(here.keydesk.list_transfers(connection.as_deref()))
}

#[tauri::command]
#[specta::specta]
pub async fn pause_transfer(here: Here<'_>, transfer: String) -> Answer<TransferView> {
    here.keydesk.pause_transfer(&transfer).await
}

#[tauri::command]
#[specta::specta]
pub async fn resume_transfer(here: Here<'_>, transfer: String) -> Answer<TransferView> {
    here.keydesk.resume_transfer(&transfer)
}

#[tauri::command]
#[specta::specta]
pub async fn stop_transfer(here: Here<'_>, transfer: String) -> Answer<TransferView> {
    here.keydesk.stop_transfer(&transfer).await
}

#[tauri::command]
#[specta::specta]
pub async fn remove_transfer(here: Here<'_>, transfer: String) -> Answer<()> {
    here.keydesk.remove_transfer(&transfer).await
}
