//! Actions and runs.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use keydesk_core::{ActionRequest, ActionView, Choice, RequestPreview, RunEvent, RunView, TargetResult};
use tauri::ipc::Channel;

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
pub async fn preview_request(here: Here<'_>, request: ActionRequest) -> Answer<RequestPreview> {
    here.keydesk.preview_request(&request).await
}

/// How often results are handed to the window.
const PAUSE: Duration = Duration::from_millis(100);

#[tauri::command]
#[specta::specta]
pub async fn start_run(here: Here<'_>, request: ActionRequest, on_event: Channel<RunEvent>) -> Answer<RunView> {
    let waiting: Arc<Mutex<Vec<TargetResult>>> = Arc::default();
    let gather = |event: RunEvent| match event {
        RunEvent::Results { results } => waiting.lock().unwrap_or_else(PoisonError::into_inner).extend(results),
        started @ RunEvent::Started { .. } => hand_over(&on_event, started),
    };
    let flush = || {
        let results = std::mem::take(&mut *waiting.lock().unwrap_or_else(PoisonError::into_inner));
        if !results.is_empty() {
            hand_over(&on_event, RunEvent::Results { results });
        }
    };
    let run = here.keydesk.start_run(&request, gather);
    tokio::pin!(run);
    loop {
        tokio::select! {
            outcome = &mut run => return outcome,
            () = tokio::time::sleep(PAUSE) => flush(),
        }
    }
}

/// A window that is gone hears nothing; the run goes on.
fn hand_over(channel: &Channel<RunEvent>, event: RunEvent) {
    if let Err(error) = channel.send(event) {
        tracing::debug!(%error, "nobody hears of the run");
    }
}

#[tauri::command]
#[specta::specta]
pub async fn stop_run(here: Here<'_>, run: String) -> Answer<()> {
    here.keydesk.stop_run(&run);
    Ok(())
}
