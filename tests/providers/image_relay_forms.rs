//! What the forms of Image Relay send, as section 2.3 and the vendor's document have it.

use std::collections::BTreeMap;

use keydesk_core::{ActionRequest, FieldValue, TargetState};
use keydesk_support::Answer;
use serde_json::{Value, json};

use crate::stage::{Stage, ok};
use crate::wanted::{Wanted, delete, get, post, request};

const API: &str = "/api/v2";

/// An action, what is filled in, and what is sent.
type Form = (&'static str, Vec<(&'static str, FieldValue)>, Wanted);

async fn image_relay() -> Stage {
    let stage = Stage::of("image-relay", &[("subdomain", "hillside"), ("tenant_url", "{server}")]).await;
    stage.server.always("/api/v2/users/me.json", ok(&json!({"login": "alice"})));
    stage.server.always("/api/v2/folders/root.json", ok(&json!({"id": "3001"})));
    stage.log_in("api_key", &[("token", "the-api-key")], &[]).await.unwrap();
    // Asked once, where it is needed for the first time.
    let search = order(&stage, "search_files", &[("query", one("x"))]);
    stage.server.always("/api/v2/folders/3001/files.json", ok(&json!([])));
    stage.send(search).await;
    let search = get("/api/v2/folders/3001/files.json").query(&[("query", "x"), ("recursive", "true")]);
    stage.saw(&[get("/api/v2/users/me.json"), get("/api/v2/folders/root.json"), search].map(with_key));
    stage
}

fn order(stage: &Stage, action: &str, values: &[(&str, FieldValue)]) -> ActionRequest {
    ActionRequest {
        connection: stage.connection.clone(),
        action: action.to_owned(),
        values: values.iter().map(|(id, value)| ((*id).to_owned(), value.clone())).collect::<BTreeMap<_, _>>(),
        rows: None,
    }
}

fn one(text: &str) -> FieldValue {
    FieldValue::Text(text.to_owned())
}

fn some(of: &[&str]) -> FieldValue {
    FieldValue::Several(of.iter().map(|id| (*id).to_owned()).collect())
}

fn with_key(wanted: Wanted) -> Wanted {
    wanted.header("Authorization", "Bearer the-api-key")
}

