//! The token endpoint of OAuth 2 (RFC 6749 section 3.2): exchange a code, refresh.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use url::Url;

use super::authorization_code::AuthorizationRequest;
use super::token_client::{Body, Call, TokenClient};
use super::token_response::TokenResponse;
use crate::error::Result;
use crate::provider::{
    Client, ClientAuthentication, Encoding, Inputs, TokenRequestEncoding, TokenResponseTemplate, fill,
};
use crate::secret::Secret;

/// A client registration (RFC 6749 section 2).
#[derive(Debug, Clone)]
pub struct OAuthClient {
    /// The client identifier.
    pub id: String,
    /// The client secret; none for a public client.
    pub secret: Option<Secret>,
    /// How a confidential client says who it is.
    pub authentication: ClientAuthentication,
}

impl OAuthClient {
    /// Fills a template.
    ///
    /// # Errors
    /// As for [`fill`].
    pub fn of(template: &Client, inputs: &Inputs) -> Result<Self> {
        // A secret that was not typed makes it a public client.
        let secret = template.secret.as_deref().map(|secret| fill(secret, inputs, Encoding::Plain));
        let secret = secret.and_then(Result::ok).filter(|secret| !secret.is_empty()).map(Secret::new);
        // Only a confidential client has something to say in one way or another.
        let authentication = match &secret {
            Some(_) => template.authentication.of(inputs)?,
            None => ClientAuthentication::Body,
        };
        Ok(Self { id: fill(&template.id, inputs, Encoding::Plain)?, secret, authentication })
    }

    /// User name and password of Basic: both parts encoded as in a form (RFC 6749 section 2.3.1).
    pub(super) fn basic(&self, secret: &Secret) -> (Secret, Secret) {
        let encoded =
            |text: &str| Secret::new(url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>());
        (encoded(&self.id), encoded(secret.expose()))
    }

    /// Identifier and secret beside the rest.
    pub(super) fn put_into(&self, body: &mut Value) {
        if body.is_null() {
            *body = json!({});
        }
        if let Value::Object(members) = body {
            members.insert("client_id".to_owned(), self.id.clone().into());
            if let Some(secret) = &self.secret {
                members.insert("client_secret".to_owned(), secret.expose().into());
            }
        }
    }
}

/// Where tokens are asked for, and as whom.
#[derive(Debug, Clone)]
pub struct TokenEndpoint {
    /// The token endpoint.
    pub url: Url,
    /// Who asks.
    pub client: OAuthClient,
    /// How the request is written.
    pub encoding: TokenRequestEncoding,
    /// What a refresh sends beside what RFC 6749 section 6 names.
    pub refresh_parameters: BTreeMap<String, String>,
}

impl TokenEndpoint {
    /// One that takes a form.
    pub fn new(url: Url, client: OAuthClient) -> Self {
        Self { url, client, encoding: TokenRequestEncoding::Form, refresh_parameters: BTreeMap::new() }
    }
}

impl TokenClient {
    /// Exchanges a code (RFC 6749 section 4.1.3). Never sent again, whatever happens (RFC 9700 section 4.5).
    ///
    /// # Errors
    /// Those of the token endpoint.
    pub async fn exchange_code(
        &self,
        endpoint: &TokenEndpoint,
        request: &AuthorizationRequest,
        code: &Secret,
    ) -> Result<TokenResponse> {
        self.hide([code, &request.code_verifier]);
        let parameters = [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", request.redirect_uri.as_str()),
            ("code_verifier", request.code_verifier.expose()),
        ];
        let outcome = self.request(endpoint, &parameters).await;
        // Spent, whatever came of them.
        self.spent([code, &request.code_verifier]);
        outcome
    }

    /// Refreshes (RFC 6749 section 6).
    ///
    /// # Errors
    /// `token_refused` for `invalid_grant`; else those of the token endpoint.
    pub async fn refresh(&self, endpoint: &TokenEndpoint, refresh_token: &Secret) -> Result<TokenResponse> {
        self.hide([refresh_token]);
        let mut parameters = vec![("grant_type", "refresh_token"), ("refresh_token", refresh_token.expose())];
        parameters.extend(endpoint.refresh_parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())));
        self.request(endpoint, &parameters).await
    }

    pub(super) async fn request(&self, endpoint: &TokenEndpoint, parameters: &[(&str, &str)]) -> Result<TokenResponse> {
        let answer = self.post(&endpoint.url, &endpoint.client, endpoint.encoding, parameters).await?;
        let template = TokenResponseTemplate::default();
        let response = TokenResponse::read(&answer, &template, &Inputs::default(), &[]);
        let response = response.map_err(|error| self.masked(error))?;
        self.hide(response.secrets());
        Ok(response)
    }

    /// Sends parameters as a client.
    pub(super) async fn post(
        &self,
        url: &Url,
        client: &OAuthClient,
        encoding: TokenRequestEncoding,
        parameters: &[(&str, &str)],
    ) -> Result<crate::transport::Answer> {
        self.hide(&client.secret);
        let mut pairs: Vec<(String, Secret)> =
            parameters.iter().map(|(name, value)| ((*name).to_owned(), Secret::new(*value))).collect();
        let basic = match (client.authentication, &client.secret) {
            (ClientAuthentication::Basic, Some(secret)) => Some(client.basic(secret)),
            (_, secret) => {
                pairs.push(("client_id".to_owned(), Secret::new(client.id.as_str())));
                pairs.extend(secret.clone().map(|secret| ("client_secret".to_owned(), secret)));
                None
            }
        };
        let method = reqwest::Method::POST;
        let call = Call { method, url: url.clone(), headers: Vec::new(), basic, encoding, body: Body::Pairs(pairs) };
        self.send(call).await
    }
}
