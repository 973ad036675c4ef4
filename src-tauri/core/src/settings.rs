//! What the person set for the whole app.

use std::path::PathBuf;
use std::sync::{PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use specta::Type;

use crate::error::{Error, Result};
use crate::paths::{read_json, write_json};

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names are the facts
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Settings {
    /// Light or dark.
    pub theme: Theme,
    /// How long a login waits for the browser.
    pub login_seconds: u32,
    /// After how long a copied token is taken off the clipboard; 0 leaves it there.
    pub clear_clipboard_seconds: u32,
    /// Whether the system tells the person when only they can go on.
    pub notify: bool,
    /// A run over more targets than this wants a word of the person.
    pub ask_above: u32,
    /// For how many days exchanges are kept.
    pub history_days: u32,
    /// How many megabytes of them.
    pub history_megabytes: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            login_seconds: 300,
            clear_clipboard_seconds: 30,
            notify: true,
            ask_above: 20,
            history_days: 30,
            history_megabytes: 500,
        }
    }
}

impl Settings {
    /// What a file says, over the defaults: a setting that an older version did not know, or that makes no sense, is at
    /// its default.
    fn of(file: Map<String, Value>) -> Self {
        file.into_iter().fold(Self::default(), |settings, (name, value)| {
            let Ok(Value::Object(mut members)) = serde_json::to_value(&settings) else { return settings };
            members.insert(name, value);
            serde_json::from_value(Value::Object(members)).unwrap_or(settings)
        })
    }
}

/// The settings' file.
pub struct SettingsFile {
    file: PathBuf,
    settings: RwLock<Settings>,
    /// All that the file says. What this version does not know is a newer one's, and stays.
    said: Map<String, Value>,
}

impl SettingsFile {
    /// Reads it; none is the defaults.
    ///
    /// # Errors
    /// `internal` when the system refuses to read it.
    pub fn open(file: PathBuf) -> Result<Self> {
        let read: Option<Map<String, Value>> =
            read_json(&file).map_err(|error| Error::internal("read the settings", error))?;
        let said = read.unwrap_or_default();
        Ok(Self { file, settings: RwLock::new(Settings::of(said.clone())), said })
    }

    /// As they are.
    pub fn get(&self) -> Settings {
        self.settings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Checks and keeps them.
    ///
    /// # Errors
    /// `invalid_input` that names the field, or `internal` when the file cannot be written.
    pub fn set(&self, settings: Settings) -> Result<Settings> {
        if !(5..=1800).contains(&settings.login_seconds) {
            return Err(Error::input("login_seconds", "A login waits between 5 and 1800 seconds."));
        }
        if settings.clear_clipboard_seconds > 3600 {
            return Err(Error::input("clear_clipboard_seconds", "At most an hour: 3600 seconds."));
        }
        if !(1..=3650).contains(&settings.history_days) {
            return Err(Error::input("history_days", "Exchanges are kept for 1 to 3650 days."));
        }
        if !(1..=100_000).contains(&settings.history_megabytes) {
            return Err(Error::input("history_megabytes", "Exchanges may take 1 to 100000 megabytes."));
        }
        let mut held = self.settings.write().unwrap_or_else(PoisonError::into_inner);
        write_json(&self.file, &self.merged(&settings)).map_err(|error| Error::internal("save the settings", error))?;
        held.clone_from(&settings);
        Ok(settings)
    }

    /// The settings, over all else that the file said.
    fn merged(&self, settings: &Settings) -> Map<String, Value> {
        let mut said = self.said.clone();
        if let Ok(Value::Object(known)) = serde_json::to_value(settings) {
            said.extend(known);
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_file_does_not_say_or_says_wrongly_is_at_its_default() {
        let Value::Object(file) = json!({"theme": "dark", "login_seconds": "soon", "unknown": 1}) else { panic!() };
        let settings = Settings::of(file);
        assert_eq!(settings, Settings { theme: Theme::Dark, ..Settings::default() });
    }
}
