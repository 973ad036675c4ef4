//! The loopback listener, from outside.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::Duration;

use keydesk_core::{ErrorCode, LoginState, LoginView, ReceiveBy, Secret};
use url::Url;

use crate::house::{Does, House, click_through, client, exchanges, sandbox};

/// Sends bytes as they are and reads what comes back.
fn raw(port: u16, request: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    // The listener may cut a long request short.
    let _ = stream.write_all(request.as_bytes());
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0)
}

fn place(login: &LoginView) -> (u16, String) {
    let url = Url::parse(&login.redirect_uri).unwrap();
    (url.port().unwrap(), url.path().to_owned())
}

async fn waiting() -> (House, keydesk_sandbox::Sandbox, LoginView) {
    let (house, sandbox) = (House::with(Does::Nothing), sandbox().await);
    let login = house.start(&house.connect(&sandbox), "browser", ReceiveBy::Loopback).await;
    (house, sandbox, login)
}

async fn true_redirect_logs_in(house: &House, login: &LoginView) -> String {
    let end = click_through(&Url::parse(&login.authorization_url).unwrap(), "log-in").await;
    assert_eq!(house.outcome(login).await.state, LoginState::Done);
    end
}

/// B1, B5: the port in the redirect URI is ours as soon as the login starts, and nobody's soon after it is over.
#[tokio::test(flavor = "multi_thread")]
async fn b5_the_listener_is_open_only_while_a_login_waits() {
    let (house, _sandbox, login) = waiting().await;
    let (port, _) = place(&login);
    assert!(TcpStream::connect(("127.0.0.1", port)).is_ok());
    true_redirect_logs_in(&house, &login).await;
    tokio::time::sleep(Duration::from_millis(1000)).await;
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());

    let (house, _sandbox, login) = waiting().await;
    let (port, _) = place(&login);
    house.keydesk.cancel_login(&login.id).unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(TcpStream::connect(("127.0.0.1", port)).is_err());
}

/// B2: every other address of this machine is refused.
#[tokio::test(flavor = "multi_thread")]
async fn b2_only_this_machine_reaches_the_listener() {
    let (_house, _sandbox, login) = waiting().await;
    let (port, _) = place(&login);
    let listening = std::fs::read_to_string("/proc/net/tcp").unwrap();
    let ours: Vec<&str> =
        listening.lines().filter(|line| line.contains(&format!(":{port:04X} 00000000:0000 0A"))).collect();
    assert_eq!(ours.len(), 1);
    assert!(ours[0].contains("0100007F:"), "{ours:?}");
    assert!(TcpStream::connect(("127.0.0.2", port)).is_err());
}

/// B6, B7, B9, B12: whatever else arrives is refused and uses nothing up.
#[tokio::test(flavor = "multi_thread")]
async fn b7_stray_and_hostile_requests_are_refused_and_the_true_redirect_logs_in() {
    let (house, sandbox, login) = waiting().await;
    let (port, path) = place(&login);
    let state = Url::parse(&login.authorization_url).unwrap();
    let state = state.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let host = format!("Host: 127.0.0.1:{port}\r\n");
    let cases = [
        (404, format!("GET /favicon.ico HTTP/1.1\r\n{host}\r\n")),
        (404, format!("GET / HTTP/1.1\r\n{host}\r\n")),
        (404, format!("GET {path}/x?code=x&state={state} HTTP/1.1\r\n{host}\r\n")),
        (405, format!("POST {path}?code=x&state={state} HTTP/1.1\r\n{host}Content-Length: 0\r\n\r\n")),
        (405, format!("OPTIONS {path} HTTP/1.1\r\n{host}\r\n")),
        (400, format!("GET {path}?error=access_denied HTTP/1.1\r\n{host}\r\n")),
        (400, format!("GET {path}?code=x&state=bad HTTP/1.1\r\n{host}\r\n")),
        (400, format!("GET {path}?code=a&code=b&state={state} HTTP/1.1\r\n{host}\r\n")),
        (400, format!("GET {path}?state={state} HTTP/1.1\r\n{host}\r\n")),
        (400, format!("GET {path}?code=x&state={state} HTTP/1.1\r\nHost: evil.test\r\n\r\n")),
        (400, format!("GET {path}?code=x&state={state} HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n")),
        (400, format!("GET {path}?code=x&state={state} HTTP/1.1\r\n{host}{host}\r\n")),
        (400, format!("GET {path}?code=x&state={state} HTTP/1.1\r\n\r\n")),
        (400, format!("GET http://evil.test{path}?code=x&state={state} HTTP/1.1\r\n{host}\r\n")),
    ];
    for (expected, request) in &cases {
        let answer = raw(port, request);
        assert_eq!(status(&answer), *expected, "{request}");
        assert!(!answer.to_lowercase().contains("access-control-allow"));
        assert_eq!(house.login(&login.id).state, LoginState::Waiting, "{request}");
    }
    for _ in 0..50 {
        raw(port, &format!("GET {path}?error=access_denied&state=guess HTTP/1.1\r\n{host}\r\n"));
    }
    true_redirect_logs_in(&house, &login).await;
    assert_eq!(exchanges(&sandbox), 1);
}

/// B11: the page is static and the code does not stay in the address bar.
#[tokio::test(flavor = "multi_thread")]
async fn b11_the_browser_ends_on_a_clean_static_page() {
    let (house, _sandbox, login) = waiting().await;
    let end = true_redirect_logs_in(&house, &login).await;
    assert!(end.ends_with("/keydesk/received"), "{end}");
    let answer = client().get(&end).send().await.unwrap();
    let header = |name: &str| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
    assert!(header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("x-content-type-options"), "nosniff");
    let page = answer.text().await.unwrap();
    assert!(!page.contains("<script") && !page.contains("http"), "{page}");
}

