//! An exchange with a server, whole, for whoever keeps them.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::ErrorCode;
use crate::jwt::Member;

/// How much of a body is told, in bytes.
pub const TOLD: usize = 64 * 1024;

/// Who caused it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ExchangeSource {
    /// A request of the explorer.
    Explorer,
    /// A form.
    Action,
    /// A check on its schedule.
    Check,
}

/// What was sent, and what came back. Holds no token: what presents it is masked.
#[derive(Debug, Clone)]
pub struct Exchanged {
    /// When it began.
    pub at: Timestamp,
    /// Whose token was presented.
    pub connection: String,
    /// Who caused it.
    pub source: ExchangeSource,
    /// The HTTP method.
    pub method: String,
    /// The URL, redacted.
    pub url: String,
    /// The headers that were sent.
    pub sent_headers: Vec<Member>,
    /// What was sent, where it is text.
    pub sent_body: Option<String>,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// Why there was none.
    pub error: Option<ErrorCode>,
    /// The headers that came.
    pub headers: Vec<Member>,
    /// What came, where it is text; it is cut.
    pub body: Option<String>,
    /// How many bytes came.
    pub size: Option<u64>,
    /// How long it took.
    pub took: Duration,
    /// The request as it was built, to be sent again: JSON of its room.
    pub request: Option<String>,
}

/// Whether a text that was told may be the beginning of a longer one.
pub fn may_be_cut(text: &str) -> bool {
    // A character that the cut has parted is left out: three bytes at most.
    text.len() + 3 >= TOLD
}

/// The beginning of a body, where it is text.
pub fn told(body: &[u8]) -> Option<String> {
    let cut = &body[..body.len().min(TOLD)];
    match std::str::from_utf8(cut) {
        Ok(text) => Some(text.to_owned()),
        // A character that the cut has parted.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&cut[..error.valid_up_to()]).ok().map(str::to_owned)
        }
        Err(_) => None,
    }
}
