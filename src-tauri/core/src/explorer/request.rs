//! A request as a person builds it, and what is kept of it.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::jwt::Member;
use crate::transfer::ChosenFile;

/// A row of a table of parameters, query or headers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct RequestRow {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
    /// Whether it is sent.
    pub on: bool,
}

/// A part of a form of several parts (RFC 7578).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct BodyPart {
    /// Its name.
    pub name: String,
    /// What it says, where it is no file.
    pub value: String,
    /// The file.
    pub file: Option<ChosenFile>,
    /// Whether it is sent.
    pub on: bool,
}

/// What a request carries.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs)] // the names are the facts
pub enum RequestBody {
    #[default]
    None,
    Json {
        text: String,
    },
    Form {
        rows: Vec<RequestRow>,
    },
    Multipart {
        parts: Vec<BodyPart>,
    },
    Text {
        text: String,
        media_type: String,
    },
    File {
        file: Option<ChosenFile>,
        media_type: String,
    },
}

/// Any request. `{{name}}` anywhere in it stands for a variable of the connection; nothing else does, and nothing is
/// evaluated (security.md H7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ExplorerRequest {
    /// The HTTP method.
    pub method: String,
    /// A path below the API's address, or a whole address. `{name}` in it is a parameter.
    pub url: String,
    /// What the parameters in the address stand for.
    pub parameters: Vec<RequestRow>,
    /// The query, in its order; a name may stand twice.
    pub query: Vec<RequestRow>,
    /// Headers beside those that are sent with every request.
    pub headers: Vec<RequestRow>,
    /// What it carries.
    pub body: RequestBody,
    /// Whether redirects are followed.
    pub follow: bool,
}

impl ExplorerRequest {
    /// As one that was sent from elsewhere, with a body of this media type.
    pub fn as_sent(method: &str, url: &str, media_type: &str, body: Option<String>) -> Self {
        Self {
            method: method.to_owned(),
            url: url.to_owned(),
            parameters: Vec::new(),
            query: Vec::new(),
            headers: Vec::new(),
            body: match body {
                None => RequestBody::None,
                Some(text) if media_type.contains("json") => RequestBody::Json { text },
                Some(text) => RequestBody::Text { text, media_type: media_type.to_owned() },
            },
            follow: true,
        }
    }
}

/// A request that is open in the window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Draft {
    /// Made by the window.
    pub id: String,
    /// Whose.
    pub connection: String,
    /// As the person calls it.
    pub name: Option<String>,
    /// The saved request that it came from.
    pub saved: Option<String>,
    /// The endpoint that it came from.
    pub endpoint: Option<String>,
    /// What will be sent.
    pub request: ExplorerRequest,
    /// What came of it last.
    pub answer: Option<String>,
}

/// A request that was given a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct SavedRequest {
    /// Made when it is saved first: empty until then.
    pub id: String,
    /// Whose.
    pub connection: String,
    /// Where it stands: nothing, or names with `/` between them.
    pub folder: String,
    /// As the person calls it.
    pub name: String,
    /// The endpoint that it came from.
    pub endpoint: Option<String>,
    /// What will be sent.
    pub request: ExplorerRequest,
}

/// What `{{name}}` stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// What will be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ExplorerPreview {
    /// The HTTP method.
    pub method: String,
    /// The URL, redacted.
    pub url: String,
    /// The headers; the token is masked.
    pub headers: Vec<Member>,
    /// The body as text, cut where it is long.
    pub body: Option<String>,
    /// The origin that it leads to, where that is another than the connection's: the token stays here then.
    pub elsewhere: Option<String>,
}

/// A command of curl that was read. It was not run, and nothing in it was evaluated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ReadCurl {
    /// What it would send.
    pub request: ExplorerRequest,
    /// What was left out, each in a sentence.
    pub left_out: Vec<String>,
    /// Whether it leads to another origin than the connection's.
    pub elsewhere: bool,
}
