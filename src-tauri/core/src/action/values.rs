//! What a form holds, as it was typed and as it is sent.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};
use specta::Type;

use crate::error::{Error, Result};
use crate::exchange::Values;
use crate::provider::{Action, Field, FieldKind, Variables, is_exact};

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(untagged)]
pub enum FieldValue {
    /// A text or a choice.
    Text(String),
    /// Several choices.
    Several(Vec<String>),
    /// Arguments.
    Arguments(Vec<Argument>),
}

/// A name with a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Argument {
    /// Its name.
    pub key: String,
    /// What the value is.
    pub kind: ArgumentKind,
    /// The value as it was typed.
    pub value: String,
}

/// What an argument's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names are JSON's
pub enum ArgumentKind {
    String,
    Number,
    Boolean,
}

impl Argument {
    /// A name with a text, or where the name ends with a colon (`floor:` of `floor:=2`), with JSON.
    ///
    /// # Errors
    /// `invalid_input` that names the field.
    pub fn typed(field: &str, name: &str, value: String) -> Result<Self> {
        let (key, is_json) = name.strip_suffix(':').map_or((name, false), |key| (key, true));
        let kind = match serde_json::from_str(&value) {
            _ if !is_json => ArgumentKind::String,
            Ok(Value::Number(_)) => ArgumentKind::Number,
            Ok(Value::Bool(_)) => ArgumentKind::Boolean,
            _ => return Err(Error::input(field, format!("{key}:= wants a number, true or false."))),
        };
        Ok(Self { key: key.to_owned(), kind, value })
    }
}

/// What a form holds, checked and brought into the form in which it is sent.
#[derive(Debug, Clone, Default)]
pub struct Filled {
    /// Texts, for templates.
    pub variables: Variables,
    /// Everything, for bodies.
    pub values: Values,
}

impl Filled {
    /// Checks what the fields hold, but for that of the targets and those that each target fills itself.
    ///
    /// # Errors
    /// `invalid_input` that names the field.
    pub fn of(action: &Action, given: &BTreeMap<String, FieldValue>, by_row: &[String]) -> Result<Self> {
        let mut filled = Self::default();
        for field in &action.fields {
            let value = given.get(&field.id);
            let later = by_row.contains(&field.id) && is_blank(value);
            if action.each.as_ref() != Some(&field.id) && !later {
                filled.take(field, value)?;
            }
        }
        Ok(filled)
    }

    /// Takes what a field holds.
    ///
    /// # Errors
    /// `invalid_input` that names the field.
    pub fn take(&mut self, field: &Field, value: Option<&FieldValue>) -> Result<()> {
        let json = match value {
            Some(FieldValue::Text(text)) if !text.trim().is_empty() => {
                field.check_kind(text)?;
                self.variables.insert(field.id.clone(), text.trim().to_owned());
                of_kind(field, text.trim())
            }
            Some(FieldValue::Several(several)) if !several.is_empty() => Value::from(several.clone()),
            Some(FieldValue::Arguments(arguments)) if !arguments.is_empty() => object(field, arguments)?,
            // No arguments are arguments too.
            _ if field.kind == FieldKind::Arguments && !field.optional => Value::Object(Map::new()),
            _ if field.optional => {
                self.variables.insert(field.id.clone(), String::new());
                Value::Null
            }
            _ => return Err(Error::input(&field.id, format!("{} is needed.", field.label))),
        };
        self.values.insert(field.id.clone(), json);
        Ok(())
    }

    /// Gives a name that is no field.
    pub fn give(&mut self, name: &str, value: &Value) {
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        self.variables.insert(name.to_owned(), text);
        self.values.insert(name.to_owned(), value.clone());
    }

    /// Takes a target for the field of the targets.
    pub fn take_target(&mut self, action: &Action, target: Option<&str>) {
        if let (Some(field), Some(target)) = (&action.each, target) {
            self.variables.insert(field.clone(), target.to_owned());
            self.values.insert(field.clone(), Value::String(target.to_owned()));
        }
    }
}

fn is_blank(value: Option<&FieldValue>) -> bool {
    match value {
        None => true,
        Some(FieldValue::Text(text)) => text.trim().is_empty(),
        Some(FieldValue::Several(several)) => several.is_empty(),
        Some(FieldValue::Arguments(arguments)) => arguments.is_empty(),
    }
}

