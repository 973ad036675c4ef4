//! What can be seen of the place where secrets are kept.

use serde::Serialize;
use specta::Type;

use crate::error::ErrorCode;
use crate::event::KeptIn;

/// How it stands with that place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum StoreState {
    /// The keychain was asked and has not answered yet.
    Checking,
    /// It keeps and gives back.
    Ready,
    /// It is there and locked: the file's passphrase is wanted.
    Locked,
    /// It is not there.
    Absent,
    /// The keychain does not answer.
    Silent,
}

impl StoreState {
    /// What a failure says of the keychain.
    pub(super) fn of_keychain(code: ErrorCode) -> Self {
        match code {
            ErrorCode::KeychainAbsent => Self::Absent,
            ErrorCode::KeychainSilent => Self::Silent,
            _ => Self::Locked,
        }
    }
}

/// Where secrets are kept, and how it stands with that.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct StoreView {
    /// Where.
    pub kept_in: KeptIn,
    /// How it stands with it.
    pub state: StoreState,
    /// What it said.
    pub message: Option<String>,
    /// Whether there is a file with a passphrase, used or not.
    pub file_exists: bool,
}
