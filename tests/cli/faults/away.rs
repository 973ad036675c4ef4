//! Servers that cannot be reached: no network, a name without an address, nobody there, a proxy between. Each is said in its
//! own words, costs no login, and is over when it is over.

use std::net::{Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::process::{Command as Program, Stdio};

use keydesk_support::{Answer, FakeServer, free_port};
use serde_json::Value;
use tokio::process::Command;

use super::stage::{Stage, TOKEN, pair};
use crate::house::House;
use crate::ran::Ran;

/// What the command says went wrong.
async fn error(command: &mut Command, code: &str) -> String {
    let error = Ran::of(&command.output().await.unwrap()).fails_with(5).json()["error"].clone();
    assert_eq!(error["code"], code, "{error}");
    error["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn e7_a_server_that_was_away_is_asked_again_with_what_was_kept_when_it_is_back() {
    let stage = Stage::over().await;
    let Stage { house, server, id } = stage;
    let (address, before) = (server.address(), house.kept(&id));
    drop(server);
    let token = ["--json", "token", "it"];
    let said = error(&mut house.command(&token), "unreachable").await;
    assert!(said.contains("refused") && said.contains(&address.to_string()), "{said}");
    assert_eq!(house.kept(&id), before);
    let stage = Stage { server: FakeServer::start_at(address).await.unwrap(), house, id };
    stage.later();
    stage.server.answer(TOKEN, pair(1, 7200));
    assert_eq!(stage.token().await.well().out, "access-token-1\n");
    assert_eq!(stage.asked(), ["refresh-token-0"], "nothing was sent to nobody");
}

/// In a network without any interface, as where the cable is out. Only root may make one.
#[tokio::test]
async fn e7_without_a_network_that_is_said_and_a_token_that_is_live_is_still_had() {
    let stage = Stage::over().await;
    let apart = |arguments: &[&str]| {
        let keydesk = stage.house.command(arguments);
        let mut command = Command::new("unshare");
        command.arg("--net").arg(keydesk.as_std().get_program()).args(keydesk.as_std().get_args());
        command.env_clear().stdin(Stdio::null());
        for (name, value) in keydesk.as_std().get_envs() {
            command.env(name, value.unwrap());
        }
        command
    };
    let may = Program::new("unshare").args(["--net", "true"]).stderr(Stdio::null()).status();
    if !may.is_ok_and(|status| status.success()) {
        eprintln!("left out: only root can be without a network");
        return;
    }
    let said = error(&mut apart(&["--json", "token", "it"]), "unreachable").await;
    assert!(said.contains("Network is unreachable"), "{said}");
    stage.later();
    stage.server.answer(TOKEN, pair(1, 7200));
    stage.token().await.well();
    let offline = apart(&["token", "it"]).output().await.unwrap();
    assert_eq!(Ran::of(&offline).well().out, "access-token-1\n");
}

#[tokio::test]
async fn a_server_that_is_reached_by_ipv6_alone_is_reached() {
    let Ok(server) = FakeServer::start_at(SocketAddr::from((Ipv6Addr::LOCALHOST, 0))).await else {
        eprintln!("left out: this machine has no IPv6");
        return;
    };
    let stage = Stage::new().await;
    server.always(TOKEN, pair(0, 7200));
    let both = (("localhost", 0).to_socket_addrs().unwrap()).any(|address| address.is_ipv6());
    // By its address, and where it has one by a name that also has one of the other kind.
    for (name, host) in [("six", "[::1]")].into_iter().chain(both.then_some(("name", "localhost"))) {
        let base = format!("base_url=http://{host}:{}", server.address().port());
        stage.house.run(&["connect", "one-endpoint", "--name", name, "--set", &base]).await.well();
        stage.log_in_at_last(name).await;
        assert_eq!(stage.house.run(&["token", name]).await.well().out, "access-token-0\n");
    }
}

/// A provider elsewhere, by TLS. Nothing has this name (RFC 2606).
async fn elsewhere(house: &House) {
    let base = "base_url=https://name.invalid";
    house.run(&["connect", "one-endpoint", "--name", "elsewhere", "--set", base]).await.well();
}

/// Logs in there by way of this proxy.
async fn by_way_of(house: &House, proxy: &str) -> String {
    let mut login =
        house.command(&["--json", "login", "elsewhere", "--method", "refresh_token", "--secret-stdin", "token"]);
    let mut child = login.env("https_proxy", proxy).stdin(Stdio::piped()).spawn().unwrap();
    crate::house::type_in(&mut child, "refresh-token-9").await;
    let error: Value = house.end(child).await.fails_with(5).json()["error"].clone();
    assert_eq!(error["code"], "unreachable", "{error}");
    error["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_proxy_that_is_not_there_or_refuses_is_named_and_not_taken_for_the_server() {
    let stage = Stage::new().await;
    elsewhere(&stage.house).await;
    let gone = by_way_of(&stage.house, &format!("http://127.0.0.1:{}", free_port().unwrap())).await;
    assert!(gone.contains("proxy") && gone.contains("refused"), "{gone}");
    let proxy = FakeServer::start().await.unwrap();
    let refused = by_way_of(&stage.house, &proxy.url("")).await;
    assert!(refused.contains("proxy") && refused.contains("unsuccessful"), "{refused}");
    // What CONNECT asks for: host and port, of which the fake takes the second for a path.
    proxy.always("443", Answer::new(407));
    let who = by_way_of(&stage.house, &proxy.url("")).await;
    assert!(who.contains("proxy authorization required"), "{who}");
    for received in proxy.received() {
        assert_eq!((received.method.as_str(), received.text().as_str()), ("CONNECT", ""));
    }
}

/// What is sent to this machine without TLS must not leave it.
#[tokio::test]
async fn h3_a_request_to_this_machine_goes_through_no_proxy() {
    let stage = Stage::over().await;
    let proxy = FakeServer::start().await.unwrap();
    stage.server.answer(TOKEN, pair(1, 7200));
    let mut command = stage.house.command(&["token", "it"]);
    for name in ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"] {
        command.env(name, proxy.url(""));
    }
    assert_eq!(Ran::of(&command.output().await.unwrap()).well().out, "access-token-1\n");
    assert!(proxy.received().is_empty(), "{:?}", proxy.received());
}
