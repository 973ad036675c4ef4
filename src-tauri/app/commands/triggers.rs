//! Triggers: filled forms that were saved.

use keydesk_core::{RunEvent, RunOptions, RunView, SaveTrigger, TriggerView};
use tauri::ipc::Channel;

use super::runs::told;
use super::{Answer, Here};

#[tauri::command]
#[specta::specta]
pub async fn list_triggers(here: Here<'_>) -> Answer<Vec<TriggerView>> {
    Ok(here.keydesk.list_triggers())
}

#[tauri::command]
#[specta::specta]
pub async fn save_trigger(here: Here<'_>, trigger: SaveTrigger) -> Answer<TriggerView> {
    here.keydesk.save_trigger(trigger)
}

#[tauri::command]
#[specta::specta]
pub async fn remove_trigger(here: Here<'_>, trigger: String) -> Answer<()> {
    here.keydesk.remove_trigger(&trigger)
}

#[tauri::command]
#[specta::specta]
pub async fn start_trigger(
    here: Here<'_>,
    trigger: String,
    options: Option<RunOptions>,
    on_event: Channel<RunEvent>,
) -> Answer<RunView> {
    Ok(told(here.keydesk.start_trigger(&trigger, &options.unwrap_or_default()).await?, on_event))
}
