//! What bodies may hold: a JSON Schema with what it refers to, and a body made of it.

use roas::v3_1::spec::Spec;
use serde::Serialize;
use serde_json::{Map, Value, json};

/// How deep a made body goes.
const DEEP: usize = 5;
/// How many members an object of it has.
const WIDE: usize = 40;
/// The longest schema that is handed on, in bytes.
const LONGEST: usize = 200_000;

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
        let mut whole = schema.as_object()?.clone();
        if schema.to_string().contains("\"#/components/") {
            whole.insert("components".to_owned(), self.root["components"].clone());
        }
        let text = Value::Object(whole).to_string();
        (text.len() <= LONGEST).then_some(text)
    }

    /// A body that the schema describes: its examples where it has some, else something of the right kind.
    pub fn sample(&self, schema: &Value) -> Value {
        self.made(schema, DEEP)
    }

    fn made(&self, schema: &Value, deep: usize) -> Value {
        let Some(schema) = self.resolved(schema) else { return Value::Null };
        let first = |name: &str| schema.get(name).and_then(Value::as_array).and_then(|all| all.first());
        let said = schema.get("example").or_else(|| schema.get("default")).or_else(|| schema.get("const"));
        if let Some(said) = said.or_else(|| first("examples")).or_else(|| first("enum")) {
            return said.clone();
        }
        if deep == 0 {
            return Value::Null;
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            let own = json!({"properties": schema.get("properties")});
            let made = parts.iter().chain([&own]).map(|part| self.made(part, deep));
            return Value::Object(made.filter_map(|part| part.as_object().cloned()).flatten().collect());
        }
        if let Some(one) = first("oneOf").or_else(|| first("anyOf")) {
            return self.made(one, deep - 1);
        }
        let kind = schema.get("type").and_then(|kind| kind.as_str().or_else(|| kind.get(0)?.as_str()));
        let properties = schema.get("properties").and_then(Value::as_object);
        match (kind, properties) {
            (_, Some(properties)) => {
                let to_be_sent = properties.iter().filter(|(_, member)| member.get("readOnly") != Some(&json!(true)));
                let made = to_be_sent.take(WIDE).map(|(name, member)| (name.clone(), self.made(member, deep - 1)));
                Value::Object(made.collect())
            }
            (Some("array"), _) => {
                json!([schema.get("items").map(|items| self.made(items, deep - 1)).unwrap_or_default()])
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
