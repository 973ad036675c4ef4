//! A field of a form, as a provider file describes it and as the interface draws it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::{Error, Result};

/// What is typed or chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// A line of text.
    #[default]
    Text,
    /// A text that is not shown.
    Secret,
    /// A number.
    Number,
    /// JSON. In a token request its placeholders are filled.
    Json,
    /// One of several.
    Choice,
    /// Some of several.
    Choices,
    /// Names with values that are a string, a number or a boolean.
    Arguments,
    /// Yes or no.
    Boolean,
    /// A file of this machine, for an upload.
    File,
}

/// Whether a secret that was typed for a login stays in the keychain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Keep {
    /// It lives for the request.
    #[default]
    Never,
    /// It stays: the token cannot be renewed without it.
    Always,
    /// It stays if the person says so.
    Asked,
}

/// One of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// A second, quieter text.
    pub detail: Option<String>,
    /// The groups that it is in, as people call them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
}

impl Choice {
    /// One that is in no group.
    pub fn new(value: impl Into<String>, label: impl Into<String>, detail: Option<String>) -> Self {
        Self { value: value.into(), label: label.into(), detail, groups: Vec::new() }
    }
}

/// A fixed choice in a provider file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FixedChoice {
    /// What is kept.
    pub value: String,
    /// What is read.
    pub label: String,
    /// The variables that this choice sets: hosts, client identifiers.
    #[serde(default)]
    pub set: BTreeMap<String, String>,
}

/// A field in a provider file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Its name in templates.
    pub id: String,
    /// Above it.
    pub label: String,
    /// Below it.
    pub hint: Option<String>,
    /// At the right of the label: a unit or a destination.
    pub note: Option<String>,
    /// What is typed or chosen.
    #[serde(default)]
    pub kind: FieldKind,
    /// Whether it has several lines.
    #[serde(default)]
    pub lines: bool,
    /// Whether it may stay empty.
    #[serde(default)]
    pub optional: bool,
    /// For a secret field of a login: whether it stays in the keychain.
    #[serde(default)]
    pub keep: Keep,
    /// An example, shown while it is empty.
    pub placeholder: Option<String>,
    /// What it holds at first.
    pub initial: Option<String>,
    /// Fixed choices.
    #[serde(default)]
    pub choices: Vec<FixedChoice>,
    /// Or: the live list that the choices come from.
    pub list: Option<String>,
}

impl Field {
    /// Whether a text is of its kind: a number, JSON. An empty one is.
    ///
    /// # Errors
    /// `invalid_input` that names the field.
    pub fn check_kind(&self, value: &str) -> Result<()> {
        let value = value.trim();
        let fits = match self.kind {
            FieldKind::Number => value.parse::<serde_json::Number>().is_ok() && is_exact(value),
            FieldKind::Json => serde_json::from_str::<serde_json::Value>(value).is_ok(),
            _ => true,
        };
        if value.is_empty() || fits {
            return Ok(());
        }
        let wanted = match self.kind {
            FieldKind::Number if !is_exact(value) => "a number with fewer digits: this one would be sent as another",
            FieldKind::Number => "a number",
            _ => "JSON",
        };
        Err(Error::input(&self.id, format!("{} must be {wanted}.", self.label)))
    }
}

/// Whether a number that was typed is sent as it is. A whole one of more than 19 digits or so is not: it becomes the nearest that a
/// double can hold.
pub fn is_exact(typed: &str) -> bool {
    let is_whole = typed.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    !is_whole || typed.parse::<i64>().is_ok() || typed.parse::<u64>().is_ok()
}

/// A field as the interface draws it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Type)]
#[allow(missing_docs)] // as in `Field`
pub struct FieldView {
    pub id: String,
    pub label: String,
    pub hint: Option<String>,
    pub note: Option<String>,
    pub kind: FieldKind,
    pub lines: bool,
    pub required: bool,
    pub keep: Keep,
    pub placeholder: Option<String>,
    pub initial: Option<String>,
    pub choices: Vec<Choice>,
    pub list: Option<String>,
}

impl From<&Field> for FieldView {
    fn from(field: &Field) -> Self {
        let choices = field.choices.iter();
        Self {
            id: field.id.clone(),
            label: field.label.clone(),
            hint: field.hint.clone(),
            note: field.note.clone(),
            kind: field.kind,
            lines: field.lines,
            required: !field.optional,
            keep: field.keep,
            placeholder: field.placeholder.clone(),
            initial: field.initial.clone(),
            choices: choices.map(|choice| Choice::new(&choice.value, &choice.label, None)).collect(),
            list: field.list.clone(),
        }
    }
}
