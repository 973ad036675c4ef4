//! Actions: forms, live lists, what will be sent.

use keydesk_core::{ActionRequest, ActionView, Choice, RequestPreview};

use super::{Answer, Here};

#[tauri::command]
#[specta::specta]
pub async fn list_actions(here: Here<'_>, connection: String) -> Answer<Vec<ActionView>> {
    here.keydesk.list_actions(&connection)
}

#[tauri::command]
#[specta::specta]
pub async fn list_choices(here: Here<'_>, connection: String, list: String) -> Answer<Vec<Choice>> {
    here.keydesk.list_choices(&connection, &list).await
}

#[tauri::command]
#[specta::specta]
pub async fn read_image(here: Here<'_>, connection: String, url: String) -> Answer<String> {
    here.keydesk.read_image(&connection, &url).await
}

#[tauri::command]
#[specta::specta]
pub async fn preview_request(here: Here<'_>, request: ActionRequest) -> Answer<RequestPreview> {
    here.keydesk.preview_request(request).await
}
