//! Logging in.

use keydesk_core::{ConnectionView, FinishLogin, LogIn, LoginView, StartLogin};

use super::{Answer, Here};

#[tauri::command]
#[specta::specta]
pub async fn start_login(here: Here<'_>, request: StartLogin) -> Answer<LoginView> {
    here.keydesk.start_login(request).await
}

#[tauri::command]
#[specta::specta]
pub async fn finish_login(here: Here<'_>, request: FinishLogin) -> Answer<LoginView> {
    here.keydesk.finish_login(&request)
}

#[tauri::command]
#[specta::specta]
pub async fn cancel_login(here: Here<'_>, login: String) -> Answer<LoginView> {
    here.keydesk.cancel_login(&login)
}

#[tauri::command]
#[specta::specta]
pub async fn list_logins(here: Here<'_>) -> Answer<Vec<LoginView>> {
    Ok(here.keydesk.list_logins())
}

#[tauri::command]
#[specta::specta]
pub async fn log_in(here: Here<'_>, request: LogIn) -> Answer<ConnectionView> {
    here.keydesk.log_in(request).await
}

#[tauri::command]
#[specta::specta]
pub async fn open_login_page(here: Here<'_>, login: String) -> Answer<()> {
    here.keydesk.open_login_page(&login)
}
