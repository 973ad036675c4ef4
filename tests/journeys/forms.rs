//! The forms of providers, filled as a person fills them: an id is never typed, it is chosen from a live list. Each row of
//! a table is a form that is sent to the sandbox; the rows come one after the other, so that one sees what the one before
//! has changed.

mod image_relay;
mod own_api;
mod spoke_zone;
mod views;

use std::collections::BTreeMap;
use std::sync::Arc;

use keydesk_core::{
    ActionView, Argument, ArgumentKind, ConnectionView, Error, ErrorCode, FieldKind, FieldValue, FieldView, ResultView,
    RunRow,
};
use keydesk_sandbox::{Options, Sandbox};
use serde_json::{Value, json};

use crate::house::{House, sandbox};

/// What is filled into a field.
enum Given {
    Typed(&'static str),
    /// The entry of the field's live list whose label begins so.
    Chosen(&'static str),
    /// The first so many entries of the field's live list.
    First(usize),
    Arguments(&'static [(&'static str, ArgumentKind, &'static str)]),
}

use Given::{Arguments, Chosen, First, Typed};

/// What comes back.
enum Comes {
    /// A table of so many rows, each of whose columns has something in one row at least.
    Rows(usize),
    /// An answer with these values at their pointers.
    Values(Vec<(&'static str, Value)>),
    /// A good answer without a body.
    Done,
    /// An error, in words that hold this.
    Fails(ErrorCode, &'static str),
}

use Comes::{Done, Fails, Rows, Values};

type Form = (&'static str, Vec<(&'static str, Given)>, Comes);

struct Person {
    house: Arc<House>,
    connection: ConnectionView,
}

impl Person {
    /// Logged in as the sandbox offers it.
    async fn at(sandbox: &Sandbox, provider: &str, login: &str) -> Self {
        let house = Arc::new(House::new());
        let connection = house.connect_at(sandbox, provider);
        house.log_in_at(sandbox, &connection, login).await;
        Self { house, connection }
    }

    /// Another login of the same Keydesk, with these fields.
    async fn beside(&self, sandbox: &Sandbox, login: &str, fields: &[(&str, &str)]) -> Self {
        let connection = self.house.connect_at(sandbox, &self.connection.provider);
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.house.enter(&connection, login, &fields, &[]).await.unwrap();
        Self { house: self.house.clone(), connection }
    }

    fn action(&self, id: &str) -> ActionView {
        let actions = self.house.keydesk.list_actions(&self.connection.id).unwrap();
        actions.into_iter().find(|action| action.id == id).unwrap_or_else(|| panic!("no form {id}"))
    }

    async fn value(&self, action: &ActionView, field: &str, given: &Given) -> FieldValue {
        let field = action.fields.iter().find(|known| known.id == field).unwrap_or_else(|| panic!("no field {field}"));
        match given {
            Typed(text) => {
                assert!(field.list.is_none(), "{} is chosen, not typed", field.id);
                FieldValue::Text((*text).to_owned())
            }
            Chosen(label) => {
                let list = self.house.keydesk.list_choices(&self.connection.id, field.list.as_ref().unwrap());
                let list = list.await.unwrap();
                let found = list.iter().find(|choice| choice.label.starts_with(label));
                one_of(field, found.unwrap_or_else(|| panic!("no {label} in {list:?}")).value.clone())
            }
            First(count) => {
                let list = self.house.keydesk.list_choices(&self.connection.id, field.list.as_ref().unwrap());
                let list = list.await.unwrap();
                FieldValue::Several(list.into_iter().take(*count).map(|choice| choice.value).collect())
            }
            Arguments(arguments) => FieldValue::Arguments(
                arguments
                    .iter()
                    .map(|(key, kind, value)| Argument {
                        key: (*key).to_owned(),
                        kind: *kind,
                        value: (*value).to_owned(),
                    })
                    .collect(),
            ),
        }
    }

    /// As the form begins, and what is filled in.
    async fn send(&self, action: &ActionView, given: &[(&str, Given)]) -> RunRow {
        let initial = action.fields.iter().filter_map(|field| Some((field.id.as_str(), field.initial.clone()?)));
        let mut values: BTreeMap<&str, FieldValue> = initial.map(|(id, value)| (id, FieldValue::Text(value))).collect();
        for (field, given) in given {
            values.insert(field, self.value(action, field, given).await);
        }
        let values: Vec<_> = values.into_iter().collect();
        let run = self.house.run(&self.connection, &action.id, &values).await;
        run.results.into_iter().next().unwrap()
    }

    async fn fill_each(&self, forms: Vec<Form>) {
        for (id, given, comes) in forms {
            let action = self.action(id);
            let result = self.send(&action, &given).await;
            let body = result.body.as_deref().map(|body| serde_json::from_str::<Value>(body).unwrap());
            check(&action, &comes, result.error.as_ref(), body.as_ref());
        }
    }
}

fn check(action: &ActionView, comes: &Comes, error: Option<&Error>, body: Option<&Value>) {
    let id = &action.id;
    if let Fails(code, words) = comes {
        let error = error.unwrap_or_else(|| panic!("{id} did not fail: {body:?}"));
        assert_eq!(error.code, *code, "{id}: {}", error.message);
        assert!(error.message.contains(words), "{id}: {}", error.message);
        return;
    }
    assert!(error.is_none(), "{id}: {error:?}");
    match comes {
        Rows(count) => {
            let (rows_at, columns) = match &action.view {
                ResultView::Table { rows_at, columns, .. } | ResultView::Grid { rows_at, columns, .. } => {
                    (rows_at, &columns[..])
                }
                ResultView::Tree { rows_at, .. } => (rows_at, &[][..]),
                _ => panic!("{id} has no rows"),
            };
            let rows = at(body.unwrap(), rows_at).unwrap();
            let rows = rows.as_array().unwrap();
            assert_eq!(rows.len(), *count, "{id}");
            let shown = |row: &Value, pointer: &str| at(row, pointer).is_some_and(|value| !value.is_null());
            for pointer in columns.iter().map(|column| &column.at).chain(of_rows(&action.view)).filter(|_| *count > 0) {
                assert!(rows.iter().any(|row| shown(row, pointer)), "{id}: nothing at {pointer}");
            }
        }
        Values(values) => {
            for (pointer, value) in values {
                assert_eq!(at(body.unwrap(), pointer).as_ref(), Some(value), "{id}: {pointer} of {body:?}");
            }
        }
        _ => assert!(body.is_none(), "{id}: {body:?}"),
    }
}

/// One choice, as a field of its kind holds it.
fn one_of(field: &FieldView, value: String) -> FieldValue {
    if field.kind == FieldKind::Choices { FieldValue::Several(vec![value]) } else { FieldValue::Text(value) }
}

/// Where in a row stands what other forms are filled with, and what is drawn of it.
fn of_rows(view: &ResultView) -> impl Iterator<Item = &String> {
    let drawn = match view {
        ResultView::Table { chart, place, .. } => {
            let of_place = place.iter().flat_map(|place| place.lat.iter().chain(&place.long));
            chart.iter().map(|chart| &chart.time).chain(of_place).collect()
        }
        ResultView::Grid { image, label, .. } => vec![image, label],
        ResultView::Tree { label, children, .. } => children.set.values().chain([label]).collect(),
        _ => Vec::new(),
    };
    view.opens().iter().flat_map(|opened| opened.set.values()).chain(drawn)
}

fn both(mut one: Vec<(&'static str, Given)>, other: Vec<(&'static str, Given)>) -> Vec<(&'static str, Given)> {
    one.extend(other);
    one
}

/// As the window follows a pointer: also into a text that holds JSON.
fn at(value: &Value, pointer: &str) -> Option<Value> {
    pointer.split('/').skip(1).try_fold(value.clone(), |found, step| {
        let found = match found {
            Value::String(text) => serde_json::from_str(&text).ok()?,
            found => found,
        };
        let step = step.replace("~1", "/").replace("~0", "~");
        found.get(&step).or_else(|| found.get(step.parse::<usize>().ok()?)).cloned()
    })
}

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
    async fn read(&self, action: &str, given: &[(&str, Given)]) -> Value {
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
