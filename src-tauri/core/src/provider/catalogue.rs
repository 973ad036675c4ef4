//! The catalogue of a provider file: its endpoints, and what these have in common.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::endpoint::{Endpoint, EndpointBody, EndpointParameter, ParameterPlace};
use super::schema::Provider;
use super::template::{Lookup, names, whole_placeholder};

/// Stands in a path for the token of the connection.
pub(super) const ACCESS_TOKEN: &str = "access_token";

/// What endpoints have in common.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Catalogue {
    /// The headings that endpoints stand under, in their order.
    pub groups: Vec<EndpointGroup>,
    /// What parameters mean, wherever an endpoint has one of this name.
    pub parameters: Vec<ParameterMeaning>,
}

/// A heading that endpoints stand under.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndpointGroup {
    /// The heading.
    pub name: String,
    /// Where its endpoints are described.
    pub docs: Option<String>,
}

/// What a parameter means.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ParameterMeaning {
    /// Its name.
    pub name: String,
    /// What it means.
    pub about: Option<String>,
    /// Whether every call that has it needs it; one in a path is always needed.
    #[serde(default)]
    pub required: bool,
    /// A value that can be sent. One that is a placeholder stands for what the connection has.
    pub example: Option<String>,
    /// All that it can be.
    #[serde(default)]
    pub choices: Vec<String>,
}

/// A call, as a provider file lists it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListedEndpoint {
    /// Unique in the file: the HTTP method, a space, and the path. It begins with a slash, or with an address of the
    /// file; `{name}` in it is a parameter, and `{access_token}` the token of the connection.
    pub call: String,
    /// The heading that it stands under.
    pub group: String,
    /// What it does, in a line.
    pub about: String,
    /// Where it is described, if not where its group is.
    pub docs: Option<String>,
    /// Its parameters in the query.
    #[serde(default)]
    pub query: Vec<String>,
    /// Its parameters in headers.
    #[serde(default)]
    pub headers: Vec<String>,
    /// Those of both that it needs, beside those that every call needs.
    #[serde(default)]
    pub required: Vec<String>,
    /// Its body. A text in JSON that is a placeholder stands for what the connection has.
    pub body: Option<EndpointBody>,
    /// Whether it answers in pages.
    #[serde(default)]
    pub pages: bool,
    /// Whether its answer holds a secret: it is kept in no file.
    #[serde(default)]
    pub private: bool,
}

impl ListedEndpoint {
    /// Method and path.
    pub fn parts(&self) -> (&str, &str) {
        self.call.split_once(' ').unwrap_or((&self.call, ""))
    }

    /// The placeholder that the path begins with: the address of another server.
    pub fn server(&self) -> Option<&str> {
        self.parts().1.strip_prefix('{')?.split_once('}').map(|(name, _)| name)
    }

    /// The parameters in the path.
    pub fn in_path(&self) -> impl Iterator<Item = &str> {
        let other = usize::from(self.server().is_some());
        names(self.parts().1).skip(other).filter(|name| *name != ACCESS_TOKEN)
    }

    /// The names of all its parameters, with their places.
    pub fn parameters(&self) -> impl Iterator<Item = (ParameterPlace, &str)> {
        let path = self.in_path().map(|name| (ParameterPlace::Path, name));
        let query = self.query.iter().map(|name| (ParameterPlace::Query, name.as_str()));
        path.chain(query).chain(self.headers.iter().map(|name| (ParameterPlace::Header, name.as_str())))
    }
}

impl Provider {
    /// The endpoints, as a connection has them: with its addresses and values in place of their names.
    pub fn catalogue(&self, values: &impl Lookup) -> Vec<Endpoint> {
        self.endpoints.iter().map(|listed| self.endpoint(listed, values)).collect()
    }

    /// Whether the answer to such a request is kept in no file: an endpoint or a form of the file says so. What a path begins with
    /// depends on the connection, so its end counts.
    pub fn is_private(&self, method: &str, path: &str) -> bool {
        let endpoints = self.endpoints.iter().filter(|listed| listed.private).map(ListedEndpoint::parts);
        let actions = self.actions.iter().filter(|action| action.private).filter_map(|action| action.request.as_ref());
        let mut all = endpoints.chain(actions.map(|request| (request.method.as_str(), request.url.as_str())));
        all.any(|(private, template)| private.eq_ignore_ascii_case(method) && ends_with(path, template))
    }

    fn endpoint(&self, listed: &ListedEndpoint, values: &impl Lookup) -> Endpoint {
        let (method, path) = listed.parts();
        let group = self.catalogue.groups.iter().find(|group| group.name == listed.group);
        Endpoint {
            id: listed.call.clone(),
            group: listed.group.clone(),
            method: method.to_owned(),
            path: address(listed.server(), path, values),
            about: listed.about.clone(),
            docs: listed.docs.clone().or_else(|| group?.docs.clone()),
            parameters: listed
                .parameters()
                .map(|(place, name)| self.endpoint_parameter(listed, place, name, values))
                .collect(),
            body: listed.body.as_ref().map(|body| EndpointBody {
                example: body.example.as_ref().map(|example| filled_body(example, values)),
                ..body.clone()
            }),
            pages: listed.pages,
        }
    }

