//! Any request for a token, as a provider file describes it: first, or renewing. Its steps, the request, the answer.

use reqwest::Method;
use serde_json::Value;
use url::Url;

use super::oauth::OAuthClient;
use super::token_client::{Body, Call, TokenClient};
use super::token_response::{TokenResponse, failure};
use crate::error::{Error, ErrorCode, Result};
use crate::pointer::text_at;
use crate::provider::{
    ClientAuthentication, Encoding, Inputs, Lookup, TokenRequest, TokenRequestEncoding, TokenRequestTemplate, fill,
    fill_url, whole_placeholder,
};
use crate::secret::Secret;
use crate::transport::parse_url;

impl TokenClient {
    /// Sends a token request and reads its answer. `messages` says where an error answer says what is wrong.
    ///
    /// # Errors
    /// `credentials_refused` where the server does not accept what was sent; `token_refused` for `invalid_grant`; else
    /// those of the token endpoint.
    pub async fn ask(&self, request: &TokenRequest, inputs: &Inputs, messages: &[String]) -> Result<TokenResponse> {
        self.hide(inputs.secret.values());
        let outcome = self.ask_unmasked(request, inputs, messages).await;
        outcome.map_err(|error| self.masked(error))
    }

    /// Sends a request of which only the status counts: success, or one of `gone`.
    ///
    /// # Errors
    /// Those of the server.
    pub async fn tell(
        &self,
        template: &TokenRequestTemplate,
        inputs: &Inputs,
        messages: &[String],
        gone: &[u16],
    ) -> Result<()> {
        self.hide(inputs.secret.values());
        let outcome = async {
            let answer = self.send(call(template, inputs)?).await?;
            if answer.status < 300 || gone.contains(&answer.status) { Ok(()) } else { Err(failure(&answer, messages)) }
        };
        outcome.await.map_err(|error| self.masked(error))
    }

    async fn ask_unmasked(
        &self,
        request: &TokenRequest,
        inputs: &Inputs,
        messages: &[String],
    ) -> Result<TokenResponse> {
        let mut inputs = inputs.clone();
        for step in &request.steps {
            let answer = self.send(call(&step.request, &inputs)?).await?;
            if !(200..300).contains(&answer.status) {
                return Err(failure(&answer, messages));
            }
            let body: Value = serde_json::from_slice(&answer.body).map_err(|_| {
                Error::new(ErrorCode::NotATokenAnswer, "The server’s answer cannot be used: it is not valid JSON.")
            })?;
            for (name, at) in &step.take {
                let taken = text_at(&body, at).filter(|text| !text.trim().is_empty()).ok_or_else(|| {
                    Error::new(ErrorCode::NotATokenAnswer, format!("The server’s answer holds nothing at “{at}”."))
                })?;
                let taken = Secret::new(taken);
                self.hide([&taken]);
                inputs.secret.insert(name.clone(), taken);
            }
        }
        let answer = self.send(call(&request.request, &inputs)?).await?;
        let response = TokenResponse::read(&answer, &request.response, &inputs, messages)?;
        self.hide(response.secrets());
        Ok(response)
    }
}

/// Every address that a token request sends something secret to.
///
/// # Errors
/// `invalid_input` when one is no address.
pub fn urls<'a>(
    requests: impl IntoIterator<Item = &'a TokenRequestTemplate>,
    inputs: &impl Lookup,
) -> Result<Vec<Url>> {
    requests.into_iter().map(|request| parse_url(&fill_url(&request.url, inputs)?)).collect()
}

fn call(template: &TokenRequestTemplate, inputs: &Inputs) -> Result<Call> {
    let text = |template: &str| fill(template, inputs, Encoding::Plain);
    let method = template.method.as_deref().map(text).transpose()?;
    let method = Method::from_bytes(method.as_deref().unwrap_or("POST").as_bytes())
        .map_err(|_| Error::new(ErrorCode::InvalidInput, "The token request names no HTTP method."))?;
    let url = parse_url(&fill_url(&template.url, inputs)?)?;
    let mut headers = Vec::new();
    for (name, value) in &template.headers {
        headers.push((name.clone(), Secret::new(text(value)?)));
    }
    let mut basic = match &template.basic {
        Some([user, password]) => {
            let name = text(user)?;
            // RFC 7617 section 2: the colon ends the user name.
            if name.contains(':') {
                let field = whole_placeholder(user).unwrap_or(user);
                return Err(Error::input(field, "A user name with a colon cannot be used with Basic."));
            }
            Some((Secret::new(name), Secret::new(text(password)?)))
        }
        None => None,
    };
    let encoding = template.encoding.of(inputs)?;
    let mut body = template.body.as_ref().map(|body| filled(body, inputs)).transpose()?.unwrap_or(Value::Null);
    if let Some(client) = &template.client {
        let client = OAuthClient::of(client, inputs)?;
        match (client.authentication, &client.secret) {
            (ClientAuthentication::Basic, Some(secret)) => basic = Some(client.basic(secret)),
            _ => client.put_into(&mut body),
        }
    }
    Ok(Call { method, url, headers, basic, encoding, body: encoded(encoding, &body)? })
}

/// A body in its encoding; nothing at all where nothing is in it: some servers refuse an empty one.
fn encoded(encoding: TokenRequestEncoding, body: &Value) -> Result<Body> {
    match (encoding, body) {
        (_, Value::Null) => Ok(Body::Nothing),
        (_, Value::Object(members)) if members.is_empty() => Ok(Body::Nothing),
        (TokenRequestEncoding::Json, body) => Ok(Body::Json(Secret::new(body.to_string()))),
        (TokenRequestEncoding::Form | TokenRequestEncoding::Query, Value::Object(members)) => {
            let pair = |(name, value): (&String, &Value)| {
                let text = match value {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                (name.clone(), Secret::new(text))
            };
            Ok(Body::Pairs(members.iter().map(pair).collect()))
        }
        _ => Err(Error::new(ErrorCode::InvalidInput, "A form needs names and values: the body must be a JSON object.")),
    }
}

/// Fills a body. A text that is one placeholder becomes its value, of its own kind; an empty one leaves its member out.
fn filled(template: &Value, inputs: &Inputs) -> Result<Value> {
    Ok(match template {
        Value::String(text) => match whole_placeholder(text) {
            Some(name) => match inputs.inside(name) {
                Some(inside) => filled(&inputs.value(name)?, &inside)?,
                None => inputs.value(name)?,
            },
            None => Value::String(fill(text, inputs, Encoding::Plain)?),
        },
        Value::Array(items) => Value::Array(items.iter().map(|item| filled(item, inputs)).collect::<Result<_>>()?),
        Value::Object(members) => {
            let mut object = serde_json::Map::new();
            for (name, member) in members {
                let value = filled(member, inputs)?;
                if !value.is_null() || member.is_null() {
                    object.insert(name.clone(), value);
                }
            }
            Value::Object(object)
        }
        other => other.clone(),
    })
}
