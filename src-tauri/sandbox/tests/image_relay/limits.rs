use keydesk_sandbox::Options;
use reqwest::Method;

use crate::client::Client;

#[tokio::test]
async fn more_than_five_requests_a_second_are_refused_in_plain_text() {
    let client = Client::with(Options::default()).await;
    let mut refused = None;
    // All at once, so that a slow machine doesn't spread them over seconds.
    let requests: Vec<_> = (0..40).map(|_| tokio::spawn(client.with_key(Method::GET, "/users/me").send())).collect();
    for request in requests {
        let response = request.await.unwrap().unwrap();
        match response.status().as_u16() {
            200 => {}
            429 => refused = Some(response),
            other => panic!("{other}"),
        }
    }
    let refused = refused.unwrap();
    assert_eq!(refused.headers()["retry-after"], "1");
    assert!(refused.headers()["content-type"].to_str().unwrap().starts_with("text/plain"));
}

#[tokio::test]
async fn rule_can_be_lifted_while_it_runs() {
    let client = Client::with(Options { image_relay_rate: Some(0), ..Options::default() }).await;
    assert_eq!(client.get("/users/me").await.0, 429);
    client.sandbox.change(|options| options.image_relay_rate = None);
    for _ in 0..10 {
        assert_eq!(client.get("/users/me").await.0, 200);
    }
}

#[tokio::test]
async fn daily_limit_says_when_access_resumes() {
    let options = Options { image_relay_rate: None, image_relay_daily_limit: Some(2), ..Options::default() };
    let client = Client::with(options).await;
    for _ in 0..2 {
        assert_eq!(client.get("/users/me").await.0, 200);
    }
    let response = client.with_key(Method::GET, "/users/me").send().await.unwrap();
    assert_eq!(response.status(), 429);
    assert!(!response.headers().contains_key("retry-after"));
    let text = response.text().await.unwrap();
    let at = text.strip_prefix("You have reached your daily API usage limit. Access will resume at ").unwrap();
    let at = at.strip_suffix(" UTC").unwrap();
    assert!(at.parse::<jiff::civil::DateTime>().is_ok() && at.ends_with(" 00:00:00"), "{at}");
}
