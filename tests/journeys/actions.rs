//! What people send.

use keydesk_core::{
    ActionRequest, ActivityEvent, Argument, ArgumentKind, ConnectionView, ErrorCode, FieldValue, RunOptions, Signal,
};
use keydesk_sandbox::Sandbox;
use keydesk_support::{Answer, FakeServer};
use serde_json::{Value, json};

use crate::house::{House, Ran, sandbox};

async fn logged_in() -> (House, Sandbox, ConnectionView) {
    let (house, sandbox) = (House::new(), sandbox().await);
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    (house, sandbox, connection)
}

async fn device_ids(house: &House, connection: &ConnectionView, count: usize) -> Vec<String> {
    let devices = house.keydesk.list_choices(&connection.id, "devices").await.unwrap();
    devices.into_iter().take(count).map(|device| device.value).collect()
}

fn argument(key: &str, kind: ArgumentKind, value: &str) -> Argument {
    Argument { key: key.to_owned(), kind, value: value.to_owned() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trigger_reaches_each_chosen_device_once() {
    let (house, sandbox, connection) = logged_in().await;
    let workflows = house.keydesk.list_choices(&connection.id, "workflows").await.unwrap();
    let devices = device_ids(&house, &connection, 3).await;
    let values = [
        ("workflow", FieldValue::Text(workflows[0].value.clone())),
        ("devices", FieldValue::Several(devices.clone())),
        (
            "arguments",
            FieldValue::Arguments(vec![
                argument("room", ArgumentKind::String, "204"),
                argument("count", ArgumentKind::Number, "2"),
                argument("urgent", ArgumentKind::Boolean, "true"),
            ]),
        ),
    ];
    let run = house.run(&connection, "send_trigger", &values).await;
    assert_eq!(run.results.iter().map(|result| result.status).collect::<Vec<_>>(), [Some(200); 3]);
    let targets: Vec<_> = run.results.iter().filter_map(|result| result.target.clone()).collect();
    assert_eq!(targets, devices);
    let mut received: Vec<String> = sandbox.triggers().into_iter().map(|trigger| trigger.device_id).collect();
    received.sort();
    let mut expected = devices;
    expected.sort();
    assert_eq!(received, expected);
    let arguments = Value::Object(sandbox.triggers()[0].action_args.clone());
    assert_eq!(arguments, json!({"room": "204", "count": 2, "urgent": true}));
    let activity = house.activity(&connection).await;
    assert!(activity.iter().any(|event| matches!(event, ActivityEvent::RunFinished { accepted: 3, failed: 0, .. })));
    assert!(activity.iter().any(|event| matches!(event, ActivityEvent::TokenAtHand { .. })));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_will_be_sent_is_shown_before_and_holds_no_token() {
    let (house, _sandbox, connection) = logged_in().await;
    let devices = device_ids(&house, &connection, 2).await;
    let values = [
        ("workflow".to_owned(), FieldValue::Text("wf_http_x".to_owned())),
        ("devices".to_owned(), FieldValue::Several(devices.clone())),
    ];
    let request = ActionRequest {
        connection: connection.id.clone(),
        action: "send_trigger".to_owned(),
        values: values.into(),
        rows: None,
    };
    let preview = house.keydesk.preview_request(request).await.unwrap();
    assert_eq!(preview.method, "POST");
    assert!(preview.url.contains("/ibot/workflow/wf_http_x?subscriber_id="));
    assert!(preview.url.ends_with(&format!("user_id={}", devices[0])));
    let body: Value = serde_json::from_str(&preview.body.unwrap()).unwrap();
    assert_eq!(body, json!({"action": "invoke", "target_device_ids": [devices[0]]}));
    let token = house.keydesk.reveal_token(&connection.id).await.unwrap();
    assert!(preview.headers.iter().all(|header| !header.value.contains(token.expose())));
}

#[tokio::test(flavor = "multi_thread")]
async fn devices_are_listed_by_name_and_workflows_by_name() {
    let (house, _sandbox, connection) = logged_in().await;
    let mut signals = house.keydesk.signals();
    let mut devices = house.keydesk.list_choices(&connection.id, "devices").await.unwrap();
    // Names that took longer than a moment are announced.
    while devices.iter().any(|device| device.detail.is_none()) {
        if let Signal::ListChanged { .. } = signals.recv().await.unwrap() {
            devices = house.keydesk.list_choices(&connection.id, "devices").await.unwrap();
        }
    }
    assert_eq!(devices.len(), 214);
    let front_desk = devices.iter().find(|device| device.label == "Front desk").unwrap();
    assert_eq!(front_desk.groups, ["Front of house"], "what it can be chosen by too");
    let workflows = house.keydesk.list_choices(&connection.id, "workflows").await.unwrap();
    assert!(workflows.iter().any(|workflow| workflow.label == "my_http_wf"));
}

#[tokio::test(flavor = "multi_thread")]
async fn device_info_workflows_devices_and_who_am_i_answer() {
    let (house, _sandbox, connection) = logged_in().await;
    let body = |run: Ran| -> Value {
        let result = run.results.into_iter().next().unwrap();
        assert!(result.error.is_none(), "{:?}", result.error);
        serde_json::from_str(&result.body.unwrap()).unwrap()
    };
    let device = device_ids(&house, &connection, 1).await.remove(0);
    let info =
        body(house.run(&connection, "device_info", &[("device", FieldValue::Several(vec![device.clone()]))]).await);
    assert_eq!(info["device_id"], json!(device));
    assert!(info.pointer("/device_details/device_info/battery_level").is_some());
    assert!(body(house.run(&connection, "workflows", &[]).await)["results"].is_array());
    assert_eq!(body(house.run(&connection, "devices", &[]).await).as_array().unwrap().len(), 214);
    let who = body(house.run(&connection, "who_am_i", &[]).await);
    assert_eq!(who["identity"]["email"], json!("alice@hillside.example"));
    assert!(who.pointer("/subscribers/0/subscriber_id").is_some());
    assert!(who.pointer("/subscriber_info/capabilities").is_some());
    // What the vendor's CLI computes for this account and subscriber.
    assert_eq!(who["relay_user_id"], json!("VIRT4k2fNZctt92EwvJBZOozrF"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_device_list_and_an_unknown_action_are_refused_by_name() {
    let (house, sandbox, connection) = logged_in().await;
    let values = [
        ("workflow".to_owned(), FieldValue::Text("wf".to_owned())),
        ("devices".to_owned(), FieldValue::Several(Vec::new())),
    ];
    let mut request = ActionRequest {
        connection: connection.id.clone(),
        action: "send_trigger".to_owned(),
        values: values.into(),
        rows: None,
    };
    let error = house.keydesk.start_run(request.clone(), &RunOptions::default()).await.err().unwrap();
    assert_eq!((error.code, error.field.as_deref()), (ErrorCode::InvalidInput, Some("devices")));
    request.action = "nothing".to_owned();
    assert!(house.keydesk.start_run(request, &RunOptions::default()).await.is_err());
    assert!(sandbox.triggers().is_empty());
}

/// A device that fails does not stop the others, and its answer is kept.
#[tokio::test(flavor = "multi_thread")]
async fn one_failing_device_leaves_the_others_sent() {
    let (house, sandbox, connection) = logged_in().await;
    let mut devices = device_ids(&house, &connection, 2).await;
    devices.insert(1, "990000000000000".to_owned());
    let workflows = house.keydesk.list_choices(&connection.id, "workflows").await.unwrap();
    let values =
        [("workflow", FieldValue::Text(workflows[0].value.clone())), ("devices", FieldValue::Several(devices))];
    let run = house.run(&connection, "send_trigger", &values).await;
    assert_eq!(run.results[1].error.as_ref().unwrap().code, ErrorCode::NotFound);
    assert!(run.results[1].body.is_some());
    assert_eq!(sandbox.triggers().len(), 2);
}

/// A Wi-Fi login page in place of the API is told, not shown as a success.
#[tokio::test(flavor = "multi_thread")]
async fn a_web_page_in_place_of_an_answer_is_told() {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    server.always("/api/ibot/authz_context", Answer::html(200, "<h1>Wi-Fi</h1>"));
    let connection = house.connect_to(&server);
    let fields = [("token".to_owned(), keydesk_core::Secret::new("access-token-1"))].into();
    let request = keydesk_core::LogIn {
        connection: connection.id.clone(),
        login: "access_token".to_owned(),
        fields,
        keep: Vec::new(),
    };
    house.keydesk.log_in(request).await.unwrap();
    let run = house.run(&connection, "workflows", &[]).await;
    assert_eq!(run.results[0].error.as_ref().unwrap().code, ErrorCode::UnexpectedAnswer);
}

/// D10, D14: every request of the app carries a user agent, and the API sees the access token only.
#[tokio::test(flavor = "multi_thread")]
async fn d10_d14_the_api_sees_the_access_token_and_a_user_agent_and_no_other_token() {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    let tokens =
        json!({"access_token": "the-access-token", "refresh_token": "the-refresh-token", "id_token": "the-id-token"});
    server.always("/legacy/oauth2/token", Answer::json(200, &tokens));
    server.always("/legacy/oauth2/validate", Answer::json(200, &json!({"email": "a@b.c"})));
    server.always("/api/ibot/authz_context", Answer::json(200, &json!([{"subscriber_id": "s"}])));
    server.always("/api/ibot/workflow", Answer::json(200, &json!({"results": []})));
    let connection = house.connect_to(&server);
    let fields = [("token".to_owned(), keydesk_core::Secret::new("first-refresh-token"))].into();
    let request = keydesk_core::LogIn {
        connection: connection.id.clone(),
        login: "refresh_token".to_owned(),
        fields,
        keep: Vec::new(),
    };
    house.keydesk.log_in(request).await.unwrap();
    house.run(&connection, "workflows", &[]).await;
    let received = server.received();
    assert!(received.len() >= 4);
    for request in &received {
        assert!(request.header("user-agent").is_some_and(|agent| agent.starts_with("Keydesk/")), "{}", request.path);
        if !request.path.ends_with("/oauth2/token") {
            assert_eq!(request.header("authorization"), Some("Bearer the-access-token"));
            let all = format!("{request:?}");
            assert!(!all.contains("the-refresh-token") && !all.contains("the-id-token"));
        }
    }
}
