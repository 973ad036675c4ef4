use std::collections::BTreeMap;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use keydesk_sandbox::{Options, PASSWORD, Sandbox, USERNAME, offers};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

pub const SUPER: &str = "super@hillside.example";
pub const VIEWER: &str = "bob@lakeside.example";
pub const DEVICE: &str = "/api/v2/devices/1001";
pub const CPU_ID: &str = "c0ffee0000000000";

/// A client and the sandbox it asks.
pub struct Client {
    pub sandbox: Sandbox,
    http: reqwest::Client,
}

impl Client {
    pub async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub async fn with(options: Options) -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { sandbox: Sandbox::start(options).await.unwrap(), http }
    }

    pub async fn with_lifetime(seconds: u64) -> Self {
        Self::with(Options { access_token_lifetime: Duration::from_secs(seconds), ..Options::default() }).await
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}/spoke-zone{path}", self.sandbox.url()))
    }

    pub async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        read(self.request(Method::GET, path).header("x-access-token", token)).await
    }

    pub async fn post(&self, path: &str, token: &str, body: &Value) -> (u16, Value) {
        read(self.request(Method::POST, path).header("x-access-token", token).json(body)).await
    }

    pub async fn log_in(&self, username: &str) -> String {
        let body = json!({ "username": username, "password": PASSWORD });
        let (status, answer) = read(self.request(Method::POST, "/login").json(&body)).await;
        assert_eq!(status, 200, "{answer}");
        text(&answer["token"]).to_owned()
    }

    /// What the sandbox offers to be typed at a login.
    pub fn offered(&self, login: &str) -> BTreeMap<String, String> {
        let offers = offers(self.sandbox.url());
        let offer = offers.into_iter().find(|offer| offer.provider == "spoke-zone").unwrap();
        offer.logins[login].clone()
    }

    /// POST `/loginDevice` as the demo device, with this token.
    pub async fn renew(&self, token: &str) -> (u16, Value) {
        let mut body = self.offered("device");
        body.insert("token".to_owned(), token.to_owned());
        read(self.request(Method::POST, "/loginDevice").json(&body)).await
    }

    /// A new token of the demo device.
    pub async fn device_token(&self) -> String {
        let user = self.log_in(USERNAME).await;
        let (status, answer) = self.secrets(&user, &json!({ "cpuId": CPU_ID })).await;
        assert_eq!(status, 200, "{answer}");
        text(&answer["token"]).to_owned()
    }

    /// GET with a body.
    pub async fn secrets(&self, token: &str, body: &Value) -> (u16, Value) {
        let request = self.request(Method::GET, &format!("{DEVICE}/secrets"));
        read(request.header("x-access-token", token).json(body)).await
    }
}

pub async fn read(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body = response.text().await.unwrap();
    (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
}

/// The type of the one error, whose shape is looked at on the way.
pub fn kind(body: &Value) -> &str {
    let [error] = &body["errors"].as_array().unwrap()[..] else { panic!("one error: {body}") };
    assert!(error["message"].is_string() && error["details"].is_object(), "{body}");
    text(&error["type"])
}

pub fn claims(token: &str) -> Value {
    let payload = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

pub fn ids(list: &Value) -> Vec<u64> {
    list.as_array().unwrap().iter().map(|item| item["id"].as_u64().unwrap()).collect()
}
