//! Secrets are never taken in arguments, nor said where nobody asked for them.

use keydesk_support::Canary;

use crate::house::House;

#[tokio::test]
async fn a_secret_in_an_argument_is_refused_with_advice() {
    let house = House::new().await;
    house.connect("spoke-zone", "desk").await;
    let arguments = ["login", "desk", "--method", "user", "--set", "username=a", "--set", "password=hunter2"];
    let ran = house.run(&arguments).await.fails_with(2).says("--secret-stdin password");
    assert!(!format!("{ran:?}").contains("hunter2"));
    let json = house.run(&[&["--json"], &arguments[..]].concat()).await.fails_with(2).json();
    assert_eq!((&json["error"]["code"], &json["error"]["field"]), (&"invalid_input".into(), &"password".into()));
    // What is no pair may be a secret that slipped.
    let ran = house.run(&["login", "desk", "--set", "hunter2"]).await.fails_with(2).says("key=value");
    assert!(!format!("{ran:?}").contains("hunter2"));
}

#[tokio::test]
async fn a_secret_that_is_missing_is_named() {
    let house = House::new().await;
    house.connect("spoke-zone", "desk").await;
    let start = ["login", "desk", "--method", "user"];
    house.run(&[&start[..], &["--set", "username=a"]].concat()).await.fails_with(2).says("--secret-stdin password");
    let named = [&start[..], &["--set", "username=a", "--secret-stdin", "password"]].concat();
    house.run(&named).await.fails_with(2).says("Password is missing");
    house.run(&[&start[..], &["--secret-stdin", "username"]].concat()).await.fails_with(2).says("--set username");
    house.run(&[&start[..], &["--secret-stdin", "pasword"]].concat()).await.fails_with(2).says("“password”");
    house.run_with(&named, "wrong\n").await.fails_with(4);
}

#[tokio::test]
async fn no_secret_is_said_where_nobody_asked_nor_written_to_any_file() {
    let house = House::new().await;
    house.connect("relay", "quiet").await;
    let mut said = Vec::new();
    said.push(house.log_in_by_browser("relay", "quiet", "browser").await.well());
    house.connect("another-api", "key").await;
    said.push(house.log_in("another-api", "key", "api_key", &[]).await.well());
    for name in ["quiet", "key"] {
        for arguments in [["status", name], ["claims", name], ["action", name]] {
            said.push(house.run(&arguments).await.well());
            said.push(house.run(&["--json", arguments[0], name]).await.well());
        }
    }
    said.push(house.run(&["--json", "call", "quiet", "GET", "/ibot/authz_context"]).await.well());
    let mut canaries = Vec::new();
    for name in ["quiet", "key"] {
        let kept = house.kept_of(name).await;
        for what in ["access_token", "refresh_token", "id_token"] {
            let secret = kept[what].as_str().into_iter();
            canaries.extend(secret.map(|secret| Canary::new(format!("{what} of {name}"), secret).unwrap()));
        }
    }
    canaries.push(Canary::new("key", keydesk_sandbox::ANOTHER_API_KEY).unwrap());
    assert!(canaries.len() == 5, "{canaries:?}");
    for canary in &canaries {
        for ran in &said {
            assert!(canary.forms_in(format!("{}{}", ran.out, ran.err).as_bytes()).is_empty(), "{canary:?}");
        }
    }
    Canary::must_be_nowhere(house.home.path(), &canaries).unwrap();
}
