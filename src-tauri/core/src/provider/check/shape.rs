//! Whether a document has the shape that the JSON Schema asks for: keys, kinds of values, members of closed sets. The
//! schema comes from the types, so this knows the few keywords only that come up there.

use serde_json::Value;
use toml::de::{DeTable, DeValue};

use super::document::{Document, Node};
use super::{Problem, nearest};

/// What is wrong with the shape.
pub(super) fn problems(document: &Document, schema: &Value) -> Vec<Problem> {
    let mut walk = Walk { document, definitions: &schema["$defs"], found: Vec::new() };
    walk.table(document.root.get_ref(), document.root.span().start, schema, "");
    walk.found
}

struct Walk<'a> {
    document: &'a Document<'a>,
    definitions: &'a Value,
    found: Vec<Problem>,
}

impl<'a> Walk<'a> {
    fn say(&mut self, at: usize, key: &str, message: String, suggestion: Option<String>) {
        self.found.push(Problem { line: self.document.line(at), key: key.to_owned(), message, suggestion });
    }

    /// Follows a reference.
    fn resolved(&self, schema: &'a Value) -> &'a Value {
        let name = schema["$ref"].as_str().and_then(|reference| reference.rsplit('/').next());
        name.map_or(schema, |name| self.resolved(&self.definitions[name]))
    }

    fn value(&mut self, node: &Node, schema: &'a Value, key: &str) {
        let schema = self.resolved(schema);
        if let Some(ways) = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array()) {
            return self.one_of(node, ways, key);
        }
        if let Some(known) = words(schema) {
            return self.word(node, &known, key);
        }
        let at = node.span().start;
        if !is_of_kind(node.get_ref(), schema) {
            let message = format!("This must be {}, not {}.", kind_of(schema), kind_of_value(node.get_ref()));
            return self.say(at, key, message, None);
        }
        match node.get_ref() {
            DeValue::Table(table) => self.table(table, at, schema, key),
            DeValue::Array(items) => {
                for item in items.iter().filter(|_| schema.get("items").is_some()) {
                    self.value(item, &schema["items"], key);
                }
                let count = |name: &str| schema[name].as_u64();
                let length = items.len() as u64;
                if count("minItems").is_some_and(|least| length < least)
                    || count("maxItems").is_some_and(|most| length > most)
                {
                    let wanted = count("minItems").or(count("maxItems")).unwrap_or_default();
                    self.say(at, key, format!("This must hold {wanted} values, not {length}."), None);
                }
            }
            DeValue::Integer(number) => {
                let number = i64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok();
                let within = |name: &str, fits: fn(i64, i64) -> bool| {
                    schema[name].as_f64().is_none_or(|limit| {
                        #[allow(clippy::cast_possible_truncation, reason = "limits of whole numbers")]
                        number.is_some_and(|number| fits(number, limit as i64))
                    })
                };
                if !within("minimum", |number, limit| number >= limit)
                    || !within("maximum", |number, limit| number <= limit)
                {
                    self.say(at, key, "This number is out of range.".to_owned(), None);
                }
            }
            _ => {}
        }
    }

