//! What is refused before anything is looked at: other hosts, pages, methods, secrets.

use keydesk_core::{ActivityEvent, NotHandedOut};

use super::{Stage, path};

/// I4: at the port and at the socket, each under its one name.
#[tokio::test(flavor = "multi_thread")]
async fn i4_only_the_bound_host_is_answered() {
    let stage = Stage::new().await;
    let (_sandbox, connection) = stage.granted().await;
    let (path, secret, port) = (path(&connection), stage.header(), stage.port());
    let with = |target: &str, hosts: &[&str]| {
        let hosts: String = hosts.iter().map(|host| format!("Host: {host}\r\n")).collect();
        format!("GET {target} HTTP/1.1\r\n{hosts}{secret}\r\n\r\n")
    };
    let bound = format!("127.0.0.1:{port}");
    stage.says_at_port(&with(&path, &[&bound])).await.token();
    stage.says(&with(&path, &["localhost"])).await.token();
    for foreign in [
        "evil.test",
        &format!("evil.test:{port}"),
        "127.0.0.1.nip.io",
        &format!("127.0.0.1.nip.io:{port}"),
        "localhost.",
        &format!("localhost:{port}"),
        "127.0.0.1",
        "127.0.0.1:1",
        &format!("[::1]:{port}"),
        &format!("{bound}."),
        "",
    ] {
        stage.says_at_port(&with(&path, &[foreign])).await.is(403, "wrong_host");
        let at_socket = stage.says(&with(&path, &[foreign])).await;
        at_socket.is(403, "wrong_host");
    }
    // Each other's name is foreign, too.
    stage.says_at_port(&with(&path, &["localhost"])).await.is(403, "wrong_host");
    for (target, hosts) in [
        (path.clone(), vec![]),
        (path.clone(), vec!["localhost", "localhost"]),
        (path.clone(), vec!["localhost", "evil.test"]),
        (format!("http://localhost{path}"), vec!["localhost"]),
        (format!("http://evil.test{path}"), vec!["localhost"]),
    ] {
        stage.says(&with(&target, &hosts)).await.is(400, "malformed");
    }
    let twice = [bound.as_str(), bound.as_str()];
    stage.says_at_port(&with(&path, &twice)).await.is(400, "malformed");
    stage.says_at_port(&with(&format!("http://{bound}{path}"), &[&bound])).await.is(400, "malformed");
    assert_eq!(stage.handed_out().await, 2);
}

/// I5: whatever a browser adds for a page, also beside the right secret.
#[tokio::test(flavor = "multi_thread")]
async fn i5_what_a_page_sends_is_refused_and_no_answer_has_a_cors_header() {
    let stage = Stage::new().await;
    let (_sandbox, connection) = stage.granted().await;
    let (path, secret, port) = (path(&connection), stage.header(), stage.port());
    let with = |more: &str| format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{secret}\r\n{more}\r\n\r\n");
    for more in [
        "Origin: http://evil.test".to_owned(),
        format!("Origin: http://127.0.0.1:{port}"),
        "Origin: null".to_owned(),
        "Origin: ".to_owned(),
        "Sec-Fetch-Site: cross-site".to_owned(),
        "Sec-Fetch-Site: same-site".to_owned(),
        "Sec-Fetch-Site: same-origin".to_owned(),
        "Sec-Fetch-Site: None".to_owned(),
        "Sec-Fetch-Site: none\r\nSec-Fetch-Site: cross-site".to_owned(),
    ] {
        let answer = stage.says_at_port(&with(&more)).await;
        answer.is(403, "from_a_page");
        assert!(!answer.head.contains("access-control"), "{answer:?}");
    }
    let preflight = format!(
        "OPTIONS {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://evil.test\r\n\
         Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: keydesk-program\r\n\r\n"
    );
    stage.says_at_port(&preflight).await.is(403, "from_a_page");
    // An address that the person types is from no page, and has no secret.
    let typed = format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nSec-Fetch-Site: none\r\n\r\n");
    stage.says_at_port(&typed).await.is(401, "wrong_secret");
    let answer = stage.says_at_port(&with("Sec-Fetch-Site: none")).await;
    answer.token();
    assert!(!answer.head.contains("access-control"), "{answer:?}");
}

/// I9: GET only, and every answer is JSON that nobody keeps.
#[tokio::test(flavor = "multi_thread")]
async fn i9_tokens_are_read_by_get_and_answers_are_json_that_is_not_stored() {
    let stage = Stage::with(false).await;
    let (_sandbox, connection) = stage.granted().await;
    let (path, secret) = (path(&connection), stage.header());
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "GRAB"] {
        let answer = stage.says(&format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n{secret}\r\n\r\n")).await;
        answer.is(405, "wrong_method");
        assert!(answer.head.contains("\r\nallow: get"), "{answer:?}");
    }
    let head = stage.says(&format!("HEAD {path} HTTP/1.1\r\nHost: localhost\r\n{secret}\r\n\r\n")).await;
    assert_eq!(head.status, 405);
    let body = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{secret}\r\nContent-Length: 1\r\n\r\nx");
    stage.says(&body).await.is(400, "malformed");
    let answers = [
        stage.asks(&path).await,
        stage.asks("/").await,
        stage.asks("/connections/none/access-token").await,
        stage.asks(&format!("{path}?min_valid=soon")).await,
        stage.says("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").await,
        stage.says("GET / HTTP/1.1\r\nHost: evil.test\r\n\r\n").await,
    ];
    assert_eq!(answers.each_ref().map(|answer| answer.status), [200, 404, 404, 400, 401, 403]);
    for answer in &answers {
        for line in ["content-type: application/json", "cache-control: no-store", "x-content-type-options: nosniff"] {
            assert!(answer.head.contains(line), "no {line}: {answer:?}");
        }
        assert!(answer.body.is_object(), "{answer:?}");
    }
}

/// I3: a secret of 256 bits, in a header and nowhere else.
#[tokio::test(flavor = "multi_thread")]
async fn i3_without_the_program_s_secret_nothing_is_answered() {
    let stage = Stage::with(false).await;
    let (_sandbox, connection) = stage.granted().await;
    let path = path(&connection);
    let secret = stage.header();
    let (name, value) = secret.split_once(": ").unwrap();
    assert_eq!((name, value.len()), ("Keydesk-Program", 43));
    let shown =
        async |line: &str| stage.says(&format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{line}\r\n\r\n")).await;
    shown(&secret).await.token();
    for line in [
        "X: y".to_owned(),
        format!("{name}: "),
        format!("{name}: {}", &value[1..]),
        format!("{name}: {value}A"),
        format!("{name}: {}", value.to_lowercase()),
        format!("Authorization: Bearer {value}"),
        format!("Cookie: {name}={value}"),
    ] {
        shown(&line).await.is(401, "wrong_secret");
    }
    shown(&format!("{secret}\r\n{secret}")).await.is(400, "malformed");
    let in_url = format!("GET {path}?secret={value} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stage.says(&in_url).await.is(401, "wrong_secret");
    // A program that is gone is nobody.
    stage.house.keydesk.remove_program("backup").unwrap();
    shown(&secret).await.is(401, "wrong_secret");
    let told = ActivityEvent::TokenNotHandedOut { program: None, reason: NotHandedOut::WrongSecret };
    let told = stage.activity().await.into_iter().filter(|(_, event)| *event == told).count();
    assert_eq!(told, 1, "once a minute, however often it happens");
}
