//! Wazo: whose a token is and what it may do, sessions and refresh tokens, the daemons.

use std::collections::BTreeMap;

use keydesk_core::{ErrorCode, FieldValue};
use serde_json::{Value, json};

use super::{Chosen, Done, Fails, Given, Person, Rows, Typed, Values, at, both};
use crate::house::sandbox;

#[tokio::test(flavor = "multi_thread")]
async fn wazos_token_says_whose_it_is_and_what_it_may_do() {
    let sandbox = sandbox().await;
    let person = Person::at(&sandbox, "wazo", "online").await;
    let user = "98071da3-572b-4552-be88-8907a9ad03ef";
    let scopes = || vec![("scopes", Typed("[\"auth.users.me.read\", \"calld.status.read\"]"))];
    person
        .fill_each(vec![
            ("who_am_i", vec![], Values(vec![("/uuid", json!(user)), ("/firstname", json!("Alice"))])),
            (
                "token",
                vec![],
                // Its own token is repeated there.
                Values(vec![("/data/metadata/uuid", json!(user)), ("/data/token", json!("•••"))]),
            ),
            (
                "check_scopes",
                scopes(),
                Values(vec![("/scopes", json!({"auth.users.me.read": true, "calld.status.read": false}))]),
            ),
            (
                "check_scopes",
                both(scopes(), vec![("in_tenant", Typed("2c34c282-433e-4bb8-8d56-fec14ff7e1e9"))]),
                Fails(ErrorCode::NoPermission, "Unauthorized for tenant"),
            ),
        ])
        .await;
}

impl Person {
    /// A good answer.
    pub(super) async fn read(&self, action: &str, given: &[(&str, Given)]) -> Value {
        let result = self.send(&self.action(action), given).await;
        assert!(result.error.is_none(), "{action}: {:?}", result.error);
        result.body.map_or(Value::Null, |body| serde_json::from_str(&body).unwrap())
    }

    /// The session of its token.
    async fn session(&self) -> String {
        self.read("token", &[]).await["data"]["session_uuid"].as_str().unwrap().to_owned()
    }
}

const ALICE: [(&str, &str); 2] = [("username", "alice@hillside.example"), ("password", "sandbox")];
const SAM: [(&str, &str); 2] = [("username", "super@hillside.example"), ("password", "sandbox")];

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_wazo_is_made_for_the_time_that_is_chosen() {
    let sandbox = sandbox().await;
    let person = Person::at(&sandbox, "wazo", "online").await;
    let person = person.beside(&sandbox, "online", &[ALICE[0], ALICE[1], ("expiration", "90")]).await;
    let token = person.house.view(&person.connection).token;
    let lives = token.expires_at.unwrap().duration_since(token.obtained_at.unwrap()).as_secs();
    assert!((88..=90).contains(&lives), "{lives}");
}