    fn table(&mut self, table: &DeTable, at: usize, schema: &'a Value, key: &str) {
        let path = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
        let properties = schema["properties"].as_object();
        let mut misspelt = Vec::new();
        for (name, node) in table {
            let known = properties.and_then(|properties| properties.get(name.get_ref().as_ref()));
            match (known, &schema["additionalProperties"]) {
                (Some(schema), _) => self.value(node, schema, &path(name.get_ref())),
                (None, Value::Bool(false)) => {
                    let others = properties.into_iter().flat_map(|properties| properties.keys());
                    let missing = others.map(String::as_str).filter(|other| !table.contains_key(*other));
                    let suggestion = nearest(name.get_ref(), missing);
                    misspelt.extend(suggestion.clone());
                    self.say(
                        name.span().start,
                        &path(name.get_ref()),
                        "There is no such key here.".to_owned(),
                        suggestion,
                    );
                }
                (None, Value::Null | Value::Bool(true)) => {}
                (None, schema) => self.value(node, schema, &path(name.get_ref())),
            }
        }
        for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            // What is there under another spelling is reported once.
            if !table.contains_key(required) && !misspelt.iter().any(|name| name == required) {
                self.say(at, &path(required), format!("“{required}” is needed here."), None);
            }
        }
    }

    /// Several shapes: the closed words of an enumeration, tables that are told apart by a key, or anything else.
    fn one_of(&mut self, node: &Node, ways: &'a [Value], key: &str) {
        let ways: Vec<&Value> = ways.iter().map(|way| self.resolved(way)).filter(|way| way["type"] != "null").collect();
        let tries = ways.iter().map(|way| {
            let mut walk = Walk { document: self.document, definitions: self.definitions, found: Vec::new() };
            walk.value(node, way, key);
            walk.found
        });
        let tries: Vec<_> = tries.collect();
        if tries.iter().any(Vec::is_empty) {
            return;
        }
        if let (Some(table), Some(tags)) = (node.get_ref().as_table(), tags(&ways)) {
            return self.tagged(table, node.span().start, &tags, tries, key);
        }
        let known: Vec<&str> = ways.iter().filter_map(|way| words(way)).flatten().collect();
        if known.is_empty() {
            self.found.extend(tries.into_iter().next().unwrap_or_default());
        } else {
            self.word(node, &known, key);
        }
    }

    /// Tables of which each has a key, or a value of `kind`, of its own.
    fn tagged(&mut self, table: &DeTable, at: usize, tags: &[&str], tries: Vec<Vec<Problem>>, key: &str) {
        let kind = table.get("kind").and_then(|kind| kind.get_ref().as_str());
        let chosen = tags.iter().position(|tag| table.contains_key(*tag) || kind == Some(tag));
        if let Some(problems) = chosen.and_then(|chosen| tries.into_iter().nth(chosen)) {
            self.found.extend(problems);
            return;
        }
        let given = kind.or_else(|| table.iter().next().map(|(name, _)| name.get_ref().as_ref())).unwrap_or_default();
        let suggestion = nearest(given, tags.iter().copied());
        self.say(at, key, format!("This must be one of {}.", tags.join(", ")), suggestion);
    }

    fn word(&mut self, node: &Node, known: &[&str], key: &str) {
        let at = node.span().start;
        match node.get_ref().as_str() {
            Some(word) if known.contains(&word) => {}
            Some(word) => {
                let message = format!("“{word}” is none of {}.", known.join(", "));
                self.say(at, key, message, nearest(word, known.iter().copied()));
            }
            None => self.say(at, key, format!("This must be one of {}.", known.join(", ")), None),
        }
    }
}

/// The words of an enumeration.
fn words(schema: &Value) -> Option<Vec<&str>> {
    if let Some(word) = schema["const"].as_str() {
        return Some(vec![word]);
    }
    let listed = schema["enum"].as_array()?;
    Some(listed.iter().filter_map(Value::as_str).collect())
}

/// What tells each of these tables apart: its one required key, or the constant of its `kind`.
fn tags<'a>(ways: &[&'a Value]) -> Option<Vec<&'a str>> {
    let tag = |way: &&'a Value| {
        let properties = way["properties"].as_object()?;
        let kind = properties.get("kind").and_then(|kind| kind["const"].as_str());
        kind.or_else(|| (properties.len() == 1).then(|| properties.keys().next().map(String::as_str)).flatten())
    };
    ways.iter().map(tag).collect()
}

fn kinds(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(kind) => vec![kind],
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn is_of_kind(value: &DeValue, schema: &Value) -> bool {
    let kinds = kinds(schema);
    let fits = |kind: &&str| match value {
        DeValue::String(text) => {
            // The one pattern that is used: a placeholder.
            let placeholder = schema.get("pattern").is_none() || text.starts_with('{');
            *kind == "string" && placeholder
        }
        DeValue::Integer(_) => matches!(*kind, "integer" | "number"),
        DeValue::Float(_) => *kind == "number",
        DeValue::Boolean(_) => *kind == "boolean",
        DeValue::Datetime(_) => false,
        DeValue::Array(_) => *kind == "array",
        DeValue::Table(_) => *kind == "object",
    };
    kinds.is_empty() || kinds.iter().any(fits)
}

fn kind_of(schema: &Value) -> &'static str {
    match kinds(schema).first().copied().unwrap_or_default() {
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        _ => "a table",
    }
}

fn kind_of_value(value: &DeValue) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) | DeValue::Float(_) => "a number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    }
}
