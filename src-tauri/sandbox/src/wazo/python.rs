use serde_json::Value;

/// A value as Python's `repr` writes it: the 400 of a token route is one (providers.md §5.3).
pub(super) fn repr(value: &Value) -> String {
    match value {
        Value::Null => "None".to_owned(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => quote(text),
        Value::Array(items) => format!("[{}]", join(items.iter().map(repr))),
        Value::Object(members) => {
            format!("{{{}}}", join(members.iter().map(|(name, value)| format!("{}: {}", quote(name), repr(value)))))
        }
    }
}

/// Single quotes, or double ones around a text that holds single ones only.
fn quote(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\n', "\\n");
    if text.contains('\'') && !text.contains('"') {
        return format!("\"{text}\"");
    }
    format!("'{}'", text.replace('\'', "\\'"))
}

fn join(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_writes_as_python_does() {
        let value = json!({ "a": [1, true, null], "b": "it's \"x\"", "c": "it's" });
        assert_eq!(repr(&value), r#"{'a': [1, True, None], 'b': 'it\'s "x"', 'c': "it's"}"#);
    }
}
