//! What an answer must be, and what one amounts to.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use specta::Type;

use crate::error::{Error, Result};
use crate::pointer;

/// The longest value that is shown and compared, in bytes.
const LONGEST: usize = 4096;

/// What an answer must be.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Expectation {
    /// The HTTP status; none: any good one.
    pub status: Option<u16>,
    /// What its JSON must hold.
    pub value: Option<ExpectedValue>,
}

/// What an answer must hold at a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ExpectedValue {
    /// The place: a JSON Pointer (RFC 6901).
    pub pointer: String,
    /// What is there.
    pub must: Must,
}

/// What a value must.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Must {
    /// Be there.
    Exist,
    /// Be this: a text without its quotes, anything else as JSON.
    Be {
        /// What.
        value: String,
    },
    /// Stay as it is: a change is told, and no fault.
    Stay,
}

impl Expectation {
    /// # Errors
    /// `invalid_input` of `status` or `pointer`.
    pub fn check(&self) -> Result<()> {
        if self.status.is_some_and(|status| !(100..600).contains(&status)) {
            return Err(Error::input("status", "A status is a number from 100 to 599."));
        }
        let is_pointer = |it: &ExpectedValue| it.pointer.is_empty() || it.pointer.starts_with('/');
        if self.value.as_ref().is_some_and(|value| !is_pointer(value)) {
            return Err(Error::input("pointer", "A JSON Pointer begins with “/”, as /items/0/state."));
        }
        Ok(())
    }

    /// What an answer amounts to.
    pub fn judge(&self, at: Timestamp, took_ms: u32, seen: Seen) -> Finding {
        let Seen { status, body, truncated, error, target } = seen;
        let mut finding = Finding { at, took_ms, status, target, error, ..Finding::default() };
        // What is put together of several answers has none, and is good.
        let Some(status) = status.or_else(|| finding.error.is_none().then_some(200)) else { return finding };
        let well = finding.error.is_none() && (200..300).contains(&status);
        let good = self.status.map_or(well, |expected| status == expected);
        if !good {
            return finding.unmet(Unmet::Status { expected: self.status, got: status });
        }
        // As expected, whatever it means elsewhere.
        (finding.error, finding.found) = (None, Found::Good);
        let Some(ExpectedValue { pointer, must }) = &self.value else { return finding };
        let Ok(json) = serde_json::from_slice::<Value>(&body) else {
            return finding.unmet(if truncated { Unmet::TooLarge } else { Unmet::NotJson });
        };
        let Some(value) = pointer::at(&json, pointer) else { return finding.unmet(Unmet::Missing) };
        let got = shown(&value);
        finding.value = Some(got.clone());
        match must {
            Must::Be { value: expected } if !is(&value, expected) => {
                finding.unmet(Unmet::Other { expected: expected.clone(), got })
            }
            _ => finding,
        }
    }

    /// Whether a value that must stay is another than before.
    pub fn moved(&self, before: &Finding, now: &Finding) -> bool {
        let stays = matches!(self.value, Some(ExpectedValue { must: Must::Stay, .. }));
        stays && before.value.is_some() && now.value.is_some() && before.value != now.value
    }
}

/// A text as it is, anything else as JSON; cut where it is long.
fn shown(value: &Value) -> String {
    cut(match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    })
}

/// So much of a text as is shown and compared.
pub fn cut(mut text: String) -> String {
    if text.len() > LONGEST {
        text.truncate(text.floor_char_boundary(LONGEST));
        text.push('…');
    }
    text
}

/// Written otherwise, JSON is the same: `{"a": 1}` and `{"a":1}`.
fn is(value: &Value, expected: &str) -> bool {
    let same = || serde_json::from_str::<Value>(expected).is_ok_and(|expected| expected == *value);
    matches!(value, Value::String(text) if text == expected) || same()
}

/// What came of what was sent.
#[derive(Debug, Default)]
pub struct Seen {
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// The body.
    pub body: Vec<u8>,
    /// Whether there was more of it.
    pub truncated: bool,
    /// Why there is none, or what its status means.
    pub error: Option<Error>,
    /// Of several, the one that it is of.
    pub target: Option<String>,
}

impl Seen {
    /// There is no answer.
    pub fn failed(error: Error) -> Self {
        Self { error: Some(error), ..Self::default() }
    }
}

/// What a check has found, in a word.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// It is as expected.
    Good,
    /// There is an answer, and it is not as expected.
    Bad,
    /// There is no answer.
    #[default]
    Failed,
}

