//! World of Workflows, or an API of one's own: any call, and the error branch.

use keydesk_core::{ActionRequest, ErrorCode, FieldValue, TargetState};
use serde_json::{Value, json};

use super::{Fails, Given, Person, Typed, Values};
use crate::house::sandbox;

fn call(method: &'static str, path: &'static str, content: &'static str) -> Vec<(&'static str, Given)> {
    vec![("method", Typed(method)), ("path", Typed(path)), ("content", Typed(content))]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_has_a_method_a_path_and_content_and_shows_what_comes_back() {
    let sandbox = sandbox().await;
    let person = Person::at(&sandbox, "world-of-workflows", "request").await;
    person
        .fill_each(vec![
            ("call", vec![("path", Typed("/me"))], Values(vec![("/username", json!("alice@hillside.example"))])),
            ("call", call("GET", "bookings?state=waiting", ""), Values(vec![("/bookings/0/id", json!(4104))])),
            (
                "call",
                call("POST", "/bookings", r#"{"passenger": "Grace Kim", "journey": "Hillside to Zoo"}"#),
                Values(vec![("/id", json!(4107)), ("/state", json!("waiting"))]),
            ),
            (
                "call",
                call("PATCH", "/bookings/4107", r#"{"state": "confirmed"}"#),
                Values(vec![("/state", json!("confirmed"))]),
            ),
            ("call", call("PUT", "/bookings/4107", r#"{"journey": "Zoo"}"#), Values(vec![("/journey", json!("Zoo"))])),
            ("call", call("DELETE", "/bookings/4107", ""), Values(vec![("/id", json!(4107))])),
        ])
        .await;
}

/// Section 4: 200 is data, anything else is “status - body”.
#[tokio::test(flavor = "multi_thread")]
async fn anything_but_200_is_the_error_branch_with_its_status_and_body() {
    let sandbox = sandbox().await;
    let person = Person::at(&sandbox, "world-of-workflows", "request").await;
    person
        .fill_each(vec![
            (
                "call",
                call("GET", "/bookings/4107", ""),
                Fails(ErrorCode::NotFound, r#"404 - {"message":"No such booking"}"#),
            ),
            (
                "call",
                call("POST", "/bookings", r#"{"passenger": "Nobody"}"#),
                Fails(ErrorCode::BadRequest, r#"400 - {"message":"A booking needs a passenger and a journey"}"#),
            ),
            ("call", call("DELETE", "/me", ""), Fails(ErrorCode::NotFound, r#"404 - {"message":"No such path"}"#)),
        ])
        .await;
    for (status, body, told) in
        [(201, r#"{"id":1}"#, r#"201 - {"id":1}"#), (500, "<h1>Down</h1>", "500 - <h1>Down</h1>"), (204, "", "204")]
    {
        sandbox.fail_next("/own-api/me", status, body, 1);
        let row = person.send(&person.action("call"), &[("path", Typed("/me"))]).await;
        assert_eq!((row.state, row.status), (TargetState::Failed, Some(status)));
        assert_eq!(row.error.unwrap().message, told);
        assert_eq!(row.body.unwrap_or_default(), body, "and the answer itself is there too");
    }
}

/// What would be sent is shown before: below the connection's base URL, and without content where there is none.
#[tokio::test(flavor = "multi_thread")]
async fn h2_a_call_goes_below_the_base_url_and_to_no_other_server() {
    let sandbox = sandbox().await;
    let person = Person::at(&sandbox, "world-of-workflows", "request").await;
    let preview = async |path: &str| {
        let values = [("method", "GET"), ("path", path), ("content", "")];
        let request = ActionRequest {
            connection: person.connection.id.clone(),
            action: "call".to_owned(),
            values: values.map(|(name, value)| (name.to_owned(), FieldValue::Text(value.to_owned()))).into(),
            rows: None,
        };
        person.house.keydesk.preview_request(request).await.unwrap()
    };
    for path in ["bookings/4101?x=1", "/bookings/4101?x=1", "//bookings/4101?x=1"] {
        let shown = preview(path).await;
        assert_eq!(shown.url, format!("{}/own-api/bookings/4101?x=1", sandbox.url()));
        assert!(shown.body.is_none() && shown.headers.iter().all(|header| header.name != "Content-Type"));
    }
    for path in ["@evil.example/x", "https://evil.example/x", "../../../x", r"\\evil.example\x"] {
        assert!(preview(path).await.url.starts_with(sandbox.url()), "{path}");
    }
    let wrong = person.send_wrong(&[("path", "/me"), ("content", "{ not json")]).await;
    assert_eq!(wrong.field.as_deref(), Some("content"));
}

impl Person {
    /// A form that is not even sent.
    async fn send_wrong(&self, values: &[(&str, &str)]) -> keydesk_core::Error {
        let mut all = vec![("method", "GET")];
        all.extend(values);
        let request = ActionRequest {
            connection: self.connection.id.clone(),
            action: "call".to_owned(),
            values: all
                .iter()
                .map(|(name, value)| ((*name).to_owned(), FieldValue::Text((*value).to_owned())))
                .collect(),
            rows: None,
        };
        self.house.keydesk.start_run(request, &keydesk_core::RunOptions::default()).await.err().unwrap()
    }
}

/// The activity says where it went, and holds no content.
#[tokio::test(flavor = "multi_thread")]
async fn f9_the_activity_of_a_call_holds_no_content() {
    let sandbox = sandbox().await;
    let person = Person::at(&sandbox, "world-of-workflows", "request").await;
    let content = r#"{"passenger": "A-private-name", "journey": "Hillside to Zoo"}"#;
    let made: Value = person.read("call", &call("POST", "/bookings", content)).await;
    assert_eq!(made["passenger"], "A-private-name");
    let told = format!("{:?}", person.house.activity(&person.connection).await);
    assert!(told.contains("/own-api/bookings") && !told.contains("A-private-name"), "{told}");
}