    fn endpoint_parameter(
        &self,
        listed: &ListedEndpoint,
        place: ParameterPlace,
        name: &str,
        values: &impl Lookup,
    ) -> EndpointParameter {
        let known = self.catalogue.parameters.iter().find(|known| known.name == name);
        EndpointParameter {
            name: name.to_owned(),
            place,
            about: known.and_then(|known| known.about.clone()),
            required: place == ParameterPlace::Path
                || known.is_some_and(|known| known.required)
                || listed.required.iter().any(|needed| needed == name),
            example: known.and_then(|known| filled(known.example.as_ref()?, values)),
            choices: known.map(|known| known.choices.clone()).unwrap_or_default(),
        }
    }
}

/// Whether a path ends as a template does. `{name}` in it is any segment.
fn ends_with(path: &str, template: &str) -> bool {
    let segments =
        |text: &str| text.split('/').filter(|segment| !segment.is_empty()).rev().map(str::to_owned).collect::<Vec<_>>();
    let (path, template) = (segments(path), segments(template));
    let same = |(one, other): (&String, &String)| other.starts_with('{') || one == other;
    path.len() >= template.len() && path.iter().zip(&template).all(same)
}

/// A path whose server has a name begins with that server's address.
fn address(server: Option<&str>, path: &str, values: &impl Lookup) -> String {
    let found = server.and_then(|name| Some((name, values.find(name)?)));
    found.map_or_else(|| path.to_owned(), |(name, url)| path.replacen(&format!("{{{name}}}"), url, 1))
}

/// What an example stands for; nothing, where it is a placeholder and the connection has no such value.
fn filled(example: &str, values: &impl Lookup) -> Option<String> {
    match whole_placeholder(example) {
        Some(name) => values.find(name).map(str::to_owned),
        None => Some(example.to_owned()),
    }
}

/// JSON with each text in it filled, written as people read it. Anything else as it is.
fn filled_body(example: &str, values: &impl Lookup) -> String {
    let Ok(mut json) = serde_json::from_str(example) else { return example.to_owned() };
    fill_texts(&mut json, values);
    serde_json::to_string_pretty(&json).unwrap_or_else(|_| example.to_owned())
}

fn fill_texts(json: &mut Value, values: &impl Lookup) {
    match json {
        Value::String(text) => *text = filled(text, values).unwrap_or_default(),
        Value::Array(items) => items.iter_mut().for_each(|item| fill_texts(item, values)),
        Value::Object(members) => members.values_mut().for_each(|member| fill_texts(member, values)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Variables;

    fn provider(text: &str) -> Provider {
        let head = "id = \"a\"\nname = \"A\"\nsummary = \"\"\nlogin = []\n[api]\nbase_url = \"https://a.example\"\n";
        toml::from_str(&format!("{head}{text}")).unwrap()
    }

    #[test]
    fn an_endpoint_has_what_its_group_and_its_names_say_and_what_the_connection_has() {
        let provider = provider(
            r#"
            [catalogue]
            groups = [{ name = "Orders", docs = "https://a.example/docs" }]
            parameters = [
              { name = "shop", about = "The shop.", example = "{shop}" },
              { name = "sort", choices = ["up", "down"] },
              { name = "unknown", example = "{unknown}", required = true },
            ]
            [[endpoint]]
            call = "POST {other_url}/shops/{shop}/orders/{id}"
            group = "Orders"
            about = "Orders once more."
            query = ["sort", "unknown"]
            body = { example = '{ "z": "{shop}", "a": [1] }' }
            pages = true
            "#,
        );
        let values = [("other_url", "https://b.example"), ("shop", "s \"1\"")];
        let values: Variables = values.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let [endpoint] = &provider.catalogue(&values)[..] else { panic!("one endpoint") };
        assert_eq!(endpoint.id, "POST {other_url}/shops/{shop}/orders/{id}");
        let (method, path) = (endpoint.method.as_str(), endpoint.path.as_str());
        assert_eq!((method, path), ("POST", "https://b.example/shops/{shop}/orders/{id}"));
        assert_eq!(endpoint.docs.as_deref(), Some("https://a.example/docs"));
        let parameters: Vec<_> = endpoint.parameters.iter().map(|it| (it.name.as_str(), it.required)).collect();
        assert_eq!(parameters, [("shop", true), ("id", true), ("sort", false), ("unknown", true)]);
        let examples: Vec<_> = endpoint.parameters.iter().map(|it| it.example.as_deref()).collect();
        assert_eq!(examples, [Some("s \"1\""), None, None, None]);
        let body = endpoint.body.as_ref().and_then(|body| body.example.as_deref());
        assert_eq!(body, Some("{\n  \"z\": \"s \\\"1\\\"\",\n  \"a\": [\n    1\n  ]\n}"));
    }

    #[test]
    fn the_token_in_a_path_is_no_parameter() {
        let text = "[[endpoint]]\ncall = \"GET /token/{access_token}/{id}\"\ngroup = \"\"\nabout = \"\"\n";
        let endpoint = &provider(text).catalogue(&Variables::new())[0];
        assert_eq!(endpoint.path, "/token/{access_token}/{id}");
        assert_eq!(endpoint.parameters.len(), 1);
    }
}