/// How an answer is not as expected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Unmet {
    /// Its status.
    Status {
        /// None: a good one.
        expected: Option<u16>,
        /// Its own.
        got: u16,
    },
    /// There is nothing at the place.
    Missing,
    /// There is something else.
    Other {
        /// What should be.
        expected: String,
        /// What is.
        got: String,
    },
    /// It is no JSON.
    NotJson,
    /// It is too large to be read.
    TooLarge,
}

/// What a check has found.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
pub struct Finding {
    /// When.
    #[specta(type = String)]
    pub at: Timestamp,
    /// In a word.
    pub found: Found,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// Of several, the one that it is of.
    pub target: Option<String>,
    /// What stands at the place.
    pub value: Option<String>,
    /// How it is not as expected.
    pub unmet: Option<Unmet>,
    /// Why there is no answer, or what its status means.
    pub error: Option<Error>,
    /// How long it took, in milliseconds.
    pub took_ms: u32,
}

impl Finding {
    fn unmet(self, unmet: Unmet) -> Self {
        Self { found: Found::Bad, unmet: Some(unmet), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorCode;

    fn judged(expectation: &Expectation, status: u16, body: &str) -> Finding {
        let error = (status >= 400).then(|| Error::new(ErrorCode::NotFound, "no").with_status(status));
        let seen = Seen { status: Some(status), body: body.into(), error, ..Seen::default() };
        expectation.judge(Timestamp::UNIX_EPOCH, 0, seen)
    }

    fn at(pointer: &str, must: Must) -> Expectation {
        Expectation { status: None, value: Some(ExpectedValue { pointer: pointer.to_owned(), must }) }
    }

    #[test]
    fn any_good_status_is_good_where_none_is_named() {
        assert_eq!(judged(&Expectation::default(), 204, "").found, Found::Good);
        // Sent on, as to a login page: that is not what was asked for.
        assert_eq!(judged(&Expectation::default(), 302, "").found, Found::Bad);
        let bad = judged(&Expectation::default(), 404, "");
        assert_eq!(bad.unmet, Some(Unmet::Status { expected: None, got: 404 }));
        assert!(bad.error.is_some(), "what its status means is told too");
    }

    #[test]
    fn a_status_that_is_expected_is_good_whatever_it_means() {
        let gone = Expectation { status: Some(410), value: None };
        assert_eq!(judged(&gone, 410, "").found, Found::Good);
        assert_eq!(judged(&gone, 410, "").error, None);
        assert_eq!(judged(&gone, 200, "").unmet, Some(Unmet::Status { expected: Some(410), got: 200 }));
    }

    #[test]
    fn no_answer_is_neither_good_nor_bad() {
        let seen = Seen::failed(Error::new(ErrorCode::Unreachable, "api.example"));
        assert_eq!(Expectation::default().judge(Timestamp::UNIX_EPOCH, 0, seen).found, Found::Failed);
    }

    #[test]
    fn a_value_is_found_by_its_json_pointer() {
        let body = r#"{"items": [{"a/b": "on", "count": 3, "of": {"x": [1, null]}}]}"#;
        let is = |pointer: &str, value: &str| judged(&at(pointer, Must::Be { value: value.to_owned() }), 200, body);
        assert_eq!(is("/items/0/a~1b", "on").found, Found::Good);
        assert_eq!(is("/items/0/a~1b", "\"on\"").found, Found::Good);
        assert_eq!(is("/items/0/count", "3").found, Found::Good);
        assert_eq!(is("/items/0/of", "{\"x\":[1,null]}").found, Found::Good);
        let other = is("/items/0/count", "4");
        assert_eq!(other.unmet, Some(Unmet::Other { expected: "4".to_owned(), got: "3".to_owned() }));
        assert_eq!(is("/items/1/count", "3").unmet, Some(Unmet::Missing));
        assert_eq!(judged(&at("", Must::Exist), 200, "<p>").unmet, Some(Unmet::NotJson));
    }

    #[test]
    fn what_must_stay_is_good_and_its_change_is_seen() {
        let stays = at("/state", Must::Stay);
        let before = judged(&stays, 200, r#"{"state": "idle"}"#);
        let now = judged(&stays, 200, r#"{"state": "busy"}"#);
        assert_eq!((before.found, now.found), (Found::Good, Found::Good));
        assert!(stays.moved(&before, &now));
        assert!(!stays.moved(&now, &now));
    }

    #[test]
    fn what_cannot_be_expected_is_named() {
        let field = |expectation: Expectation| expectation.check().unwrap_err().field;
        assert_eq!(field(Expectation { status: Some(99), value: None }).as_deref(), Some("status"));
        assert_eq!(field(at("items", Must::Exist)).as_deref(), Some("pointer"));
        assert!(at("", Must::Exist).check().is_ok());
    }
}
