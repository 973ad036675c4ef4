//! How an answer is shown: one of a closed set of views, with the JSON Pointers (RFC 6901) that it needs.

use std::collections::BTreeMap;

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
    /// A charge: a number of a hundred, drawn.
    Battery,
    /// The strength of a signal: bars from 0 to 4 or 5, drawn.
    Signal,
    /// The address of a picture, shown.
    Image,
    /// A number of bytes.
    Size,
    /// An address, opened in the browser.
    Url,
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

/// What can be done with a row: another form, filled from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RowAction {
    /// The action.
    pub action: String,
    /// As it is offered.
    pub label: String,
    /// What is filled: a field of that action, and where in the row its value stands.
    #[serde(default)]
    pub set: BTreeMap<String, String>,
}

/// A place on the map. Of each, the first pointer that leads to something counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceView {
    /// Where the latitude stands, in degrees.
    pub lat: Vec<String>,
    /// Where the longitude stands, in degrees.
    pub long: Vec<String>,
    /// What stands beside the point.
    #[serde(default)]
    pub label: Vec<String>,
    /// How exact it is, in metres: a circle around the point.
    #[serde(default)]
    pub accuracy: Vec<String>,
    /// When it was there.
    #[serde(default)]
    pub at: Vec<String>,
}

/// Rows as events over time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChartView {
    /// Where in a row its time stands.
    pub time: String,
    /// What tells rows apart that are stacked.
    pub by: Option<String>,
}

/// How an answer is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ResultView {
    /// Sections of named values; what no row names is shown too.
    Form {
        /// The sections.
        sections: Vec<ViewSection>,
        /// A place in it, on the map.
        place: Option<PlaceView>,
        /// What can be done with it.
        #[serde(default)]
        opens: Vec<RowAction>,
    },
    /// Rows and columns.
    Table {
        /// Where the rows stand.
        rows_at: String,
        /// The columns.
        columns: Vec<ViewColumn>,
        /// The rows over time.
        chart: Option<ChartView>,
        /// The rows on the map.
        place: Option<PlaceView>,
        /// What can be done with a row.
        #[serde(default)]
        opens: Vec<RowAction>,
    },
    /// Rows that have others below them.
    Tree {
        /// Where the rows stand; an object is the one row.
        rows_at: String,
        /// Where in a row its label stands.
        label: String,
        /// The action that gives what is below a row. Its view is a tree too.
        children: RowAction,
        /// What can be done with a row.
        #[serde(default)]
        opens: Vec<RowAction>,
    },
    /// Rows as pictures with their labels.
    Grid {
        /// Where the rows stand.
        rows_at: String,
        /// Where in a row the address of its picture stands.
        image: String,
        /// Where in a row its label stands.
        label: String,
        /// What else is said of a row.
        #[serde(default)]
        columns: Vec<ViewColumn>,
        /// What can be done with a row.
        #[serde(default)]
        opens: Vec<RowAction>,
    },
    /// As JSON.
    Json,
}

impl ResultView {
    /// What can be done with a row, or with the answer.
    pub fn opens(&self) -> &[RowAction] {
        match self {
            Self::Form { opens, .. }
            | Self::Table { opens, .. }
            | Self::Tree { opens, .. }
            | Self::Grid { opens, .. } => opens,
            Self::Json => &[],
        }
    }
}
