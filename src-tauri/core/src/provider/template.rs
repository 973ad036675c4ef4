//! Placeholders: `{name}` in a text, and `{+name}` for a typed path. Nothing else: no expressions, no conditions, no scripts.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use super::field::FieldKind;
use super::login::Login;
use super::schema::Provider;
use crate::error::{Error, ErrorCode, Result};
use crate::secret::Secret;

/// What the placeholders stand for.
pub type Variables = BTreeMap<String, String>;

/// Something that knows what placeholders stand for.
pub trait Lookup {
    /// What `name` stands for.
    fn find(&self, name: &str) -> Option<&str>;
}

impl Lookup for Variables {
    fn find(&self, name: &str) -> Option<&str> {
        self.get(name).map(String::as_str)
    }
}

/// What the placeholders of a login stand for: also secrets, which no request of an API ever sees.
#[derive(Debug, Clone, Default)]
pub struct Inputs {
    /// What may be seen.
    pub plain: Variables,
    /// What may not.
    pub secret: BTreeMap<String, Secret>,
    /// What is more than a text.
    pub kinds: BTreeMap<String, FieldKind>,
}

impl Inputs {
    /// Of a connection's variables, with the kinds of its provider's parameters and a login's fields.
    pub fn new(plain: &Variables, provider: &Provider, login: &Login) -> Self {
        let fields = provider.parameters.iter().chain(&login.fields);
        let kinds = fields.map(|field| (field.id.clone(), field.kind)).collect();
        Self { plain: plain.clone(), secret: BTreeMap::new(), kinds }
    }

    /// What a placeholder that is a whole text stands for, of its own kind; `null` where there is nothing.
    ///
    /// # Errors
    /// `invalid_input` when it is not of its kind.
    pub fn value(&self, name: &str) -> Result<Value> {
        let Some(text) = self.find(name).filter(|text| !text.trim().is_empty()) else { return Ok(Value::Null) };
        match self.kinds.get(name) {
            Some(FieldKind::Number) => {
                text.trim().parse().map(Value::Number).map_err(|_| Error::input(name, "This must be a number."))
            }
            Some(FieldKind::Json) => serde_json::from_str(text)
                .map_err(|error| Error::input(name, format!("This is not valid JSON ({error})."))),
            Some(FieldKind::Boolean) => Ok(Value::Bool(text == "true")),
            _ => Ok(Value::String(text.to_owned())),
        }
    }

    /// For filling JSON that was typed: its placeholders stand for what was typed elsewhere, never for JSON again.
    pub fn inside(&self, name: &str) -> Option<Self> {
        (self.kinds.get(name) == Some(&FieldKind::Json)).then(|| {
            let mut inside = self.clone();
            inside.kinds.retain(|_, kind| *kind != FieldKind::Json);
            inside
        })
    }
}

impl Lookup for Inputs {
    fn find(&self, name: &str) -> Option<&str> {
        self.secret.get(name).map(Secret::expose).or_else(|| self.plain.find(name))
    }
}

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
pub fn fill(template: &str, values: &impl Lookup, encoding: Encoding) -> Result<String> {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        filled.push_str(&rest[..start]);
        let end = rest[start..].find('}').ok_or_else(|| unknown(rest))? + start;
        let (whole, name) = split(&rest[start + 1..end]);
        let value = values.find(name).ok_or_else(|| unknown(name))?;
        match encoding {
            Encoding::Plain => filled.push_str(value),
            Encoding::PathSegment if whole => filled.push_str(value.trim_start_matches('/')),
            // These are not escaped in a URL, and mean another place in it.
            Encoding::PathSegment if matches!(value, "" | "." | "..") => {
                return Err(Error::input(name, format!("“{value}” cannot stand in an address.")));
            }
            Encoding::PathSegment => filled.extend(utf8_percent_encode(value, RESERVED)),
        }
        rest = &rest[end + 1..];
    }
    filled.push_str(rest);
    Ok(filled)
}

/// Fills a URL: what stands before the path as it is, a value in the path as one segment, unless it is where the URL
/// begins.
///
/// # Errors
/// As for [`fill`].
pub fn fill_url(template: &str, values: &impl Lookup) -> Result<String> {
    let (beginning, path) = template.split_at(beginning(template).len());
    let beginning = fill(beginning, values, Encoding::Plain)?;
    Ok(format!("{beginning}{}", fill(path, values, Encoding::PathSegment)?))
}

/// What stands before the path of a URL.
pub fn beginning(template: &str) -> &str {
    let host = template.find("://").map_or(0, |at| at + 3);
    template[host..].find('/').map_or(template, |path| &template[..host + path])
}

fn unknown(name: &str) -> Error {
    Error::new(ErrorCode::Internal, format!("The provider file uses “{name}”, which has no value here."))
}

/// The names of the placeholders in a text.
pub fn names(template: &str) -> impl Iterator<Item = &str> {
    template.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| split(name).1)
}

/// Whether a placeholder stands for several segments of a path, as they were typed (RFC 6570 section 3.2.3), and its name.
fn split(placeholder: &str) -> (bool, &str) {
    placeholder.strip_prefix('+').map_or((false, placeholder), |name| (true, name))
}

/// The name in a text that is one placeholder and nothing else.
pub fn whole_placeholder(text: &str) -> Option<&str> {
    let name = text.strip_prefix('{')?.strip_suffix('}')?;
    (!name.contains(['{', '}', '"', ':'])).then_some(name)
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
        assert_eq!(names("a{b}c{d}{+e}").collect::<Vec<_>>(), ["b", "d", "e"]);
    }

    #[test]
    fn a_path_that_was_typed_keeps_its_segments_and_its_query_where_the_file_says_so() {
        let path = |typed: &str| {
            let variables = Variables::from([("path".to_owned(), typed.to_owned())]);
            fill("v1/{+path}", &variables, Encoding::PathSegment).unwrap()
        };
        assert_eq!(path("/bookings/7?all=1"), "v1/bookings/7?all=1");
        assert_eq!(path("bookings"), "v1/bookings");
    }

    #[test]
    fn a_url_may_begin_with_a_whole_address_and_escapes_what_stands_in_its_path() {
        let variables = Variables::from([
            ("base".to_owned(), "https://a.example/v1".to_owned()),
            ("id".to_owned(), "x/y".to_owned()),
        ]);
        assert_eq!(fill_url("{base}/t/{id}", &variables).unwrap(), "https://a.example/v1/t/x%2Fy");
        assert_eq!(fill_url("https://b.example/{id}", &variables).unwrap(), "https://b.example/x%2Fy");
    }
}
