//! Members of objects and arrays, and places between them.

use crate::answer::view::JsonKind;

/// A member of an object or array.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Its number.
    pub index: u64,
    /// Where its name stands, with its quotes.
    pub name: Option<(u64, u64)>,
    /// Where its value begins.
    pub at: u64,
    /// What it is.
    pub kind: JsonKind,
}

impl Member {
    /// Where it begins, with its name.
    pub fn begins(&self) -> u64 {
        self.name.map_or(self.at, |(begins, _)| begins)
    }

    /// Whether it has members.
    pub fn is_container(&self) -> bool {
        matches!(self.kind, JsonKind::Object | JsonKind::Array)
    }
}

/// A place between the members of one object or array.
#[derive(Debug, Clone, Copy)]
pub struct Cursor {
    /// From where on the next one is looked for.
    pub at: u64,
    /// The number of the next one.
    pub index: u64,
    /// Whether it is an object's.
    pub is_object: bool,
    /// How many there are, where the object or array has not ended: behind them stands what nobody has read yet.
    pub most: Option<u64>,
    /// Where the object or array ended, when the cursor came there.
    pub end: Option<u64>,
}

/// What a value is that begins so.
pub fn kind(byte: u8) -> JsonKind {
    match byte {
        b'{' => JsonKind::Object,
        b'[' => JsonKind::Array,
        b'"' => JsonKind::String,
        b't' | b'f' => JsonKind::Boolean,
        b'n' => JsonKind::Null,
        _ => JsonKind::Number,
    }
}
