//! An entry, and what is asked for.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::event::ActivityEvent;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ActivityEntry {
    /// Rises with time.
    #[specta(type = u32)]
    pub id: i64,
    /// When: RFC 3339.
    pub at: String,
    /// To which connection.
    pub connection: Option<String>,
    /// In which run.
    pub run: Option<String>,
    /// In which chain: a request and what it caused.
    pub chain: Option<String>,
    /// How long it took.
    pub duration_ms: Option<u32>,
    /// What.
    pub event: ActivityEvent,
}

/// Which entries.
#[derive(Debug, Clone, Default, Deserialize, Type)]
pub struct ActivityQuery {
    /// Of this connection.
    pub connection: Option<String>,
    /// Of this run.
    pub run: Option<String>,
    /// That hold this text.
    pub search: Option<String>,
    /// Older than this one.
    #[specta(type = Option<u32>)]
    pub before: Option<i64>,
    /// So many at most.
    pub limit: u32,
}