/// A text as what its field holds; it was checked.
fn of_kind(field: &Field, text: &str) -> Value {
    match field.kind {
        FieldKind::Number | FieldKind::Json => serde_json::from_str(text).unwrap_or_default(),
        FieldKind::Boolean => Value::Bool(text == "true"),
        FieldKind::Choices => Value::from(vec![text]),
        _ => Value::String(text.to_owned()),
    }
}

/// The arguments as JSON.
fn object(field: &Field, arguments: &[Argument]) -> Result<Value> {
    let mut object = Map::new();
    for argument in arguments {
        let key = argument.key.trim();
        if key.is_empty() {
            return Err(Error::input(&field.id, "An argument has no name."));
        }
        if object.insert(key.to_owned(), value_of(field, argument)?).is_some() {
            return Err(Error::input(&field.id, format!("“{key}” stands there twice.")));
        }
    }
    Ok(Value::Object(object))
}

/// An argument's value as JSON.
pub(super) fn value_of(field: &Field, argument: &Argument) -> Result<Value> {
    let text = argument.value.trim();
    let no = |what: &str| Error::input(&field.id, format!("“{}” is no {what}.", argument.value));
    match argument.kind {
        ArgumentKind::String => Ok(Value::String(argument.value.clone())),
        ArgumentKind::Number => {
            let number = serde_json::from_str::<Number>(text).map_err(|_| no("number"))?;
            if is_exact(text) {
                Ok(Value::Number(number))
            } else {
                Err(no("number that can be sent as it is: take text"))
            }
        }
        ArgumentKind::Boolean => text.parse().map(Value::Bool).map_err(|_| no("true or false")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::provider::Registry;

    fn fill(values: Value) -> Result<Filled> {
        let registry = Registry::built_in();
        let action = registry.all()[0].provider.clone();
        let action = action.action("send_trigger").unwrap();
        Filled::of(action, &serde_json::from_value(values).unwrap(), &[])
    }

    #[test]
    fn arguments_are_sent_as_what_they_are() {
        let filled = fill(json!({"workflow": "wf", "arguments": [
            {"key": "room", "kind": "string", "value": "204"},
            {"key": "n", "kind": "number", "value": " 1.5 "},
            {"key": "urgent", "kind": "boolean", "value": "true"},
        ]}))
        .unwrap();
        assert_eq!(filled.values["arguments"], json!({"room": "204", "n": 1.5, "urgent": true}));
        for (typed, exact) in [
            ("18446744073709551615", true),
            ("-9223372036854775808", true),
            ("1e3", true),
            ("12345678901234567890123", false),
        ] {
            let argument = json!([{"key": "n", "kind": "number", "value": typed}]);
            let filled = fill(json!({"workflow": "wf", "arguments": argument}));
            assert_eq!(filled.is_ok(), exact, "{typed} is sent as it was typed or not at all");
        }
    }

    #[test]
    fn what_cannot_be_sent_names_its_field() {
        let field = |values| fill(values).err().unwrap().field.unwrap();
        assert_eq!(field(json!({"workflow": " "})), "workflow");
        for (kind, value) in [("number", "ten"), ("boolean", "yes")] {
            let arguments = json!([{"key": "a", "kind": kind, "value": value}]);
            assert_eq!(field(json!({"workflow": "wf", "arguments": arguments})), "arguments");
        }
        let twice = json!([{"key": "a", "kind": "string", "value": ""}, {"key": "a ", "kind": "string", "value": ""}]);
        assert_eq!(field(json!({"workflow": "wf", "arguments": twice})), "arguments");
    }

    #[test]
    fn a_name_with_a_colon_holds_json() {
        let kind = |name: &str, value: &str| Argument::typed("f", name, value.to_owned()).map(|it| (it.key, it.kind));
        assert_eq!(kind("n:", "1.5").unwrap(), ("n".to_owned(), ArgumentKind::Number));
        assert_eq!(kind("n", "1.5").unwrap(), ("n".to_owned(), ArgumentKind::String));
        assert!(kind("n:", "one").is_err());
    }
}
