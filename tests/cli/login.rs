//! Logins that wait: for the browser, for a pasted address, for Ctrl-C.

use serde_json::json;

use crate::browser::click_through;
use crate::house::{House, type_in};
use crate::waiting::interrupt;

#[tokio::test]
async fn an_address_that_was_pasted_finishes_a_login() {
    let house = House::new().await;
    house.connect("relay", "far").await;
    let mut child = house.start(&["login", "far", "--paste"]);
    let told = house.told(&mut child, "begins with").await;
    let page = told.split_whitespace().find(|word| word.starts_with("http")).unwrap();
    // Nothing listens where the redirect leads: the address alone is taken along.
    let redirect = click_through(&page.parse().unwrap(), "log-in").await;
    assert!(redirect.contains("code="));
    type_in(&mut child, &format!("{redirect}\n")).await;
    let ran = house.end(child).await.well();
    assert!(!ran.err.contains("code="), "{ran:?}");
    house.run(&["call", "far", "GET", "/ibot/authz_context"]).await.well();
}

#[tokio::test]
async fn a_pasted_address_of_another_login_is_refused() {
    let house = House::new().await;
    house.connect("relay", "far").await;
    let wrong = "http://127.0.0.1/authorization-code/callback?code=c&state=s\n";
    house.run_with(&["login", "far", "--paste"], wrong).await.fails_with(1).says("another login");
    house.run_with(&["login", "far", "--paste", "--method", "api_key"], "").await.fails_with(2).says("--paste");
}

#[tokio::test]
async fn who_denies_in_the_browser_is_told_so_by_exit_status_4() {
    let house = House::new().await;
    house.connect("relay", "denied").await;
    let child = house.start(&["--json", "login", "denied"]);
    click_through(&house.opened_url(0).await, "deny").await;
    let ran = house.end(child).await.fails_with(4);
    let error = &ran.json()["error"];
    assert_eq!(error["code"], "login_denied");
    assert_eq!(error["oauth"]["error"], "access_denied");
}

#[cfg(unix)]
#[tokio::test]
async fn ctrl_c_gives_a_waiting_login_up() {
    let house = House::new().await;
    house.connect("relay", "tired").await;
    let mut child = house.start(&["login", "tired"]);
    house.told(&mut child, "Ctrl-C").await;
    interrupt(child.id().unwrap());
    house.end(child).await.fails_with(130).says("Stopped");
    house.run(&["status", "tired"]).await.fails_with(3);
}

#[tokio::test]
async fn a_login_is_repeated_by_the_way_and_the_fields_of_last_time() {
    let house = House::new().await;
    house.connect("spoke-zone", "desk").await;
    let (mut arguments, password) = house.typed("spoke-zone", "desk", "user", &[]).await;
    arguments.extend(["--keep".to_owned(), "password".to_owned()]);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    house.run_with(&arguments, &password).await.well();
    // Nothing is asked: the password is kept because the person said so, the user name is remembered.
    house.run(&["login", "desk"]).await.well();
    house.run(&["logout", "desk"]).await.well();
    house.run(&["login", "desk"]).await.fails_with(2).says("--secret-stdin password");
}

#[tokio::test]
async fn logging_out_empties_the_keychain_and_disconnecting_forgets_the_connection() {
    let house = House::new().await;
    house.logged_in("gone").await;
    assert!(house.kept_of("gone").await["access_token"].is_string());
    house.run(&["logout", "gone"]).await.well();
    assert_eq!(house.kept_of("gone").await, json!(null));
    house.run(&["token", "gone"]).await.fails_with(3).says("keydesk login");
    house.run(&["call", "gone", "GET", "/me"]).await.fails_with(3);
    house.run(&["disconnect", "gone"]).await.well();
    house.run(&["status", "gone"]).await.fails_with(2).says("no connection");
}
