//! What happened.

use keydesk_core::{ActivityEntry, ActivityQuery};

use super::{Answer, Here};

#[tauri::command]
#[specta::specta]
pub async fn list_activity(here: Here<'_>, query: ActivityQuery) -> Answer<Vec<ActivityEntry>> {
    here.keydesk.list_activity(query).await
}

#[tauri::command]
#[specta::specta]
pub async fn clear_activity(here: Here<'_>, connection: Option<String>) -> Answer<()> {
    here.keydesk.clear_activity(connection).await
}
