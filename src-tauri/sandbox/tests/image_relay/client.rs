use std::collections::HashMap;

use keydesk_sandbox::{
    IMAGE_RELAY_CLIENT_ID, IMAGE_RELAY_CLIENT_SECRET, IMAGE_RELAY_KEY, Options, PASSWORD, Sandbox, USERNAME,
};
use reqwest::header::{AUTHORIZATION, LOCATION, USER_AGENT};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Response};
use serde_json::Value;
use url::Url;

pub const REDIRECT_URI: &str = "http://127.0.0.1:49152/callback";
pub const TOKEN: &str = "/oauth/token";
pub const ME: &str = "/api/v2/users/me.json";

/// A client, the browser of its person, and the sandbox they meet at.
pub struct Client {
    pub sandbox: Sandbox,
    http: reqwest::Client,
}

impl Client {
    /// Without the rule of five requests a second: no test of anything else waits for it.
    pub async fn new() -> Self {
        Self::with(Options { image_relay_rate: None, ..Options::default() }).await
    }

    pub async fn with(options: Options) -> Self {
        let http = reqwest::Client::builder().redirect(Policy::none()).no_proxy().build().unwrap();
        Self { sandbox: Sandbox::start(options).await.unwrap(), http }
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/image-relay{path}", self.sandbox.url()))
    }

    pub fn authorization_url(&self, otherwise: &[(&str, &str)]) -> Url {
        let mut parameters = HashMap::from([
            ("client_id", IMAGE_RELAY_CLIENT_ID),
            ("response_type", "code"),
            ("redirect_uri", REDIRECT_URI),
            ("state", "af0ifjsldkj"),
        ]);
        parameters.extend(otherwise.iter().copied());
        let url = format!("{}/image-relay/oauth/authorize", self.sandbox.url());
        Url::parse_with_params(&url, parameters).unwrap()
    }

    pub async fn open(&self, otherwise: &[(&str, &str)]) -> Response {
        self.http.get(self.authorization_url(otherwise)).send().await.unwrap()
    }

    pub async fn submit(&self, otherwise: &[(&str, &str)], form: &[(&str, &str)]) -> Response {
        self.http.post(self.authorization_url(otherwise)).form(form).send().await.unwrap()
    }

    pub async fn code(&self, otherwise: &[(&str, &str)]) -> String {
        let form = [("username", USERNAME), ("password", PASSWORD), ("answer", "log-in")];
        parameters(&self.submit(otherwise, &form).await)["code"].clone()
    }

    pub async fn token(&self, form: &[(&str, &str)]) -> (u16, Value) {
        read(self.request(Method::POST, TOKEN).form(form)).await
    }

    pub async fn log_in(&self) -> Value {
        let code = self.code(&[]).await;
        let (status, tokens) = self.token(&exchange(&code)).await;
        assert_eq!(status, 200, "{tokens}");
        tokens
    }

    pub async fn refresh(&self, token: &Value) -> (u16, Value) {
        let [id, secret] = credentials();
        let grant = ("grant_type", "refresh_token");
        self.token(&[grant, id, secret, ("refresh_token", token.as_str().unwrap())]).await
    }

    /// A request at the API with a User-Agent and these words in Authorization.
    pub fn presented(&self, method: Method, path: &str, authorization: &str) -> RequestBuilder {
        self.request(method, path).header(AUTHORIZATION, authorization).header(USER_AGENT, "keydesk-tests")
    }

    /// The same with the demo account's key, below `/api/v2`.
    pub fn with_key(&self, method: Method, path: &str) -> RequestBuilder {
        self.presented(method, &format!("/api/v2{path}"), &format!("Bearer {IMAGE_RELAY_KEY}"))
    }

    pub async fn get(&self, path: &str) -> (u16, Value) {
        read(self.with_key(Method::GET, path)).await
    }

    pub async fn send(&self, method: Method, path: &str, body: &Value) -> (u16, Value) {
        read(self.with_key(method, path).json(body)).await
    }
}

pub fn credentials() -> [(&'static str, &'static str); 2] {
    [("client_id", IMAGE_RELAY_CLIENT_ID), ("client_secret", IMAGE_RELAY_CLIENT_SECRET)]
}

/// What a client sends with a code.
pub fn exchange(code: &str) -> [(&str, &str); 5] {
    let [id, secret] = credentials();
    [("grant_type", "authorization_code"), id, secret, ("redirect_uri", REDIRECT_URI), ("code", code)]
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
