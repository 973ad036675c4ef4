//! A file that is sent or fetched, in several requests.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

use super::action::Action;
use super::request::RequestTemplate;
use crate::pointer::at;

/// Which way a file goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TransferKind {
    /// From this machine.
    Upload,
    /// To this machine.
    Download,
}

/// The names that an upload gives to its requests, beside what its steps take.
const OF_UPLOAD: [&str; 2] = ["file_size", "chunk"];

/// A request beside the file itself.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferStep {
    /// What is sent.
    pub request: RequestTemplate,
    /// What is taken from the answer for what follows: a name, and where it stands (RFC 6901).
    #[serde(default)]
    pub take: BTreeMap<String, String>,
    /// Asks again until the answer says that it is ready.
    pub until: Option<Ready>,
}

/// How an answer says that it is ready.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ready {
    /// Where in the answer it stands (RFC 6901).
    pub at: String,
    /// What stands there when it is ready; without it, anything but null.
    pub is: Option<serde_json::Value>,
    /// How long to wait before it is asked again.
    #[serde(default = "every")]
    pub every_seconds: u32,
    /// How long to go on at most.
    #[serde(default = "at_most")]
    pub at_most_seconds: u32,
}

fn every() -> u32 {
    2
}

fn at_most() -> u32 {
    600
}

/// Sends the file that was chosen for the action’s field of kind `file`. `{file_size}` stands for its size, that field’s
/// id for its name.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Upload {
    /// Requests before it.
    #[serde(default, rename = "step")]
    pub steps: Vec<TransferStep>,
    /// The file in pieces, each a request of its own,
    pub chunks: Option<Chunks>,
    /// or whole, as a part of a form (RFC 7578).
    pub multipart: Option<Multipart>,
    /// Requests after it. The answer of the last one is the result.
    #[serde(default)]
    pub after: Vec<TransferStep>,
}

/// A file in pieces.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chunks {
    /// The bytes of a piece, but for the last.
    #[schemars(range(min = 1, max = 67_108_864))]
    pub bytes: u32,
    /// What carries a piece; `{chunk}` is its number, from 1.
    pub request: RequestTemplate,
    /// The statuses that mean: the next one.
    #[serde(default = "good")]
    pub more: Vec<u16>,
    /// The statuses that mean: that was the last one.
    #[serde(default = "good")]
    pub done: Vec<u16>,
}

fn good() -> Vec<u16> {
    vec![200, 201, 202, 204]
}

/// A file as a part of a form.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Multipart {
    /// The name of the part.
    pub field: String,
    /// What carries it.
    pub request: RequestTemplate,
}

/// Fetches a file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Download {
    /// Requests before it.
    #[serde(default, rename = "step")]
    pub steps: Vec<TransferStep>,
    /// What gives the file. Another server than the connection’s is asked without the token.
    pub request: RequestTemplate,
    /// What the file is called where the server does not say so.
    pub name: Option<String>,
}

impl Action {
    /// Which way a file goes, where one does.
    pub fn transfer(&self) -> Option<TransferKind> {
        match (&self.upload, &self.download) {
            (Some(_), _) => Some(TransferKind::Upload),
            (None, Some(_)) => Some(TransferKind::Download),
            (None, None) => None,
        }
    }

    /// The first request of a transfer.
    pub fn first_of_transfer(&self) -> Option<&RequestTemplate> {
        let (up, down) = (self.upload.as_ref(), self.download.as_ref());
        let steps = up.map(|upload| &upload.steps).or(down.map(|download| &download.steps))?;
        let of_file = up.and_then(Upload::request).or(down.map(|download| &download.request));
        steps.first().map(|step| &step.request).or(of_file)
    }

    /// What a transfer gives to its own requests.
    pub fn given_by_transfer(&self) -> impl Iterator<Item = &str> {
        let up = self.upload.iter().flat_map(|upload| taken(&upload.steps).chain(taken(&upload.after)));
        let down = self.download.iter().flat_map(|download| taken(&download.steps));
        let own = OF_UPLOAD.into_iter().filter(|_| self.upload.is_some());
        up.chain(down).chain(own)
    }
}

impl Upload {
    /// The request that carries the file.
    pub fn request(&self) -> Option<&RequestTemplate> {
        let of_chunks = self.chunks.as_ref().map(|chunks| &chunks.request);
        of_chunks.or(self.multipart.as_ref().map(|multipart| &multipart.request))
    }
}

impl Ready {
    /// Whether an answer says so.
    pub fn is_met(&self, answer: &Value) -> bool {
        let found = at(answer, &self.at).unwrap_or_default();
        self.is.as_ref().map_or(!found.is_null(), |wanted| found == *wanted)
    }

    /// How long to wait before it is asked again, in seconds: never not at all.
    pub fn pause(&self) -> u32 {
        self.every_seconds.max(1)
    }
}

/// Every name that steps take.
fn taken(steps: &[TransferStep]) -> impl Iterator<Item = &str> {
    steps.iter().flat_map(|step| step.take.keys()).map(String::as_str)
}
