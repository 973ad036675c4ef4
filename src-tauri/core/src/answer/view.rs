//! Answers as the interface shows them: always a window onto them, never the whole.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What there is of an answer, in each of its views.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct AnswerShape {
    /// Its id.
    pub id: String,
    /// How many bytes are there.
    #[specta(type = u32)]
    pub size: u64,
    /// Whether all of it came and was read through. If not, the numbers grow: ask again.
    pub whole: bool,
    /// As a tree, where it is JSON or says that it is.
    pub json: Option<JsonShape>,
    /// Whether it can be read as text.
    pub text: bool,
    /// How many rows of text; none where it is no text.
    #[specta(type = u32)]
    pub text_rows: u64,
    /// How many rows of 16 bytes.
    #[specta(type = u32)]
    pub hex_rows: u64,
}

/// An answer as a tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct JsonShape {
    /// Where it is no JSON: the rows end there.
    pub fault: Option<JsonFault>,
    /// How many rows are visible now.
    #[specta(type = u32)]
    pub rows: u64,
    /// As a table, where there is a list of objects.
    pub table: Option<TableShape>,
}

/// Why a text is no JSON (RFC 8259).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum JsonFaultReason {
    /// It ends before it is complete.
    UnexpectedEnd,
    /// Something else must stand here.
    UnexpectedCharacter,
    /// It was complete before (two values, one after the other).
    AfterEnd,
    /// A number that is not written as one.
    BadNumber,
    /// A backslash before something that it cannot stand before.
    BadEscape,
    /// A control character in a text, which must be escaped.
    ControlCharacter,
    /// Bytes that are no UTF-8.
    InvalidUtf8,
    /// More levels than are read.
    TooDeep,
}

/// Where a text ceases to be JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct JsonFault {
    /// Why.
    pub reason: JsonFaultReason,
    /// The line, from one on.
    #[specta(type = u32)]
    pub line: u64,
    /// The character in the line, from one on.
    #[specta(type = u32)]
    pub column: u64,
    /// The byte, from zero on.
    #[specta(type = u32)]
    pub offset: u64,
}

/// A list of objects as a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TableShape {
    /// The names of its members, in the order in which the first rows have them.
    pub columns: Vec<String>,
    /// How many rows.
    #[specta(type = u32)]
    pub rows: u64,
    /// Where the list stands (RFC 6901).
    pub pointer: String,
}

/// What kind of value a row of the tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum JsonKind {
    /// Members with names.
    Object,
    /// Members by number.
    Array,
    /// A text.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// `null`.
    Null,
}

/// A row of the tree. Closing brackets are no rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct JsonRow {
    /// Which one, from zero on.
    #[specta(type = u32)]
    pub row: u64,
    /// Where its value begins, by which it is known.
    #[specta(type = u32)]
    pub offset: u64,
    /// How deep it stands; the outermost value at zero.
    pub depth: u32,
    /// Its name in an object, decoded, cut at 2,000 characters.
    pub name: Option<String>,
    /// Its number in an array, from zero on.
    #[specta(type = Option<u32>)]
    pub index: Option<u64>,
    /// What it is.
    pub kind: JsonKind,
    /// Exactly as it stands there, cut at 2,000 characters; nothing for an object or array.
    pub text: String,
    /// Whether there is more of the text.
    pub cut: bool,
    /// How many members an object or array has.
    #[specta(type = Option<u32>)]
    pub children: Option<u64>,
    /// Whether its members are visible.
    pub open: bool,
    /// Whether its name stands in its object more than once.
    pub repeated: bool,
}

/// A row of text: a line, or 1,000 characters of a long one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TextRow {
    /// Which one, from zero on.
    #[specta(type = u32)]
    pub row: u64,
    /// The line it is of, from one on.
    #[specta(type = u32)]
    pub line: u64,
    /// Whether the line begins here.
    pub begins_line: bool,
    /// What stands there.
    pub text: String,
}

/// Sixteen bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct HexRow {
    /// Where they begin.
    #[specta(type = u32)]
    pub offset: u64,
    /// In hexadecimal, apart by spaces.
    pub hex: String,
    /// In ASCII, a dot for what has no sign there.
    pub text: String,
}

/// A row of the table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct TableRow {
    /// Which one, from zero on.
    #[specta(type = u32)]
    pub row: u64,
    /// Where its object begins.
    #[specta(type = u32)]
    pub offset: u64,
    /// For each column what stands there, exactly, cut at 200 characters; none where there is no such member.
    pub cells: Vec<Option<String>>,
}

/// What a search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct AnswerMatches {
    /// How many places.
    pub total: u32,
    /// Whether there are more than are counted.
    pub cut: bool,
}

/// A place that a search found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
pub struct AnswerMatch {
    /// Where it begins.
    #[specta(type = u32)]
    pub offset: u64,
    /// The row of the tree, where it is visible now.
    #[specta(type = Option<u32>)]
    pub json_row: Option<u64>,
    /// The row of the text.
    #[specta(type = Option<u32>)]
    pub text_row: Option<u64>,
}

/// A value, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct JsonValue {
    /// Where (RFC 6901).
    pub pointer: String,
    /// Exactly as it stands there, at most 1 MB of it.
    pub text: String,
    /// Whether there is more of it.
    pub cut: bool,
}
