//! The exchanges that are kept.

use keydesk_core::{ComparedLine, ExchangeDetails, ExchangeQuery, ExchangeRow, ExplorerRequest};

use super::{Answer, Here};

#[tauri::command]
#[specta::specta]
pub async fn list_exchanges(here: Here<'_>, query: ExchangeQuery) -> Answer<Vec<ExchangeRow>> {
    here.keydesk.list_exchanges(query).await
}

#[tauri::command]
#[specta::specta]
pub async fn read_exchange(here: Here<'_>, exchange: u32) -> Answer<ExchangeDetails> {
    here.keydesk.read_exchange(exchange.into()).await
}

#[tauri::command]
#[specta::specta]
pub async fn compare_exchanges(here: Here<'_>, one: u32, other: u32) -> Answer<Vec<ComparedLine>> {
    here.keydesk.compare_exchanges(one.into(), other.into()).await
}

#[tauri::command]
#[specta::specta]
pub async fn exchange_request(here: Here<'_>, exchange: u32) -> Answer<ExplorerRequest> {
    here.keydesk.exchange_request(exchange.into()).await
}

#[tauri::command]
#[specta::specta]
pub async fn clear_exchanges(here: Here<'_>, connection: Option<String>) -> Answer<()> {
    here.keydesk.clear_exchanges(connection).await
}

#[tauri::command]
#[specta::specta]
pub async fn export_har(here: Here<'_>, query: ExchangeQuery, whole: bool) -> Answer<String> {
    Ok(here.keydesk.export_har(query, whole).await?.display().to_string())
}
