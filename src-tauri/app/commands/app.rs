//! The app itself: status, settings, sandbox, clipboard.

use keydesk_core::{DamagedFile, Secret, Settings, StoreView};
use serde::Serialize;
use specta::Type;

use super::{Answer, Here};
use crate::sandbox::SandboxView;

/// How the app stands.
#[derive(Debug, Serialize, Type)]
#[allow(missing_docs)] // as in the core's
pub struct AppStatus {
    pub version: String,
    pub store: StoreView,
    pub sandbox_url: Option<String>,
    pub activity_saved: bool,
    pub damaged: Vec<DamagedFile>,
    pub requests_last_hour: u32,
    pub failed_last_hour: u32,
}

async fn with_sandbox(here: &Here<'_>, status: keydesk_core::AppStatus) -> AppStatus {
    AppStatus {
        version: status.version,
        store: status.store,
        sandbox_url: here.sandbox.url().await,
        activity_saved: status.activity_saved,
        damaged: status.damaged,
        requests_last_hour: status.requests_last_hour,
        failed_last_hour: status.failed_last_hour,
    }
}

#[tauri::command]
#[specta::specta]
pub async fn app_status(here: Here<'_>) -> Answer<AppStatus> {
    Ok(with_sandbox(&here, here.keydesk.app_status().await?).await)
}

#[tauri::command]
#[specta::specta]
pub async fn use_memory_only(here: Here<'_>) -> Answer<AppStatus> {
    Ok(with_sandbox(&here, here.keydesk.use_memory_only().await?).await)
}

#[tauri::command]
#[specta::specta]
pub async fn use_keychain(here: Here<'_>) -> Answer<AppStatus> {
    Ok(with_sandbox(&here, here.keydesk.use_keychain().await?).await)
}

#[tauri::command]
#[specta::specta]
pub async fn use_file(here: Here<'_>, passphrase: Secret) -> Answer<AppStatus> {
    Ok(with_sandbox(&here, here.keydesk.use_file(&passphrase).await?).await)
}

#[tauri::command]
#[specta::specta]
pub async fn change_passphrase(here: Here<'_>, current: Secret, next: Secret) -> Answer<AppStatus> {
    Ok(with_sandbox(&here, here.keydesk.change_passphrase(&current, &next).await?).await)
}

#[tauri::command]
#[specta::specta]
pub async fn lock_file(here: Here<'_>) -> Answer<AppStatus> {
    Ok(with_sandbox(&here, here.keydesk.lock_file().await?).await)
}

#[tauri::command]
#[specta::specta]
pub async fn set_file_aside(here: Here<'_>) -> Answer<AppStatus> {
    Ok(with_sandbox(&here, here.keydesk.set_file_aside().await?).await)
}

#[tauri::command]
#[specta::specta]
pub async fn read_settings(here: Here<'_>) -> Answer<Settings> {
    Ok(here.keydesk.read_settings())
}

#[tauri::command]
#[specta::specta]
pub async fn save_settings(here: Here<'_>, settings: Settings) -> Answer<Settings> {
    here.keydesk.save_settings(settings)
}

#[tauri::command]
#[specta::specta]
pub async fn start_sandbox(here: Here<'_>) -> Answer<SandboxView> {
    here.sandbox.start(&here).await
}

#[tauri::command]
#[specta::specta]
pub async fn copy_text(here: Here<'_>, text: String) -> Answer<()> {
    here.clipboard.write(text).await
}
