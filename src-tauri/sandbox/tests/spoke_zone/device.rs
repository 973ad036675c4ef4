use keydesk_sandbox::USERNAME;
use reqwest::Method;
use serde_json::{Value, json};

use crate::client::{CPU_ID, Client, DEVICE, SUPER, VIEWER, ids, kind, read, text};

const DEVICES: &str = "/api/v2/devices";

#[tokio::test]
async fn a_device_is_told_about() {
    let client = Client::start().await;
    let token = client.log_in(USERNAME).await;
    let (status, device) = client.get(DEVICE, &token).await;
    assert_eq!(status, 200);
    assert_eq!(device["identifier"], "HILLSIDE-SHUTTLE-01");
    assert_eq!(device["name"], "NeuralPlex", "the model's name");
    assert!(device["lastLatitude"].is_f64() && device["softwareVersions"].is_object());
    assert!(text(&device["lastOnline"]).ends_with('Z'));
    assert!(device.get("token").is_none() && device.get("cpuId").is_none());
}

#[tokio::test]
async fn users_see_their_customers_devices_and_a_super_user_all() {
    let client = Client::start().await;
    let (own, other, all) = (client.log_in(USERNAME).await, client.log_in(VIEWER).await, client.log_in(SUPER).await);
    let mut counts = Vec::new();
    for token in [&own, &other, &all] {
        let (status, list) = client.get(DEVICES, token).await;
        assert_eq!(status, 200);
        counts.push(ids(&list).len());
    }
    assert_eq!(counts, [21, 6, 27]);
    let (status, answer) = client.get(DEVICE, &other).await;
    assert_eq!((status, kind(&answer)), (404, "entity-not-found"));
    let details = &answer["errors"][0]["details"];
    assert_eq!((text(&details["entityType"]), text(&details["entityId"])), ("device", "1001"));
    assert_eq!(client.get("/api/v2/devices/1", &all).await.0, 404);
}

#[tokio::test]
async fn a_list_is_cut_searched_and_sorted() {
    let client = Client::start().await;
    let token = client.log_in(USERNAME).await;
    let (_, list) = client.get(&format!("{DEVICES}?limit=2&offset=1"), &token).await;
    assert_eq!(ids(&list), [1002, 1003]);
    let (_, list) = client
        .get(&format!("{DEVICES}?searchTerm=boiler&searchFields=identifier&sort=id&sortOrder=desc"), &token)
        .await;
    assert_eq!(ids(&list), [1021, 1020, 1019]);
    for wrong in ["limit=many", "sort=shoes", "searchFields=shoes", "sortOrder=up"] {
        let (status, answer) = client.get(&format!("{DEVICES}?{wrong}"), &token).await;
        assert_eq!((status, kind(&answer)), (400, "invalid-field"), "{wrong}");
    }
}

#[tokio::test]
async fn a_device_asks_about_itself_only() {
    let client = Client::start().await;
    let token = client.device_token().await;
    assert_eq!(client.get(DEVICE, &token).await.0, 200);
    for path in ["/api/v2/devices/1002", DEVICES, "/api/v2/devices/1001/secrets"] {
        let (status, answer) = client.get(path, &token).await;
        assert_eq!((status, kind(&answer)), (403, "unauthorized"), "{path}");
    }
}

#[tokio::test]
async fn only_a_super_user_creates_devices() {
    let client = Client::start().await;
    let body = json!({ "customerId": 1, "identifier": "NEW-1" });
    for token in [client.log_in(USERNAME).await, client.device_token().await] {
        let (status, answer) = client.post(DEVICES, &token, &body).await;
        assert_eq!((status, kind(&answer)), (403, "unauthorized"));
    }
    let token = client.log_in(SUPER).await;
    let (status, device) = client.post(DEVICES, &token, &body).await;
    assert_eq!(status, 201);
    assert_eq!(device["statusId"], 3, "disabled, where nothing is said");
    let path = format!("{DEVICES}/{}", device["id"]);
    let (status, own) = client.get(&path, text(&device["token"])).await;
    assert_eq!((status, &own["identifier"]), (200, &json!("NEW-1")));
}

#[tokio::test]
async fn what_a_new_device_is_made_of_is_looked_at() {
    let client = Client::start().await;
    let token = client.log_in(SUPER).await;
    let good = json!({
        "customerId": 1, "identifier": "NEW-1", "modelId": 12, "statusId": 1, "serialNumber": "SN1", "cpuId": "c1",
        "uuid": "u1", "manufactureDate": "2026-11-22", "userIdentifier": "cart", "oemId": null,
    });
    assert_eq!(client.post(DEVICES, &token, &good).await.0, 201);
    let cases = [
        ("identifier", json!("NEW-1"), "invalid-field"),
        ("uuid", json!("u1"), "invalid-field"),
        ("customerId", json!("1"), "invalid-field"),
        ("customerId", Value::Null, "required-field"),
        ("identifier", Value::Null, "required-field"),
        ("statusId", json!(2), "invalid-field"),
        ("manufactureDate", json!("yesterday"), "invalid-field"),
        ("colour", json!("red"), "unknown-field"),
    ];
    for (field, value, expected) in cases {
        let mut body = good.clone();
        body["identifier"] = json!("NEW-2");
        body["uuid"] = json!("u2");
        body[field] = value;
        let (status, answer) = client.post(DEVICES, &token, &body).await;
        assert_eq!((status, kind(&answer)), (400, expected), "{body}");
        assert_eq!(answer["errors"][0]["details"]["field"], field);
    }
}

#[tokio::test]
async fn secrets_want_the_cpu_id_from_all_but_super_users() {
    let client = Client::start().await;
    let (user, above) = (client.log_in(USERNAME).await, client.log_in(SUPER).await);
    let (status, answer) = client.get(&format!("{DEVICE}/secrets"), &user).await;
    assert_eq!((status, kind(&answer)), (400, "required-field"));
    let (status, answer) = client.secrets(&user, &json!({ "cpuId": "wrong" })).await;
    assert_eq!((status, kind(&answer)), (400, "invalid-field"));
    let (status, answer) = client.secrets(&user, &json!({ "cpuId": CPU_ID })).await;
    assert_eq!(status, 200);
    assert_eq!(answer.as_object().unwrap().keys().collect::<Vec<_>>(), ["cpuId", "uuid", "token"]);
    let (status, answer) = client.get(&format!("{DEVICE}/secrets"), &above).await;
    assert_eq!(status, 200);
    assert_eq!(client.get(DEVICE, text(&answer["token"])).await.0, 200);
    let device = json!({ "cpu_id": answer["cpuId"], "uuid": answer["uuid"], "token": answer["token"] });
    assert_eq!(read(client.request(Method::POST, "/loginDevice").json(&device)).await.0, 200);
}
