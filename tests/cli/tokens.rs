//! token, header, claims, status.

use std::time::Duration;

use keydesk_support::wait_until;

use crate::house::House;

#[tokio::test]
async fn a_token_is_printed_alone_and_its_header_as_the_api_wants_it() {
    let house = House::new().await;
    house.logged_in("api").await;
    let token = house.run(&["token", "api"]).await.well();
    assert_eq!(token.err, "");
    let alone = token.out.strip_suffix('\n').unwrap();
    assert!(!alone.is_empty() && !alone.contains(char::is_whitespace), "{token:?}");
    assert_eq!(house.run(&["header", "api"]).await.well().out, format!("Authorization: Bearer {alone}\n"));
    let header = house.run(&["--json", "header", "api"]).await.well().json();
    assert_eq!((&header["name"], &header["value"]), (&"Authorization".into(), &format!("Bearer {alone}").into()));
    let view = house.run(&["--json", "token", "api"]).await.well().json();
    assert_eq!(view["access_token"], alone);
    assert!(view["seconds_left"].as_i64().unwrap() > 7000, "{view}");

    house.connect("another-api", "query").await;
    house.log_in("another-api", "query", "api_key_query", &[]).await.well();
    house.run(&["header", "query"]).await.fails_with(2).says("api_key");
}

#[tokio::test]
async fn a_token_that_lives_long_enough_is_asked_for_and_renewed_or_refused() {
    let house = House::new().await;
    house.logged_in("api").await;
    let first = house.run(&["token", "api"]).await.well().out;
    // It has nearly two hours: long enough.
    assert_eq!(house.run(&["token", "api", "--min-valid", "7000"]).await.well().out, first);
    house.sandbox.set_access_token_lifetime(Duration::from_secs(4 * 60 * 60));
    let longer = house.run(&["token", "api", "--min-valid", "10000"]).await.well().out;
    assert_ne!(longer, first);
    let ran = house.run(&["token", "api", "--min-valid", "90000"]).await.fails_with(1).says("Even a new token");
    assert_eq!(ran.out, "");

    // Of a key nobody knows the end.
    house.connect("another-api", "key").await;
    house.log_in("another-api", "key", "api_key", &[]).await.well();
    house.run(&["token", "key", "--min-valid", "90000"]).await.well();
    // What cannot be renewed needs a login.
    house.connect("relay", "pasted").await;
    house.log_in("relay", "pasted", "access_token", &[("token", first.trim())]).await.well();
    house.run(&["token", "pasted", "--min-valid", "90000"]).await.fails_with(3).says("cannot be renewed");
}

#[tokio::test]
async fn a_token_that_the_server_ended_is_renewed_and_the_call_sent_once_more() {
    let house = House::new().await;
    house.logged_in("api").await;
    let first = house.run(&["token", "api"]).await.well().out;
    house.sandbox.expire_access_tokens();
    house.run(&["call", "api", "GET", "/me"]).await.well();
    assert_ne!(house.run(&["token", "api"]).await.well().out, first);
}

#[tokio::test]
async fn claims_are_read_of_a_connection_and_of_any_token() {
    let house = House::new().await;
    house.connect("relay", "me").await;
    house.log_in_by_browser("relay", "me", "browser").await.well();
    let words = house.run(&["claims", "me"]).await.well().out;
    assert!(words.contains("exp") && words.contains(", in "), "{words}");
    let access = house.run(&["--json", "claims", "me"]).await.well().json();
    assert_eq!(access["kind"], "jws");
    let id = house.run(&["--json", "claims", "me", "--id-token"]).await.well().json();
    assert_eq!(id["claims"]["aud"], "83756T4P", "{id}");
    // Any token, in a home without any file: neither the core nor the keychain is asked.
    let token = "eyJhbGciOiJub25lIn0.eyJuIjoxMjM0NTY3ODkwMTIzNDU2Nzg5MCwic3ViIjoiYSJ9.";
    let mut command = house.command(&["--json", "claims", "-"]);
    let empty = tempfile::tempdir().unwrap();
    command.env("KEYDESK_HOME", empty.path()).env_remove("DBUS_SESSION_BUS_ADDRESS");
    command.stdin(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    crate::house::type_in(&mut child, token).await;
    let ran = house.end(child).await.well();
    assert!(ran.out.contains("12345678901234567890"), "{ran:?}");
    assert!(std::fs::read_dir(empty.path()).unwrap().next().is_none());
}

#[tokio::test]
async fn status_tells_how_each_connection_stands_and_by_its_exit_status_whether_one_needs_a_login() {
    let house = House::new().await;
    house.run(&["status"]).await.well().says("keydesk connect");
    house.logged_in("in").await;
    house.connect("wazo", "out").await;
    let words = house.run(&["status"]).await.well().out;
    let line = |name: &str| words.lines().find(|line| line.starts_with(name)).unwrap().to_owned();
    assert!(line("in").contains("logged in, ends in "), "{words}");
    assert!(line("out").contains("not logged in"), "{words}");
    house.run(&["status", "in"]).await.well();
    house.run(&["status", "out"]).await.fails_with(3);
    let json = house.run(&["--json", "status"]).await.well().json();
    assert_eq!(json["connections"][0]["token"]["state"], "fresh");
    assert_eq!(json["connections"][1]["token"]["state"], "none");
}

/// A server that rotates gives the next refresh token once: it must not be lost on the way to the keychain.
#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_lets_a_renewal_end_and_keeps_what_it_gave() {
    let house = House::new().await;
    house.connect("another-api", "api").await;
    house.log_in_by_browser("another-api", "api", "browser").await.well();
    let before = house.kept_of("api").await;
    house.sandbox.change(|options| options.latency = Duration::from_secs(1));
    // Whoever renews holds the connection's lock file.
    let lock = house.home.path().join("data/locks").join(format!("{}.lock", house.id_of("api").await));
    let child = house.start(&["token", "api", "--min-valid", "90000"]);
    let renews = async || std::fs::File::open(&lock).is_ok_and(|file| file.try_lock().is_err());
    wait_until(renews, Duration::from_secs(20), "the renewal").await.unwrap();
    crate::waiting::interrupt(child.id().unwrap());
    let ran = house.end(child).await.fails_with(130);
    assert_eq!(ran.out, "");
    house.sandbox.change(|options| options.latency = Duration::ZERO);
    assert_ne!(house.kept_of("api").await["refresh_token"], before["refresh_token"]);
    house.run(&["token", "api", "--min-valid", "90000"]).await.fails_with(1);
}

#[tokio::test]
async fn a_program_finds_the_token_in_its_environment_and_nothing_else_does() {
    let house = House::new().await;
    house.logged_in("api").await;
    let token = house.run(&["token", "api"]).await.well().out;
    let shell = "test \"$KEYDESK_TOKEN\" && printf %s \"$KEYDESK_TOKEN\"; tr '\\0' ' ' < /proc/$$/cmdline >&2; exit 42";
    let ran = house.run(&["run", "api", "--", "sh", "-c", shell]).await.fails_with(42);
    assert_eq!(ran.out, token.trim());
    assert!(!ran.err.contains(token.trim()), "no argument holds it");
    let ran =
        house.run(&["run", "api", "--env", "API_TOKEN", "--", "sh", "-c", "printf %s \"$API_TOKEN\""]).await.well();
    assert_eq!(ran.out, token.trim());
    house.run(&["run", "api", "--env", "A=B", "--", "true"]).await.fails_with(2).says("no name of a variable");
    house.run(&["run", "api", "--", "/no/such/program"]).await.fails_with(2).says("was not started");
    house.run(&["run", "api"]).await.fails_with(2);
}
