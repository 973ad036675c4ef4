//! A call that an API offers, as the explorer shows it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use specta::Type;

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ParameterPlace {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// A parameter of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct EndpointParameter {
    /// As it is sent; in a path as the placeholder names it.
    pub name: String,
    /// Where it stands.
    pub place: ParameterPlace,
    /// What it means.
    pub about: Option<String>,
    /// Whether the call needs it.
    pub required: bool,
    /// A value that can be sent.
    pub example: Option<String>,
    /// All that it can be; empty: anything.
    pub choices: Vec<String>,
}

/// What a body is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BodyKind {
    /// JSON.
    #[default]
    Json,
    /// A form.
    Form,
    /// A form that can hold files (RFC 7578).
    Multipart,
    /// Text.
    Text,
    /// The bytes of a file.
    File,
}

/// The body of an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndpointBody {
    /// What it is made of.
    #[serde(default)]
    pub kind: BodyKind,
    /// A body that can be sent. Of a form: `name=value&name=value`, as in an address; in one with files `name=@` is a file.
    pub example: Option<String>,
    /// What it may hold: a JSON Schema, as text.
    pub schema: Option<String>,
}

/// A call that an API offers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Endpoint {
    /// Unique in its catalogue: method and path, as its source writes them.
    pub id: String,
    /// The heading that it stands under.
    pub group: String,
    /// The HTTP method.
    pub method: String,
    /// Below the address of the API, or a whole address. `{name}` is a parameter; `{access_token}` is the token of the
    /// connection, put in when the request is sent.
    pub path: String,
    /// What it does, in a line.
    pub about: String,
    /// Where it is described.
    pub docs: Option<String>,
    /// Its parameters: of the path first, in its order.
    pub parameters: Vec<EndpointParameter>,
    /// Its body.
    pub body: Option<EndpointBody>,
    /// Whether it answers in pages.
    pub pages: bool,
}
