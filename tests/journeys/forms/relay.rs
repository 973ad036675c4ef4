//! Relay: workflows, what they report, tags and geofences, alerts.

use keydesk_core::{ArgumentKind, ErrorCode};
use keydesk_sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use super::{Arguments, Chosen, Done, Fails, First, Person, Rows, Typed, Values, both};
use crate::house::sandbox;

#[tokio::test(flavor = "multi_thread")]
async fn relays_workflows_are_read_made_deleted_and_what_runs_is_stopped() {
    let sandbox = sandbox().await;
    let person = Person::at(&sandbox, "relay", "browser").await;
    let number = |n: &str| json!(n.to_owned());
    let made = || {
        vec![
            ("name", Typed("towels")),
            ("uri", Typed("wss://hillside.example/towels")),
            ("devices", First(2)),
            ("arguments", Arguments(&[("floor", ArgumentKind::Number, "2")])),
        ]
    };
    person
        .fill_each(vec![
            ("workflows", vec![], Rows(7)),
            (
                "workflow",
                vec![("workflow", Chosen("my_http_wf"))],
                Values(vec![("/name", json!("my_http_wf")), ("/config/trigger/on_http", json!("POST"))]),
            ),
            ("create_workflow", made(), Values(vec![("/0/install/1", number("990007560234568"))])),
            ("workflows", vec![], Rows(8)),
            (
                "workflow",
                vec![("workflow", Chosen("towels"))],
                Values(vec![
                    ("/options/transient", json!(true)),
                    ("/options/hidden", json!(false)),
                    ("/config/trigger/start/workflow/args/floor", json!(2)),
                ]),
            ),
            ("delete_workflow", vec![("workflow", Chosen("towels"))], Done),
            ("workflows", vec![], Rows(7)),
            (
                "create_workflow",
                vec![
                    ("name", Typed("all")),
                    ("uri", Typed("wss://hillside.example/all")),
                    ("rule", Typed("urn:relay-resource:all:device")),
                ],
                Values(vec![
                    ("/0/install_rule", json!("urn:relay-resource:all:device")),
                    ("/0/config/trigger/start/workflow/args", json!({})),
                ]),
            ),
            (
                "create_workflow",
                vec![("name", Typed("none")), ("uri", Typed("wss://hillside.example/none"))],
                Fails(ErrorCode::BadRequest, "install"),
            ),
            ("instances", vec![], Rows(3)),
            ("stop_instance", vec![("instance", Chosen("wf_checkin"))], Done),
            ("instances", vec![], Rows(2)),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_relay_reports_is_shown_to_its_last_page_and_can_be_narrowed_down() {
    let sandbox = sandbox().await;
    let person = Person::at(&sandbox, "relay", "browser").await;
    person
        .fill_each(vec![
            ("analytics", vec![], Rows(250)),
            ("analytics", vec![("source", Typed("system")), ("category", Typed("workflow"))], Rows(100)),
            ("analytics", vec![("instance", Typed("instance-0003"))], Rows(2)),
            ("analytics", vec![("oldest", Typed("2999-01-01T00:00:00Z"))], Rows(0)),
            ("analytics", vec![("latest", Typed("yesterday"))], Fails(ErrorCode::BadRequest, "latest")),
            ("audit", vec![], Rows(120)),
            ("audit", vec![("device", Chosen("Porter 1"))], Rows(10)),
            ("groups", vec![], Rows(5)),
            ("venues", vec![], Rows(2)),
            ("positions", vec![("venue", Chosen("Annex"))], Rows(2)),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn relays_tags_and_geofences_are_read_made_changed_and_deleted() {
    let sandbox = sandbox().await;
    let person = Person::at(&sandbox, "relay", "browser").await;
    let safe = || vec![("category", Typed("room")), ("label", Typed("safe"))];
    person
        .fill_each(vec![
            ("nfc_tags", vec![], Rows(4)),
            ("create_nfc_tag", safe(), Values(vec![("/content/type", json!("custom")), ("/uid", json!(""))])),
            (
                "change_nfc_tag",
                vec![("tag", Chosen("safe")), ("category", Typed("room")), ("label", Typed("door"))],
                Values(vec![("/content/label", json!("door"))]),
            ),
            ("nfc_tags", vec![], Rows(5)),
            ("delete_nfc_tag", vec![("tag", Chosen("door"))], Done),
            ("nfc_tags", vec![], Rows(4)),
            ("geofences", vec![], Rows(2)),
            (
                "create_geofence",
                vec![
                    ("label", Typed("Lake")),
                    ("radius", Typed("60.5")),
                    ("latitude", Typed("35.8")),
                    ("longitude", Typed("-78.6")),
                ],
                Values(vec![("/lat", json!("35.800000")), ("/radius", json!(60.5))]),
            ),
            (
                "create_geofence",
                vec![("label", Typed("Station")), ("radius", Typed("120")), ("address", Typed("1 Station Road"))],
                Values(vec![("/address", json!("1 Station Road"))]),
            ),
            (
                "create_geofence",
                vec![("label", Typed("Nowhere")), ("radius", Typed("120"))],
                Fails(ErrorCode::BadRequest, "either an address"),
            ),
            ("geofences", vec![], Rows(4)),
            ("delete_geofence", vec![("geofence", Chosen("Lake"))], Done),
            ("delete_geofence", vec![("geofence", Chosen("Station"))], Done),
            ("geofences", vec![], Rows(2)),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn relays_alerts_are_sent_seen_and_cancelled_with_a_key_whose_subscriber_was_typed_once() {
    let sandbox = sandbox().await;
    let person = Person::at(&sandbox, "relay", "api_key").await;
    let alert = || vec![("notification", Typed("Fire drill at ten")), ("group", Typed("Housekeeping"))];
    person
        .fill_each(vec![
            ("events", vec![], Rows(0)),
            ("alert", both(alert(), vec![("name", Typed("drill")), ("quorum", Typed("2"))]), Values(vec![])),
            ("events", vec![], Rows(1)),
            ("cancel_alert", vec![("alert", Chosen("drill"))], Done),
            // It stands among the events twice, and is one choice all the same.
            ("events", vec![], Rows(2)),
            ("cancel_alert", vec![("alert", Chosen("drill"))], Fails(ErrorCode::NotFound, "Alert not found")),
            ("broadcast", alert(), Values(vec![])),
            (
                "alert",
                vec![("notification", Typed("a")), ("group", Typed("Nobody"))],
                Fails(ErrorCode::NotFound, "Group"),
            ),
            ("events", vec![("oldest", Typed("2999-01-01T00:00:00Z"))], Rows(0)),
        ])
        .await;
}

/// Section 1.3: they may come as a text that holds the array.
#[tokio::test(flavor = "multi_thread")]
async fn relays_groups_are_read_when_they_come_as_a_text() {
    let sandbox = Sandbox::start(Options { relay_groups_as_text: true, ..Options::default() }).await.unwrap();
    let person = Person::at(&sandbox, "relay", "browser").await;
    let result = person.send(&person.action("groups"), &[]).await;
    let groups: Value = serde_json::from_str(&result.body.unwrap()).unwrap();
    assert!(result.error.is_none() && groups.as_str().is_some_and(|text| text.contains("Front of house")));
}
