//! Requests as a provider file describes them: of the API, and for a token.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::one_of::OneOf;

/// A request of the API.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestTemplate {
    /// The HTTP method.
    #[serde(default = "get")]
    pub method: String,
    /// A path below the base URL, or a whole URL.
    pub url: String,
    /// The query. A parameter that is one placeholder without a value is left out.
    #[serde(default)]
    pub query: BTreeMap<String, String>,
    /// A JSON body. A text that is one placeholder becomes that field's value, of its own kind.
    pub body: Option<serde_json::Value>,
}

fn get() -> String {
    "GET".to_owned()
}

/// Any request for a token: what is sent, and where in the answer the token stands.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// Requests before it; what is taken from their answers can stand in what follows.
    #[serde(default, rename = "step")]
    pub steps: Vec<Step>,
    /// What is sent.
    pub request: TokenRequestTemplate,
    /// Where the tokens stand.
    #[serde(default)]
    pub response: TokenResponseTemplate,
}

impl TokenRequest {
    /// Every template of what is sent.
    pub fn texts(&self) -> impl Iterator<Item = String> {
        self.steps.iter().map(|step| &step.request).chain([&self.request]).flat_map(TokenRequestTemplate::texts)
    }
}

impl TokenRequestTemplate {
    /// Every template of what is sent.
    pub fn texts(&self) -> Vec<String> {
        let body = self.body.iter().map(ToString::to_string);
        let client = self.client.iter().flat_map(|client| client.secret.iter().chain([&client.id]));
        let texts = self.headers.values().chain(self.basic.iter().flatten()).chain(client);
        texts.chain([&self.url]).cloned().chain(body).collect()
    }
}

/// A request before a token request.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What is sent.
    pub request: TokenRequestTemplate,
    /// What is taken from the answer: a name, and where it stands (RFC 6901). It is treated as a secret.
    pub take: BTreeMap<String, String>,
}

/// A request for a token.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenRequestTemplate {
    /// The HTTP method.
    #[serde(default)]
    pub method: Option<String>,
    /// A whole URL.
    pub url: String,
    /// Headers beside the usual ones.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// User name and password (RFC 7617), as they are.
    pub basic: Option<[String; 2]>,
    /// A client of OAuth.
    pub client: Option<Client>,
    /// How the body is written.
    #[serde(default)]
    pub encoding: OneOf<TokenRequestEncoding>,
    /// The body. A text that is one placeholder becomes that field's value; an empty one leaves its member out.
    pub body: Option<serde_json::Value>,
}

/// How a token request is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenRequestEncoding {
    /// As a form (RFC 6749 section 4.1.3).
    #[default]
    Form,
    /// As JSON.
    Json,
    /// In the query: for servers of an old draft only, since URLs are written down (RFC 6749 section 2.3.1).
    Query,
}

/// A client registration (RFC 6749 section 2).
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// The client identifier.
    pub id: String,
    /// The client secret, of a confidential client; one that comes out empty makes it a public one.
    pub secret: Option<String>,
    /// How a confidential client says who it is.
    #[serde(default)]
    pub authentication: OneOf<ClientAuthentication>,
}

/// RFC 6749 section 2.3.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// In the body, beside the rest.
    #[default]
    Body,
    /// By Basic, both parts encoded as in a form.
    Basic,
}

/// Where in an answer the tokens stand (RFC 6901). By default as RFC 6749 section 5.1 names them.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TokenResponseTemplate {
    /// The statuses that mean success.
    pub status: Vec<u16>,
    /// The access token.
    pub access_token: String,
    /// The access token where the answer holds none: a placeholder for the one that is still good.
    pub otherwise: Option<String>,
    /// The refresh token.
    pub refresh_token: Option<String>,
    /// When the access token ends.
    pub expires: Expires,
    /// What else is kept for the renewal, as a secret: a name, and where it stands.
    pub keep: BTreeMap<String, String>,
    /// What is remembered with the connection: a name for templates, and where it stands. Nothing secret.
    pub remember: BTreeMap<String, String>,
}

impl Default for TokenResponseTemplate {
    fn default() -> Self {
        Self {
            status: vec![200],
            access_token: "/access_token".to_owned(),
            otherwise: None,
            refresh_token: Some("/refresh_token".to_owned()),
            expires: Expires::default(),
            keep: BTreeMap::new(),
            remember: BTreeMap::new(),
        }
    }
}

/// When an access token ends.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Expires {
    /// Where it stands.
    pub at: String,
    /// How it is written.
    pub format: OneOf<ExpiresFormat>,
    /// For `fixed`: the lifetime in seconds, or a placeholder for it.
    pub seconds: Option<String>,
}

impl Default for Expires {
    fn default() -> Self {
        Self { at: "/expires_in".to_owned(), format: OneOf::default(), seconds: None }
    }
}

/// How the end of a token is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExpiresFormat {
    /// Seconds from now.
    #[default]
    Seconds,
    /// Minutes from now.
    Minutes,
    /// Seconds since 1970.
    Epoch,
    /// An instant with its zone (RFC 3339).
    Instant,
    /// A date and time without a zone, in UTC.
    NaiveUtc,
    /// As the token itself says (RFC 7519 `exp`).
    JwtExp,
    /// Always the same lifetime.
    Fixed,
}