#[tokio::test(flavor = "multi_thread")]
async fn sessions_and_refresh_tokens_of_wazo_are_listed_and_ended() {
    let sandbox = sandbox().await;
    let person = Person::at(&sandbox, "wazo", "online").await;
    let stays = person.beside(&sandbox, "offline", &ALICE).await;
    let session: &str = stays.session().await.leak();
    person
        .fill_each(vec![
            ("refresh_tokens", vec![], Rows(1)),
            ("sessions", vec![], Rows(2)),
            ("delete_session", vec![("session", Chosen(session))], Done),
            ("sessions", vec![], Rows(1)),
        ])
        .await;
    // Its token is dead, its refresh token makes another.
    assert_ne!(stays.session().await, session);
    person
        .fill_each(vec![
            ("sessions", vec![], Rows(2)),
            ("delete_refresh_token", vec![("client", Chosen(""))], Done),
            ("refresh_tokens", vec![], Rows(0)),
        ])
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn wazos_daemons_say_how_they_are_and_one_that_may_not_be_asked_hides_no_other() {
    let sandbox = sandbox().await;
    let alice = Person::at(&sandbox, "wazo", "online").await;
    let status = alice.read("status", &[]).await;
    assert_eq!(status["confd"]["rest_api"]["status"], "ok");
    assert!(status["infos"]["wazo_version"].is_string());
    assert!(status["calld"]["error"].as_str().unwrap().contains("Unauthorized"), "{status}");
    let sam = alice.beside(&sandbox, "online", &SAM).await;
    assert_eq!(sam.read("status", &[]).await["calld"]["ari"]["status"], "ok");
    // Whether logins work anybody may ask, by a HEAD that is answered without a body.
    let nobody = alice.beside(&sandbox, "online", &[("username", "bob@hillside.example"), ALICE[1]]).await;
    let status = nobody.read("status", &[]).await;
    assert_eq!((&status["auth"], status["confd"]["error"].is_string()), (&json!(true), true), "{status}");
    sandbox.fail_next("/wazo/api/auth/0.1/status", 503, "", 1);
    // Where none can be had, that is the answer.
    nobody.fill_each(vec![("status", vec![], Fails(ErrorCode::ServerFailed, "503"))]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn users_of_wazo_are_chosen_by_an_administrator_and_by_nobody_else() {
    let sandbox = sandbox().await;
    let alice = Person::at(&sandbox, "wazo", "online").await;
    let error = alice.house.keydesk.list_choices(&alice.connection.id, "users").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NoPermission);
    let sam = alice.beside(&sandbox, "online", &SAM).await;
    let bob = sam.read("user", &[("user", Chosen("bob@"))]).await;
    assert_eq!((&bob["firstname"], &bob["enabled"]), (&json!("Bob"), &json!(true)));
}

/// From the table of what somebody has to the end of one of it.
#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_of_wazo_lists_and_ends_what_others_are_logged_in_with() {
    let sandbox = sandbox().await;
    let alice = Person::at(&sandbox, "wazo", "offline").await;
    let sam = alice.beside(&sandbox, "online", &SAM).await;
    let user = || ("user", Chosen("alice@"));
    for (table, delete, field) in [
        ("user_sessions", "delete_user_session", "session"),
        ("user_refresh_tokens", "delete_user_refresh_token", "client"),
    ] {
        let there = sam.read(table, &[user()]).await["items"][0].clone();
        let action = sam.action(table);
        let opens = &action.view.opens()[0];
        assert_eq!(opens.action, delete);
        let filled = |field: &str| at(&there, &opens.set[field]).unwrap().as_str().unwrap().to_owned();
        let values = ["user", field].map(|field| (field, FieldValue::Text(filled(field))));
        let ran = sam.house.run(&sam.connection, delete, &values).await;
        assert!(ran.results[0].error.is_none(), "{ran:?}");
        assert_eq!(sam.read(table, &[user()]).await["items"], json!([]));
    }
}

/// Nothing was remembered of it: whose it is, the server says.
#[tokio::test(flavor = "multi_thread")]
async fn a_pasted_token_of_wazo_has_the_same_forms_and_a_name() {
    let sandbox = sandbox().await;
    let alice = Person::at(&sandbox, "wazo", "online").await;
    let token = alice.house.keydesk.reveal_token(&alice.connection.id).await.unwrap();
    let pasted = alice.beside(&sandbox, "access_token", &[("token", token.expose())]).await;
    assert_eq!(pasted.house.view(&pasted.connection).identity.as_deref(), Some("Alice Rodriguez"));
    pasted
        .fill_each(vec![
            ("who_am_i", vec![], Values(vec![("/firstname", json!("Alice"))])),
            ("token", vec![], Values(vec![("/data/token", json!("•••"))])),
            ("sessions", vec![], Rows(1)),
        ])
        .await;
    // The token stands in an address that is shown, and is not shown there.
    let request = keydesk_core::ActionRequest {
        connection: pasted.connection.id.clone(),
        action: "token".to_owned(),
        values: BTreeMap::new(),
        rows: None,
    };
    let preview = pasted.house.keydesk.preview_request(request).await.unwrap();
    assert!(preview.url.ends_with("/auth/0.1/token/:access_token"), "{}", preview.url);
    let told = format!("{:?}", pasted.house.activity(&pasted.connection).await);
    assert!(told.contains("/auth/0.1/token/:access_token") && !told.contains(token.expose()), "{told}");
}
