use keydesk_sandbox::{Options, PASSWORD, Sandbox, USERNAME};
use reqwest::RequestBuilder;
use serde_json::{Value, json};

/// A client, and the sandbox it talks to.
pub struct Client {
    pub sandbox: Sandbox,
    http: reqwest::Client,
}

impl Client {
    pub async fn new() -> Self {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { sandbox: Sandbox::start(Options::default()).await.unwrap(), http }
    }

    pub fn request(&self, method: &str, path: &str) -> RequestBuilder {
        self.http.request(method.parse().unwrap(), format!("{}/own-api{path}", self.sandbox.url()))
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.request("POST", path)
    }

    pub async fn log_in(&self) -> (u16, Value) {
        read(self.post("/auth").json(&credentials())).await
    }

    pub async fn ask(&self, path: &str, token: &Value) -> (u16, Value) {
        let url = format!("{}/own-api{path}", self.sandbox.url());
        read(self.http.get(url).bearer_auth(token.as_str().unwrap())).await
    }
}

/// The misspelling is the sample's.
pub fn credentials() -> Value {
    json!({ "username": USERNAME, "password": PASSWORD, "accounNumber": 12000 })
}

pub async fn read(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let body = response.text().await.unwrap();
    (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
}
