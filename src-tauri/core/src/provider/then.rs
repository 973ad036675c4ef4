//! What an action asks once its answer is there.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::request::RequestTemplate;
use super::transfer::Ready;

/// A request after that of the action, of something that the action’s answer names. Its answer is the result.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Then {
    /// What is taken from the action’s answer: a name, and where it stands (RFC 6901).
    #[serde(default)]
    pub take: BTreeMap<String, String>,
    /// What is asked; it changes nothing.
    pub request: RequestTemplate,
    /// Asks again until the answer says that it is ready.
    pub until: Option<Ready>,
}
