//! A field of a form, as a provider file describes it and as the interface draws it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

/// What is typed or chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// A line of text.
    Text,
    /// A line that is not shown.
    Secret,
    /// One of several.
    Choice,
    /// Some of several.
    Choices,
    /// Names with values that are a string, a number or a boolean.
    Arguments,
    /// Yes or no.
    Boolean,
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
}

/// A fixed choice in a provider file.
#[derive(Debug, Clone, Deserialize)]
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
#[derive(Debug, Clone, Deserialize)]
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
    pub kind: FieldKind,
    /// Whether it may stay empty.
    #[serde(default)]
    pub optional: bool,
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

/// A field as the interface draws it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[allow(missing_docs)] // as in `Field`
pub struct FieldView {
    pub id: String,
    pub label: String,
    pub hint: Option<String>,
    pub note: Option<String>,
    pub kind: FieldKind,
    pub required: bool,
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
            required: !field.optional,
            placeholder: field.placeholder.clone(),
            initial: field.initial.clone(),
            choices: choices
                .map(|choice| Choice { value: choice.value.clone(), label: choice.label.clone(), detail: None })
                .collect(),
            list: field.list.clone(),
        }
    }
}
