//! call.

use crate::house::House;

#[tokio::test]
async fn a_body_comes_from_the_argument_from_a_file_or_from_standard_input() {
    let house = House::new().await;
    house.logged_in("api").await;
    let file = house.home.path().join("body.json");
    std::fs::write(&file, r#"{"from":"file"}"#).unwrap();
    let at_file = format!("@{}", file.display());
    for (body, stdin, said) in [
        (r#"{"from":"argument"}"#, "", "argument"),
        (at_file.as_str(), "", "file"),
        ("-", r#"{"from":"stdin"}"#, "stdin"),
    ] {
        let ran = house.run_with(&["call", "api", "POST", "/echo", "--body", body], stdin).await.well();
        assert!(ran.out.contains(said), "{ran:?}");
    }
    let ran = house.run(&["call", "api", "POST", "/echo", "--json", r#"{"from":"json"}"#]).await.well();
    assert!(ran.out.contains("json"), "{ran:?}");
    let ran =
        house.run(&["call", "api", "POST", "/echo", "--body", "{hunter2"]).await.fails_with(2).says("not valid JSON");
    assert!(!ran.err.contains("hunter2"), "{ran:?}");
}

#[tokio::test]
async fn an_error_of_the_api_is_exit_status_7_and_its_body_is_printed_all_the_same() {
    let house = House::new().await;
    house.logged_in("api").await;
    house.sandbox.fail_next("/oauth/api/me", 500, r#"{"message":"out of order"}"#, 2);
    let ran = house.run(&["call", "api", "GET", "/me"]).await.fails_with(7).says("500");
    assert!(ran.out.contains("out of order"), "{ran:?}");
    let json = house.run(&["--json", "call", "api", "GET", "/me"]).await.fails_with(7).json();
    assert_eq!((&json["status"], &json["error"]["code"]), (&500.into(), &"server_failed".into()));
    house.run(&["call", "api", "GET", "/nowhere"]).await.fails_with(7);
    house.sandbox.fail_next("/oauth/api/me", 403, "{}", 1);
    house.run(&["call", "api", "GET", "/me"]).await.fails_with(4);
}

#[tokio::test]
async fn a_token_is_sent_to_its_own_api_only() {
    let house = House::new().await;
    house.logged_in("api").await;
    let ran = house.run(&["call", "api", "GET", "https://elsewhere.invalid/me"]).await;
    assert_ne!(ran.status, 0);
    assert_ne!(ran.status, 5, "it was tried: {ran:?}");
}

#[tokio::test]
async fn a_server_that_is_not_there_is_exit_status_5() {
    let house = House::new().await;
    house.logged_in("api").await;
    let House { session, home, sandbox, passphrase } = house;
    sandbox.stop().await;
    let house = House { sandbox: House::new().await.sandbox, session, home, passphrase };
    house.run(&["call", "api", "GET", "/me"]).await.fails_with(5);
    let json = house.run(&["--json", "call", "api", "GET", "/me"]).await.fails_with(5).json();
    assert_eq!(json["error"]["code"], "unreachable");
    assert_eq!(json["error"]["retryable"], true);
}
