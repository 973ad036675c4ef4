//! A run as the interface shows it.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::counts::RunCounts;
use crate::error::{Error, ErrorCode};
use crate::exchange::Refusal;

/// How it stands with a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TargetState {
    /// Nothing was sent.
    Waiting,
    /// It is being sent.
    Sending,
    /// The server did it.
    Accepted,
    /// The server did not.
    Failed,
    /// It was sent and no answer is known, or the app ended meanwhile: the server may have done it.
    Unknown,
}

/// How it stands with a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RunState {
    /// It is carried out.
    Running,
    /// It waits for a person.
    Paused,
    /// It was ended before all was sent.
    Stopped,
    /// All was sent.
    Done,
    /// The app ended in the middle: nothing more is sent before a person says so.
    Interrupted,
}

/// How a run is carried out.
#[derive(Debug, Clone, Default, Deserialize, Type)]
pub struct RunOptions {
    /// How many requests are under way at once; 8 by default.
    #[serde(default)]
    pub at_once: Option<u32>,
    /// How many begin in a second.
    #[serde(default)]
    pub per_second: Option<u32>,
    /// Whether the person has said that it may go to so many.
    #[serde(default)]
    pub confirmed: bool,
}

/// A run.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct RunView {
    /// Its id.
    pub id: String,
    /// Whose token is presented.
    pub connection: String,
    /// The action.
    pub action: String,
    /// As it is called.
    pub action_label: String,
    /// How it stands.
    pub state: RunState,
    /// Of its targets.
    pub counts: RunCounts,
    /// RFC 3339.
    pub began_at: String,
    /// RFC 3339.
    pub ended_at: Option<String>,
    /// How many requests are under way at once.
    pub at_once: u32,
    /// How many begin in a second, where that is limited.
    pub per_second: Option<u32>,
    /// Requests a second, over the last five.
    #[specta(type = u32)]
    pub rate: f64,
    /// How long it will take at that rate.
    pub seconds_left: Option<u32>,
    /// Until when it waits, because the server asked for it or is not there; of a paused one, when the server takes requests
    /// again, where it said so: RFC 3339.
    pub waits_until: Option<String>,
    /// The run whose targets it tries again.
    pub retry_of: Option<String>,
    /// Why it was paused, where nobody did it.
    pub note: Option<ErrorCode>,
}

/// What came of a target.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
pub struct RunRow {
    /// From one on.
    pub number: u32,
    /// The target's value; none where the action has no targets.
    pub target: Option<String>,
    /// What people call it.
    pub label: Option<String>,
    /// How it stands.
    pub state: TargetState,
    /// The HTTP status.
    pub status: Option<u16>,
    /// How long it took.
    pub duration_ms: Option<u32>,
    /// How often it was sent.
    pub attempts: u32,
    /// Whether it was sent a second time, with a renewed token.
    pub replayed: bool,
    /// What went wrong.
    pub error: Option<Error>,
    /// The body as text, where one row is read.
    pub body: Option<String>,
    /// Whether there is more than the body holds: it was cut short, or the server has further pages.
    pub truncated: bool,
    /// Why it was refused, where one row is read soon after it was.
    pub refusal: Option<Box<Refusal>>,
}

/// Some rows of a run.
#[derive(Debug, Clone, Serialize, Type)]
pub struct RunPage {
    /// The run.
    pub run: RunView,
    /// The rows.
    pub rows: Vec<RunRow>,
    /// How many there are of that kind.
    pub total: u32,
}

/// Which rows of a run.
#[derive(Debug, Clone, Default)]
pub struct RunQuery {
    /// In this state.
    pub state: Option<TargetState>,
    /// That hold this text.
    pub search: Option<String>,
    /// After so many.
    pub offset: u32,
    /// So many at most.
    pub limit: u32,
}

/// What moves in a run.
#[derive(Debug, Clone, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum RunEvent {
    /// It went on.
    Moved {
        /// The run.
        run: RunView,
        /// Rows that changed; when they are many, not all of them.
        rows: Vec<RunRow>,
    },
}
