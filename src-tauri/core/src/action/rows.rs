//! Rows of an answer.

use serde_json::Value;

use crate::pointer::at;

/// The rows at a pointer: an array, a text that holds one (providers.md section 1.3: `groups`), or an object, which is the
/// one row that there is.
pub(super) fn rows(answer: &Value, pointer: &str) -> Option<Vec<Value>> {
    match at(answer, pointer)? {
        Value::Array(rows) => Some(rows),
        Value::String(text) => match serde_json::from_str(&text).ok()? {
            Value::Array(rows) => Some(rows),
            _ => None,
        },
        row @ Value::Object(_) => Some(vec![row]),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn rows_are_an_array_a_text_that_holds_one_or_an_object_alone() {
        assert_eq!(rows(&json!({"a": [1, 2]}), "/a"), Some(vec![json!(1), json!(2)]));
        assert_eq!(rows(&json!("[1]"), ""), Some(vec![json!(1)]));
        assert_eq!(rows(&json!({"a": "[1]"}), "/a"), Some(vec![json!(1)]));
        assert_eq!(rows(&json!({"a": {"b": 1}}), "/a"), Some(vec![json!({"b": 1})]));
        for nothing in [json!({}), json!({"a": 1}), json!({"a": "b"}), json!({"a": null})] {
            assert_eq!(rows(&nothing, "/a"), None, "{nothing}");
        }
    }
}
