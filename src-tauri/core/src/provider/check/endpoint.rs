//! Whether the list of endpoints makes sense.

use std::collections::BTreeSet;

use serde::de::IgnoredAny;
use serde_json::Value;
use toml::de::DeValue;

use super::document::Node;
use super::nearest;
use super::sense::Sense;
use crate::provider::catalogue::{ACCESS_TOKEN, ListedEndpoint};
use crate::provider::endpoint::BodyKind;
use crate::provider::schema::Provider;
use crate::provider::template::{names, whole_placeholder};

impl Sense<'_> {
    /// `known` is what a connection gives.
    pub(super) fn endpoints(&mut self, endpoints: Option<&Node>, provider: &Provider, known: &BTreeSet<&str>) {
        let mut calls = BTreeSet::new();
        for (node, endpoint) in items(endpoints).zip(&provider.endpoints) {
            if !calls.insert(&endpoint.call) {
                self.say(node, "endpoint.call", "This call stands twice.");
            }
            self.call(node, endpoint, known);
            self.described(node, endpoint, provider);
            self.body(node, endpoint, known);
            let names: Vec<_> = endpoint.parameters().collect();
            if names.iter().collect::<BTreeSet<_>>().len() < names.len() {
                self.say(node, "endpoint", "A parameter stands twice in one place.");
            }
            if let Some(name) = endpoint.required.iter().find(|name| !names.iter().any(|(_, known)| known == name)) {
                let suggestion = nearest(name, names.iter().map(|(_, name)| *name));
                self.suggest(node, "endpoint.required", format!("It has no parameter “{name}”."), suggestion);
            }
            if endpoint.headers.iter().any(|name| !is_token(name)) {
                self.say(node, "endpoint.headers", "This is not a name for a header.");
            }
        }
    }

    /// The headings and the meanings of parameters.
    pub(super) fn catalogue(&mut self, catalogue: Option<&Node>, provider: &Provider, known: &BTreeSet<&str>) {
        let part = |key: &str| catalogue.and_then(|node| node.get_ref().get(key));
        for (node, group) in items(part("groups")).zip(&provider.catalogue.groups) {
            self.docs(node, "catalogue.groups.docs", group.docs.as_deref());
        }
        let (mut seen, used) = (BTreeSet::new(), used(provider));
        for (node, meaning) in items(part("parameters")).zip(&provider.catalogue.parameters) {
            let name = meaning.name.as_str();
            if !seen.insert(name) {
                self.say(node, "catalogue.parameters.name", "This parameter stands twice.");
            }
            if !used.contains(name) {
                let suggestion = nearest(name, used.iter().copied());
                self.suggest(node, "catalogue.parameters.name", format!("No endpoint has “{name}”."), suggestion);
            }
            for name in meaning.example.iter().filter_map(|example| whole_placeholder(example)) {
                self.given(node, "catalogue.parameters.example", name, known);
            }
        }
    }

    /// Method and path.
    fn call(&mut self, node: &Node, endpoint: &ListedEndpoint, known: &BTreeSet<&str>) {
        let (method, path) = endpoint.parts();
        if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()) {
            self.say(node, "endpoint.call", "A call begins with a method in capitals, and a space.");
        }
        match endpoint.server() {
            Some(name) => self.given(node, "endpoint.call", name, known),
            None if path.starts_with('/') => {}
            None => self.say(node, "endpoint.call", "A path begins with a slash, or with an address: {api_url}/users."),
        }
        if path.contains(['?', '#', ' ']) {
            self.say(node, "endpoint.call", "Parameters of the query stand under “query”.");
        }
        let is_name = |name: &str| !name.is_empty() && name.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
        let in_pairs = path.matches(['{', '}']).count() == 2 * names(path).count();
        if !in_pairs || path.contains("{+") || !names(path).all(is_name) {
            self.say(node, "endpoint.call", "A parameter in a path is a name in braces: /users/{user_id}.");
        }
        if endpoint.server().is_some() && names(path).any(|name| name == ACCESS_TOKEN) {
            self.say(node, "endpoint.call", "The token stands in no path of another server.");
        }
    }

    /// Its heading, its line and its document.
    fn described(&mut self, node: &Node, endpoint: &ListedEndpoint, provider: &Provider) {
        let groups = || provider.catalogue.groups.iter().map(|group| group.name.as_str());
        if !groups().any(|group| group == endpoint.group) {
            let message = format!("There is no group “{}” in the catalogue.", endpoint.group);
            self.suggest(node, "endpoint.group", message, nearest(&endpoint.group, groups()));
        }
        if endpoint.about.trim().is_empty() || endpoint.about.contains('\n') {
            self.say(node, "endpoint.about", "What it does is said in one line.");
        }
        self.docs(node, "endpoint.docs", endpoint.docs.as_deref());
    }

    /// What the browser opens.
    fn docs(&mut self, node: &Node, key: &str, docs: Option<&str>) {
        if docs.is_some_and(|docs| !docs.starts_with("https://")) {
            self.say(node, key, "A link to a document must be https.");
        }
    }

    fn body(&mut self, node: &Node, endpoint: &ListedEndpoint, known: &BTreeSet<&str>) {
        let Some(body) = &endpoint.body else { return };
        let is_json = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
        let is_field = |field: &str| field.split_once('=').is_some_and(|(name, _)| !name.is_empty());
        let example = body.example.as_deref();
        let (good, what) = match body.kind {
            BodyKind::Json => (example.is_none_or(is_json), "This is not valid JSON."),
            BodyKind::Form | BodyKind::Multipart => {
                (example.is_none_or(|text| text.split('&').all(is_field)), "A form is name=value&name=value.")
            }
            BodyKind::Text => (true, ""),
            BodyKind::File => (example.is_none(), "A file is chosen, and has no example."),
        };
        if !good {
            self.say(node, "endpoint.body.example", what);
        }
        let json = example.and_then(|text| serde_json::from_str(text).ok()).filter(|_| body.kind == BodyKind::Json);
        for name in json.iter().flat_map(texts).filter_map(|text| whole_placeholder(text)) {
            self.given(node, "endpoint.body.example", name, known);
        }
        if !body.schema.as_deref().is_none_or(is_json) {
            self.say(node, "endpoint.body.schema", "This is not valid JSON.");
        }
    }

    fn given(&mut self, node: &Node, key: &str, name: &str, known: &BTreeSet<&str>) {
        if !known.contains(name) {
            self.suggest(node, key, format!("Nothing gives “{name}”."), nearest(name, known.iter().copied()));
        }
    }
}

