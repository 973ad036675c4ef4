//! Providers and their files.

use keydesk_core::{ProviderCheck, ProviderView, SaveProvider, SetAside};

use super::{Answer, Here};

#[tauri::command]
#[specta::specta]
pub async fn list_providers(here: Here<'_>) -> Answer<Vec<ProviderView>> {
    Ok(here.keydesk.list_providers())
}

#[tauri::command]
#[specta::specta]
pub async fn list_set_aside(here: Here<'_>) -> Answer<Vec<SetAside>> {
    Ok(here.keydesk.list_set_aside())
}

#[tauri::command]
#[specta::specta]
pub async fn read_provider(here: Here<'_>, id: String) -> Answer<String> {
    here.keydesk.read_provider(&id)
}

#[tauri::command]
#[specta::specta]
pub async fn check_provider(here: Here<'_>, text: String, replaces: Option<String>) -> Answer<ProviderCheck> {
    Ok(here.keydesk.check_provider(&text, replaces.as_deref()))
}

#[tauri::command]
#[specta::specta]
pub async fn save_provider(here: Here<'_>, request: SaveProvider) -> Answer<ProviderView> {
    here.keydesk.save_provider(&request)
}

#[tauri::command]
#[specta::specta]
pub async fn remove_provider(here: Here<'_>, id: String) -> Answer<()> {
    here.keydesk.remove_provider(&id)
}

#[tauri::command]
#[specta::specta]
pub async fn remove_set_aside(here: Here<'_>, file: String) -> Answer<()> {
    here.keydesk.remove_set_aside(&file)
}

#[tauri::command]
#[specta::specta]
pub async fn export_provider(here: Here<'_>, id: String) -> Answer<String> {
    Ok(here.keydesk.export_provider(&id)?.display().to_string())
}