/// B8: a redirect counts once; its double gets a page that says so.
#[tokio::test(flavor = "multi_thread")]
async fn b8_the_same_redirect_twice_exchanges_one_code() {
    let (house, sandbox, login) = waiting().await;
    let form = [("username", "alice@hillside.example"), ("password", "sandbox"), ("answer", "log-in")];
    let answered = client().post(&login.authorization_url).form(&form).send().await.unwrap();
    let redirect = answered.headers()["location"].to_str().unwrap().to_owned();
    let (one, two) = tokio::join!(client().get(&redirect).send(), client().get(&redirect).send());
    let mut statuses = [one.unwrap().status().as_u16(), two.unwrap().status().as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [302, 409]);
    assert_eq!(house.outcome(&login).await.state, LoginState::Done);
    assert_eq!(exchanges(&sandbox), 1);
}

/// B10: nothing of the request is in the page.
#[tokio::test(flavor = "multi_thread")]
async fn b10_the_page_repeats_nothing_of_the_request() {
    let (_house, _sandbox, login) = waiting().await;
    let (port, path) = place(&login);
    let hostile = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E";
    let answer = raw(
        port,
        &format!(
            "GET {path}?error={hostile}&error_description={hostile}&state=x HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n"
        ),
    );
    assert!(!answer.contains("<img") && !answer.contains("onerror"));
}

/// B13: slow and large requests do not hold the true one up.
#[tokio::test(flavor = "multi_thread")]
async fn b13_two_hundred_idle_clients_and_a_megabyte_of_header_do_not_delay_the_true_redirect() {
    let (house, _sandbox, login) = waiting().await;
    let (port, path) = place(&login);
    let idle: Vec<TcpStream> = (0..200).map(|_| TcpStream::connect(("127.0.0.1", port)).unwrap()).collect();
    let large = raw(port, &format!("GET {path} HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(1_000_000)));
    assert!(matches!(status(&large), 0 | 431), "{large}");
    true_redirect_logs_in(&house, &login).await;
    // It did not wait for them to be cut off: some still are connected.
    let connected = idle.into_iter().filter_map(|mut stream| {
        stream.set_nonblocking(true).unwrap();
        stream.read(&mut [0]).err().filter(|error| error.kind() == std::io::ErrorKind::WouldBlock)
    });
    assert!(connected.count() > 0);
}

/// B3, B4: a port that is held by another program, on either address family, is named at once.
#[tokio::test(flavor = "multi_thread")]
async fn b4_a_busy_port_is_named_and_pasting_still_works() {
    for address in ["127.0.0.1", "::1"] {
        let squatter = TcpListener::bind((address, 0)).unwrap();
        let port = squatter.local_addr().unwrap().port();
        let (house, sandbox) = (House::with(Does::Nothing), sandbox().await);
        let mut parameters = house.connect(&sandbox).parameters;
        parameters.insert("legacy_redirect_base".to_owned(), format!("http://localhost:{port}"));
        let connection = house.add(parameters);
        let error = house.try_start(&connection, "browser_legacy", ReceiveBy::Loopback).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::PortBusy);
        assert!(error.message.contains(&port.to_string()), "{}", error.message);
        let login = house.start(&connection, "browser_legacy", ReceiveBy::Paste).await;
        assert_eq!(login.redirect_uri, format!("http://localhost:{port}/authorization-code/callback"));
        // The squatter takes the connection; the address in the browser's bar is what the person pastes.
        drop(squatter);
        let redirect_url = click_through(&Url::parse(&login.authorization_url).unwrap(), "log-in").await;
        house
            .keydesk
            .finish_login(&keydesk_core::FinishLogin {
                login: login.id.clone(),
                redirect_url: Secret::new(redirect_url),
            })
            .unwrap();
        assert_eq!(house.outcome(&login).await.state, LoginState::Done);
    }
}

/// B4: a login that is started anew takes the port over from the one that it gives up.
#[tokio::test(flavor = "multi_thread")]
async fn b4_starting_again_on_a_fixed_port_is_not_in_its_own_way() {
    let port = keydesk_support::free_port().unwrap();
    let (house, sandbox) = (House::with(Does::Nothing), sandbox().await);
    let mut parameters = house.connect(&sandbox).parameters;
    parameters.insert("legacy_redirect_base".to_owned(), format!("http://localhost:{port}"));
    let connection = house.add(parameters);
    let first = house.start(&connection, "browser_legacy", ReceiveBy::Loopback).await;
    let second = house.start(&connection, "browser_legacy", ReceiveBy::Loopback).await;
    assert_eq!(house.login(&first.id).state, LoginState::Cancelled);
    true_redirect_logs_in(&house, &second).await;
    // And again, while the page that says so still lingers.
    house.start(&connection, "browser_legacy", ReceiveBy::Loopback).await;
}

/// B3: where the provider forces a name, both address families are held.
#[tokio::test(flavor = "multi_thread")]
async fn b3_localhost_is_held_on_both_address_families() {
    let (house, sandbox) = (House::with(Does::Nothing), sandbox().await);
    let mut parameters = house.connect(&sandbox).parameters;
    parameters.insert("legacy_redirect_base".to_owned(), "http://localhost".to_owned());
    let login = house.start(&house.add(parameters), "browser_legacy", ReceiveBy::Loopback).await;
    let (port, _) = place(&login);
    assert!(TcpListener::bind(("127.0.0.1", port)).is_err());
    assert!(TcpListener::bind(("::1", port)).is_err());
}
