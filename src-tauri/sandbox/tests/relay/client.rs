use std::collections::HashMap;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use keydesk_sandbox::{Options, PASSWORD, Sandbox, USERNAME};
use reqwest::header::{AUTHORIZATION, LOCATION, USER_AGENT};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use sha2::{Digest, Sha256};
use url::Url;

pub const CLIENT_ID: &str = "RJZKRhh9";
pub const SUBSCRIBER: &str = "ee4547e0-aaef-4956-b853-ad0123456789";
pub const REDIRECT_URI: &str = "http://127.0.0.1:49152/authorization-code/callback";
pub const SCOPE: &str = "openid profile offline_access";
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";

/// Which server, by what its paths begin and end with.
#[derive(Clone, Copy)]
pub struct Server {
    pub authorization: &'static str,
    pub token: &'static str,
}

pub const CURRENT: Server = Server {
    authorization: "/relay/auth/realms/Relay/protocol/openid-connect/auth",
    token: "/relay/auth/realms/Relay/protocol/openid-connect/token",
};
pub const LEGACY: Server =
    Server { authorization: "/relay/legacy/oauth2/authorization", token: "/relay/legacy/oauth2/token" };

/// A client, the browser of its person, and the sandbox they meet at.
pub struct Client {
    pub sandbox: Sandbox,
    http: reqwest::Client,
    server: Server,
}

impl Client {
    pub async fn of(server: Server) -> Self {
        Self::with(server, Options::default()).await
    }

    pub async fn with(server: Server, options: Options) -> Self {
        let http = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Self { sandbox: Sandbox::start(options).await.unwrap(), http, server }
    }

    pub fn at(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox.url())
    }

    /// A good authorization request with some parameters set otherwise; an empty value leaves one out.
    pub fn authorization_url(&self, otherwise: &[(&str, &str)]) -> Url {
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let mut parameters = HashMap::from([
            ("client_id", CLIENT_ID),
            ("response_type", "code"),
            ("scope", SCOPE),
            ("redirect_uri", REDIRECT_URI),
            ("state", "af0ifjsldkj"),
            ("nonce", "n-0S6_WzA2Mj"),
            ("code_challenge_method", "S256"),
            ("code_challenge", &challenge),
        ]);
        parameters.extend(otherwise.iter().copied());
        parameters.retain(|_, value| !value.is_empty());
        Url::parse_with_params(&self.at(self.server.authorization), parameters).unwrap()
    }

    pub async fn open(&self, otherwise: &[(&str, &str)]) -> Response {
        let url = self.authorization_url(otherwise);
        self.http.get(url).send().await.unwrap()
    }

    pub async fn submit(&self, otherwise: &[(&str, &str)], form: &[(&str, &str)]) -> Response {
        let url = self.authorization_url(otherwise);
        self.http.post(url).form(form).send().await.unwrap()
    }

    /// The code that a login ends in.
    pub async fn code(&self, otherwise: &[(&str, &str)]) -> String {
        let form = [("username", USERNAME), ("password", PASSWORD), ("remember_me", "yes"), ("answer", "log-in")];
        let response = self.submit(otherwise, &form).await;
        parameters(&response)["code"].clone()
    }

    pub async fn token(&self, form: &[(&str, &str)]) -> (u16, Value) {
        let url = self.at(self.server.token);
        read(self.http.post(url).form(form)).await
    }

    pub async fn redeem(&self, code: &str) -> (u16, Value) {
        self.redeem_with(code, REDIRECT_URI, VERIFIER).await
    }

    pub async fn redeem_with(&self, code: &str, redirect_uri: &str, verifier: &str) -> (u16, Value) {
        self.token(&[
            ("grant_type", "authorization_code"),
            ("client_id", CLIENT_ID),
            ("redirect_uri", redirect_uri),
            ("code", code),
            ("code_verifier", verifier),
        ])
        .await
    }

    pub async fn refresh(&self, refresh_token: &str) -> (u16, Value) {
        self.token(&[("grant_type", "refresh_token"), ("client_id", CLIENT_ID), ("refresh_token", refresh_token)]).await
    }

    /// The token set of a whole login.
    pub async fn log_in(&self) -> Value {
        let code = self.code(&[]).await;
        let (status, tokens) = self.redeem(&code).await;
        assert_eq!(status, 200, "{tokens}");
        tokens
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(self.at(path))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(self.at(path))
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.at(path))
    }

    /// A GET at the API, with what it demands.
    pub async fn ask(&self, path: &str, access_token: &str) -> (u16, Value) {
        read(self.presented(self.get(path), access_token)).await
    }

    pub async fn send(&self, path: &str, access_token: &str, body: &Value) -> (u16, Value) {
        read(self.presented(self.post(path), access_token).json(body)).await
    }

    fn presented(&self, request: RequestBuilder, access_token: &str) -> RequestBuilder {
        request.header(AUTHORIZATION, format!("Bearer {access_token}")).header(USER_AGENT, "keydesk-tests")
    }
}

pub async fn read(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body = response.text().await.unwrap();
    (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
}

/// Where a response redirects to, without the query.
pub fn target(response: &Response) -> String {
    let location = response.headers()[LOCATION].to_str().unwrap();
    location.split(['?', '#']).next().unwrap().to_owned()
}

/// The query that a response redirects with.
pub fn parameters(response: &Response) -> HashMap<String, String> {
    let location = response.headers()[LOCATION].to_str().unwrap();
    let url = Url::parse(location).unwrap();
    url.query_pairs().into_owned().collect()
}

/// The claims set of a JWT.
pub fn claims(token: &Value) -> Value {
    let payload = text(token).split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
