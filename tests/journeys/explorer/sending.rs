//! What is sent, and what is refused before it is.

use keydesk_core::{BodyPart, ErrorCode, RequestBody, SendState};
use keydesk_support::Answer;

use super::stage::{get, json, off, request, row, rows, stage};
use crate::acme::TOKEN;
use crate::house::{House, refreshes, sandbox};

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_sent_as_it_was_built_with_the_token_and_the_headers_of_the_provider() {
    let (server, acme) = stage().await;
    server.always("/v1/x/a%2Fb", Answer::json(200, &serde_json::json!({"ok": true})));
    acme.house.keydesk.set_variables(acme.connection.id.clone(), vec![variable("who", "me & you")]).await.unwrap();
    let mut built = get("/x/{id}?typed=1");
    built.parameters = rows(&[("id", "a/b")]);
    built.query = vec![row("z", "1"), row("a", "{{who}}"), off("b", "not sent"), row("z", "2"), row("empty", "")];
    built.headers = rows(&[("X-Own", "{{who}}"), ("x-tenant", "another"), ("Accept", "text/csv")]);
    let sent = acme.explore(&built).await;
    assert_eq!((sent.state, sent.status), (SendState::Done, Some(200)), "{sent:?}");
    let received = server.received().pop().unwrap();
    assert_eq!(received.query, "typed=1&z=1&a=me+%26+you&z=2&empty=");
    assert_eq!(received.header("authorization").unwrap(), format!("Bearer {TOKEN}"));
    let of = |name: &str| {
        let headers = received.headers.iter().filter(|(own, _)| own == name);
        headers.map(|(_, value)| value.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(of("x-own"), ["me & you"]);
    assert_eq!(of("x-tenant"), ["another"], "the person's own stands in place of the provider's");
    assert_eq!(of("accept"), ["text/csv"]);
    assert!(received.header("user-agent").unwrap().starts_with("Keydesk/"));
    // What is shown has a mark in place of the token.
    let shown: Vec<_> = sent.sent_headers.iter().map(|it| format!("{}: {}", it.name, it.value)).collect();
    assert!(shown.contains(&"Authorization: Bearer •••".to_owned()), "{shown:?}");
    assert!(!format!("{sent:?}").contains(TOKEN));
}

fn variable(name: &str, value: &str) -> keydesk_core::Variable {
    keydesk_core::Variable { name: name.to_owned(), value: value.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn h9_a_get_may_have_a_body_and_json_is_sent_as_it_was_typed() {
    let (server, acme) = stage().await;
    server.always("/v1/search", Answer::new(204));
    let typed = "{\"n\": 1.0000000000000000001, \"n\": 2,\n \"z\": [1e400]}";
    let mut built = get("/search");
    built.body = json(typed);
    let sent = acme.explore(&built).await;
    assert_eq!(sent.status, Some(204));
    let received = server.received().pop().unwrap();
    assert_eq!((received.method.as_str(), received.text().as_str()), ("GET", typed));
    assert_eq!(received.header("content-type"), Some("application/json"));
    assert_eq!(sent.sent_body.as_deref(), Some(typed));
    built.body = json("{\"a\":\n  tru}");
    let refused = acme.denied(&built).await;
    assert_eq!(refused.field.as_deref(), Some("body"));
    assert!(refused.message.contains("line 2, column"), "{refused:?}");
    built.body = RequestBody::Text { text: "{\"a\":\n  tru}".to_owned(), media_type: "application/json".to_owned() };
    assert_eq!(acme.explore(&built).await.status, Some(204), "as text it is sent all the same");
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_and_files_are_sent_whole_and_in_order() {
    let (server, acme) = stage().await;
    server.always("/v1/in", Answer::new(200));
    let mut built = request("POST", "/in");
    built.body = RequestBody::Form { rows: vec![row("b", "1&2"), row("a", "x"), off("c", "no"), row("b", "ü")] };
    acme.explore(&built).await;
    let received = server.received().pop().unwrap();
    assert_eq!(received.text(), "b=1%262&a=x&b=%C3%BC");
    assert_eq!(received.header("content-type"), Some("application/x-www-form-urlencoded"));

    let path = acme.house.home.path().join("pic \"1\".bin");
    let content: Vec<u8> = (0..300_000_u32).map(|n| (n % 251) as u8).collect();
    std::fs::write(&path, &content).unwrap();
    let file = acme.house.keydesk.choose_file(&path).unwrap();
    let text = BodyPart { name: "note".to_owned(), value: "hello".to_owned(), file: None, on: true };
    let part = BodyPart { name: "file".to_owned(), value: String::new(), file: Some(file.clone()), on: true };
    built.body = RequestBody::Multipart { parts: vec![text, part] };
    let sent = acme.explore(&built).await;
    let received = server.received().pop().unwrap();
    let head = "Content-Disposition: form-data; name=\"note\"\r\n\r\nhello\r\n";
    assert!(received.text().contains(head), "{}", &received.text()[..400]);
    assert!(received.text().contains("filename=\"pic %221%22.bin\""));
    assert!(received.body.windows(content.len()).any(|window| window == content), "the file is in it, byte by byte");
    assert_eq!(received.header("content-length").unwrap(), received.body.len().to_string());
    assert!(sent.sent_body.unwrap().contains("300000 bytes"));

    built.body = RequestBody::File { file: Some(file), media_type: "image/png".to_owned() };
    acme.explore(&built).await;
    let received = server.received().pop().unwrap();
    assert!(received.body == content && received.header("content-type") == Some("image/png"));
    built.body = RequestBody::File { file: None, media_type: String::new() };
    assert_eq!(acme.denied(&built).await.field.as_deref(), Some("file"));
}

#[tokio::test(flavor = "multi_thread")]
async fn h4_no_line_break_or_nul_and_no_header_that_ends_a_request_elsewhere_leaves() {
    let (server, acme) = stage().await;
    for (name, value) in [
        ("X-A", "a\r\nX-B: c"),
        ("X-A", "a\nb"),
        ("X-A", "a\0b"),
        ("X-A\r\nX-B", "a"),
        ("X A", "a"),
        ("Host", "evil.test"),
        ("content-length", "3"),
        ("Transfer-Encoding", "chunked"),
        ("authorization", "Bearer mine"),
    ] {
        let mut built = get("/x");
        built.headers = rows(&[(name, value)]);
        let refused = acme.denied(&built).await;
        assert_eq!(
            (refused.code, refused.field.as_deref()),
            (ErrorCode::InvalidInput, Some("headers")),
            "{name}: {value}"
        );
    }
    for url in ["/x\r\nX-B: c", "/x\0", "/x\ny"] {
        assert_eq!(acme.denied(&get(url)).await.field.as_deref(), Some("url"), "{url:?}");
    }
    for method in ["GET /evil HTTP/1.1\r\n", "G\0T", "", "CONNECT"] {
        assert_eq!(acme.denied(&request(method, "/x")).await.field.as_deref(), Some("method"), "{method:?}");
    }
    assert!(server.received().is_empty(), "nothing was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_dead_is_renewed_once_and_the_same_is_sent_once_more() {
    let (house, sandbox) = (House::new(), sandbox().await);
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    let before = refreshes(&sandbox);
    sandbox.fail_next("/relay/api/ibot/authz_context", 401, r#"{"message":"expired"}"#, 1);
    let sent = house.keydesk.send_request(&connection.id, None, get("/ibot/authz_context"), None).await.unwrap();
    let over = async {
        loop {
            let view = house.keydesk.read_sent(&sent.id).await.unwrap();
            if view.state.is_over() {
                return view;
            }
            tokio::task::yield_now().await;
        }
    };
    let over = over.await;
    assert_eq!((over.status, over.replayed), (Some(200), true), "{over:?}");
    assert_eq!(refreshes(&sandbox), before + 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_an_error_says_why_and_is_shown_all_the_same() {
    let (server, acme) = stage().await;
    let said = serde_json::json!({"message": "no such thing", "echo": TOKEN});
    server.always("/v1/gone", Answer::json(404, &said));
    server.always("/v1/no", Answer::json(403, &said));
    let sent = acme.explore(&get("/gone")).await;
    assert_eq!((sent.state, sent.status), (SendState::Done, Some(404)));
    assert_eq!(sent.error.as_ref().map(|error| error.code), Some(ErrorCode::NotFound));
    let body = String::from_utf8(acme.body(&sent).await).unwrap();
    assert!(body.contains("no such thing") && !body.contains(TOKEN), "{body}");
    let refused = acme.explore(&get("/no")).await;
    assert!(refused.refusal.is_some(), "{refused:?}");
}
