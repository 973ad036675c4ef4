//! An exchange as it is listed, and whole.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::ErrorCode;
use crate::event::ExchangeSource;
use crate::jwt::Member;

/// An exchange in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ExchangeRow {
    /// Rises with time.
    #[specta(type = u32)]
    pub id: i64,
    /// When: RFC 3339.
    pub at: String,
    /// Whose token was presented.
    pub connection: String,
    /// Who caused it.
    pub source: ExchangeSource,
    /// The HTTP method.
    pub method: String,
    /// The URL, redacted.
    pub url: String,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<ErrorCode>,
    /// How long it took.
    pub duration_ms: u32,
    /// How many bytes came.
    #[specta(type = Option<u32>)]
    pub size: Option<u64>,
}

/// An exchange, whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ExchangeDetails {
    /// As it stands in a list.
    #[serde(flatten)]
    pub row: ExchangeRow,
    /// The headers that were sent.
    pub sent_headers: Vec<Member>,
    /// What was sent, where it is text.
    pub sent_body: Option<String>,
    /// The headers that came.
    pub headers: Vec<Member>,
    /// What came, where it is text; it is cut.
    pub body: Option<String>,
    /// The request as it was built: JSON.
    #[serde(skip)]
    pub request: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ExchangeStatus {
    /// Whatever it was.
    #[default]
    Any,
    /// A status below 400.
    Good,
    /// No answer, or a status from 400 on.
    Failed,
    /// A status from 400 to 499.
    Refused,
    /// A status from 500 on.
    ServerFailed,
    /// No answer.
    None,
}

impl ExchangeStatus {
    /// What is meant, as the file calls it; none where all are.
    pub(super) fn outcomes(self) -> Option<&'static [&'static str]> {
        match self {
            Self::Any => None,
            Self::Good => Some(&["good"]),
            Self::Failed => Some(&["refused", "broken", "none"]),
            Self::Refused => Some(&["refused"]),
            Self::ServerFailed => Some(&["broken"]),
            Self::None => Some(&["none"]),
        }
    }

    /// What a status is, as the file calls it.
    pub(super) fn outcome(status: Option<u16>) -> &'static str {
        match status {
            None => "none",
            Some(..400) => "good",
            Some(400..500) => "refused",
            Some(_) => "broken",
        }
    }
}

/// Which exchanges.
#[derive(Debug, Clone, Default, Deserialize, Type)]
pub struct ExchangeQuery {
    /// Of this connection.
    pub connection: Option<String>,
    /// With all these words in the address, what was sent or what came; the last one may be the beginning of a word.
    pub search: Option<String>,
    /// Of which this came.
    #[serde(default)]
    pub status: ExchangeStatus,
    /// Not older: RFC 3339.
    pub since: Option<String>,
    /// Older than this one.
    #[specta(type = Option<u32>)]
    pub before: Option<i64>,
    /// So many at most.
    pub limit: u32,
}
