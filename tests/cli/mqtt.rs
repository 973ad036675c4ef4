//! mqtt.

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::house::{House, SOON};
use crate::waiting::interrupt;

const PLACES: &str = "mrs/d/+/mon/location";

async fn depot() -> House {
    let house = House::new().await;
    house.connect("spoke-zone", "depot").await;
    house.log_in("spoke-zone", "depot", "device_secrets", &[]).await.well();
    house
}

#[tokio::test]
async fn what_a_broker_offers_is_listed_and_who_has_none_says_so() {
    let house = depot().await;
    let ran = house.run(&["mqtt", "depot"]).await.well();
    assert!(ran.out.contains("--subscribe 'mrs/d/1001/#'") && ran.out.contains("--publish 'mrs/d/1001/…'"), "{ran:?}");
    let offer = house.run(&["--json", "mqtt", "depot"]).await.well().json();
    assert_eq!((&offer["values"]["device"], offer["suggestions"].as_array().map(Vec::len)), (&"1001".into(), Some(3)));
    house.logged_in("api").await;
    house.run(&["mqtt", "api"]).await.fails_with(2).says("no live messages");
}

#[tokio::test]
async fn messages_are_printed_line_by_line_and_a_number_of_them_ends_it() {
    let house = depot().await;
    let mine = "mrs/d/1001/mon/location";
    let ran = house.run(&["--json", "mqtt", "depot", "--subscribe", mine, "--count", "2"]).await.well();
    let rows: Vec<Value> = ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(rows.len(), 2, "{ran:?}");
    assert_eq!(
        (&rows[0]["topic"], &rows[0]["retained"], &rows[1]["retained"]),
        (&mine.into(), &true.into(), &false.into())
    );
    assert!(rows[0]["place"]["lat"].is_f64(), "{ran:?}");
    let ran = house.run(&["mqtt", "depot", "--subscribe", mine, "--count", "1"]).await.well();
    assert!(ran.out.starts_with("mrs/d/1001/mon/location  {\"lat\":"), "{ran:?}");
}

#[tokio::test]
async fn what_is_published_comes_back_to_who_listens_and_nothing_leaves_the_prefix() {
    let house = depot().await;
    let (door, publish) = ("mrs/d/1001/mon/door", ["--publish", "mrs/d/1001/mon/door", "--payload", "open"]);
    let both = [&["mqtt", "depot", "--subscribe", door, "--count", "1"][..], &publish].concat();
    assert_eq!(house.run(&both).await.well().out, "mrs/d/1001/mon/door  open\n");
    // The broker keeps one for who comes later.
    house.run(&[&["mqtt", "depot", "--retain"][..], &publish].concat()).await.well();
    let later = house.run(&["--json", "mqtt", "depot", "--subscribe", door, "--count", "1"]).await.well().json();
    assert_eq!((&later["payload"], &later["retained"]), (&"open".into(), &true.into()));
    let out = ["mqtt", "depot", "--publish", "mrs/d/1002/mon/door", "--payload", "open"];
    house.run(&out).await.fails_with(2).says("mrs/d/1001/");
    house.run(&["mqtt", "depot", "--set", "device=a/b", "--subscribe", "#"]).await.fails_with(2).says("Device");
}

#[tokio::test]
async fn ctrl_c_ends_it_well() {
    let house = depot().await;
    let mut child = house.start(&["mqtt", "depot", "--subscribe", "mrs/d/1001/#"]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = tokio::time::timeout(SOON, lines.next_line()).await.expect("a message").unwrap();
    assert!(first.is_some_and(|line| line.starts_with("mrs/d/1001/mon/")));
    interrupt(child.id().unwrap());
    house.end(child).await.well();
}

#[tokio::test]
async fn what_a_token_may_not_hear_and_a_login_that_is_gone_have_their_exit_status() {
    let house = depot().await;
    house.run(&["mqtt", "depot", "--subscribe", PLACES, "--count", "1"]).await.fails_with(4).says(PLACES);
    house.run(&["logout", "depot"]).await.well();
    let ran = house.run(&["--json", "mqtt", "depot", "--set", "device=1001", "--subscribe", "mrs/d/1001/#"]).await;
    assert_eq!(ran.fails_with(3).json()["error"]["code"], "login_needed");
}