fn items<'n>(list: Option<&'n Node<'n>>) -> impl Iterator<Item = &'n Node<'n>> {
    list.map(Node::get_ref).and_then(DeValue::as_array).into_iter().flatten()
}

/// Every text in JSON.
fn texts(json: &Value) -> Vec<&str> {
    match json {
        Value::String(text) => vec![text],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        Value::Object(members) => members.values().flat_map(texts).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

/// The names of all parameters.
fn used(provider: &Provider) -> BTreeSet<&str> {
    provider.endpoints.iter().flat_map(ListedEndpoint::parameters).map(|(_, name)| name).collect()
}

/// Whether a name can be a header's (RFC 9110 section 5.6.2).
fn is_token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::super::check;
    use super::super::example::ACME;

    const GOOD: &str = r#"
[[address]]
id = "other_url"
label = "Other"
url = "https://other.acme.example"
[catalogue]
groups = [{ name = "Orders", docs = "https://docs.acme.example/orders" }]
parameters = [{ name = "order", about = "Its number.", example = "7" }]
[[endpoint]]
call = "GET /orders/{order}"
group = "Orders"
about = "One order."
query = ["fields"]
[[endpoint]]
call = "PUT {other_url}/orders/{order}"
group = "Orders"
about = "Changes an order."
body = { example = '{ "url": "https://hook.example" }', schema = '{}' }
"#;

    fn said(text: &str) -> Vec<String> {
        let problems = check(&[ACME, text].concat()).0.problems;
        problems.into_iter().map(|problem| format!("{}: {}", problem.key, problem.message)).collect()
    }

    #[test]
    fn h7_neither_documents_nor_examples_are_hosts_that_it_talks_to() {
        assert_eq!(said(GOOD), Vec::<String>::new());
        assert_eq!(check(&[ACME, GOOD].concat()).0.hosts, ["acme.example", "other.acme.example"]);
    }

    #[test]
    fn an_endpoint_that_cannot_be_called_or_found_is_a_problem() {
        for (good, bad, wanted) in [
            ("GET /orders", "get /orders", "endpoint.call: A call begins with a method"),
            ("GET /orders", "GET orders", "endpoint.call: A path begins"),
            ("GET /orders/{order}", "GET /orders/{order", "endpoint.call: A parameter in a path"),
            ("GET /orders/{order}", "GET /orders/{an order}", "endpoint.call: A parameter in a path"),
            ("GET /orders/{order}", "GET /orders/{order}/{order}", "endpoint: A parameter stands twice"),
            ("GET /orders/{order}", "GET /orders/{order}?all=1", "endpoint.call: Parameters of the query"),
            ("PUT {other_url}", "PUT {othr_url}", "endpoint.call: Nothing gives"),
            ("PUT {other_url}/orders", "PUT {other_url}/{access_token}", "endpoint.call: The token stands in no path"),
            ("PUT {other_url}/orders/{order}", "GET /orders/{order}", "endpoint.call: This call stands twice"),
            ("docs = \"https:", "docs = \"http:", "catalogue.groups.docs: A link to a document must be https"),
            ("group = \"Orders\"", "group = \"Odrers\"", "endpoint.group: There is no group"),
            ("about = \"One order.\"", "about = \"\"", "endpoint.about: What it does"),
            ("query = [\"fields\"]", "required = [\"fields\"]", "endpoint.required: It has no parameter"),
            ("query = [\"fields\"]", "headers = [\"a b\"]", "endpoint.headers: This is not a name"),
            ("hook.example\" }'", "hook.example\" '", "endpoint.body.example: This is not valid JSON"),
            ("https://hook.example", "{hook}", "endpoint.body.example: Nothing gives"),
            ("schema = '{}'", "schema = '{'", "endpoint.body.schema: This is not valid JSON"),
            ("name = \"order\"", "name = \"odrer\"", "catalogue.parameters.name: No endpoint has"),
            ("example = \"7\"", "example = \"{seven}\"", "catalogue.parameters.example: Nothing gives"),
        ] {
            let said = said(&GOOD.replace(good, bad));
            assert!(said.iter().any(|it| it.starts_with(wanted)), "{bad}: {said:?}");
        }
    }
}
