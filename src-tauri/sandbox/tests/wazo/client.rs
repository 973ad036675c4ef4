use keydesk_sandbox::{Options, PASSWORD, Sandbox, USERNAME};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};

pub const AUTH: &str = "/wazo/api/auth/0.1";
pub const TOKEN: &str = "/wazo/api/auth/0.1/token";
pub const SUPER: &str = "super@hillside.example";
pub const OTHER: &str = "bob@hillside.example";
pub const TOP: &str = "2c34c282-433e-4bb8-8d56-fec14ff7e1e9";
pub const HILLSIDE: &str = "47bfdafc-2897-4369-8fb3-153d41fb835d";
pub const ANNEX: &str = "54eb71f8-1f4b-4ae4-8730-638062fbe521";
/// A UUID of nothing.
pub const NOTHING: &str = "00000000-0000-4000-8000-000000000000";

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

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.sandbox.url()))
    }

    pub fn login(&self, username: &str, body: &Value) -> RequestBuilder {
        self.request(Method::POST, TOKEN).basic_auth(username, Some(PASSWORD)).json(body)
    }

    /// The `data` of a login that succeeds.
    pub async fn log_in(&self, username: &str, body: &Value) -> Value {
        let (status, answer) = read(self.login(username, body)).await;
        assert_eq!(status, 200, "{answer}");
        answer["data"].clone()
    }

    pub async fn online(&self, username: &str) -> String {
        text(&self.log_in(username, &json!({})).await["token"]).to_owned()
    }

    pub async fn offline(&self, client_id: &str) -> Value {
        self.log_in(USERNAME, &json!({ "access_type": "offline", "client_id": client_id })).await
    }

    pub async fn refresh(&self, refresh_token: &Value, client_id: &str) -> (u16, Value) {
        let body = json!({ "refresh_token": refresh_token, "client_id": client_id });
        read(self.request(Method::POST, TOKEN).json(&body)).await
    }

    /// A request at wazo-auth that presents a token.
    pub fn presenting(&self, method: Method, path: &str, token: &str) -> RequestBuilder {
        self.request(method, &format!("{AUTH}{path}")).header("x-auth-token", token)
    }

    pub async fn get(&self, path: &str, token: &str) -> (u16, Value) {
        read(self.presenting(Method::GET, path, token)).await
    }

    pub async fn delete(&self, path: &str, token: &str) -> (u16, Value) {
        read(self.presenting(Method::DELETE, path, token)).await
    }

    /// Whether an access token still stands.
    pub async fn is_good(&self, token: &Value) -> bool {
        let path = format!("{TOKEN}/{}", text(token));
        self.request(Method::HEAD, &path).send().await.unwrap().status() == 204
    }
}

pub async fn read(request: RequestBuilder) -> (u16, Value) {
    body(request.send().await.unwrap()).await
}

pub async fn body(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let body = response.text().await.unwrap();
    (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
}

pub fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The reason of a token route's error, whose shape is looked at on the way.
pub fn reason((status, body): &(u16, Value)) -> String {
    assert_eq!(body["status_code"], *status, "{body}");
    assert!(body["timestamp"][0].is_f64());
    text(&body["reason"][0]).to_owned()
}

/// The `error_id` of an API route's error.
pub fn error_id(body: &Value) -> &str {
    assert!(body["timestamp"].is_f64() && body["details"].is_object(), "{body}");
    text(&body["error_id"])
}

pub fn is_page(body: &Value) -> bool {
    body.as_str().is_some_and(|body| body.starts_with("<!doctype html>"))
}
