use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

use keydesk_sandbox::{Options, PASSWORD, RELAY_API_KEY, Sandbox, USERNAME, offers};
use serde_json::json;
use tokio::net::TcpStream;

use crate::client::{CURRENT, Client, text};

/// This machine's address towards the network, if it has one. Nothing is sent.
fn outer_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|address| !address.is_loopback())
}

#[tokio::test]
async fn it_listens_on_loopback_only() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    assert_eq!(sandbox.url(), format!("http://127.0.0.1:{}", sandbox.port()));
    // On Linux all of 127/8 is loopback: an open wildcard would answer here.
    for address in [Some(IpAddr::from([127, 0, 0, 2])), outer_address()] {
        let Some(address) = address else { continue };
        let socket = SocketAddr::new(address, sandbox.port());
        let attempt = TcpStream::connect(socket);
        let outcome = tokio::time::timeout(Duration::from_secs(2), attempt).await;
        assert!(!matches!(outcome, Ok(Ok(_))), "{address}");
    }
}

#[tokio::test]
async fn stopping_frees_the_port() {
    let sandbox = Sandbox::start(Options::default()).await.unwrap();
    let port = sandbox.port();
    let options = Options { port, ..Options::default() };
    let taken = Sandbox::start(options.clone()).await.err().unwrap();
    assert_eq!(taken.kind(), std::io::ErrorKind::AddrInUse);
    sandbox.stop().await;
    Sandbox::start(options).await.unwrap().stop().await;
}

#[tokio::test]
async fn foreign_host_is_refused() {
    let client = Client::of(CURRENT).await;
    let request = client.get("/").header("host", "evil.test");
    assert_eq!(request.send().await.unwrap().status(), 421);
}

#[tokio::test]
async fn oversized_body_is_refused() {
    let client = Client::of(CURRENT).await;
    let response = client
        .post(CURRENT.token)
        .header("content-type", "application/x-www-form-urlencoded")
        .body("a".repeat(100_000))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), 413);
}

#[tokio::test]
async fn planned_faults_come_as_often_as_asked() {
    let client = Client::of(CURRENT).await;
    let tokens = client.log_in().await;
    let refresh_token = text(&tokens["refresh_token"]);
    client.sandbox.fail_next(CURRENT.token, 503, r#"{"error":"temporarily_unavailable"}"#, 2);
    for _ in 0..2 {
        let (status, body) = client.refresh(refresh_token).await;
        assert_eq!(status, 503);
        assert_eq!(body, json!({ "error": "temporarily_unavailable" }));
    }
    assert_eq!(client.refresh(refresh_token).await.0, 200);
}

#[tokio::test]
async fn requests_are_counted_by_path_and_grant() {
    let client = Client::of(CURRENT).await;
    let tokens = client.log_in().await;
    client.refresh(text(&tokens["refresh_token"])).await;
    assert_eq!(client.sandbox.count(CURRENT.token), 2);
    let refreshes = format!("{}?grant_type=refresh_token", CURRENT.token);
    assert_eq!(client.sandbox.count(&refreshes), 1);
    assert_eq!(client.sandbox.count("/nowhere"), 0);
    let (_, counts) = client.ask("/sandbox/requests", "").await;
    assert_eq!(counts[CURRENT.token], 2);
    let counts = counts.to_string();
    for name in ["access_token", "refresh_token", "id_token"] {
        assert!(!counts.contains(text(&tokens[name])));
    }
}

#[tokio::test]
async fn latency_holds_answers_back() {
    let options = Options { latency: Duration::from_millis(100), ..Options::default() };
    let client = Client::with(CURRENT, options).await;
    let started = std::time::Instant::now();
    client.ask("/sandbox/log", "").await;
    assert!(started.elapsed() >= Duration::from_millis(100));
}

#[tokio::test]
async fn front_page_shows_the_demo_account_and_the_offers() {
    let client = Client::of(CURRENT).await;
    let response = client.get("/").send().await.unwrap();
    let html = response.text().await.unwrap();
    assert!(html.contains(USERNAME) && html.contains(PASSWORD));
    let offers = offers(client.sandbox.url());
    let relay = &offers[0];
    assert_eq!(relay.provider, "relay");
    assert_eq!(relay.parameters["alerts_url"], client.at("/relay/alerts"));
    assert_eq!(relay.logins["api_key"]["token"], RELAY_API_KEY);
    assert!(relay.logins["browser"].is_empty());
    assert_eq!(relay.parameters["auth_url"], client.at("/relay/auth"));
    assert_eq!(relay.parameters["redirect_base"], "http://127.0.0.1");
    for offer in &offers {
        let values = offer.parameters.values().chain(offer.logins.values().flat_map(|fields| fields.values()));
        for value in values {
            assert!(html.contains(value), "{}: {value}", offer.provider);
        }
    }
}

#[tokio::test]
async fn login_page_is_filled_in_and_locked_down() {
    let client = Client::of(CURRENT).await;
    let response = client.open(&[]).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "no-store");
    let policy = response.headers()["content-security-policy"].to_str().unwrap().to_owned();
    assert!(policy.contains("default-src 'none'") && !policy.contains("form-action"));
    let html = response.text().await.unwrap();
    for id in ["username", "password", "remember-me", "log-in", "deny"] {
        assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "{id}");
    }
    assert!(html.contains("lang=\"en\"") && html.contains("<h1>"));
}

#[tokio::test]
async fn wrong_password_keeps_the_username_and_escapes_it() {
    let client = Client::of(CURRENT).await;
    let form = [("username", "bob\"><b>"), ("password", "wrong")];
    let response = client.submit(&[], &form).await;
    assert!(!response.headers().contains_key("location"));
    let html = response.text().await.unwrap();
    assert!(html.contains("role=\"alert\""));
    assert!(html.contains("value=\"bob&quot;&gt;&lt;b&gt;\""));
    assert!(!html.contains("value=\"wrong\"") && !html.contains(" checked"));
}
