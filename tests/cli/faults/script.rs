//! Scripts that ask for a token again and again, at a certified server that rotates and detects reuse.

use std::time::{Duration, Instant};

use keydesk_support::{Certified, Visitor};
use serde_json::json;

use crate::house::House;

/// The API of that server.
const USERINFO: &str = "/realms/Relay/protocol/openid-connect/userinfo";

/// Logged in as “it”, with access tokens that live so many seconds.
async fn logged_in(seconds: u32) -> (House, Certified) {
    let (house, server) = (House::new().await, Certified::with_lifetime(seconds).unwrap());
    log_in(&house, &server, "it").await;
    (house, server)
}

async fn log_in(house: &House, server: &Certified, name: &str) {
    let issuer = server.issuer();
    let base = format!("base_url={issuer}");
    house.run(&["connect", "another-api", "--name", name, "--set", &base]).await.well();
    let (before, issuer) = (house.opened_urls().len(), format!("issuer={issuer}"));
    let child = house.start(&["login", name, "--method", "browser", "--set", &issuer, "--set", "client_id=public"]);
    let redirect = Visitor::log_in(&house.opened_url(before).await).await.unwrap();
    reqwest::get(redirect).await.unwrap();
    house.end(child).await.well();
}

/// That no renewal was refused and no family of tokens revoked. Gives how often it was renewed.
async fn all_well(server: &Certified) -> u64 {
    let counts = server.counts().await.unwrap();
    assert_eq!((&counts["errors"], &counts["revoked_families"]), (&json!({}), &json!(0)), "{counts}");
    counts["refresh_token"].as_u64().unwrap()
}

/// Two loops without a pause, for so long.
async fn two_loops(time: Duration) {
    let (house, server) = logged_in(5).await;
    let begun = Instant::now();
    let ask = async || {
        let mut calls = 0;
        while begun.elapsed() < time {
            house.run(&["token", "it"]).await.well();
            calls += 1;
        }
        calls
    };
    let (one, other) = tokio::join!(ask(), ask());
    let renewals = all_well(&server).await;
    assert!(renewals >= 2 && one > 0 && other > 0, "{one} and {other} calls, {renewals} renewals");
    // A token is renewed when it is over and not before, whoever asks: in its fifth second at the earliest.
    assert!(renewals <= begun.elapsed().as_secs() / 4 + 1, "{renewals}");
    house.run(&["call", "it", "GET", USERINFO]).await.well();
    all_well(&server).await;
}

/// A call each second, for so long and so often; the API is asked at once.
async fn each_second(time: Duration, least: usize) {
    let (house, server) = logged_in(20).await;
    let (begun, mut calls) = (Instant::now(), 0);
    let mut ticks = tokio::time::interval(Duration::from_secs(1));
    while begun.elapsed() < time || calls < least {
        ticks.tick().await;
        let token = house.run(&["token", "it"]).await.well().out;
        let client = reqwest::Client::new();
        let answer = client.get(format!("{}{USERINFO}", server.issuer())).bearer_auth(token.trim()).send().await;
        assert_eq!(answer.unwrap().status(), 200, "call {calls}");
        calls += 1;
    }
    assert!(all_well(&server).await >= 1);
}

/// Somebody else has used the refresh token, and the server has seen it twice.
#[tokio::test]
async fn e7_a_login_that_the_server_ended_for_reuse_is_said_and_another_login_there_is_none_the_worse() {
    let (house, server) = logged_in(7200).await;
    log_in(&house, &server, "other").await;
    let stolen = house.kept_of("it").await["refresh_token"].as_str().unwrap().to_owned();
    let form = [("grant_type", "refresh_token"), ("refresh_token", &stolen), ("client_id", "public")];
    let token = format!("{}/realms/Relay/protocol/openid-connect/token", server.issuer());
    let answer = reqwest::Client::new().post(token).form(&form).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    house.run(&["token", "it", "--min-valid", "9000"]).await.fails_with(3).says("invalid_grant").says("keydesk login");
    house.run(&["call", "it", "GET", USERINFO]).await.fails_with(3);
    let counts = server.counts().await.unwrap();
    assert_eq!(counts["revoked_families"], 1, "{counts}");
    house.run(&["token", "other", "--min-valid", "9000"]).await.fails_with(1).says("Even a new token");
    house.run(&["call", "other", "GET", USERINFO]).await.well();
}

#[tokio::test]
async fn e2_two_scripts_share_tokens_of_five_seconds_and_no_login_is_lost() {
    two_loops(Duration::from_secs(20)).await;
}

#[tokio::test]
#[ignore = "ten minutes; run by `./dev test --faults`"]
async fn e2_two_scripts_share_tokens_of_five_seconds_for_ten_minutes_and_no_login_is_lost() {
    two_loops(Duration::from_secs(600)).await;
}

#[tokio::test]
async fn e8_a_script_that_asks_each_second_never_gets_a_token_that_is_over() {
    each_second(Duration::from_secs(30), 25).await;
}

#[tokio::test]
#[ignore = "one hour; run by `./dev test --faults`"]
async fn e8_a_script_that_asks_each_second_for_an_hour_never_gets_a_token_that_is_over() {
    each_second(Duration::from_secs(3600), 3000).await;
}
