//! Filled forms that were saved: each a button. The file holds nothing secret.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::action::{ActionRequest, FieldValue, Row};
use crate::error::{Error, Result};
use crate::kept_list::{KeptList, Listed, OfConnection, named};

/// A saved form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct TriggerView {
    /// Its id.
    pub id: String,
    /// As it is called; no other is called so.
    pub name: String,
    /// Whose token is presented.
    pub connection: String,
    /// The action.
    pub action: String,
    /// What the fields hold.
    pub values: BTreeMap<String, FieldValue>,
    /// In place of one list of targets.
    pub rows: Option<Vec<Row>>,
    /// The keys that start it, as the interface writes them.
    pub shortcut: Option<String>,
    /// Whether it stands in the tray's menu.
    pub in_tray: bool,
}

/// A form that is to be saved.
#[derive(Debug, Clone, Deserialize, Type)]
#[allow(missing_docs)] // as in `TriggerView`
pub struct SaveTrigger {
    /// The one that it stands in place of.
    #[serde(default)]
    pub id: Option<String>,
    pub name: String,
    pub connection: String,
    pub action: String,
    pub values: BTreeMap<String, FieldValue>,
    #[serde(default)]
    pub rows: Option<Vec<Row>>,
    #[serde(default)]
    pub shortcut: Option<String>,
    #[serde(default)]
    pub in_tray: bool,
}

impl SaveTrigger {
    /// What it would send.
    pub fn request(&self) -> ActionRequest {
        let Self { connection, action, values, rows, .. } = self.clone();
        ActionRequest { connection, action, values, rows }
    }
}

impl TriggerView {
    /// What it sends.
    pub fn request(self) -> ActionRequest {
        let Self { connection, action, values, rows, .. } = self;
        ActionRequest { connection, action, values, rows }
    }
}

/// The saved forms of this person.
pub type Triggers = KeptList<TriggerView>;

impl Listed for TriggerView {
    const CALLED: &'static str = "trigger";
    const ALL: &'static str = "triggers";

    fn id(&self) -> &str {
        &self.id
    }
}

impl OfConnection for TriggerView {
    fn connection(&self) -> &str {
        &self.connection
    }
}

impl KeptList<TriggerView> {
    /// Adds one, or changes the one with its id.
    ///
    /// # Errors
    /// `invalid_input` that names the field, `internal` when the file cannot be written.
    pub fn save(&self, save: SaveTrigger) -> Result<TriggerView> {
        let SaveTrigger { id, name, connection, action, values, rows, shortcut, in_tray } = save;
        let name = named(&name)?;
        let shortcut = shortcut.map(|keys| keys.trim().to_owned()).filter(|keys| !keys.is_empty());
        self.change(|all| {
            let mut others = all.iter().filter(|other| Some(&other.id) != id.as_ref());
            if others.clone().any(|other| other.name.to_lowercase() == name.to_lowercase()) {
                return Err(Error::input("name", format!("Another one is called “{name}”.")));
            }
            if let Some(other) = others.find(|other| shortcut.is_some() && other.shortcut == shortcut) {
                return Err(Error::input("shortcut", format!("“{}” is started with these keys.", other.name)));
            }
            let at = id
                .as_ref()
                .map(|id| all.iter().position(|known| &known.id == id).ok_or_else(|| TriggerView::unknown(id)));
            let at = at.transpose()?;
            let id = id.unwrap_or_else(|| uuid::Uuid::new_v4().to_string());
            let trigger = TriggerView { id, name, connection, action, values, rows, shortcut, in_tray };
            match at {
                Some(at) => all[at] = trigger.clone(),
                None => all.push(trigger.clone()),
            }
            Ok(trigger)
        })
    }
}
