use keydesk_sandbox::Options;
use reqwest::Response;

use crate::client::{CURRENT, Client, target, text};

const CONTEXT: &str = "/relay/api/ibot/authz_context";

async fn submit(client: &Client, form: &[(&str, &str)]) -> Response {
    let own = client.sandbox.url().to_owned();
    client.post("/sandbox/settings").header("origin", own).form(form).send().await.unwrap()
}

#[tokio::test]
async fn lifetime_and_latency_are_set_from_the_front_page() {
    let client = Client::of(CURRENT).await;
    let response = submit(&client, &[("do", "set"), ("access_token_lifetime", "30"), ("latency", "1")]).await;
    assert_eq!((response.status().as_u16(), target(&response).as_str()), (303, "/"));
    assert_eq!(client.log_in().await["expires_in"], 30);
    let html = client.get("/?done=set").send().await.unwrap().text().await.unwrap();
    assert!(html.contains("role=\"status\"") && html.contains("value=\"30\""));
}

#[tokio::test]
async fn tokens_end_and_are_revoked_from_the_front_page() {
    let client = Client::of(CURRENT).await;
    let tokens = client.log_in().await;
    submit(&client, &[("do", "expire")]).await;
    assert_eq!(client.ask(CONTEXT, text(&tokens["access_token"])).await.0, 401);
    let (status, tokens) = client.refresh(text(&tokens["refresh_token"])).await;
    assert_eq!(status, 200);
    submit(&client, &[("do", "revoke")]).await;
    assert_eq!(client.refresh(text(&tokens["refresh_token"])).await.0, 400);
}

#[tokio::test]
async fn failures_are_planned_from_the_front_page() {
    let client = Client::of(CURRENT).await;
    submit(&client, &[("do", "fail"), ("path", "/sandbox/log"), ("status", "418"), ("times", "1")]).await;
    assert_eq!(client.get("/sandbox/log").send().await.unwrap().status(), 418);
    assert_eq!(client.get("/sandbox/log").send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn page_of_another_origin_changes_nothing() {
    let client = Client::of(CURRENT).await;
    let tokens = client.log_in().await;
    for origin in ["https://evil.example", "null", "http://127.0.0.1:1"] {
        let request = client.post("/sandbox/settings").header("origin", origin);
        assert_eq!(request.form(&[("do", "revoke")]).send().await.unwrap().status(), 403, "{origin}");
    }
    assert_eq!(client.ask(CONTEXT, text(&tokens["access_token"])).await.0, 200);
    // Or a browser would send the page's own forms with the origin `null`.
    let page = client.get("/").send().await.unwrap();
    assert_eq!(page.headers()["referrer-policy"], "same-origin");
}

#[tokio::test]
async fn nonsense_is_refused_with_a_page() {
    let client = Client::with(CURRENT, Options::default()).await;
    for form in [
        &[("do", "dance")][..],
        &[("do", "set"), ("access_token_lifetime", "0"), ("latency", "0")],
        &[("do", "set"), ("access_token_lifetime", "30"), ("latency", "3600000")],
        &[("do", "fail"), ("path", "relay"), ("status", "503"), ("times", "1")],
        &[("do", "fail"), ("path", "/relay"), ("status", "100"), ("times", "1")],
    ] {
        let response = submit(&client, form).await;
        assert_eq!(response.status(), 400, "{form:?}");
        assert!(response.text().await.unwrap().contains("role=\"alert\""));
    }
}
