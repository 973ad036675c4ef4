//! The system's own dialog, in which a person chooses a file. Rust opens it and learns the path; the window does neither.

use std::path::PathBuf;

use tauri::{AppHandle, Runtime};
use tauri_plugin_dialog::DialogExt;
use tokio::sync::oneshot::{Receiver, channel};

/// Opens the dialog.
pub struct Chooser(Box<dyn Fn() -> Receiver<Option<PathBuf>> + Send + Sync>);

impl Chooser {
    /// That of this app.
    pub fn of<R: Runtime>(app: &AppHandle<R>) -> Self {
        let app = app.clone();
        Self(Box::new(move || {
            let (sender, chosen) = channel();
            app.dialog().file().pick_file(move |path| {
                // The window may be gone.
                let _ = sender.send(path.and_then(|path| path.into_path().ok()));
            });
            chosen
        }))
    }

    /// The file that the person chooses; none where they choose none.
    pub async fn choose(&self) -> Option<PathBuf> {
        (self.0)().await.ok().flatten()
    }
}
