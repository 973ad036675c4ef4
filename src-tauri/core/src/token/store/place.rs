//! Which place the person chose for secrets. It is written down, so that the next start and the command line use the same,
//! and changes only when the person says so (security.md F3).

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorCode, Result};
use crate::event::KeptIn;
use crate::paths::{read_json, write_json};

/// A place that outlives the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// The system keychain.
    Keychain,
    /// A file that a passphrase opens.
    File,
}

impl Place {
    /// The one that is not used then.
    pub fn other(self) -> Self {
        match self {
            Self::Keychain => Self::File,
            Self::File => Self::Keychain,
        }
    }
}

impl From<Place> for KeptIn {
    fn from(place: Place) -> Self {
        match place {
            Place::Keychain => Self::Keychain,
            Place::File => Self::File,
        }
    }
}

/// What is written down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Choice {
    pub kept_in: Place,
    /// Whether the other place may still have something, because it was out of reach when the person left it.
    #[serde(default)]
    pub left_behind: bool,
    /// What of that is to be deleted there, because its connection was logged out since.
    #[serde(default)]
    pub to_delete: BTreeSet<String>,
}

impl Choice {
    pub fn new(kept_in: Place, left_behind: bool) -> Self {
        Self { kept_in, left_behind, to_delete: BTreeSet::new() }
    }
}

/// The file that says which.
pub(super) struct ChoiceFile(PathBuf);

impl ChoiceFile {
    pub fn new(file: PathBuf) -> Self {
        Self(file)
    }

    /// What the person chose; none where nothing was written, or nothing that can be read.
    pub fn get(&self) -> Option<Choice> {
        read_json(&self.0)
            .inspect_err(|error| tracing::warn!(%error, "which place is chosen for secrets cannot be read"))
            .ok()
            .flatten()
    }

    /// Writes it down.
    pub fn set(&self, choice: &Choice) -> Result<()> {
        write_json(&self.0, choice).map_err(|error| {
            Error::new(ErrorCode::StoreFailed, format!("The chosen place could not be written down: {error}."))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f3_what_was_chosen_is_read_again_and_what_makes_no_sense_is_set_aside() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("secret-store.json");
        let file = ChoiceFile::new(path.clone());
        assert_eq!(file.get(), None);
        let choice = Choice::new(Place::File, true);
        file.set(&choice).unwrap();
        assert_eq!(file.get(), Some(choice));
        std::fs::write(&path, r#"{"kept_in": "file"}"#).unwrap();
        assert_eq!(file.get(), Some(Choice::new(Place::File, false)));
        std::fs::write(&path, r#"{"kept_in": "pocket"}"#).unwrap();
        assert_eq!(file.get(), None);
        assert!(home.path().join("secret-store.json.broken").exists());
    }
}
