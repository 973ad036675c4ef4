//! What a filled form holds, checked and brought into the form in which it is sent.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Number, Value};
use specta::Type;

use crate::error::{Error, Result};
use crate::exchange::Values;
use crate::provider::{Action, Field, FieldKind, Variables};

/// A filled form.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct ActionRequest {
    /// Whose token is presented.
    pub connection: String,
    /// The action.
    pub action: String,
    /// What the fields hold.
    pub values: BTreeMap<String, FieldValue>,
}

/// What a field holds.
#[derive(Debug, Clone, Deserialize, Type)]
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
#[derive(Debug, Clone, Deserialize, Type)]
pub struct Argument {
    /// Its name.
    pub key: String,
    /// What the value is.
    pub kind: ArgumentKind,
    /// The value as it was typed.
    pub value: String,
}

/// What an argument's value is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names are JSON's
pub enum ArgumentKind {
    String,
    Number,
    Boolean,
}

/// A form that is filled well.
pub(super) struct Filled {
    /// Texts, for templates.
    pub variables: Variables,
    /// Everything, for bodies.
    pub values: Values,
    /// The chosen targets, where each gets a request.
    pub targets: Option<Vec<String>>,
}

impl Filled {
    /// Checks what the fields hold.
    pub fn of(action: &Action, given: &BTreeMap<String, FieldValue>) -> Result<Self> {
        let mut filled = Self { variables: Variables::new(), values: Values::new(), targets: None };
        for field in &action.fields {
            let value = given.get(&field.id);
            if action.each.as_ref() == Some(&field.id) {
                filled.targets = Some(targets(field, value)?);
            } else {
                filled.take(field, value)?;
            }
        }
        Ok(filled)
    }

    fn take(&mut self, field: &Field, value: Option<&FieldValue>) -> Result<()> {
        let json = match value {
            Some(FieldValue::Text(text)) if !text.trim().is_empty() => {
                field.check_kind(text)?;
                self.variables.insert(field.id.clone(), text.trim().to_owned());
                of_kind(field, text.trim())
            }
            Some(FieldValue::Several(several)) if !several.is_empty() => Value::from(several.clone()),
            Some(FieldValue::Arguments(arguments)) if !arguments.is_empty() => object(field, arguments)?,
            _ if field.optional => {
                self.variables.insert(field.id.clone(), String::new());
                Value::Null
            }
            _ => return Err(Error::input(&field.id, format!("{} is needed.", field.label))),
        };
        self.values.insert(field.id.clone(), json);
        Ok(())
    }

    /// The variables and values of one target.
    pub fn for_target(&self, action: &Action, target: Option<&str>) -> (Variables, Values) {
        let (mut variables, mut values) = (self.variables.clone(), self.values.clone());
        if let (Some(field), Some(target)) = (&action.each, target) {
            variables.insert(field.clone(), target.to_owned());
            values.insert(field.clone(), Value::String(target.to_owned()));
        }
        (variables, values)
    }
}

/// A text as what its field holds; it was checked.
fn of_kind(field: &Field, text: &str) -> Value {
    match field.kind {
        FieldKind::Number | FieldKind::Json => serde_json::from_str(text).unwrap_or_default(),
        FieldKind::Boolean => Value::Bool(text == "true"),
        _ => Value::String(text.to_owned()),
    }
}

fn targets(field: &Field, value: Option<&FieldValue>) -> Result<Vec<String>> {
    match value {
        Some(FieldValue::Several(several)) if !several.is_empty() => {
            let mut seen = std::collections::HashSet::new();
            Ok(several.iter().filter(|target| seen.insert(target.as_str())).cloned().collect())
        }
        _ => Err(Error::input(&field.id, format!("Choose at least one of {}.", field.label.to_lowercase()))),
    }
}

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

fn value_of(field: &Field, argument: &Argument) -> Result<Value> {
    let text = argument.value.trim();
    let no = |what: &str| Error::input(&field.id, format!("“{}” is no {what}.", argument.value));
    match argument.kind {
        ArgumentKind::String => Ok(Value::String(argument.value.clone())),
        ArgumentKind::Number => serde_json::from_str::<Number>(text).map(Value::Number).map_err(|_| no("number")),
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
        Filled::of(action, &serde_json::from_value(values).unwrap())
    }

    #[test]
    fn arguments_are_sent_as_what_they_are() {
        let filled = fill(json!({"workflow": "wf", "devices": ["1", "2", "1"], "arguments": [
            {"key": "room", "kind": "string", "value": "204"},
            {"key": "n", "kind": "number", "value": " 1.5 "},
            {"key": "urgent", "kind": "boolean", "value": "true"},
        ]}))
        .unwrap();
        assert_eq!(filled.values["arguments"], json!({"room": "204", "n": 1.5, "urgent": true}));
        assert_eq!(filled.targets.unwrap(), ["1", "2"]);
    }

    #[test]
    fn what_cannot_be_sent_names_its_field() {
        let field = |values| fill(values).err().unwrap().field.unwrap();
        assert_eq!(field(json!({"workflow": "wf", "devices": []})), "devices");
        assert_eq!(field(json!({"workflow": " ", "devices": ["1"]})), "workflow");
        for (kind, value) in [("number", "ten"), ("boolean", "yes")] {
            let arguments = json!([{"key": "a", "kind": kind, "value": value}]);
            assert_eq!(field(json!({"workflow": "wf", "devices": ["1"], "arguments": arguments})), "arguments");
        }
        let twice = json!([{"key": "a", "kind": "string", "value": ""}, {"key": "a ", "kind": "string", "value": ""}]);
        assert_eq!(field(json!({"workflow": "wf", "devices": ["1"], "arguments": twice})), "arguments");
    }
}
