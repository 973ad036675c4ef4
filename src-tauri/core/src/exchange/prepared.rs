//! A request that is ready but for the token.

use std::collections::BTreeMap;

use reqwest::Method;
use serde_json::Value;
use url::Url;

use crate::error::{Error, ErrorCode, Result};
use crate::provider::{Encoding, RequestTemplate, Variables, fill};
use crate::transport::parse_url;

/// What the fields of a form hold, where it is more than a text.
pub type Values = BTreeMap<String, Value>;

/// A request without its token.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The HTTP method.
    pub method: Method,
    /// The URL with its query.
    pub url: Url,
    /// JSON.
    pub body: Option<String>,
}

impl Prepared {
    /// Fills a template.
    ///
    /// # Errors
    /// `internal` when the provider file is wrong, `invalid_input` when the address cannot be used.
    pub fn new(template: &RequestTemplate, base_url: &str, variables: &Variables, values: &Values) -> Result<Self> {
        let method = Method::from_bytes(template.method.as_bytes())
            .map_err(|_| Error::new(ErrorCode::Internal, "The provider file names no HTTP method."))?;
        let mut url = match template.url.strip_prefix('/') {
            Some(path) => {
                let base = fill(base_url, variables, Encoding::Plain)?;
                let path = fill(path, variables, Encoding::PathSegment)?;
                parse_url(&format!("{}/{path}", base.trim_end_matches('/')))?
            }
            None => parse_url(&fill(&template.url, variables, Encoding::Plain)?)?,
        };
        for (name, value) in &template.query {
            url.query_pairs_mut().append_pair(name, &fill(value, variables, Encoding::Plain)?);
        }
        let body = template.body.as_ref().map(|body| fill_json(body, variables, values)).transpose()?;
        Ok(Self { method, url, body: body.map(|body| body.to_string()) })
    }
}

/// Fills a JSON template. A text that is one placeholder becomes the field's own value; an empty one leaves its member
/// out.
fn fill_json(template: &Value, variables: &Variables, values: &Values) -> Result<Value> {
    Ok(match template {
        Value::String(text) => match whole_placeholder(text).and_then(|name| values.get(name)) {
            Some(value) => value.clone(),
            None => Value::String(fill(text, variables, Encoding::Plain)?),
        },
        Value::Array(items) => {
            let filled: Result<Vec<_>> = items.iter().map(|item| fill_json(item, variables, values)).collect();
            Value::Array(filled?)
        }
        Value::Object(members) => {
            let mut filled = serde_json::Map::new();
            for (name, member) in members {
                let value = fill_json(member, variables, values)?;
                if !value.is_null() || member.is_null() {
                    filled.insert(name.clone(), value);
                }
            }
            Value::Object(filled)
        }
        other => other.clone(),
    })
}

fn whole_placeholder(text: &str) -> Option<&str> {
    let name = text.strip_prefix('{')?.strip_suffix('}')?;
    (!name.contains(['{', '}'])).then_some(name)
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
            [("id", "a/b"), ("device", "1 2"), ("api", "https://a.example/v1/")]
                .map(|(k, v)| (k.to_owned(), v.to_owned())),
        );
        let values = Values::from([("args".to_owned(), json!({"n": 1, "b": true})), ("empty".to_owned(), Value::Null)]);
        let prepared = Prepared::new(&template, "{api}", &variables, &values).unwrap();
        assert_eq!(prepared.url.as_str(), "https://a.example/v1/w/a%2Fb?user_id=1+2");
        let body: Value = serde_json::from_str(&prepared.body.unwrap()).unwrap();
        assert_eq!(body, json!({"action": "invoke", "to": ["1 2"], "args": {"n": 1, "b": true}}));
    }
}
