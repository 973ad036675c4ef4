//! Errors: what they say, their exit status, their JSON.

use std::collections::BTreeMap;
use std::sync::Arc;

use keydesk_core::{AddConnection, Doors, Keydesk, Paths, SecretStore, SystemBrowser, SystemClock, Transport};

use keydesk_support::{Desktop, DesktopOptions, Keychain};

use crate::house::House;

#[tokio::test]
async fn a_name_that_is_unknown_or_of_several_connections_is_told_with_those_near_it() {
    let house = House::new().await;
    for name in ["Hotel Alpha", "Hotel Beta", "Depot"] {
        house.connect("relay", name).await;
    }
    let ran = house.run(&["token", "Hotel"]).await.fails_with(2).says("“Hotel Alpha”").says("“Hotel Beta”");
    assert!(!ran.err.contains("Depot"));
    house.run(&["token", "xyz"]).await.fails_with(2).says("There are:").says("“Depot”");
    house.run(&["token", "depot"]).await.fails_with(3);
    house.run(&["connect", "relay", "--name", "Depot"]).await.fails_with(2).says("already");

    // The window lets two have one name.
    let keydesk = Keydesk::open(Doors {
        paths: Paths::under(house.home.path()),
        clock: Arc::new(SystemClock),
        browser: Arc::new(SystemBrowser),
        store: SecretStore::in_memory(),
        transport: Transport::default(),
    });
    let twin = keydesk.unwrap().add_connection(AddConnection {
        provider: "relay".to_owned(),
        label: Some("Depot".to_owned()),
        parameters: BTreeMap::new(),
        ca: None,
        sandbox: false,
    });
    let twin = twin.unwrap().id;
    house.run(&["token", "Depot"]).await.fails_with(2).says("several connections").says(&twin);
    house.run(&["token", &twin]).await.fails_with(3);
    let json = house.run(&["--json", "token", "Depot"]).await.fails_with(2).json();
    assert_eq!(json["error"]["code"], "unknown_connection");
}

#[tokio::test]
async fn what_cannot_be_used_names_itself() {
    let house = House::new().await;
    house.run(&["connect", "rely"]).await.fails_with(2).says("“relay”");
    house.run(&["connect", "relay", "--set", "moon=1"]).await.fails_with(2).says("moon");
    house.run(&["connect", "relay", "--ca", "/nowhere.pem"]).await.fails_with(2).says("/nowhere.pem");
    house.connect("relay", "it").await;
    house.run(&["login", "it", "--method", "browsr"]).await.fails_with(2).says("“browser”");
    house.run(&["login", "it", "--method", "api_key", "--set", "colour=red"]).await.fails_with(2).says("colour");
    let json = house.run(&["--json", "tokn"]).await.fails_with(2).json();
    assert_eq!(json["error"]["code"], "invalid_input");
    house.run(&["tokn"]).await.fails_with(2).says("token");
}

#[tokio::test]
async fn without_a_keychain_nothing_is_kept_anywhere_and_that_is_exit_status_6() {
    let house = House::new().await;
    house.connect("spoke-zone", "desk").await;
    let none = async |arguments: &[&str]| {
        let mut command = house.command(arguments);
        command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus");
        let output = command.output().await.unwrap();
        (output.status.code(), String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    // Before anything is asked of the person or sent.
    let (status, _, told) = none(&["login", "desk", "--set", "username=a", "--secret-stdin", "password"]).await;
    assert_eq!(status, Some(6), "{told}");
    assert!(told.contains("in no file"), "{told}");
    assert_eq!(house.sandbox.count("/spoke-zone/login"), 0);
    for arguments in [&["token", "desk"][..], &["status"], &["call", "desk", "GET", "/"], &["logout", "desk"]] {
        let (status, _, told) = none(arguments).await;
        // Also a log-out: what the keychain of a session has cannot be seen from without, and would stay.
        assert_eq!(status, Some(6), "{arguments:?}: {told}");
    }
    let (status, out, _) = none(&["--json", "token", "desk"]).await;
    assert_eq!(status, Some(6));
    assert!(out.contains("keychain_absent"), "{out}");
    // What needs none works without.
    for arguments in [&["providers"][..], &["connect", "relay", "--name", "other"], &["man"]] {
        assert_eq!(none(arguments).await.0, Some(0), "{arguments:?}");
    }
}

#[tokio::test]
async fn a_provider_file_is_checked_added_printed_and_named_when_it_is_wrong() {
    let house = House::new().await;
    let file = house.home.path().join("mine.toml");
    let path = file.to_str().unwrap();
    let builtin = house.run(&["providers", "export", "another-api"]).await.well().out;
    std::fs::write(&file, builtin.replacen("another-api", "mine", 1)).unwrap();
    house.run(&["providers", "check", path]).await.well();
    house.run(&["providers", "add", path]).await.well();
    house.run(&["providers", "add", path]).await.fails_with(1);
    house.run(&["providers", "add", path, "--replace"]).await.well();
    house.run(&["providers", "check", path]).await.well();
    let listed = house.run(&["--json", "providers"]).await.well().json();
    let own = listed["providers"].as_array().unwrap().iter().find(|it| it["own"] == true).unwrap();
    assert_eq!(own["id"], "mine");
    assert!(house.run(&["providers", "show", "mine"]).await.well().out.contains("--method device_code"));

    std::fs::write(&file, builtin.replacen("summary =", "sumary =", 1)).unwrap();
    let ran = house.run(&["providers", "check", path]).await.fails_with(1);
    assert!(ran.out.contains("line 6") && ran.out.contains("summary"), "{ran:?}");
    let schema = house.run(&["providers", "--schema"]).await.well().json();
    assert!(schema["properties"]["login"].is_object(), "{schema}");
}

/// A locked keychain answers that there is nothing: a login must not end in memory that goes away with the process.
#[tokio::test]
async fn with_a_locked_keychain_no_login_is_begun() {
    let house = House::new().await;
    house.connect("wazo", "phones").await;
    let locked = Desktop::start(DesktopOptions::with_keychain(Keychain::Locked)).unwrap();
    let mut command = house.command(&["login", "phones", "--set", "username=a", "--secret-stdin", "password"]);
    command.env("DBUS_SESSION_BUS_ADDRESS", locked.bus_address().unwrap());
    let output = command.output().await.unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(6), "{told}");
    assert!(told.contains("locked") && told.contains("Unlock"), "{told}");
    assert_eq!(house.sandbox.count("/wazo/api/auth/0.1/token"), 0);
}
