//! From a text to the newest form of a document.

use roas::{v2, v3_0, v3_1};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::{line, none};
use crate::error::{Error, Result};

pub(super) fn read(text: &str) -> Result<v3_1::spec::Spec> {
    let mut whole = value(text)?;
    without_extensions(&mut whole);
    spec(whole.clone()).or_else(|error| {
        // What a body may hold is a language of its own, and documents in use bend it. Calls can be listed without it.
        let mut plain = whole;
        without_schemas(&mut plain);
        spec(plain).map_err(|_| error)
    })
}

fn value(text: &str) -> Result<Value> {
    let is_json = text.trim_start().starts_with('{');
    let read = if is_json {
        serde_json::from_str(text).map_err(|error| error.to_string())
    } else {
        serde_saphyr::from_str(text).map_err(|error| error.to_string())
    };
    let kind = if is_json { "JSON" } else { "YAML" };
    let read = read.map_err(|error| none(format!("This is not {kind} as it should be: {}.", line(&error, 200))))?;
    match read {
        Value::Object(members) => Ok(Value::Object(members)),
        _ => Err(none("This is not a description of an API: OpenAPI and Swagger documents are objects.")),
    }
}

fn spec(mut value: Value) -> Result<v3_1::spec::Spec> {
    let (key, version) = version(&value)?;
    match version.split('.').take(2).collect::<Vec<_>>().as_slice() {
        ["2", ..] => {
            // YAML takes it for a number.
            value[key] = json!("2.0");
            Ok(v3_0::spec::Spec::from(typed::<v2::spec::Spec>(value)?).into())
        }
        ["3", "0"] => Ok(typed::<v3_0::spec::Spec>(value)?.into()),
        ["3", ..] => {
            // What came after 3.1 is read as far as it is the same.
            value[key] = json!("3.1.0");
            typed(value)
        }
        _ => Err(none(format!("Version {} of OpenAPI is not known here.", line(&version, 20)))),
    }
}

fn version(value: &Value) -> Result<(&'static str, String)> {
    let found = ["openapi", "swagger"].into_iter().find_map(|key| Some((key, value.get(key)?)));
    let (key, version) =
        found.ok_or_else(|| none("This is not a description of an API: it names no version of OpenAPI or Swagger."))?;
    Ok((key, version.as_str().map_or_else(|| version.to_string(), str::to_owned)))
}

fn typed<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|error| wrong(&error))
}

fn wrong(error: &serde_json::Error) -> Error {
    none(format!("This document cannot be understood: {}.", line(&error.to_string(), 200)))
}

/// Takes out what stands for other programs (OpenAPI section 4.9, `^x-`), which are of one mind about its shape with nobody. What a
/// schema or an example calls so is a name like others.
fn without_extensions(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !name.starts_with("x-"));
            let members = members.iter_mut().filter(|(name, _)| !["properties", "example"].contains(&name.as_str()));
            members.for_each(|(_, member)| without_extensions(member));
        }
        Value::Array(items) => items.iter_mut().for_each(without_extensions),
        _ => {}
    }
}

/// Takes out what bodies and answers may hold; of a parameter only what it can be stays.
fn without_schemas(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for name in ["definitions", "responses", "callbacks", "webhooks", "schemas", "x-webhooks"] {
                if let Some(member) = members.get_mut(name) {
                    *member = emptied(name, member);
                }
            }
            match members.get("in").and_then(Value::as_str) {
                Some("body") => members.insert("schema".to_owned(), json!({"type": "object"})),
                Some(_) => {
                    members.get("schema").map(plain).and_then(|schema| members.insert("schema".to_owned(), schema))
                }
                None => members.remove("schema"),
            };
            members.values_mut().for_each(without_schemas);
        }
        Value::Array(items) => items.iter_mut().for_each(without_schemas),
        _ => {}
    }
}

/// What a parameter can be.
fn plain(schema: &Value) -> Value {
    let mut plain = schema.as_object().cloned().unwrap_or_default();
    plain.retain(|name, member| ["enum", "example", "default"].contains(&name.as_str()) && !member.is_object());
    plain.values_mut().for_each(as_text);
    plain.insert("type".to_owned(), json!("string"));
    Value::Object(plain)
}

/// In an address it is one.
fn as_text(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(as_text),
        Value::String(_) => {}
        other => *other = Value::String(other.to_string()),
    }
}

fn emptied(name: &str, member: &Value) -> Value {
    // Of a call's answers there must be some.
    let has_statuses = member
        .as_object()
        .is_some_and(|members| members.keys().any(|key| key.starts_with(['1', '2', '3', '4', '5', 'd'])));
    if name == "responses" && has_statuses { json!({"200": {"description": ""}}) } else { Value::Object(Map::new()) }
}
