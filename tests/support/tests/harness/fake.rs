//! The server that misbehaves to order.

use std::time::{Duration, Instant};

use keydesk_support::{Answer, FakeServer, Outcome};
use serde_json::json;

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

#[tokio::test]
async fn it_answers_in_order_and_remembers_what_it_was_asked() -> Outcome {
    let server = FakeServer::start().await?;
    server.answer("/token", Answer::json(503, &json!({ "error": "busy" })));
    server.answer("/token", Answer::redirect(307, "http://127.0.0.1:1/"));
    server.answer_with("/token", |asked| Answer::json(200, &json!({ "got": asked.form_field("code") })));
    let post = async |code: &str| {
        client()
            .post(server.url("/token?x=1%202"))
            .form(&[("code", code)])
            .header("User-Agent", "it")
            .send()
            .await
            .unwrap()
    };
    assert_eq!(post("a").await.status(), 503);
    assert_eq!(post("b").await.headers()["location"], "http://127.0.0.1:1/");
    assert_eq!(post("c & d").await.json::<serde_json::Value>().await.unwrap(), json!({ "got": "c & d" }));
    assert_eq!(client().get(server.url("/other")).send().await.unwrap().status(), 404);
    let asked = server.received_at("/token");
    assert_eq!(asked.len(), 3);
    assert_eq!((asked[0].method.as_str(), asked[0].header("user-agent")), ("POST", Some("it")));
    assert_eq!(asked[2].query_parameter("x").as_deref(), Some("1 2"));
    assert_eq!(asked[2].text(), "code=c+%26+d");
    Ok(())
}

#[tokio::test]
async fn it_can_be_late_slow_cut_off_or_silent() -> Outcome {
    let server = FakeServer::start().await?;
    server.answer("/late", Answer::new(200).after(Duration::from_millis(300)));
    server.answer("/slow", Answer::html(200, "0123456789").drip(2, Duration::from_millis(60)));
    server.answer("/cut", Answer::html(200, "0123456789").cut_after(4));
    server.answer("/none", Answer::new(200).cut_after(0));
    server.answer("/silent", Answer::silence());
    server.answer("/raw", Answer::raw("not HTTP at all\r\n\r\n"));
    for (path, least) in [("/late", 300), ("/slow", 240)] {
        let start = Instant::now();
        client().get(server.url(path)).send().await.unwrap().bytes().await.unwrap();
        assert!(start.elapsed() >= Duration::from_millis(least), "{path}");
    }
    assert!(client().get(server.url("/cut")).send().await.unwrap().bytes().await.is_err());
    assert!(client().get(server.url("/none")).send().await.is_err());
    assert!(client().get(server.url("/raw")).send().await.is_err());
    let silent = client().get(server.url("/silent")).timeout(Duration::from_millis(300)).send().await;
    assert!(silent.unwrap_err().is_timeout());
    Ok(())
}

#[tokio::test]
async fn it_is_gone_when_dropped() -> Outcome {
    let server = FakeServer::start().await?;
    let url = server.url("/");
    drop(server);
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(client().get(url).send().await.unwrap_err().is_connect());
    Ok(())
}
