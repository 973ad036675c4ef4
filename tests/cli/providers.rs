//! Every way in of every provider: connect, log in, and a call that the sandbox accepts.

use serde_json::Value;

use crate::browser::click_through;
use crate::house::{House, type_in};
use crate::ran::Ran;

impl House {
    /// A call that needs the token is answered well.
    async fn is_answered(&self, name: &str, path: &str) -> Value {
        self.run(&["call", name, "GET", path]).await.well().json()
    }
}

fn says_so(ran: &Ran) {
    assert!(ran.out.contains("is logged in"), "{ran:?}");
}

#[tokio::test]
async fn relay_is_reached_by_browser_by_its_legacy_server_by_a_refresh_token_and_by_an_api_key() {
    let house = House::new().await;
    for method in ["browser", "browser_legacy"] {
        house.connect("relay", method).await;
        let ran = house.log_in_by_browser("relay", method, method).await;
        says_so(&ran.well());
        house.is_answered(method, "/ibot/authz_context").await;
    }
    let subscriber = house.is_answered("browser", "/ibot/authz_context").await[0]["subscriber_id"].clone();

    // The refresh token of the legacy login, as `relay token generate` would print it.
    let kept = house.kept_of("browser_legacy").await;
    house.connect("relay", "pasted").await;
    let pasted = [("token", kept["refresh_token"].as_str().unwrap())];
    house.log_in("relay", "pasted", "refresh_token", &pasted).await.well();
    house.is_answered("pasted", "/ibot/authz_context").await;

    house.connect("relay", "key").await;
    house.log_in("relay", "key", "api_key", &[]).await.well();
    let events = format!("/subscribers/{}/api/v1/events", subscriber.as_str().unwrap());
    house.is_answered("key", &events).await;
}

#[tokio::test]
async fn image_relay_is_reached_by_browser_with_a_client_secret_by_an_api_key_and_by_basic() {
    let house = House::new().await;
    house.connect("image-relay", "browser").await;
    let ran = house.log_in_by_browser("image-relay", "browser", "browser").await;
    says_so(&ran.well());
    house.is_answered("browser", "/users/me.json").await;
    for method in ["api_key", "basic"] {
        house.connect("image-relay", method).await;
        house.log_in("image-relay", method, method, &[]).await.well();
        house.is_answered(method, "/users/me.json").await;
    }
}

#[tokio::test]
async fn spoke_zone_is_reached_as_a_user_and_in_each_way_as_a_device() {
    let house = House::new().await;
    house.connect("spoke-zone", "user").await;
    house.log_in("spoke-zone", "user", "user", &[]).await.well();
    let devices = house.is_answered("user", "/api/v2/devices").await;
    assert!(devices.as_array().is_some_and(|devices| !devices.is_empty()));

    let demo = house.offer("spoke-zone").logins["device_secrets"]["device"].clone();
    let own = format!("/api/v2/devices/{demo}");
    for method in ["device", "device_secrets"] {
        house.connect("spoke-zone", method).await;
        house.log_in("spoke-zone", method, method, &[]).await.well();
        house.is_answered(method, &own).await;
    }

    house.connect("spoke-zone", "new_device").await;
    house.log_in("spoke-zone", "new_device", "new_device", &[]).await.well();
    let claims = house.run(&["--json", "claims", "new_device"]).await.well().json();
    let id = claims["claims"].as_object().unwrap().values().find_map(|it| house_number(it, &demo)).unwrap();
    house.is_answered("new_device", &format!("/api/v2/devices/{id}")).await;
}

/// The number of a device other than the demo's, among the claims of its token.
fn house_number(claim: &Value, demo: &str) -> Option<u64> {
    claim.as_u64().filter(|number| (1000..10_000).contains(number) && number.to_string() != demo)
}

/// A file is the last that standard input holds, so it may have lines.
#[tokio::test]
async fn a_device_of_spoke_zone_is_logged_in_by_its_configuration_file() {
    let house = House::new().await;
    let demo = house.offer("spoke-zone").logins["device"].clone();
    house.connect("spoke-zone", "conf").await;
    let file = format!("mqtt_host = io.example\nmqtt_username = {}\nmqtt_port = 8883\n", demo["token"]);
    let arguments = ["login", "conf", "--method", "device_token", "--secret-stdin", "cpu_id", "--secret-stdin", "uuid"];
    let arguments = [&arguments[..], &["--secret-stdin", "token"]].concat();
    let stdin = format!("{}\n{}\n{file}", demo["cpu_id"], demo["uuid"]);
    house.run_with(&arguments, &stdin).await.well();
    assert_eq!(house.run(&["token", "conf"]).await.well().out.trim(), demo["token"]);
    let device = &house.offer("spoke-zone").logins["device_secrets"]["device"];
    house.is_answered("conf", &format!("/api/v2/devices/{device}")).await;
}

#[tokio::test]
async fn wazo_is_reached_for_a_while_and_for_good() {
    let house = House::new().await;
    for method in ["online", "offline"] {
        house.connect("wazo", method).await;
        house.log_in("wazo", method, method, &[]).await.well();
        house.is_answered(method, "/auth/0.1/users/me/tokens").await;
    }
}

#[tokio::test]
async fn world_of_workflows_is_reached_by_its_token_request() {
    let house = House::new().await;
    house.connect("world-of-workflows", "own").await;
    house.log_in("world-of-workflows", "own", "request", &[]).await.well();
    house.is_answered("own", "/bookings").await;
}

#[tokio::test]
async fn another_api_is_reached_by_each_grant_and_each_presentation() {
    let house = House::new().await;
    for method in ["client_credentials", "password", "api_key", "api_key_query", "basic"] {
        house.connect("another-api", method).await;
        house.log_in("another-api", method, method, &[]).await.well();
        house.is_answered(method, "/me").await;
    }
    house.connect("another-api", "browser").await;
    let ran = house.log_in_by_browser("another-api", "browser", "browser").await;
    says_so(&ran.well());
    house.is_answered("browser", "/me").await;
}

#[tokio::test]
async fn another_api_is_reached_by_a_code_that_is_entered_elsewhere() {
    let house = House::new().await;
    house.connect("another-api", "device").await;
    let (arguments, _) = house.typed("another-api", "device", "device_code", &[]).await;
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut child = house.start(&arguments);
    let told = house.told(&mut child, "Waiting").await;
    let address = told.split_whitespace().find(|word| word.starts_with("http")).unwrap();
    let code = told.lines().find_map(|line| line.strip_prefix("  ")).unwrap();
    let mut at = url::Url::parse(address).unwrap();
    at.query_pairs_mut().append_pair("user_code", code);
    click_through(&at, "log-in").await;
    type_in(&mut child, "").await;
    house.end(child).await.well();
    house.is_answered("device", "/me").await;
    // Not drawn where nobody looks.
    assert!(!told.contains('▀'), "{told}");
}
