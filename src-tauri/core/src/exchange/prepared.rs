//! A request that is ready but for the token.

use std::collections::BTreeMap;

use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use reqwest::{Method, RequestBuilder};
use serde_json::{Map, Value};
use url::Url;

use super::address::{self, Open, wants_token};
use crate::account::Account;
use crate::error::{Error, ErrorCode, Result};
use crate::provider::{Api, Encoding, Lookup, RequestTemplate, Variables, fill, fill_url, whole_placeholder};
use crate::transport::parse_url;

/// What the fields of a form hold, where it is more than a text.
pub type Values = BTreeMap<String, Value>;

/// What a template is filled with, layer upon layer: the first that knows a name says what it stands for. Nothing is copied
/// for a request, of which a run has thousands.
#[derive(Clone, Copy)]
pub struct Filling<'a> {
    /// Texts.
    pub texts: &'a [&'a Variables],
    /// What is more than a text.
    pub values: &'a [&'a Values],
}

impl Lookup for Filling<'_> {
    fn find(&self, name: &str) -> Option<&str> {
        self.texts.iter().find_map(|layer| layer.find(name))
    }
}

impl Filling<'_> {
    fn value(&self, name: &str) -> Option<&Value> {
        self.values.iter().find_map(|layer| layer.get(name))
    }
}

pub(super) const JSON: &str = "application/json";
/// Anything; JSON where there is a choice.
const ANY: &str = "application/json, */*;q=0.5";

/// A request without its token.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The HTTP method.
    pub method: Method,
    /// The URL with its query.
    pub url: Url,
    /// Headers that the provider wants with every request.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// JSON.
    pub body: Option<String>,
    /// What is wanted.
    pub accept: &'static str,
    /// Whether the access token is put into the path when it is sent.
    pub(super) token_in_path: bool,
}

impl Prepared {
    /// Fills a template.
    ///
    /// # Errors
    /// `internal` when the provider file is wrong, `invalid_input` when something that was typed cannot be sent.
    pub fn new(template: &RequestTemplate, api: &Api, base_url: &str, filling: Filling<'_>) -> Result<Self> {
        let method = fill(&template.method, &filling, Encoding::Plain)?;
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|_| Error::new(ErrorCode::InvalidInput, format!("“{method}” is no HTTP method.")))?;
        let mut url = match template.url.strip_prefix('/') {
            Some(path) => {
                let base = fill_url(base_url, &filling)?;
                let path = fill(path, &Open(filling), Encoding::PathSegment)?;
                parse_url(&format!("{}/{path}", base.trim_end_matches('/')))?
            }
            None => parse_url(&fill(&template.url, &filling, Encoding::Plain)?)?,
        };
        for (name, value) in &template.query {
            let value = fill(value, &filling, Encoding::Plain)?;
            if !value.is_empty() {
                url.query_pairs_mut().append_pair(name, &value);
            }
        }
        let body = template.body.as_ref().map(|body| fill_json(body, filling)).transpose()?;
        // A GET of whose members none is left has no content: it means the same (RFC 9110 section 9.3.1).
        let is_described = template.body.as_ref().is_some_and(Value::is_object) && method == Method::GET;
        let is_left_out = |body: &Value| body.is_null() || (is_described && *body == Value::Object(Map::new()));
        let body = body.filter(|body| !is_left_out(body)).map(|body| body.to_string());
        Ok(Self {
            method,
            url,
            headers: headers(api, &filling)?,
            body,
            accept: JSON,
            token_in_path: wants_token(template),
        })
    }
}

impl Prepared {
    /// A request as it was typed: nothing in it is a placeholder.
    ///
    /// # Errors
    /// `invalid_input` when the address cannot be used.
    pub fn whole(account: &Account, method: Method, path: &str, body: Option<&Value>) -> Result<Self> {
        let url = address(account, path).map_err(|error| Error { field: Some("path".to_owned()), ..error })?;
        let headers = headers(&account.provider.api, account.owner.variables.as_ref())?;
        Ok(Self { method, url, headers, body: body.map(Value::to_string), accept: JSON, token_in_path: false })
    }

    /// Any request, but for its body: with the provider's headers where there are none of the person's own. With
    /// `{access_token}` in its path the token is put in there.
    ///
    /// # Errors
    /// `invalid_input` when the provider's headers cannot be filled.
    pub fn typed(account: &Account, method: Method, url: Url, own: Vec<(HeaderName, HeaderValue)>) -> Result<Self> {
        let mut headers = headers(&account.provider.api, account.owner.variables.as_ref())?;
        headers.retain(|(name, _)| !own.iter().any(|(other, _)| other == name));
        headers.extend(own);
        let token_in_path = address::has_place(&url);
        Ok(Self { token_in_path, ..Self::bare(method, url, headers) })
    }

