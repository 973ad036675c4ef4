//! How an answer is shown: one of a closed set of views, with the JSON Pointers (RFC 6901) that it needs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use specta::Type;

/// How a value is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, Type, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum RowFormat {
    /// As it is.
    #[default]
    Text,
    /// An instant.
    Time,
    /// A number of a hundred.
    Percent,
    /// True or false.
    YesNo,
    /// An id.
    Mono,
    /// Several, or an object of switches.
    List,
}

/// A line of a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewRow {
    /// What it is.
    pub label: String,
    /// Where it stands; several are joined with a space.
    pub at: Vec<String>,
    /// How it is read.
    #[serde(default)]
    pub format: RowFormat,
}

/// Some lines under a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewSection {
    /// The heading.
    pub title: String,
    /// The lines.
    pub rows: Vec<ViewRow>,
}

/// A column of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ViewColumn {
    /// Its heading.
    pub label: String,
    /// Where in a row its value stands.
    pub at: String,
    /// How it is read.
    #[serde(default)]
    pub format: RowFormat,
}

/// How an answer is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ResultView {
    /// Sections of named values; what no row names is shown too.
    Form {
        /// The sections.
        sections: Vec<ViewSection>,
    },
    /// Rows and columns.
    Table {
        /// Where the rows stand.
        rows_at: String,
        /// The columns.
        columns: Vec<ViewColumn>,
    },
    /// As JSON.
    Json,
}
