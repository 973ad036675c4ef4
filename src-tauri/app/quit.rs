//! The end of the app: the broker's socket, port and files go with it (security.md I11). A login or renewal that is under way
//! is waited for, and what could not be kept is tried once more: a server that rotates gives its answer once. A token that was copied
//! is taken off the clipboard.

use std::time::Duration;

use tauri::{AppHandle, Manager, RunEvent, Runtime};

use crate::App;

/// How long that may take.
const REST: Duration = Duration::from_secs(5);

/// How long another program may take with the clipboard.
const BRIEF: Duration = Duration::from_secs(1);

/// Hears that the app ends.
pub fn hear<R: Runtime>(app: &AppHandle<R>, event: &RunEvent) {
    if matches!(event, RunEvent::Exit)
        && let Some(app) = app.try_state::<App>()
    {
        // First: a program that asks now would begin what nobody waits for.
        app.keydesk.quit_broker();
        tauri::async_runtime::block_on(async {
            let rest = async {
                app.keydesk.at_rest().await;
                app.keydesk.keep_unsaved().await;
            };
            let _ = tokio::time::timeout(REST, rest).await;
            let _ = tokio::time::timeout(BRIEF, app.clipboard.take_back()).await;
        });
    }
}

/// The system ends the app: it closes as if the person had closed the window.
#[cfg(unix)]
pub fn at_signals<R: Runtime>(app: &AppHandle<R>) {
    use tokio::signal::unix::{SignalKind, signal};
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let heard = [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt()].map(signal);
        let [Ok(mut terminated), Ok(mut hung_up), Ok(mut interrupted)] = heard else { return };
        tokio::select! {
            _ = terminated.recv() => {}
            _ = hung_up.recv() => {}
            _ = interrupted.recv() => {}
        }
        app.exit(0);
    });
}

#[cfg(not(unix))]
pub fn at_signals<R: Runtime>(_: &AppHandle<R>) {}
