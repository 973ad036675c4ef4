//! A form of a provider, and what it sends.

use schemars::JsonSchema;
use serde::Deserialize;

use super::field::Field;
use super::pages::{Pages, Pick};
use super::request::RequestTemplate;
use super::then::Then;
use super::transfer::{Download, Ready, Upload};
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
    /// The heading that it stands under in the menu.
    pub group: Option<String>,
    /// The word on its button.
    pub submit: String,
    /// Whether it changes something.
    #[serde(default)]
    pub changes: bool,
    /// Whether what it reads moves, so that it makes sense to ask again and again.
    #[serde(default)]
    pub watch: bool,
    /// Whether what it answers holds secrets. Its answers are kept in no file, and of one that only reads nothing is.
    #[serde(default)]
    pub private: bool,
    /// The statuses that mean success, where not all below 300 do. Any other answer is told as it came: status and body.
    #[serde(default)]
    pub good: Vec<u16>,
    /// The field whose values each get a request of their own.
    pub each: Option<String>,
    /// The fields.
    #[serde(default, rename = "field")]
    pub fields: Vec<Field>,
    /// What it sends,
    pub request: Option<RequestTemplate>,
    /// or the list that it shows,
    pub list: Option<String>,
    /// or the parts that its answer is put together from,
    #[serde(default, rename = "part")]
    pub parts: Vec<Part>,
    /// or how it sends a file,
    pub upload: Option<Upload>,
    /// or fetches one.
    pub download: Option<Download>,
    /// Asks for all pages of what the request gives.
    pub pages: Option<Pages>,
    /// One row of what the request gives, in place of all.
    pub pick: Option<Pick>,
    /// Asks again until the answer says that it is ready.
    pub until: Option<Ready>,
    /// Asks what became of it.
    pub then: Option<Then>,
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
