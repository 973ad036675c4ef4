//! Connections.

use keydesk_core::{AddConnection, ConnectionView, EditConnection};

use super::{Answer, Here};

#[tauri::command]
#[specta::specta]
pub async fn list_connections(here: Here<'_>) -> Answer<Vec<ConnectionView>> {
    Ok(here.keydesk.list_connections())
}

#[tauri::command]
#[specta::specta]
pub async fn add_connection(here: Here<'_>, request: AddConnection) -> Answer<ConnectionView> {
    here.keydesk.add_connection(request)
}

#[tauri::command]
#[specta::specta]
pub async fn edit_connection(here: Here<'_>, request: EditConnection) -> Answer<ConnectionView> {
    here.keydesk.edit_connection(request)
}

#[tauri::command]
#[specta::specta]
pub async fn remove_connection(here: Here<'_>, connection: String) -> Answer<()> {
    here.keydesk.remove_connection(&connection).await
}
