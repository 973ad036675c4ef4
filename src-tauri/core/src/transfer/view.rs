//! A transfer as the interface shows it.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::Error;
use crate::provider::TransferKind;

/// How it stands with a transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TransferState {
    /// What goes before the file is asked.
    Preparing,
    /// The file goes over.
    Running,
    /// It goes on by itself later: the server asks to wait, or was not there.
    Waiting,
    /// It waits for a person.
    Paused,
    /// The file is there, and the server works on it.
    Processing,
    /// It is over, and all is well.
    Done,
    /// It went wrong; a person may let it go on where it was.
    Failed,
    /// A person ended it, and what there was of it here is gone.
    Stopped,
}

impl TransferState {
    /// Whether somebody works on it.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Preparing | Self::Running | Self::Waiting | Self::Processing)
    }
}

/// A transfer.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct TransferView {
    /// Its id.
    pub id: String,
    /// Whose token is presented.
    pub connection: String,
    /// The action.
    pub action: String,
    /// As it is called.
    pub action_label: String,
    /// Which way the file goes.
    pub kind: TransferKind,
    /// What the file is called; that of a download is known when the server has said it.
    pub name: String,
    /// Its size in bytes, where it is known.
    #[specta(type = Option<u32>)]
    pub size: Option<u64>,
    /// How many bytes are over.
    #[specta(type = u32)]
    pub done: u64,
    /// Bytes a second, over the last five.
    #[specta(type = Option<u32>)]
    pub rate: Option<u64>,
    /// How long it will take at that rate.
    pub seconds_left: Option<u32>,
    /// How it stands.
    pub state: TransferState,
    /// How often it began anew after something went wrong.
    pub tries: u32,
    /// Until when it waits: RFC 3339.
    pub waits_until: Option<String>,
    /// What went wrong last.
    pub error: Option<Error>,
    /// RFC 3339.
    pub began_at: String,
    /// RFC 3339.
    pub ended_at: Option<String>,
    /// Where a download lies.
    pub file: Option<String>,
    /// The last answer, where it was JSON or text; masked, and at most 16 KB.
    pub result: Option<String>,
}
