//! Placeholders: `{name}` in a text. Nothing else: no expressions, no conditions, no scripts.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::error::{Error, ErrorCode, Result};

/// What the placeholders stand for.
pub type Variables = BTreeMap<String, String>;

/// RFC 3986 section 2.3: what needs no escape.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// How a value is written where it is put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As it is: the beginning of a URL, a text.
    Plain,
    /// As one segment of a path.
    PathSegment,
}

/// Replaces every placeholder.
///
/// # Errors
/// `internal` when a placeholder has no value: the provider file is wrong, or a step was left out.
pub fn fill(template: &str, variables: &Variables, encoding: Encoding) -> Result<String> {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        filled.push_str(&rest[..start]);
        let end = rest[start..].find('}').ok_or_else(|| unknown(rest))? + start;
        let name = &rest[start + 1..end];
        let value = variables.get(name).ok_or_else(|| unknown(name))?;
        match encoding {
            Encoding::Plain => filled.push_str(value),
            // These are not escaped in a URL, and mean another place in it.
            Encoding::PathSegment if matches!(value.as_str(), "" | "." | "..") => {
                return Err(Error::input(name, format!("“{value}” cannot stand in an address.")));
            }
            Encoding::PathSegment => filled.extend(utf8_percent_encode(value, RESERVED)),
        }
        rest = &rest[end + 1..];
    }
    filled.push_str(rest);
    Ok(filled)
}

fn unknown(name: &str) -> Error {
    Error::new(ErrorCode::Internal, format!("The provider file uses “{name}”, which has no value here."))
}

/// The names of the placeholders in a text.
pub fn names(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_a_segment_cannot_leave_its_place() {
        let variables =
            Variables::from([("host".to_owned(), "a.example".to_owned()), ("id".to_owned(), "../x?y".to_owned())]);
        assert_eq!(fill("https://{host}/", &variables, Encoding::Plain).unwrap(), "https://a.example/");
        assert_eq!(fill("/w/{id}", &variables, Encoding::PathSegment).unwrap(), "/w/..%2Fx%3Fy");
        assert!(fill("{nothing}", &variables, Encoding::Plain).is_err());
        for dots in ["", ".", ".."] {
            let variables = Variables::from([("id".to_owned(), dots.to_owned())]);
            assert_eq!(fill("/w/{id}", &variables, Encoding::PathSegment).unwrap_err().field.as_deref(), Some("id"));
        }
        assert_eq!(names("a{b}c{d}").collect::<Vec<_>>(), ["b", "d"]);
    }
}
