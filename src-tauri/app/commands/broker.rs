//! Tokens for other programs. No token and no program's secret passes here.

use keydesk_core::{BrokerSettings, BrokerView, GrantFor};

use super::{Answer, Here};

#[tauri::command]
#[specta::specta]
pub async fn read_broker(here: Here<'_>) -> Answer<BrokerView> {
    Ok(here.keydesk.read_broker())
}

#[tauri::command]
#[specta::specta]
pub async fn set_broker(here: Here<'_>, settings: BrokerSettings) -> Answer<BrokerView> {
    here.keydesk.set_broker(settings).await
}

#[tauri::command]
#[specta::specta]
pub async fn add_program(here: Here<'_>, name: String) -> Answer<BrokerView> {
    here.keydesk.add_program(&name)
}

#[tauri::command]
#[specta::specta]
pub async fn remove_program(here: Here<'_>, program: String) -> Answer<BrokerView> {
    here.keydesk.remove_program(&program)
}

#[tauri::command]
#[specta::specta]
pub async fn revoke_grant(here: Here<'_>, program: String, connection: String) -> Answer<BrokerView> {
    here.keydesk.revoke_grant(&program, &connection)
}

#[tauri::command]
#[specta::specta]
pub async fn answer_ask(here: Here<'_>, ask: String, grant: Option<GrantFor>) -> Answer<BrokerView> {
    here.keydesk.answer_ask(&ask, grant)
}
