//! How the app stands: for the status line of the window, and what is said above all pages.

use serde::Serialize;
use specta::Type;

use super::Keydesk;
use crate::damaged::DamagedFile;
use crate::error::Result;
use crate::token::StoreView;

/// How the app stands.
#[derive(Debug, Clone, Serialize, Type)]
pub struct AppStatus {
    /// The version.
    pub version: String,
    /// Where secrets are kept.
    pub store: StoreView,
    /// Whether the activity is on disk.
    pub activity_saved: bool,
    /// Files that could not be understood since the start, and were set aside.
    pub damaged: Vec<DamagedFile>,
    /// Requests sent in the last hour.
    pub requests_last_hour: u32,
    /// Those of them that failed.
    pub failed_last_hour: u32,
}

impl Keydesk {
    /// How the app stands.
    ///
    /// # Errors
    /// `internal` when the activity has stopped.
    pub async fn app_status(&self) -> Result<AppStatus> {
        let counts = self.activity.counts().await?;
        Ok(AppStatus {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            store: self.store.view(),
            activity_saved: self.activity.is_saved(),
            damaged: self.damaged_files(),
            requests_last_hour: counts.requests,
            failed_last_hour: counts.failed,
        })
    }

    /// The files that could not be understood since this was opened: each was set aside, and a new one begun.
    pub fn damaged_files(&self) -> Vec<DamagedFile> {
        self.damaged.found()
    }
}
