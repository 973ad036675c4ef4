//! A form of a provider, and what it sends.

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::Field;
use super::pages::{Pages, Pick};
use super::request::RequestTemplate;
use super::view::ResultView;

/// A form, and what it sends.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Unique in the file.
    pub id: String,
    /// As it is offered.
    pub label: String,
    /// What it does, in a sentence.
    pub summary: String,
    /// The ways in that it is for; none: all whose token is for the provider's own base URL.
    #[serde(default)]
    pub logins: Vec<String>,
    /// A Lucide icon.
    pub icon: String,
    /// The word on its button.
    pub submit: String,
    /// Whether it changes something.
    #[serde(default)]
    pub changes: bool,
    /// The field whose values each get a request of their own.
    pub each: Option<String>,
    /// The fields.
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
    /// What it sends,
    pub request: Option<RequestTemplate>,
    /// or the list that it shows,
    pub list: Option<String>,
    /// or the parts that its answer is put together from.
    #[serde(default, rename = "part")]
    pub parts: Vec<Part>,
    /// Asks for all pages of what the request gives.
    pub pages: Option<Pages>,
    /// One row of what the request gives, in place of all.
    pub pick: Option<Pick>,
    /// What is computed from the answer and put into it.
    #[serde(default)]
    pub computed: Vec<Computed>,
    /// How the answer is shown.
    pub view: ResultView,
}

/// A value that is computed from an answer.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Computed {
    /// Its name in the answer.
    pub name: String,
    /// How it is computed.
    pub scheme: Scheme,
    /// What stands before it.
    #[serde(default)]
    pub prefix: String,
    /// Where the texts stand that it is made of, one after the other.
    pub of: Vec<String>,
}

/// How a value is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Scheme {
    /// MD5, as a number of base 62.
    Md5Base62,
}

/// A part of an answer.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Its name in the answer.
    pub name: String,
    /// Asked of the server; without it, the part is who the token belongs to.
    pub request: Option<RequestTemplate>,
}
