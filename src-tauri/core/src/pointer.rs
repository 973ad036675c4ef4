//! JSON Pointers (RFC 6901) into answers.

use serde_json::Value;

/// The value at a pointer. A text on the way that holds JSON is read as such: some servers encode parts of their
/// answers twice (providers.md section 1.3: `config`, `groups`).
pub fn at(value: &Value, pointer: &str) -> Option<Value> {
    let mut found = value.clone();
    for token in pointer.split('/').skip(1) {
        let token = token.replace("~1", "/").replace("~0", "~");
        if let Value::String(text) = &found {
            found = serde_json::from_str(text).ok()?;
        }
        found = match found {
            Value::Object(mut object) => object.remove(&token)?,
            Value::Array(mut array) => {
                // No sign and no leading zero (section 4).
                let index: usize = token.parse().ok().filter(|index: &usize| index.to_string() == token)?;
                (index < array.len()).then(|| array.swap_remove(index))?
            }
            _ => return None,
        };
    }
    Some(found)
}

/// The text or number at a pointer.
pub fn text_at(value: &Value, pointer: &str) -> Option<String> {
    match at(value, pointer)? {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pointers_lead_through_objects_arrays_and_json_in_a_text() {
        let value = json!({"a/b": [{"c": "{\"d\": 1}"}]});
        assert_eq!(at(&value, "/a~1b/0/c/d"), Some(json!(1)));
        assert_eq!(text_at(&value, "/a~1b/0/c/d").as_deref(), Some("1"));
        assert_eq!(at(&value, ""), Some(value.clone()));
        assert_eq!(at(&value, "/a~1b/9"), None);
        assert_eq!((at(&value, "/a~1b/00"), at(&value, "/a~1b/+0")), (None, None));
    }
}
