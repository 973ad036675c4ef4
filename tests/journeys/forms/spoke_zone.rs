//! The forms of Spoke Zone: devices and their secrets, data files, updates, and what is said of what is wrong.

use std::collections::BTreeMap;

use keydesk_core::{ActionRequest, ErrorCode, FieldValue, ResultView, RunFormat, RunOptions, SaveTrigger};
use serde_json::{Value, json};

use super::{Chosen, Fails, Given, Person, Rows, Typed, Values};
use crate::house::{over, sandbox};

const SUPER: [(&str, &str); 2] = [("username", "super@hillside.example"), ("password", "sandbox")];
const BOB: [(&str, &str); 2] = [("username", "bob@lakeside.example"), ("password", "sandbox")];

#[tokio::test(flavor = "multi_thread")]
async fn devices_of_spoke_zone_are_listed_searched_and_shown_on_the_map() {
    let sandbox = sandbox().await;
    let alice = Person::at(&sandbox, "spoke-zone", "user").await;
    alice
        .fill_each(vec![
            ("devices", vec![], Rows(21)),
            ("devices", vec![("search", Typed("shuttle")), ("sort", Typed("lastOnline"))], Rows(6)),
            (
                "device",
                vec![("device", Chosen("HILLSIDE-CART-03"))],
                Values(vec![("/identifier", json!("HILLSIDE-CART-03")), ("/name", json!("FUSION"))]),
            ),
        ])
        .await;
    for id in ["device", "devices"] {
        let (ResultView::Form { place, .. } | ResultView::Table { place, .. }) = alice.action(id).view else {
            panic!()
        };
        let place = place.unwrap();
        let device = alice.read("device", &[("device", Chosen("HILLSIDE-CART-03"))]).await;
        let degrees = |at: &[String]| super::at(&device, &at[0]).unwrap().as_f64().unwrap();
        assert!((degrees(&place.lat) - 35.8).abs() < 0.1 && (degrees(&place.long) + 78.6).abs() < 0.1, "{device}");
        assert!(super::at(&device, &place.at[0]).is_some_and(|at| at.is_string()));
    }
    // Another customer's are not there.
    let bob = alice.beside(&sandbox, "user", &BOB).await;
    bob.fill_each(vec![("devices", vec![], Rows(6))]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_of_spoke_zone_is_created_by_a_super_user_and_what_is_wrong_is_told() {
    let sandbox = sandbox().await;
    let alice = Person::at(&sandbox, "spoke-zone", "user").await;
    let sam = alice.beside(&sandbox, "user", &SUPER).await;
    let made = |identifier: &'static str| vec![("customer", Typed("1")), ("identifier", Typed(identifier))];
    alice
        .fill_each(vec![("create_device", made("HILLSIDE-CART-90"), Fails(ErrorCode::NoPermission, "super user"))])
        .await;
    let with = |more: (&'static str, Given)| made("HILLSIDE-CART-91").into_iter().chain([more]).collect::<Vec<_>>();
    let all = vec![
        ("customer", Typed("1")),
        ("identifier", Typed("HILLSIDE-CART-90")),
        ("status", Typed("1")),
        ("model", Typed("12")),
        ("oem", Typed("7")),
        ("serial", Typed("SN 9")),
        ("manufactured", Typed("2026-11-22")),
        ("user_identifier", Typed("Cart ninety")),
    ];
    let created = vec![
        ("/identifier", json!("HILLSIDE-CART-90")),
        ("/name", json!("FUSION")),
        ("/oemId", json!(7)),
        ("/statusId", json!(1)),
        ("/serialNumber", json!("SN 9")),
        ("/userIdentifier", json!("Cart ninety")),
    ];
    sam.fill_each(vec![
        ("create_device", all, Values(created)),
        ("create_device", made("HILLSIDE-CART-90"), Fails(ErrorCode::BadRequest, "Another device has this identifier")),
        ("create_device", with(("status", Typed("2"))), Fails(ErrorCode::BadRequest, "1 is active")),
        ("create_device", with(("manufactured", Typed("yesterday"))), Fails(ErrorCode::BadRequest, "ISO 8601")),
        ("create_device", made("HILLSIDE-CART-91"), Values(vec![("/statusId", json!(3)), ("/modelId", Value::Null)])),
        ("device", vec![("device", Chosen("HILLSIDE-CART-91"))], Values(vec![("/lastOnline", Value::Null)])),
    ])
    .await;
    // The server's own words for what is not there, or not theirs.
    let unknown = alice.send_as_typed("device", &[("device", "4711")]).await;
    assert_eq!(unknown.error.as_ref().map(|error| error.code), Some(ErrorCode::NotFound));
    assert!(unknown.error.unwrap().message.contains("The device was not found"));
}

impl Person {
    /// As on a command line, or where a list cannot be had: everything typed.
    async fn send_as_typed(&self, action: &str, values: &[(&str, &str)]) -> keydesk_core::RunRow {
        let values: Vec<_> =
            values.iter().map(|(name, value)| (*name, FieldValue::Text((*value).to_owned()))).collect();
        self.house.run(&self.connection, action, &values).await.results.remove(0)
    }
}

/// H9: a GET with a body for those who are no super users, and none for one. F1: none of it is in a file.
#[tokio::test(flavor = "multi_thread")]
async fn f1_h9_the_secrets_of_a_device_are_shown_to_who_may_see_them_and_are_kept_in_no_file() {
    let sandbox = sandbox().await;
    let alice = Person::at(&sandbox, "spoke-zone", "user").await;
    let sam = alice.beside(&sandbox, "user", &SUPER).await;
    let cart = || ("device", Chosen("HILLSIDE-SHUTTLE-02"));
    let uuid = ("/uuid", json!("5a0c2e7e-0000-4000-8000-000000000001"));
    alice
        .fill_each(vec![
            ("device_secrets", vec![cart()], Fails(ErrorCode::BadRequest, "cpuId is required")),
            (
                "device_secrets",
                vec![cart(), ("cpu_id", Typed("c0ffee0000000009"))],
                Fails(ErrorCode::BadRequest, "Not the CPU id"),
            ),
            ("device_secrets", vec![cart(), ("cpu_id", Typed("c0ffee0000000001"))], Values(vec![uuid.clone()])),
        ])
        .await;
    sam.fill_each(vec![("device_secrets", vec![cart()], Values(vec![uuid]))]).await;
    let data = alice.house.home.path().join("data");
    assert!(!data.join("runs.sqlite").exists(), "nothing was changed");

    // Of several at once neither what was typed nor what came back is in a file; of what changes something, no answer.
    let run = async |person: &Person, action: &str, rows: Value| {
        let request = ActionRequest {
            connection: person.connection.id.clone(),
            action: action.to_owned(),
            values: BTreeMap::new(),
            rows: Some(serde_json::from_value(rows).unwrap()),
        };
        let started = person.house.keydesk.start_run(request, &RunOptions::default()).await.unwrap();
        let rows = over(&person.house.keydesk, started).await.results;
        rows.into_iter().map(|row| row.body.unwrap()).collect::<Vec<_>>()
    };
    let shown = run(
        &alice,
        "device_secrets",
        json!([{"device": "1003", "cpu_id": "c0ffee0000000002"}, {"device": "1004", "cpu_id": "c0ffee0000000003"}]),
    )
    .await;
    assert!(shown[0].contains("c0ffee0000000002") && shown[1].contains("c0ffee0000000003"), "{shown:?}");
    assert!(!data.join("runs.sqlite").exists());
    let saved = alice.house.keydesk.save_trigger(SaveTrigger {
        id: None,
        name: "Secrets".to_owned(),
        connection: alice.connection.id.clone(),
        action: "device_secrets".to_owned(),
        values: [("device", "1003"), ("cpu_id", "c0ffee0000000002")]
            .map(|(name, value)| (name.to_owned(), FieldValue::Text(value.to_owned())))
            .into(),
        rows: None,
        shortcut: None,
        in_tray: false,
    });
    assert_eq!(saved.unwrap_err().field.as_deref(), Some("name"));
    let rows = json!([{"customer": "1", "identifier": "NEW-1"}, {"customer": "1", "identifier": "NEW-2"}]);
    let made = run(&sam, "create_device", rows).await;
    let token = |body: &str| serde_json::from_str::<Value>(body).unwrap()["token"].as_str().unwrap().to_owned();
    let files = std::fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    let kept: String = files.map(|file| String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned()).collect();
    assert!(kept.contains("NEW-2"), "the run itself is kept");
    for body in &made {
        assert!(!kept.contains(&token(body)));
    }
    // Nor in a file that a person takes out.
    let all = sam.house.keydesk.list_runs(None).await.unwrap();
    let run = all.iter().find(|run| run.action == "create_device" && run.counts.total == 2).unwrap();
    for format in [RunFormat::Csv, RunFormat::Json] {
        let file = sam.house.keydesk.export_run(&run.id, format).await.unwrap();
        let text = std::fs::read_to_string(file).unwrap();
        assert!(text.contains("accepted") && !made.iter().any(|body| text.contains(&token(body))), "{format:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_file_is_announced_by_a_user_and_by_a_device() {
    let sandbox = sandbox().await;
    let alice = Person::at(&sandbox, "spoke-zone", "user").await;
    let device = Person::at(&sandbox, "spoke-zone", "device").await;
    for (person, number) in [(&alice, 99), (&device, 100)] {
        person
            .fill_each(vec![(
                "create_data_file",
                vec![("type", Typed("gps")), ("module", Typed("firmware"))],
                Values(vec![("/id", json!(number))]),
            )])
            .await;
    }
    let bob = alice.beside(&sandbox, "user", &BOB).await;
    bob.fill_each(vec![("create_data_file", vec![], Fails(ErrorCode::NoPermission, "No permission to upload"))]).await;
}

/// A device knows itself, and has no lists: its number is typed where the list cannot be had.
#[tokio::test(flavor = "multi_thread")]
async fn a_device_of_spoke_zone_asks_about_itself_only_and_is_offered_no_forms_of_users() {
    let sandbox = sandbox().await;
    let device = Person::at(&sandbox, "spoke-zone", "device").await;
    let own = device.send_as_typed("device", &[("device", "1001")]).await;
    assert!(own.error.is_none() && own.body.unwrap().contains("HILLSIDE-SHUTTLE-01"));
    let other = device.send_as_typed("device", &[("device", "1002")]).await.error.unwrap();
    assert_eq!(other.code, ErrorCode::NoPermission);
    let refused = device.house.keydesk.list_choices(&device.connection.id, "devices").await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NoPermission);
    let offered: Vec<_> =
        device.house.keydesk.list_actions(&device.connection.id).unwrap().into_iter().map(|it| it.id).collect();
    assert!(
        !offered.iter().any(|id| ["devices", "create_device", "device_secrets"].contains(&id.as_str())),
        "{offered:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn updates_of_spoke_zone_are_searched_filtered_sorted_and_read_to_the_last_page() {
    let sandbox = sandbox().await;
    let device = Person::at(&sandbox, "spoke-zone", "device").await;
    device
        .fill_each(vec![
            ("ota_files", vec![], Rows(6)),
            ("ota_files", vec![("module", Typed("app"))], Rows(2)),
            ("ota_files", vec![("module", Typed("firmware")), ("active", Typed("1"))], Rows(2)),
            ("ota_files", vec![("active", Typed("0"))], Rows(2)),
            ("ota_files", vec![("search", Typed("battery"))], Rows(1)),
            ("ota_files", vec![("search", Typed("nothing of that kind"))], Rows(0)),
            (
                "ota_files",
                vec![("sort", Typed("version")), ("order", Typed("asc"))],
                Values(vec![("/0/version", json!("1.4.2"))]),
            ),
            ("ota_files", vec![], Values(vec![("/0/version", json!("3.0.0-beta"))])),
            ("ota_files", vec![("sort", Typed("size"))], Fails(ErrorCode::BadRequest, "Not a field: size")),
        ])
        .await;
}
