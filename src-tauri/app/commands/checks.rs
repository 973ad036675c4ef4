//! Checks: saved requests and saved forms on a schedule.

use keydesk_core::{CheckView, SaveCheck};

use super::{Answer, Here};

#[tauri::command]
#[specta::specta]
pub async fn list_checks(here: Here<'_>) -> Answer<Vec<CheckView>> {
    Ok(here.keydesk.list_checks())
}

#[tauri::command]
#[specta::specta]
pub async fn save_check(here: Here<'_>, check: SaveCheck) -> Answer<CheckView> {
    here.keydesk.save_check(check).await
}

#[tauri::command]
#[specta::specta]
pub async fn remove_check(here: Here<'_>, check: String) -> Answer<()> {
    here.keydesk.remove_check(&check)
}

/// Returns when it is over.
#[tauri::command]
#[specta::specta]
pub async fn run_check(here: Here<'_>, check: String) -> Answer<CheckView> {
    here.keydesk.run_check(&check).await
}
