//! Provider files of one's own: a sixth API without a rebuild, and mistakes that stop nothing.

use std::collections::BTreeMap;

use keydesk_core::{AddConnection, CallRequest, ErrorCode, LogIn, SaveProvider, Secret};
use keydesk_support::{Answer, FakeServer};
use serde_json::json;

use crate::house::House;

const ACME: &str = r#"
id = "acme"
name = "Acme"
summary = "A login of its own"

[[parameter]]
id = "base_url"
label = "Address"

[api]
base_url = "{base_url}/v1"
headers = { X-Client = "keydesk" }

[presentation]
header = "X-Acme-Token"
prefix = "Acme"

[[login]]
id = "key"
label = "Key and pin"
summary = "From the machine's display."
[[login.field]]
id = "key"
label = "Key"
[[login.field]]
id = "pin"
label = "Pin"
kind = "secret"
[login.grant.token_request.request]
method = "PUT"
url = "{base_url}/sessions"
encoding = "json"
body = { key = "{key}", pin = "{pin}" }
[login.grant.token_request.response]
status = [201]
access_token = "/session/token"
expires = { at = "/session/minutes", format = "minutes" }
"#;

fn save(house: &House, text: &str, replaces: Option<&str>) -> Result<keydesk_core::ProviderView, keydesk_core::Error> {
    let replaces = replaces.map(str::to_owned);
    house.keydesk.save_provider(&SaveProvider { text: text.to_owned(), replaces, file: None })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sixth_api_is_added_by_file_and_used_without_a_rebuild() {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    let session = json!({"session": {"token": "acme-token-0123456789", "minutes": 15}});
    server.always("/sessions", Answer::json(201, &session));
    server.always("/v1/machines", Answer::json(200, &json!([1, 2])));
    let provider = save(&house, ACME, None).unwrap();
    assert!(provider.own);
    let request = AddConnection {
        provider: "acme".to_owned(),
        label: None,
        parameters: BTreeMap::from([("base_url".to_owned(), server.url(""))]),
        ca: None,
        sandbox: false,
    };
    let connection = house.keydesk.add_connection(request).unwrap();
    let fields = [("key", "k-1"), ("pin", "0000")].map(|(name, value)| (name.to_owned(), Secret::new(value)));
    let request =
        LogIn { connection: connection.id.clone(), login: "key".to_owned(), fields: fields.into(), keep: vec![] };
    house.keydesk.log_in(request).await.unwrap();
    let request =
        CallRequest { connection: connection.id.clone(), method: "GET".into(), path: "/machines".into(), body: None };
    assert_eq!(house.keydesk.call(&request).await.unwrap().status, 200);
    let sent = &server.received_at("/v1/machines")[0];
    assert_eq!(sent.header("x-acme-token"), Some("Acme acme-token-0123456789"));
    assert_eq!(sent.header("x-client"), Some("keydesk"));
    // Another Keydesk at the same home knows it too.
    assert!(house.again().list_providers().iter().any(|provider| provider.id == "acme"));
    // And it stays while a connection uses it.
    let error = house.keydesk.remove_provider("acme").unwrap_err();
    assert_eq!(error.code, ErrorCode::ProviderInUse);
    house.keydesk.remove_connection(&connection.id).await.unwrap();
    house.keydesk.remove_provider("acme").unwrap();
    assert!(house.keydesk.list_providers().iter().all(|provider| provider.id != "acme"));
}

#[tokio::test(flavor = "multi_thread")]
async fn h7_checking_a_file_names_its_hosts_and_sends_and_keeps_nothing() {
    let (house, server) = (House::new(), FakeServer::start().await.unwrap());
    let text = ACME.replace("{base_url}", "https://acme.example").replace(
        "summary = \"A login of its own\"",
        &format!(
            "summary = \"A login of its own\"\n[[address]]\nid = \"x\"\nlabel = \"X\"\nurl = \"{}\"",
            server.url("/x")
        ),
    );
    let check = house.keydesk.check_provider(&text, None);
    assert_eq!(check.hosts, ["acme.example"], "{:?}", check.problems);
    assert_eq!(server.received().len(), 0);
    assert!(house.keydesk.list_providers().iter().all(|provider| !provider.own));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_faulty_file_is_refused_with_its_problems_and_what_was_there_stays() {
    let house = House::new();
    save(&house, ACME, None).unwrap();
    let faulty = ACME.replace("summary = \"A login", "sumary = \"A login").replace("{pin}", "{pni}");
    let check = house.keydesk.check_provider(&faulty, Some("acme"));
    assert!(check.problems.iter().any(|problem| problem.suggestion.as_deref() == Some("summary")), "{check:?}");
    assert_eq!(save(&house, &faulty, Some("acme")).unwrap_err().code, ErrorCode::ProviderFaulty);
    assert_eq!(house.keydesk.read_provider("acme").unwrap(), ACME);
    // A second one under the same id is a mistake too; an edit under its own id is none.
    assert_eq!(save(&house, ACME, None).unwrap_err().code, ErrorCode::ProviderFaulty);
    save(&house, &ACME.replace("\"Acme\"", "\"Acme Machines\""), Some("acme")).unwrap();
    let renamed = ACME.replace("id = \"acme\"", "id = \"acme-machines\"");
    assert_eq!(save(&house, &renamed, Some("acme")).unwrap().id, "acme-machines");
    assert!(house.keydesk.read_provider("acme").is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_a_mistake_is_set_aside_with_the_reason_and_can_be_mended() {
    let house = House::new();
    let folder = house.home.path().join("config/providers");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("mine.toml"), ACME.replace("[api]", "[apis]")).unwrap();
    let keydesk = house.again();
    let set_aside = keydesk.list_set_aside();
    assert_eq!(set_aside.len(), 1);
    assert!(set_aside[0].problems.iter().any(|problem| problem.suggestion.as_deref() == Some("api")));
    assert!(keydesk.list_providers().len() >= 5);
    let mended = SaveProvider { text: ACME.to_owned(), replaces: None, file: Some("mine.toml".to_owned()) };
    keydesk.save_provider(&mended).unwrap();
    assert!(keydesk.list_set_aside().is_empty());
    assert!(!folder.join("mine.toml").exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_is_written_beside_what_is_there_and_reads_back() {
    let house = House::new();
    let provider = house.keydesk.list_providers().remove(0);
    let (first, second) =
        (house.keydesk.export_provider(&provider.id).unwrap(), house.keydesk.export_provider(&provider.id).unwrap());
    assert_ne!(first, second);
    let text = std::fs::read_to_string(second).unwrap();
    assert_eq!(text, house.keydesk.read_provider(&provider.id).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn f2_an_edited_file_of_connections_leads_no_secret_elsewhere() {
    let (house, server, thief) = (House::new(), FakeServer::start().await.unwrap(), FakeServer::start().await.unwrap());
    let answer = json!({"authToken": "a-token-0123456789", "expiresInMinutes": 0});
    server.always("/auth", Answer::json(200, &answer));
    let request = AddConnection {
        provider: "world-of-workflows".to_owned(),
        label: None,
        parameters: BTreeMap::from([("base_url".to_owned(), server.url(""))]),
        ca: None,
        sandbox: false,
    };
    let connection = house.keydesk.add_connection(request).unwrap();
    let fields = [("username", "someone"), ("password", "a-password-0123456789")];
    let fields = fields.map(|(name, value)| (name.to_owned(), Secret::new(value))).into();
    let keep = vec!["password".to_owned()];
    let request = LogIn { connection: connection.id.clone(), login: "request".to_owned(), fields, keep };
    house.keydesk.log_in(request).await.unwrap();
    // The person edits the connection, or somebody its file: the same thing to the core.
    house
        .keydesk
        .edit_connection(keydesk_core::EditConnection {
            connection: connection.id.clone(),
            label: connection.label.clone(),
            parameters: BTreeMap::from([("base_url".to_owned(), thief.url(""))]),
            ca: None,
        })
        .unwrap();
    assert_eq!(house.keydesk.renew_token(&connection.id).await.unwrap_err().code, ErrorCode::LoginNeeded);
    // Nor does a new login take the kept password there.
    let request =
        LogIn { connection: connection.id.clone(), login: "request".to_owned(), fields: BTreeMap::new(), keep: vec![] };
    let _ = house.keydesk.log_in(request).await;
    assert!(thief.received().iter().all(|request| !request.text().contains("a-password-0123456789")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_whose_provider_asks_for_more_stays_is_explained_and_can_be_mended() {
    let house = House::new();
    save(&house, ACME, None).unwrap();
    let parameters = BTreeMap::from([("base_url".to_owned(), "https://acme.example".to_owned())]);
    let request = AddConnection { provider: "acme".to_owned(), label: None, parameters, ca: None, sandbox: false };
    let connection = house.keydesk.add_connection(request).unwrap();
    let more = ACME.replace("[api]\n", "[[parameter]]\nid = \"region\"\nlabel = \"Region\"\n\n[api]\n");
    save(&house, &more.replace("\"{base_url}/v1\"", "\"https://{region}/v1\""), Some("acme")).unwrap();
    let listed = house.view(&connection);
    assert!(listed.token.last_error.is_some(), "{listed:?}");
    let mut parameters = connection.parameters.clone();
    parameters.insert("region".to_owned(), "eu.acme.example".to_owned());
    let edit =
        keydesk_core::EditConnection { connection: connection.id.clone(), label: listed.label, parameters, ca: None };
    let mended = house.keydesk.edit_connection(edit).unwrap();
    assert!(mended.token.last_error.is_none());
}
