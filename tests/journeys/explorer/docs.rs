//! What describes an endpoint, opened in the person's browser.

use keydesk_core::ErrorCode;
use serde_json::{Value, json};

use crate::acme::Acme;
use crate::house::Does;

const LISTED: &str = r#"
[catalogue]
groups = [{ name = "Orders", docs = "https://docs.acme.example/orders" }]
[[endpoint]]
call = "GET /orders"
group = "Orders"
about = "All orders."
"#;

/// A document whose calls name these addresses.
fn document(calls: &[(&str, &str)]) -> String {
    let call = |url: &str| json!({"externalDocs": {"url": url}, "responses": {"200": {"description": "Good."}}});
    let calls: serde_json::Map<String, Value> =
        calls.iter().map(|(method, url)| ((*method).to_owned(), call(url))).collect();
    json!({"openapi": "3.1.0", "info": {"title": "Pets", "version": "1"}, "paths": {"/pets": calls}}).to_string()
}

/// At a server that nobody asks, and with a browser that only opens.
async fn stage(does: Does) -> Acme {
    let acme = Acme::at("https://api.acme.example", LISTED).await;
    *acme.house.person.does.lock().unwrap() = does;
    acme
}

impl Acme {
    async fn not_opened(&self, endpoint: &str) -> ErrorCode {
        let refused = self.house.keydesk.open_docs(&self.connection.id, endpoint).await;
        refused.expect_err("it was opened").code
    }

    fn opened(&self) -> Vec<String> {
        self.house.person.opened.lock().unwrap().iter().map(ToString::to_string).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn j6_what_describes_an_endpoint_is_opened_and_nothing_that_stands_in_no_catalogue() {
    let acme = stage(Does::Nothing).await;
    let (keydesk, id) = (&acme.house.keydesk, &acme.connection.id);
    let text = document(&[("get", "https://pets.example/docs?a=b#c"), ("delete", "https://me@pets.example/")]);
    let pets = keydesk.import_catalogue(id.clone(), text).await.unwrap();
    keydesk.open_docs(id, "GET /orders").await.unwrap();
    keydesk.open_docs(id, "GET /pets").await.unwrap();
    for endpoint in ["DELETE /pets", "POST /pets", "https://evil.example/", "file:///etc/passwd", ""] {
        assert_eq!(acme.not_opened(endpoint).await, ErrorCode::InvalidInput, "{endpoint}");
    }
    keydesk.remove_catalogue(id.clone(), pets.id).await.unwrap();
    assert_eq!(acme.not_opened("GET /pets").await, ErrorCode::InvalidInput);
    assert_eq!(acme.opened(), ["https://docs.acme.example/orders", "https://pets.example/docs?a=b#c"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn j6_a_strangers_document_opens_only_https_and_nothing_of_this_machine() {
    let acme = stage(Does::Nothing).await;
    let calls = [
        ("get", "http://pets.example/"),
        ("post", "file:///etc/passwd"),
        ("put", "https://127.0.0.1:8384/"),
        ("patch", "https://localhost/"),
        ("delete", "https:///etc/passwd"),
        ("head", "https://[::1]/"),
        ("options", "https://pets.example/\u{0}"),
    ];
    acme.house.keydesk.import_catalogue(acme.connection.id.clone(), document(&calls)).await.unwrap();
    for (method, url) in calls {
        let endpoint = format!("{} /pets", method.to_uppercase());
        assert_eq!(acme.not_opened(&endpoint).await, ErrorCode::InvalidInput, "{url}");
    }
    assert!(acme.opened().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_that_does_not_start_is_told() {
    let acme = stage(Does::Fails).await;
    assert_eq!(acme.not_opened("GET /orders").await, ErrorCode::BrowserFailed);
}
