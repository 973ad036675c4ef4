use axum::http::{HeaderMap, header};
use serde_json::{Map, Value};

use super::problem::Problem;

/// The JSON object that a request brings.
pub(super) struct Body(Map<String, Value>);

impl Body {
    /// JSON only, no form (providers.md §3). Anything else counts as an empty object, so that the
    /// first required field is missing: the sandbox's choice.
    pub(super) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, Problem> {
        if !is_json(headers) {
            return Ok(Self(Map::new()));
        }
        serde_json::from_slice(body).map(Self).map_err(|_| Problem::invalid_operation("The body is not a JSON object"))
    }

    /// A text that must be there.
    pub(super) fn text(&self, field: &str) -> Result<&str, Problem> {
        self.optional_text(field)?.ok_or_else(|| Problem::required(field))
    }

    pub(super) fn optional_text(&self, field: &str) -> Result<Option<&str>, Problem> {
        match self.value(field) {
            None => Ok(None),
            Some(Value::String(text)) if !text.is_empty() => Ok(Some(text)),
            Some(_) => Err(Problem::invalid(field, &format!("Field {field} must be a text"))),
        }
    }

    /// A whole number that must be there.
    pub(super) fn number(&self, field: &str) -> Result<u64, Problem> {
        self.optional_number(field)?.ok_or_else(|| Problem::required(field))
    }

    pub(super) fn optional_number(&self, field: &str) -> Result<Option<u64>, Problem> {
        match self.value(field).map(Value::as_u64) {
            None => Ok(None),
            Some(Some(number)) => Ok(Some(number)),
            Some(None) => Err(Problem::invalid(field, &format!("Field {field} must be a whole number"))),
        }
    }

    /// Refuses what is not in `known`.
    pub(super) fn knows_only(&self, known: &[&str]) -> Result<(), Problem> {
        match self.0.keys().find(|field| !known.contains(&field.as_str())) {
            Some(field) => Err(Problem::unknown_field(field)),
            None => Ok(()),
        }
    }

    fn value(&self, field: &str) -> Option<&Value> {
        self.0.get(field).filter(|value| !value.is_null())
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media_type| media_type.trim().eq_ignore_ascii_case("application/json"))
}
