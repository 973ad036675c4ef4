//! A check, as a person gives it and as the interface shows it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::expectation::{Expectation, Finding, Found};

/// What a check sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CheckOf {
    /// A request of the explorer that was saved.
    SavedRequest {
        /// Which.
        id: String,
    },
    /// A form that was saved.
    Trigger {
        /// Which.
        id: String,
    },
}

/// A check that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SaveCheck {
    /// The one that it stands in place of.
    pub id: Option<String>,
    /// Whose token is presented.
    pub connection: String,
    /// As it is called.
    pub name: String,
    /// What it sends.
    pub of: CheckOf,
    /// How often, in seconds.
    pub every_seconds: u32,
    /// What the answer must be.
    pub expectation: Expectation,
    /// Whether it is sent on its schedule.
    pub on: bool,
}

impl SaveCheck {
    /// Whether what one finds is what the other would.
    pub fn asks_the_same(&self, other: &Self) -> bool {
        (&self.of, &self.expectation) == (&other.of, &other.expectation)
    }
}

/// A check, and how it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct CheckView {
    /// Its id.
    pub id: String,
    /// Whose token is presented.
    pub connection: String,
    /// As it is called.
    pub name: String,
    /// What it sends.
    pub of: CheckOf,
    /// How often, in seconds.
    pub every_seconds: u32,
    /// What the answer must be.
    pub expectation: Expectation,
    /// Whether it is sent on its schedule.
    pub on: bool,
    /// Whether it is under way.
    pub running: bool,
    /// What it found last.
    pub finding: Option<Finding>,
    /// Since when it stands so.
    #[specta(type = Option<String>)]
    pub changed_at: Option<Timestamp>,
    /// When it is sent again.
    #[specta(type = Option<String>)]
    pub next_at: Option<Timestamp>,
    /// What it found lately, the newest last.
    pub recent: Vec<Found>,
}
