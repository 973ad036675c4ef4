use std::collections::HashMap;

use base64::Engine;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD};
use keydesk_sandbox::{
    ANOTHER_API_CLIENT_ID, ANOTHER_API_CLIENT_SECRET, ANOTHER_API_CONFIDENTIAL_CLIENT_ID, Options, PASSWORD, Sandbox,
    USERNAME,
};
use reqwest::header::{AUTHORIZATION, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

pub const REDIRECT_URI: &str = "http://127.0.0.1:49152/callback";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const TOKEN: &str = "/oauth/token";

/// A client, the browser of its person, and the sandbox they meet at.
pub struct Client {
    pub sandbox: Sandbox,
    http: reqwest::Client,
}

impl Client {
    pub async fn new() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn with(options: Options) -> Self {
        let http = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Self { sandbox: Sandbox::start(options).await.unwrap(), http }
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.url())
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(self.at(path))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(self.at(path))
    }

    /// A good authorization request with some parameters set otherwise; an empty value leaves one out.
    pub fn authorization_url(&self, otherwise: &[(&str, &str)]) -> Url {
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let mut parameters = HashMap::from([
            ("client_id", ANOTHER_API_CLIENT_ID),
            ("response_type", "code"),
            ("scope", "openid profile offline_access"),
            ("redirect_uri", REDIRECT_URI),
            ("state", "af0ifjsldkj"),
            ("nonce", "n-0S6_WzA2Mj"),
            ("code_challenge_method", "S256"),
            ("code_challenge", &challenge),
        ]);
        parameters.extend(otherwise.iter().copied());
        parameters.retain(|_, value| !value.is_empty());
        Url::parse_with_params(&self.at("/oauth/authorize"), parameters).unwrap()
    }

    pub async fn open(&self, otherwise: &[(&str, &str)]) -> Response {
        self.http.get(self.authorization_url(otherwise)).send().await.unwrap()
    }

    pub async fn submit(&self, otherwise: &[(&str, &str)], form: &[(&str, &str)]) -> Response {
        self.http.post(self.authorization_url(otherwise)).form(form).send().await.unwrap()
    }

    /// The authorization response that a login ends in.
    pub async fn answer(&self, otherwise: &[(&str, &str)]) -> HashMap<String, String> {
        let form = [("username", USERNAME), ("password", PASSWORD), ("answer", "log-in")];
        parameters(&self.submit(otherwise, &form).await)
    }

    pub async fn token(&self, form: &[(&str, &str)]) -> (u16, Value) {
        read(self.post(TOKEN).form(form)).await
    }

    pub async fn redeem(&self, code: &str) -> (u16, Value) {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("client_id", ANOTHER_API_CLIENT_ID),
            ("redirect_uri", REDIRECT_URI),
            ("code", code),
            ("code_verifier", VERIFIER),
        ])
        .await
    }

    pub async fn refresh(&self, token: &Value) -> (u16, Value) {
        self.token(&[
            ("grant_type", "refresh_token"),
            ("client_id", ANOTHER_API_CLIENT_ID),
            ("refresh_token", text(token)),
        ])
        .await
    }

    /// The token set of a whole login in the browser.
    pub async fn log_in(&self) -> Value {
        let code = self.answer(&[]).await["code"].clone();
        let (status, tokens) = self.redeem(&code).await;
        assert_eq!(status, 200, "{tokens}");
        tokens
    }

    pub async fn ask(&self, path: &str, access_token: &Value) -> (u16, Value) {
        read(self.get(path).bearer_auth(text(access_token))).await
    }
}

/// client_secret_basic as RFC 6749 §2.3.1 wants it: both parts form-encoded.
pub fn confidential(request: RequestBuilder) -> RequestBuilder {
    let encode = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encode(ANOTHER_API_CONFIDENTIAL_CLIENT_ID), encode(ANOTHER_API_CLIENT_SECRET));
    request.header(AUTHORIZATION, format!("Basic {}", BASE64_STANDARD.encode(pair)))
}

pub async fn read(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body = response.text().await.unwrap();
    (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
}

/// The query that a response redirects with.
pub fn parameters(response: &Response) -> HashMap<String, String> {
    let location = response.headers()[LOCATION].to_str().unwrap();
    Url::parse(location).unwrap().query_pairs().into_owned().collect()
}

/// The claims set of a JWT.
pub fn claims(token: &Value) -> Value {
    let payload = text(token).split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