fn below(method: &'static str, path: &str) -> Wanted {
    request(method, &format!("{API}{path}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_form_of_image_relay_sends_what_the_vendors_document_asks_for() {
    let stage = image_relay().await;
    let file = ("file", one("77"));
    let forms: Vec<Form> = vec![
        ("folders", vec![], get("/api/v2/folders.json")),
        ("subfolders", vec![("folder", one("5"))], get("/api/v2/folders/5/children").query(&[("page", "1")])),
        (
            "files",
            vec![("folder", one("5")), ("query", one("a b")), ("recursive", one("true")), ("page", one("2"))],
            get("/api/v2/folders/5/files.json").query(&[("query", "a b"), ("recursive", "true"), ("page", "2")]),
        ),
        ("files", vec![("folder", one("5"))], get("/api/v2/folders/5/files.json")),
        (
            "search_files",
            vec![("query", one("a"))],
            get("/api/v2/folders/3001/files.json").query(&[("query", "a"), ("recursive", "true")]),
        ),
        (
            "create_top_folder",
            vec![("name", one("N"))],
            post("/api/v2/folders/3001/children").json(json!({"name": "N"})),
        ),
        (
            "create_folder",
            vec![("folder", one("5")), ("name", one("N"))],
            post("/api/v2/folders/5/children").json(json!({"name": "N"})),
        ),
        (
            "rename_folder",
            vec![("folder", one("5")), ("name", one("N"))],
            below("PUT", "/folders/5.json").json(json!({"name": "N"})),
        ),
        ("delete_folder", vec![("folder", one("5"))], delete("/api/v2/folders/5.json")),
        ("file", vec![file.clone()], get("/api/v2/files/77.json")),
        (
            "set_term",
            vec![file.clone(), ("term", one("411")), ("value", one("Ben")), ("overwrite", one("false"))],
            post("/api/v2/files/77/terms")
                .json(json!({"terms": [{"term_id": "411", "value": "Ben"}], "overwrite": false})),
        ),
        (
            "change_keywords",
            vec![file.clone(), ("add", some(&["1", "2"]))],
            post("/api/v2/files/77/tags").json(json!({"tags": {"add_ids": ["1", "2"]}})),
        ),
        (
            "move_files",
            vec![("files", some(&["77"])), ("folder", one("5"))],
            post("/api/v2/files/77/move").json(json!({"folder_ids": ["5"]})),
        ),
        ("delete_file", vec![file.clone()], delete("/api/v2/files/77.json")),
        ("quick_links", vec![], get("/api/v2/quick_links.json")),
        ("delete_quick_link", vec![("link", one("9"))], delete("/api/v2/quick_links/9.json")),
        ("collections", vec![], get("/api/v2/collections.json")),
        ("collection_files", vec![("collection", one("7"))], get("/api/v2/collections/7/files.json")),
        (
            "create_collection",
            vec![("name", one("C")), file.clone()],
            post("/api/v2/collections.json").json(json!({"name": "C", "asset_ids": "77"})),
        ),
        (
            "add_to_collection",
            vec![("files", some(&["77"])), ("collection", one("7")), ("name", one("C"))],
            below("PUT", "/collections/7.json").json(json!({"name": "C", "asset_ids": "77"})),
        ),
        ("delete_collection", vec![("collection", one("7"))], delete("/api/v2/collections/7.json")),
        ("webhooks", vec![], get("/api/v2/webhooks.json")),
        ("supported_webhooks", vec![], get("/api/v2/webhooks/supported.json")),
        (
            "create_webhook",
            vec![("resource", one("file")), ("what", one("created")), ("address", one("https://a.example/h"))],
            post("/api/v2/webhooks.json")
                .json(json!({"resource": "file", "action": "created", "url": "https://a.example/h"})),
        ),
        (
            "pause_webhook",
            vec![("webhook", one("6"))],
            below("PUT", "/webhooks/6.json").json(json!({"state": "paused"})),
        ),
        (
            "resume_webhook",
            vec![("webhook", one("6"))],
            below("PUT", "/webhooks/6.json").json(json!({"state": "normal"})),
        ),
        ("delete_webhook", vec![("webhook", one("6"))], delete("/api/v2/webhooks/6.json")),
    ];
    for (action, values, wanted) in forms {
        stage.server.always(wanted.path(), ok(&json!([])));
        let row = stage.send(order(&stage, action, &values)).await;
        assert_eq!(row.state, TargetState::Accepted, "{action}: {:?}", row.error);
        stage.saw(&[with_key(wanted)]);
    }
}

/// The vendor: “poll every few seconds, to see if the quick link is ready”.
#[tokio::test(flavor = "multi_thread")]
async fn a_quick_link_of_image_relay_is_asked_for_until_it_is_no_longer_processing() {
    let stage = image_relay().await;
    let link =
        |processing: bool| json!({"id": "9", "uid": "u", "processing": processing, "url": "https://a.example/u"});
    stage.server.always("/api/v2/quick_links.json", Answer::json(201, &link(true)));
    stage.server.always("/api/v2/quick_links/9.json", ok(&link(false)));
    let values = [("file", one("77")), ("purpose", one("P")), ("max_width", one("800")), ("format", one("jpg"))];
    let row = stage.send(order(&stage, "create_quick_link", &values)).await;
    let body: Value = serde_json::from_str(row.body.as_deref().unwrap()).unwrap();
    assert_eq!(body, link(false));
    let sent = stage.server.received_at("/api/v2/quick_links.json");
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0].json(), json!({"asset_id": "77", "purpose": "P", "max_width": 800, "format": "jpg"}));
}
