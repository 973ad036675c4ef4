//! Runs.

use std::collections::BTreeMap;

use keydesk_core::{
    ActionRequest, CsvPreview, RunEvent, RunFormat, RunOptions, RunPage, RunQuery, RunRow, RunView, Started,
    TargetState,
};
use serde::Serialize;
use specta::Type;
use tauri::ipc::Channel;
use tokio::sync::broadcast::error::RecvError;

use super::{Answer, Here};

/// Where a run was written.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ExportedRun {
    /// The file.
    pub file: String,
}

#[tauri::command]
#[specta::specta]
pub async fn start_run(
    here: Here<'_>,
    request: ActionRequest,
    options: Option<RunOptions>,
    on_event: Channel<RunEvent>,
) -> Answer<RunView> {
    Ok(told(here.keydesk.start_run(request, &options.unwrap_or_default()).await?, on_event))
}

#[tauri::command]
#[specta::specta]
pub async fn watch_run(here: Here<'_>, run: String, on_event: Channel<RunEvent>) -> Answer<RunView> {
    Ok(told(here.keydesk.watch_run(&run).await?, on_event))
}

#[tauri::command]
#[specta::specta]
pub async fn pause_run(here: Here<'_>, run: String) -> Answer<RunView> {
    here.keydesk.pause_run(&run).await
}

#[tauri::command]
#[specta::specta]
pub async fn resume_run(here: Here<'_>, run: String) -> Answer<RunView> {
    Ok(here.keydesk.resume_run(&run).await?.run)
}

#[tauri::command]
#[specta::specta]
pub async fn stop_run(here: Here<'_>, run: String) -> Answer<RunView> {
    here.keydesk.stop_run(&run).await
}

#[tauri::command]
#[specta::specta]
pub async fn retry_run(
    here: Here<'_>,
    run: String,
    which: Vec<TargetState>,
    on_event: Channel<RunEvent>,
) -> Answer<RunView> {
    Ok(told(here.keydesk.retry_run(&run, which).await?, on_event))
}

#[tauri::command]
#[specta::specta]
pub async fn list_runs(here: Here<'_>, connection: Option<String>) -> Answer<Vec<RunView>> {
    here.keydesk.list_runs(connection).await
}

#[tauri::command]
#[specta::specta]
pub async fn read_run(
    here: Here<'_>,
    run: String,
    state: Option<TargetState>,
    search: Option<String>,
    offset: u32,
    limit: u32,
) -> Answer<RunPage> {
    here.keydesk.read_run(&run, RunQuery { state, search, offset, limit }).await
}

#[tauri::command]
#[specta::specta]
pub async fn read_run_row(here: Here<'_>, run: String, number: u32) -> Answer<RunRow> {
    here.keydesk.read_run_row(&run, number).await
}

#[tauri::command]
#[specta::specta]
pub async fn export_run(here: Here<'_>, run: String, format: RunFormat) -> Answer<ExportedRun> {
    let file = here.keydesk.export_run(&run, format).await?.display().to_string();
    Ok(ExportedRun { file })
}

#[tauri::command]
#[specta::specta]
pub async fn remove_run(here: Here<'_>, run: String) -> Answer<()> {
    here.keydesk.remove_run(&run).await
}

#[tauri::command]
#[specta::specta]
pub async fn preview_csv(
    here: Here<'_>,
    connection: String,
    action: String,
    text: String,
    mapping: Option<BTreeMap<String, String>>,
) -> Answer<CsvPreview> {
    here.keydesk.preview_csv(&connection, &action, &text, mapping)
}

/// Hands over what moves, as long as somebody listens. A window that is gone hears nothing; the run goes on.
pub(super) fn told(started: Started, channel: Channel<RunEvent>) -> RunView {
    let Started { run, mut events } = started;
    tauri::async_runtime::spawn(async move {
        loop {
            let heard = match events.recv().await {
                Ok(event) => channel.send(event).is_ok(),
                // Each event tells all that counts.
                Err(RecvError::Lagged(_)) => true,
                Err(RecvError::Closed) => false,
            };
            if !heard {
                return;
            }
        }
    });
    run
}
