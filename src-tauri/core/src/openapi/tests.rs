use std::path::{Path, PathBuf};

use super::*;
use crate::provider::{BodyKind, ParameterPlace};

const THREE: &str = r##"
openapi: "3.0.3"
info: { title: "Pets\nand more", version: "1" }
servers: [{ url: "https://pets.example/v1" }]
paths:
  /pets/{petId}:
    parameters:
      - { name: petId, in: path, required: true, schema: { type: string, example: "7" } }
    get:
      tags: [pets]
      summary: One pet
      parameters:
        - { name: fields, in: query, schema: { type: string, enum: [all, few], default: few } }
        - { name: session, in: cookie, schema: { type: string } }
      responses: { "200": { description: ok } }
    put:
      tags: [pets]
      deprecated: true
      description: "Changes a pet.\nAll of it."
      requestBody: { $ref: "#/components/requestBodies/Pet" }
      responses: { "200": { description: ok } }
components:
  requestBodies:
    Pet: { content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
  schemas:
    Pet:
      type: object
      properties:
        id: { type: integer, readOnly: true }
        name: { type: string, example: Rex }
        born: { type: string, format: date }
        friends: { type: array, items: { $ref: "#/components/schemas/Pet" } }
"##;

const TWO: &str = r##"
swagger: 2.0
info: { title: Old, version: "1" }
basePath: /0.1
paths:
  /token:
    post:
      summary: Makes a token
      consumes: [application/json]
      parameters:
        - { name: X-Tenant, in: header, type: string, description: "Whose" }
        - { name: body, in: body, schema: { type: object, properties: { expiration: { type: integer, minimum: 1 } } } }
      responses: { "200": { description: ok } }
  /upload:
    post:
      consumes: [multipart/form-data]
      parameters:
        - { name: file, in: formData, type: file }
        - { name: note, in: formData, type: string }
      responses: { "200": { description: ok } }
"##;

fn found(text: &str) -> Imported {
    read(text).unwrap_or_else(|error| panic!("{}", error.message))
}

#[test]
fn a_document_of_openapi_3_becomes_endpoints_with_parameters_and_a_body_that_can_be_sent() {
    let Imported { title, servers, endpoints } = found(THREE);
    assert_eq!((title.as_str(), servers.as_slice()), ("Pets", &["https://pets.example/v1".to_owned()][..]));
    let [get, put] = endpoints.as_slice() else { panic!("{endpoints:?}") };
    assert_eq!((get.id.as_str(), get.group.as_str(), get.about.as_str()), ("GET /pets/{petId}", "pets", "One pet"));
    let parameters: Vec<_> =
        get.parameters.iter().map(|of| (of.name.as_str(), of.place, of.example.as_deref())).collect();
    let (path, query) = (ParameterPlace::Path, ParameterPlace::Query);
    assert_eq!(parameters, [("petId", path, Some("7")), ("fields", query, Some("few"))]);
    assert_eq!(get.parameters[1].choices, ["all", "few"]);
    assert_eq!(put.about, "Changes a pet. (deprecated)");
    let body = put.body.as_ref().unwrap();
    let example: serde_json::Value = serde_json::from_str(body.example.as_ref().unwrap()).unwrap();
    assert_eq!((&example["name"], &example["born"], example.get("id")), (&"Rex".into(), &"2026-01-01".into(), None));
    assert!(body.schema.as_ref().unwrap().contains("friends"));
}

#[test]
fn a_document_of_swagger_2_becomes_endpoints_too() {
    let Imported { servers, endpoints, .. } = found(TWO);
    assert_eq!(servers, ["/0.1"]);
    let [token, upload] = endpoints.as_slice() else { panic!("{endpoints:?}") };
    assert_eq!((token.parameters[0].name.as_str(), token.parameters[0].place), ("X-Tenant", ParameterPlace::Header));
    let body = token.body.as_ref().unwrap();
    assert_eq!((body.kind, body.example.as_deref()), (BodyKind::Json, Some("{\n  \"expiration\": 1\n}")));
    assert_eq!(upload.body.as_ref().unwrap().kind, BodyKind::Multipart);
}

#[test]
fn a_schema_that_nobody_understands_costs_the_schema_and_not_the_calls() {
    let bent = THREE.replace("type: integer, readOnly: true", "type: integer, format: unix-time");
    let endpoints = found(&bent).endpoints;
    assert_eq!(endpoints.len(), 2);
    assert_eq!(endpoints[0].parameters[1].choices, ["all", "few"]);
}

#[test]
fn h7_whatever_is_no_document_is_told_and_nothing_is_run() {
    let deep = format!("{{\"openapi\":\"3.0.0\",\"x\":{}", "[".repeat(100_000));
    let bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n".to_owned()
        + &(b'b'..=b'k')
            .map(|c| {
                let (this, last) = (char::from(c), char::from(c - 1));
                format!("{this}: &{this} [*{last}, *{last}, *{last}, *{last}, *{last}, *{last}, *{last}, *{last}]\n")
            })
            .collect::<String>();
    for text in
        ["", "hello", "[1]", "{", "{\"a\": 1}", "openapi: 4.0.0", "openapi: [3]", "a: !!python/object x", &deep, &bomb]
    {
        let error = read(text).unwrap_err();
        assert_eq!(error.field.as_deref(), Some("text"), "{}", error.message);
    }
    let nothing = "openapi: 3.1.0\ninfo: { title: a, version: b }\npaths: {}";
    assert_eq!(read(nothing).unwrap_err().message, "This document describes no call.");
}

#[test]
fn h7_schemas_that_lead_back_to_themselves_or_grow_without_end_make_a_small_body() {
    let circle =
        r##"{ "allOf": [{ "$ref": "#/components/schemas/A" }], "properties": { "a": { "type": "string" } } }"##;
    let many: Vec<_> = (0..40).map(|n| format!(r##""p{n}": {{ "$ref": "#/components/schemas/A" }}"##)).collect();
    for schema in [circle.to_owned(), format!(r#"{{ "type": "object", "properties": {{ {} }} }}"#, many.join(", "))] {
        let content = r##""content": { "application/json": { "schema": { "$ref": "#/components/schemas/A" } } }"##;
        let text = format!(
            r#"{{ "openapi": "3.1.0", "info": {{ "title": "t", "version": "1" }},
                "paths": {{ "/a": {{ "post": {{ "requestBody": {{ {content} }} }} }} }},
                "components": {{ "schemas": {{ "A": {schema} }} }} }}"#
        );
        let body = found(&text).endpoints[0].body.clone().unwrap();
        assert!(body.example.unwrap_or_default().len() < 100_000);
        assert!(body.schema.unwrap().len() < 10_000);
    }
}

/// Files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let inside = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let paths = inside.map(|entry| entry.unwrap().path());
    paths.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Those of these that cannot be read, and why.
fn unread(paths: impl Iterator<Item = PathBuf>) -> Vec<String> {
    let why = |path: PathBuf| {
        let error = read(&std::fs::read_to_string(&path).unwrap()).err()?;
        Some(format!("{}: {}", path.display(), error.message))
    };
    paths.filter_map(why).collect()
}

/// Those that ReadMe keeps for whoever reads such documents (an npm package), in each version, as JSON and as YAML: its own API
/// and the United States Patent Office's among them.
#[test]
fn documents_of_others_are_read_or_say_that_they_describe_no_call() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/node_modules/@readme/oas-examples");
    let paths = ["2.0", "3.0", "3.1"].iter().flat_map(|version| files(&examples.join(version)));
    let (documents, without): (Vec<_>, Vec<_>) = paths
        .filter(|path| path.extension().is_some_and(|extension| extension != "md"))
        .partition(|path| !path.file_stem().is_some_and(|name| name == "title" || name == "webhooks"));
    assert!(documents.len() > 100, "`./dev prepare` installs them");
    assert_eq!(unread(documents.into_iter()), [""; 0]);
    assert!(unread(without.into_iter()).iter().all(|why| why.ends_with("This document describes no call.")));
}

/// Others can be tried: `KEYDESK_OPENAPI` names a folder with some.
#[test]
fn documents_in_use_are_read() {
    let Some(folder) = std::env::var_os("KEYDESK_OPENAPI") else { return };
    assert_eq!(unread(files(Path::new(&folder)).into_iter()), [""; 0]);
}