    /// The same to another server: nothing of the connection is in it.
    pub fn bare(method: Method, url: Url, headers: Vec<(HeaderName, HeaderValue)>) -> Self {
        Self { method, url, headers, body: None, accept: ANY, token_in_path: false }
    }

    /// The request, on top of what presents the token.
    pub(super) fn put(&self, mut request: RequestBuilder) -> Result<reqwest::Request> {
        if !self.headers.iter().any(|(name, _)| name == ACCEPT) {
            request = request.header(ACCEPT, self.accept);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &self.body {
            request = request.header(CONTENT_TYPE, JSON).body(body.clone());
        }
        request.build().map_err(|error| Error::internal("build the request", error.without_url()))
    }
}

/// A path below the API's address, or a whole address.
///
/// # Errors
/// `invalid_input` when it cannot be used.
pub fn address(account: &Account, path: &str) -> Result<Url> {
    let path = path.trim();
    match path.strip_prefix('/') {
        Some(path) => {
            let base = fill_url(account.base_url(), account.owner.variables.as_ref())?;
            parse_url(&format!("{}/{path}", base.trim_end_matches('/')))
        }
        None => parse_url(path),
    }
}

/// The provider's headers; one that comes out empty is left out.
pub(super) fn headers(api: &Api, variables: &impl Lookup) -> Result<Vec<(HeaderName, HeaderValue)>> {
    let mut headers = Vec::new();
    for (name, template) in &api.headers {
        let value = fill(template, variables, Encoding::Plain)?;
        if value.trim().is_empty() {
            continue;
        }
        let unusable = || Error::new(ErrorCode::InvalidInput, format!("“{name}” cannot carry what it is set to."));
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| unusable())?;
        headers.push((name, HeaderValue::from_str(value.trim()).map_err(|_| unusable())?));
    }
    Ok(headers)
}

/// Fills a JSON template. A text that is one placeholder becomes the field's own value; an empty one leaves its member
/// out.
fn fill_json(template: &Value, filling: Filling<'_>) -> Result<Value> {
    Ok(match template {
        Value::String(text) => match whole_placeholder(text).and_then(|name| filling.value(name)) {
            Some(value) => value.clone(),
            None => Value::String(fill(text, &filling, Encoding::Plain)?),
        },
        Value::Array(items) => {
            let filled: Result<Vec<_>> = items.iter().map(|item| fill_json(item, filling)).collect();
            Value::Array(filled?)
        }
        Value::Object(members) => {
            let mut filled = Map::new();
            for (name, member) in members {
                let value = fill_json(member, filling)?;
                if !value.is_null() || member.is_null() {
                    filled.insert(name.clone(), value);
                }
            }
            Value::Object(filled)
        }
        other => other.clone(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn template(text: &str) -> RequestTemplate {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn a_template_becomes_a_request_with_values_of_their_own_kind() {
        let template = template(
            r#"
            method = "POST"
            url = "/w/{id}"
            query = { user_id = "{device}" }
            body = { action = "invoke", to = ["{device}"], args = "{args}", none = "{empty}" }
            "#,
        );
        let variables = Variables::from(
            [("id", "a/b"), ("device", "1 2"), ("none", ""), ("api", "https://a.example/v1/")]
                .map(|(k, v)| (k.to_owned(), v.to_owned())),
        );
        let values = Values::from([("args".to_owned(), json!({"n": 1, "b": true})), ("empty".to_owned(), Value::Null)]);
        let api: Api =
            toml::from_str("base_url = \"{api}\"\nheaders = { X-Device = \"{device}\", X-None = \"{none}\" }").unwrap();
        let filling = Filling { texts: &[&variables], values: &[&values] };
        let prepared = Prepared::new(&template, &api, "{api}", filling).unwrap();
        assert_eq!(prepared.url.as_str(), "https://a.example/v1/w/a%2Fb?user_id=1+2");
        assert_eq!(prepared.headers.len(), 1);
        let body: Value = serde_json::from_str(&prepared.body.unwrap()).unwrap();
        assert_eq!(body, json!({"action": "invoke", "to": ["1 2"], "args": {"n": 1, "b": true}}));
    }

    #[test]
    fn the_layer_above_hides_what_is_below() {
        let (above, below) = (
            Variables::from([("a".to_owned(), "1".to_owned())]),
            Variables::from([("a".to_owned(), "2".to_owned()), ("b".to_owned(), "3".to_owned())]),
        );
        let (own, others) = (Values::from([("v".to_owned(), json!(1))]), Values::from([("v".to_owned(), json!(2))]));
        let filling = Filling { texts: &[&above, &below], values: &[&own, &others] };
        let filled = fill_json(&json!({"text": "{a}{b}", "value": "{v}"}), filling).unwrap();
        assert_eq!(filled, json!({"text": "13", "value": 1}));
    }
}
