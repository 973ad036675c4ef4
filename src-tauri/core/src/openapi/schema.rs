//! What bodies may hold: a JSON Schema with what it refers to, and a body made of it.

use std::collections::BTreeMap;

use roas::v3_1::spec::Spec;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// How deep a made body goes.
const DEEP: usize = 5;
/// How many values it has at most: schemas can refer to themselves.
const MANY: usize = 500;
/// The longest schema that is handed on, in bytes.
const LONGEST: usize = 50_000;

/// The schemas of a document.
pub(super) struct Schemas {
    /// As the document has them, from its root: `{"components": {"schemas": …}}`.
    root: Value,
}

impl Schemas {
    pub fn of(spec: &Spec) -> Self {
        let schemas = spec.components.as_ref().and_then(|components| serde_json::to_value(components).ok());
        let schemas = schemas.and_then(|mut components| components.get_mut("schemas").map(Value::take));
        Self { root: json!({"components": {"schemas": schemas.unwrap_or_default()}}) }
    }

    /// A schema itself, where it is a reference that which it refers to.
    pub fn whole(&self, schema: &impl Serialize) -> Option<Value> {
        let schema = serde_json::to_value(schema).ok()?;
        Some(self.resolved(&schema).cloned().unwrap_or(schema))
    }

    fn resolved<'a>(&'a self, schema: &'a Value) -> Option<&'a Value> {
        let mut schema = schema;
        // A reference to a reference, as deep as is sensible.
        for _ in 0..8 {
            let Some(reference) = schema.get("$ref").and_then(Value::as_str) else { return Some(schema) };
            schema = self.root.pointer(reference.strip_prefix('#')?)?;
        }
        None
    }

    /// As text, with what it refers to beside it; none where that is too long to be of use.
    pub fn text(&self, schema: &Value) -> Option<String> {
        let mut needed = BTreeMap::new();
        let mut length = self.need(schema, &mut needed, 0)?;
        let mut whole = schema.as_object()?.clone();
        if !needed.is_empty() {
            whole.insert("components".to_owned(), json!({"schemas": needed}));
        }
        let text = Value::Object(whole).to_string();
        length = length.max(text.len());
        (length <= LONGEST).then_some(text)
    }

    /// Notes what a schema refers to, and what that does. Gives how long all of it is; none where it is too long.
    fn need<'a>(&'a self, schema: &Value, needed: &mut BTreeMap<String, &'a Value>, length: usize) -> Option<usize> {
        let text = schema.to_string();
        let mut length = length + text.len();
        for part in text.split("\"#/components/schemas/").skip(1) {
            let name = part.split('"').next().unwrap_or_default();
            let Some(found) = self.root["components"]["schemas"].get(name) else { continue };
            if length > LONGEST {
                return None;
            }
            if needed.insert(name.to_owned(), found).is_none() {
                length = self.need(found, needed, length)?;
            }
        }
        Some(length)
    }

    /// A body that the schema describes: its examples where it has some, else something of the right kind.
    pub fn sample(&self, schema: &Value) -> Value {
        self.made(schema, DEEP, &mut MANY.clone())
    }

    fn made(&self, schema: &Value, deep: usize, left: &mut usize) -> Value {
        let Some(schema) = self.resolved(schema) else { return Value::Null };
        let Some(fewer) = left.checked_sub(1) else { return Value::Null };
        *left = fewer;
        if deep == 0 {
            return Value::Null;
        }
        let first = |name: &str| schema.get(name).and_then(Value::as_array).and_then(|all| all.first());
        let said = schema.get("example").or_else(|| schema.get("default")).or_else(|| schema.get("const"));
        if let Some(said) = said.or_else(|| first("examples")).or_else(|| first("enum")) {
            return said.clone();
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            let own = json!({"properties": schema.get("properties")});
            let made = parts.iter().chain([&own]).map(|part| self.made(part, deep - 1, left));
            return Value::Object(made.filter_map(|part| part.as_object().cloned()).flatten().collect());
        }
        if let Some(one) = first("oneOf").or_else(|| first("anyOf")) {
            return self.made(one, deep - 1, left);
        }
        let kind = schema.get("type").and_then(|kind| kind.as_str().or_else(|| kind.get(0)?.as_str()));
        let properties = schema.get("properties").and_then(Value::as_object);
        match (kind, properties) {
            (_, Some(properties)) => {
                let mut made = Map::new();
                let to_be_sent = properties.iter().filter(|(_, member)| member.get("readOnly") != Some(&json!(true)));
                for (name, member) in to_be_sent {
                    if *left == 0 {
                        break;
                    }
                    made.insert(name.clone(), self.made(member, deep - 1, left));
                }
                Value::Object(made)
            }
            (Some("array"), _) => {
                json!([schema.get("items").map(|items| self.made(items, deep - 1, left)).unwrap_or_default()])
            }
            (Some("object"), _) => Value::Object(Map::new()),
            (Some("integer" | "number"), _) => schema.get("minimum").cloned().unwrap_or(json!(0)),
            (Some("boolean"), _) => json!(false),
            (Some("string"), _) => json!(text(schema.get("format").and_then(Value::as_str))),
            _ => Value::Null,
        }
    }
}

fn text(format: Option<&str>) -> &'static str {
    match format {
        Some("date-time") => "2026-01-01T00:00:00Z",
        Some("date") => "2026-01-01",
        Some("uuid") => "00000000-0000-0000-0000-000000000000",
        Some("email") => "someone@example.com",
        Some("uri") => "https://example.com/",
        _ => "",
    }
}
