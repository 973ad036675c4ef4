//! Answers of all kinds.

use keydesk_sandbox::ANOTHER_API_KEY;
use reqwest::Method;
use reqwest::redirect::Policy;
use serde_json::Value;

use crate::client::{Client, read};

async fn answer(client: &Client, path: &str) -> reqwest::Response {
    let response = client.get(&format!("/oauth/api/answers{path}")).header("X-API-Key", ANOTHER_API_KEY).send().await;
    response.unwrap()
}

#[tokio::test]
async fn sizes_are_those_that_were_asked_for() {
    let client = Client::new().await;
    for (path, size) in
        [("/bytes?bytes=70000", 70_000), ("/text?bytes=5000&line=0", 5000), ("/levels?levels=100000", 200_000)]
    {
        assert_eq!(answer(&client, path).await.bytes().await.unwrap().len(), size, "{path}");
    }
    let rows: Vec<Value> = answer(&client, "/rows?rows=2500").await.json().await.unwrap();
    assert_eq!((rows.len(), &rows[2499]["id"]), (2500, &2500.into()));
    assert_eq!(answer(&client, "/slow?parts=3&every_ms=1").await.text().await.unwrap().lines().count(), 3);
    assert!(answer(&client, "/endless").await.chunk().await.unwrap().unwrap().len() > 1000);
}

#[tokio::test]
async fn types_are_told() {
    let client = Client::new().await;
    for (path, kind, begin) in [
        ("/image", "image/png", &b"\x89PNG"[..]),
        ("/pdf", "application/pdf", b"%PDF-1.4"),
        ("/exact", "application/json", b"{\"zebra\""),
        ("/broken", "application/json", b"{"),
        ("/page", "text/html; charset=utf-8", b"<!doctype"),
        ("/empty", "text/plain", b""),
    ] {
        let response = answer(&client, path).await;
        assert_eq!(response.headers()["content-type"], kind);
        assert!(response.bytes().await.unwrap().starts_with(begin), "{path}");
    }
    // The client unpacks it.
    assert_eq!(answer(&client, "/gzip?zeros=1000000").await.bytes().await.unwrap().len(), 1_000_000);
    for status in [200, 204, 404, 418, 503] {
        assert_eq!(answer(&client, &format!("/status/{status}")).await.status(), status);
    }
}

#[tokio::test]
async fn pdf_says_rightly_where_its_objects_begin() {
    let client = Client::new().await;
    let file = answer(&client, "/pdf").await.text().await.unwrap();
    let places: Vec<usize> = file.lines().filter_map(|line| line.strip_suffix(" 00000 n ")?.parse().ok()).collect();
    for (number, place) in (1..).zip(&places) {
        assert!(file[*place..].starts_with(&format!("{number} 0 obj")));
    }
    assert_eq!(places.len(), 5);
}

#[tokio::test]
async fn redirects_lead_here_elsewhere_and_back() {
    let client = Client::new().await;
    let http = reqwest::Client::builder().no_proxy().redirect(Policy::limited(10)).build().unwrap();
    let url = |query: &str| format!("{}/oauth/api/answers/redirect?{query}", client.sandbox.url());
    let follow =
        |query: &str| http.request(Method::POST, url(query)).header("X-API-Key", ANOTHER_API_KEY).body("x").send();
    let end = follow("times=4&status=307").await.unwrap();
    assert_eq!(end.json::<Value>().await.unwrap()["method"], "POST");
    let end = follow("times=2&to=elsewhere").await.unwrap();
    assert_eq!(end.url().host_str(), Some("localhost"));
    let end = follow("to=back").await.unwrap();
    assert_eq!((end.url().host_str(), end.url().path()), (Some("127.0.0.1"), "/oauth/api/echo"));
    assert!(follow("times=20").await.unwrap_err().is_redirect());
}

#[tokio::test]
async fn echo_says_of_a_secret_only_that_it_came() {
    let client = Client::new().await;
    let tokens = client.log_in().await;
    let token = tokens["access_token"].as_str().unwrap();
    let (_, echo) = read(client.get("/oauth/api/echo").bearer_auth(token).header("X-Note", "hello")).await;
    assert_eq!(
        (&echo["headers"]["authorization"], &echo["headers"]["x-note"]),
        (&"Bearer •••".into(), &"hello".into())
    );
    assert!(!echo.to_string().contains(token));
    let (status, echo) = read(client.get("/oauth/public/echo")).await;
    assert!(status == 200 && echo["headers"]["authorization"].is_null());
}
