//! Requests to another server than the connection's.

use keydesk_core::{ErrorCode, Variable};
use keydesk_support::{Answer, FakeServer};

use super::stage::{get, rows, stage};

#[tokio::test(flavor = "multi_thread")]
async fn h2_another_origin_is_asked_about_first_however_alike_it_looks() {
    let (server, acme) = stage().await;
    let port = server.address().port();
    for url in [
        format!("https://127.0.0.1:{port}/v1/x"),
        format!("http://localhost:{port}/v1/x"),
        format!("http://[::1]:{port}/v1/x"),
        format!("http://127.0.0.1:{}/v1/x", port ^ 1),
        format!("https://127.0.0.1.{port}.evil.test/v1/x"),
        "https://xn--bcher-kva.example/".to_owned(),
    ] {
        let refused = acme.denied(&get(&url)).await;
        assert_eq!((refused.code, refused.field.as_deref()), (ErrorCode::OtherOrigin, Some("url")), "{url}");
        let preview = acme.house.keydesk.preview_explorer_request(&acme.connection.id, &get(&url)).await.unwrap();
        let origin = url.split('/').take(3).collect::<Vec<_>>().join("/");
        assert_eq!(preview.elsewhere, Some(origin), "the person is asked about this one");
        assert!(!format!("{:?}", preview.headers).contains("•••"), "{url}");
    }
    for url in
        [format!("http://127.0.0.1:{port}@evil.test/"), "http://evil.test/".to_owned(), "ftp://a.example/".to_owned()]
    {
        assert_eq!(acme.denied(&get(&url)).await.code, ErrorCode::InvalidInput, "{url}");
    }
    assert!(server.received().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn h2_to_another_origin_goes_nothing_of_the_connection_also_when_the_person_says_so() {
    let (_server, acme) = stage().await;
    let other = FakeServer::start().await.unwrap();
    other.always("/x", Answer::new(200));
    let mut built = get(&other.url("/x"));
    built.headers = rows(&[("Authorization", "Basic b3du")]);
    let origin = other.url("");
    let sent = acme.over(&acme.begin(&built, Some(&origin)).await.unwrap()).await;
    assert_eq!(sent.status, Some(200), "{sent:?}");
    let received = other.received().pop().unwrap();
    assert_eq!(received.header("authorization"), Some("Basic b3du"), "what the person wrote, for this server");
    assert_eq!(received.header("x-tenant"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn h2_what_was_confirmed_for_one_origin_lets_nothing_go_to_another_that_it_leads_to_by_now() {
    let (_server, acme) = stage().await;
    let (one, another) = (FakeServer::start().await.unwrap(), FakeServer::start().await.unwrap());
    one.always("/x", Answer::new(200));
    let keydesk = &acme.house.keydesk;
    let leads_to = async |server: &FakeServer| {
        let variable = Variable { name: "host".to_owned(), value: server.url("") };
        keydesk.set_variables(acme.connection.id.clone(), vec![variable]).await.unwrap();
    };
    let built = get("{{host}}/x");
    leads_to(&one).await;
    let confirmed = keydesk.preview_explorer_request(&acme.connection.id, &built).await.unwrap().elsewhere.unwrap();
    leads_to(&another).await;
    let refused = acme.begin(&built, Some(&confirmed)).await.unwrap_err();
    assert_eq!((refused.code, refused.field.as_deref()), (ErrorCode::OtherOrigin, Some("url")));
    assert!(refused.message.contains(&another.address().to_string()), "{}", refused.message);
    for alike in [String::new(), format!("{confirmed}/"), confirmed.replace("http:", "https:"), "null".to_owned()] {
        leads_to(&one).await;
        let refused = acme.begin(&built, Some(&alike)).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::OtherOrigin, "{alike}");
    }
    assert!(one.received().is_empty() && another.received().is_empty());
    let sent = acme.over(&acme.begin(&built, Some(&confirmed)).await.unwrap()).await;
    assert_eq!((sent.status, one.received().len()), (Some(200), 1), "{sent:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn h7_a_document_is_fetched_without_a_token_and_from_the_server_that_was_confirmed_only() {
    let (server, acme) = stage().await;
    let other = FakeServer::start().await.unwrap();
    server.always("/openapi.json", Answer::redirect(302, "/v3.json"));
    server.always("/v3.json", Answer::json(200, &serde_json::json!({"openapi": "3.1.0"})));
    let text = acme.house.keydesk.fetch_document(&server.url("/openapi.json")).await.unwrap();
    assert!(text.contains("3.1.0"));
    assert!(server.received().iter().all(|received| received.header("authorization").is_none()));
    server.always("/away.json", Answer::redirect(302, &other.url("/v3.json")));
    let refused = acme.house.keydesk.fetch_document(&server.url("/away.json")).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::UnexpectedAnswer);
    assert!(other.received().is_empty());
    for bad in ["http://a.example/x", "file:///etc/passwd", "x"] {
        let refused = acme.house.keydesk.fetch_document(bad).await.unwrap_err();
        assert_eq!(refused.field.as_deref(), Some("url"), "{bad}");
    }
}
