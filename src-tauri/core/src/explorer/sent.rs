//! A request that was sent, as the interface shows it.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::request::ExplorerPreview;
use crate::error::Error;
use crate::exchange::Refusal;
use crate::jwt::Member;
use crate::transport::Phases;

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names are the facts
pub enum SendState {
    Sending,
    Receiving,
    Done,
    Failed,
    Cancelled,
}

impl SendState {
    /// Whether nothing more comes.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Cancelled)
    }
}

/// What a body is shown as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names are the facts
pub enum AnswerKind {
    Json,
    Text,
    Image,
    Pdf,
    Binary,
    Empty,
}

impl AnswerKind {
    /// By its media type.
    pub fn of(media_type: &str) -> Self {
        match media_type {
            "application/pdf" => Self::Pdf,
            "application/json" | "text/json" => Self::Json,
            it if it.ends_with("+json") => Self::Json,
            "image/svg+xml" => Self::Text,
            it if it.starts_with("image/") => Self::Image,
            it if it.starts_with("text/") || it.ends_with("+xml") => Self::Text,
            "application/xml"
            | "application/javascript"
            | "application/x-www-form-urlencoded"
            | "application/yaml"
            | "application/x-yaml"
            | "application/toml"
            | "application/x-ndjson"
            | "application/jsonl"
            | "application/sql"
            | "" => Self::Text,
            _ => Self::Binary,
        }
    }
}

/// A redirect that was followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Hop {
    /// The method of the request that was sent on.
    pub method: String,
    /// Its URL, redacted.
    pub url: String,
    /// The status that sent on.
    pub status: u16,
    /// Where to, redacted.
    pub location: String,
    /// What the next request went without.
    pub removed: Vec<Removed>,
}

/// What a request that is sent on goes without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Removed {
    /// What presents the token.
    AccessToken,
    /// A header that may let somebody in.
    Header {
        /// Which.
        name: String,
    },
    /// The body.
    Body,
}

/// How far all pages are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct PagesState {
    /// The pages that are there.
    pub loaded: u32,
    /// The rows in them.
    pub rows: u32,
    /// How many pages there are, where the server says it.
    pub of: Option<u32>,
    /// Whether there are more.
    pub more: bool,
}

/// A request that was sent, and how far its answer is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
pub struct SentView {
    /// That of the answer.
    pub id: String,
    /// Whose token was presented.
    pub connection: String,
    /// The draft that it was sent from.
    pub draft: Option<String>,
    /// When.
    pub at: String,
    /// How far it is.
    pub state: SendState,
    /// The HTTP method.
    pub method: String,
    /// The URL, redacted.
    pub url: String,
    /// The headers; the token is masked.
    pub sent_headers: Vec<Member>,
    /// The body as text, cut where it is long, redacted.
    pub sent_body: Option<String>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// The version of HTTP.
    pub version: Option<String>,
    /// The headers of the answer, in their order; secrets that are known are masked.
    pub headers: Vec<Member>,
    /// The media type without its parameters.
    pub media_type: String,
    /// What the body is shown as.
    pub kind: AnswerKind,
    /// How many bytes of the body are there, decompressed.
    #[specta(type = u32)]
    pub received: u64,
    /// How many there will be, where the server says it.
    #[specta(type = Option<u32>)]
    pub size: Option<u64>,
    /// How long each phase of the last request took.
    pub phases: Phases,
    /// The redirects that were followed.
    pub hops: Vec<Hop>,
    /// Whether it was sent a second time, with a renewed token.
    pub replayed: bool,
    /// Why there is no answer, or not all of it, or what its status means.
    pub error: Option<Error>,
    /// Why it is a refusal, where it is one.
    pub refusal: Option<Refusal>,
    /// How far all pages are, where there are pages.
    pub pages: Option<PagesState>,
}

impl SentView {
    /// One that leaves now.
    pub fn begun(answer: &str, connection: String, draft: Option<String>, at: String, shown: ExplorerPreview) -> Self {
        Self {
            id: answer.to_owned(),
            connection,
            draft,
            at,
            state: SendState::Sending,
            method: shown.method,
            url: shown.url,
            sent_headers: shown.headers,
            sent_body: shown.body,
            status: None,
            version: None,
            headers: Vec::new(),
            media_type: String::new(),
            kind: AnswerKind::Empty,
            received: 0,
            size: None,
            phases: Phases::default(),
            hops: Vec::new(),
            replayed: false,
            error: None,
            refusal: None,
            pages: None,
        }
    }

    /// What its answer is called as a file: as the last part of its address, with what its media type is called by.
    pub fn file_name(&self) -> String {
        let path = self.url.split(['?', '#']).next().unwrap_or_default();
        let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
        let name = if last.is_empty() { "answer" } else { last };
        let ending = match (self.kind, self.media_type.as_str()) {
            (AnswerKind::Json, _) => "json",
            (AnswerKind::Pdf, _) => "pdf",
            (AnswerKind::Image, media_type) => {
                media_type.trim_start_matches("image/").split('+').next().unwrap_or("png")
            }
            (_, "text/html") => "html",
            (_, "text/csv") => "csv",
            (_, it) if it.ends_with("xml") => "xml",
            (AnswerKind::Text, _) => "txt",
            (AnswerKind::Binary | AnswerKind::Empty, _) => "bin",
        };
        if name.contains('.') { name.to_owned() } else { format!("{name}.{ending}") }
    }
}
