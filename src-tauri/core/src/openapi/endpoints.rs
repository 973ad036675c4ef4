//! From a document to endpoints.

use std::collections::BTreeMap;

use roas::common::reference::ResolveReference;
use roas::v3_1::media_type::MediaType;
use roas::v3_1::operation::Operation;
use roas::v3_1::parameter::Parameter;
use roas::v3_1::path_item::PathItem;
use roas::v3_1::spec::Spec;
use serde_json::Value;

use super::line;
use super::schema::Schemas;
use crate::provider::{BodyKind, Endpoint, EndpointBody, EndpointParameter, ParameterPlace};

/// No API has more, and a list of more is no help.
const MOST: usize = 5000;
/// As people read a list of calls.
const METHODS: [&str; 8] = ["get", "post", "put", "patch", "delete", "head", "options", "trace"];
/// Parameters by which pages are asked for.
const PAGES: [&str; 6] = ["page", "cursor", "offset", "page_token", "pageToken", "after"];

pub(super) fn of(spec: &Spec) -> Vec<Endpoint> {
    let schemas = Schemas::of(spec);
    let paths = spec.paths.iter().flat_map(|paths| paths.iter());
    let calls = paths.flat_map(|(path, item)| {
        let item = resolved(spec, item);
        METHODS.into_iter().filter_map(move |method| Some((path, item, method, item.operations.as_ref()?.get(method)?)))
    });
    calls
        .take(MOST)
        .map(|(path, item, method, operation)| endpoint(spec, &schemas, path, item, method, operation))
        .collect()
}

fn resolved<'a>(spec: &'a Spec, item: &'a PathItem) -> &'a PathItem {
    let found = item.reference.as_deref().and_then(|reference| spec.resolve_reference(reference));
    found.unwrap_or(item)
}

fn endpoint(
    spec: &Spec,
    schemas: &Schemas,
    path: &str,
    item: &PathItem,
    method: &str,
    operation: &Operation,
) -> Endpoint {
    let method = method.to_uppercase();
    let parameters = parameters(spec, schemas, item, operation);
    let tag = operation.tags.iter().flatten().next().map(String::as_str);
    let group = tag.or_else(|| path.split('/').find(|segment| !segment.is_empty())).unwrap_or("/");
    let said = [&operation.summary, &operation.description, &operation.operation_id];
    let about =
        said.into_iter().flatten().map(|text| line(text, 160)).find(|text| !text.is_empty()).unwrap_or_default();
    let deprecated = if operation.deprecated == Some(true) { " (deprecated)" } else { "" };
    let docs = operation.external_docs.as_ref().map(|docs| docs.url.clone()).filter(|url| url.starts_with("https://"));
    Endpoint {
        id: format!("{method} {path}"),
        group: line(group, 60),
        about: format!("{about}{deprecated}"),
        docs,
        pages: parameters.iter().any(|parameter| PAGES.contains(&parameter.name.as_str())),
        body: body(spec, schemas, operation),
        parameters,
        path: path.to_owned(),
        method,
    }
}

/// Those of the call, and those of its path that the call does not say otherwise; cookies are not among them.
fn parameters(spec: &Spec, schemas: &Schemas, item: &PathItem, operation: &Operation) -> Vec<EndpointParameter> {
    let mut all: BTreeMap<(ParameterPlace, String), EndpointParameter> = BTreeMap::new();
    let mut order = Vec::new();
    for parameter in item.parameters.iter().chain(&operation.parameters).flatten() {
        let Some(parameter) = parameter.get_item(spec).ok().and_then(|found| self::parameter(schemas, found)) else {
            continue;
        };
        let key = (parameter.place, parameter.name.clone());
        if all.insert(key.clone(), parameter).is_none() {
            order.push(key);
        }
    }
    order.sort_by_key(|(place, _)| *place);
    order.into_iter().filter_map(|key| all.remove(&key)).collect()
}

fn parameter(schemas: &Schemas, parameter: &Parameter) -> Option<EndpointParameter> {
    // The kinds have these in common, and no type.
    macro_rules! parts {
        ($of:expr, $place:expr, $required:expr) => {
            ($place, &$of.name, &$of.description, $required, &$of.schema, &$of.example)
        };
    }
    let (place, name, about, required, schema, example) = match parameter {
        Parameter::Path(of) => parts!(of, ParameterPlace::Path, true),
        Parameter::Query(of) => parts!(of, ParameterPlace::Query, of.required == Some(true)),
        Parameter::Header(of) => parts!(of, ParameterPlace::Header, of.required == Some(true)),
        Parameter::Cookie(_) => return None,
    };
    let schema = schema.as_ref().and_then(|schema| schemas.whole(schema)).unwrap_or_default();
    let choices = schema.get("enum").or_else(|| schema.pointer("/items/enum")).and_then(Value::as_array);
    let said = ["/example", "/examples/0", "/default"].into_iter().find_map(|at| schema.pointer(at));
    let example = example.as_ref().or(said);
    Some(EndpointParameter {
        name: name.clone(),
        place,
        about: about.as_deref().map(|about| line(about, 200)).filter(|about| !about.is_empty()),
        required,
        example: example.and_then(text),
        choices: choices.into_iter().flatten().filter_map(text).take(100).collect(),
    })
}

/// A value as it stands in an address.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

fn body(spec: &Spec, schemas: &Schemas, operation: &Operation) -> Option<EndpointBody> {
    let body = operation.request_body.as_ref()?.get_item(spec).ok()?;
    let (kind, content) =
        body.content.iter().map(|(media, content)| (kind(media), content)).min_by_key(|(kind, _)| rank(*kind))?;
    let schema = content.schema.as_ref().and_then(|schema| schemas.whole(schema));
    let example = example(spec, content).or_else(|| schema.as_ref().map(|schema| schemas.sample(schema)));
    let example = match (kind, example.filter(|example| !example.is_null())) {
        (BodyKind::Json, Some(example)) => serde_json::to_string_pretty(&example).ok(),
        (BodyKind::Form | BodyKind::Multipart, Some(Value::Object(members))) => Some(form(&members)),
        (BodyKind::Text, Some(Value::String(text))) => Some(text),
        _ => None,
    };
    let schema = schema.filter(|_| kind == BodyKind::Json).and_then(|schema| schemas.text(&schema));
    Some(EndpointBody { kind, example, schema })
}

fn kind(media: &str) -> BodyKind {
    match media.split(';').next().unwrap_or_default().trim() {
        json if json.ends_with("json") || json == "*/*" => BodyKind::Json,
        "application/x-www-form-urlencoded" => BodyKind::Form,
        "multipart/form-data" => BodyKind::Multipart,
        text if text.starts_with("text/") || text.ends_with("xml") => BodyKind::Text,
        _ => BodyKind::File,
    }
}

/// Which one is offered, where a call takes several.
fn rank(kind: BodyKind) -> u8 {
    match kind {
        BodyKind::Json => 0,
        BodyKind::Form => 1,
        BodyKind::Multipart => 2,
        BodyKind::Text => 3,
        BodyKind::File => 4,
    }
}

fn example(spec: &Spec, content: &MediaType) -> Option<Value> {
    let first = || {
        let named = content.examples.as_ref()?.values().next()?;
        named.get_item(spec).ok()?.value.clone()
    };
    content.example.clone().or_else(first)
}

fn form(members: &serde_json::Map<String, Value>) -> String {
    let pairs = members.iter().map(|(name, value)| (name, text(value).unwrap_or_default()));
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}
