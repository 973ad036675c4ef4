//! The way from the outermost value to a place in the text.

use super::member::Member;
use super::names::name_of;
use super::walk::{DOCUMENT, Json};
use crate::answer::view::JsonValue;
use crate::error::{Error, Result};

/// What of a value is given at once.
const MOST: usize = 1024 * 1024;
/// What of a name a pointer has.
const LONGEST_NAME: usize = 64 * 1024;

/// A member on the way.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    /// What it is a member of.
    pub container: u64,
    /// It.
    pub member: Member,
}

impl Json<'_> {
    /// The members on the way to a place, the outermost value first. What stands between two members belongs to the first;
    /// what stands before all of them, to what they are members of.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn path(&mut self, place: u64) -> Result<Vec<Step>> {
        let mut path = Vec::new();
        let mut container = DOCUMENT;
        while let Some(member) = self.member_at(container, place)? {
            path.push(Step { container, member });
            let is_within = member.is_container() && place > member.at && place < self.end(&member)?;
            if !is_within {
                break;
            }
            container = member.at;
        }
        Ok(path)
    }

    /// The value at a place.
    ///
    /// # Errors
    /// `invalid_input` where there is none; or when the disk refuses.
    pub fn value(&mut self, place: u64) -> Result<JsonValue> {
        let path = self.path(place)?;
        let Some(last) = path.last() else { return Err(Error::input("offset", "No value stands there.")) };
        let mut pointer = String::new();
        for step in path.iter().skip(1) {
            pointer.push('/');
            match step.member.name {
                Some(name) => pointer.push_str(&escaped(&name_of(self, name, LONGEST_NAME)?)),
                None => pointer.push_str(&step.member.index.to_string()),
            }
        }
        let end = self.end(&last.member)?;
        let bytes = self.bytes().between(last.member.at, end, MOST)?;
        let cut = (bytes.len() as u64) < end - last.member.at;
        let text = String::from_utf8_lossy(&bytes);
        // A character that was cut in two is left out.
        let text = if cut { text.trim_end_matches(char::REPLACEMENT_CHARACTER) } else { &text }.to_owned();
        Ok(JsonValue { pointer, text, cut })
    }
}

/// A name as a pointer has it (RFC 6901 section 3).
pub(super) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}
