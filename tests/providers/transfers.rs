//! Files to and from Image Relay (section 2.3) and Spoke Zone (section 3): each request as it must arrive.

use std::collections::BTreeMap;
use std::time::Duration;

use keydesk_core::{ActionRequest, FieldValue, SaveTo, TransferState, TransferView};
use keydesk_support::Answer;
use serde_json::json;

use crate::stage::{Stage, epoch_in, jwt, ok};
use crate::wanted::{get, post};

/// Image Relay's pieces: 5 MB at most, whichever way a megabyte is counted.
const CHUNK: usize = 5_000_000;

async fn transfer(stage: &Stage, action: &str, values: &[(&str, &str)], file: Option<(&str, &[u8])>) -> TransferView {
    let folder = tempfile::tempdir().unwrap();
    let chosen = file.map(|(name, bytes)| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        stage.keydesk.choose_file(&path).unwrap().id
    });
    let value = |(name, value): &(&str, &str)| ((*name).to_owned(), FieldValue::Text((*value).to_owned()));
    let values: BTreeMap<_, _> = values.iter().map(value).collect();
    let request = ActionRequest { connection: stage.connection.clone(), action: action.to_owned(), values, rows: None };
    let begun = stage.keydesk.start_transfer(request, chosen.as_deref(), SaveTo::Downloads).unwrap();
    for _ in 0..1500 {
        let all = stage.keydesk.list_transfers(None);
        let view = all.into_iter().find(|view| view.id == begun.id).unwrap();
        if !view.state.is_under_way() {
            assert_eq!((view.state, &view.error), (TransferState::Done, &None));
            return view;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it is not over");
}

async fn image_relay() -> Stage {
    let stage = Stage::of("image-relay", &[("subdomain", "hillside"), ("tenant_url", "{server}")]).await;
    stage.server.always("/api/v2/users/me.json", ok(&json!({"id": 7, "login": "alice"})));
    stage.log_in("api_key", &[("token", "the-api-key")], &[]).await.unwrap();
    stage.new_requests();
    stage
}

#[tokio::test(flavor = "multi_thread")]
async fn image_relay_takes_a_file_as_a_job_in_pieces_of_five_megabytes() {
    let stage = image_relay().await;
    let job = json!({"id": 31, "files": [{"id": 77, "name": "Pool.jpg", "size": CHUNK + 3}]});
    stage.server.always("/api/v2/upload_jobs.json", Answer::json(201, &job));
    stage.server.always("/api/v2/upload_jobs/31/files/77/chunks/1", Answer::new(204));
    stage.server.always("/api/v2/upload_jobs/31/files/77/chunks/2", Answer::new(201));
    let seen = |asset| ok(&json!({"id": 31, "files": [{"id": 77, "name": "Pool.jpg", "asset_id": asset}]}));
    stage.server.answer("/api/v2/upload_jobs/31.json", seen(None));
    stage.server.answer("/api/v2/upload_jobs/31.json", seen(Some(500)));
    let file: Vec<u8> = (0..CHUNK + 3).map(|number| (number % 253) as u8).collect();
    let values = [("folder", "3001"), ("file_type", "41")];
    let done = transfer(&stage, "upload", &values, Some(("Pool.jpg", &file))).await;
    assert!(done.result.unwrap().contains("500"));
    let bearer = |wanted: crate::wanted::Wanted| wanted.header("Authorization", "Bearer the-api-key");
    let begin = json!({
        "folder_id": "3001",
        "file_type_id": "41",
        "files": [{"name": "Pool.jpg", "size": CHUNK + 3}],
    });
    stage.saw(&[
        bearer(post("/api/v2/upload_jobs.json")).json(begin),
        bearer(post("/api/v2/upload_jobs/31/files/77/chunks/1")).bytes(&file[..CHUNK]),
        bearer(post("/api/v2/upload_jobs/31/files/77/chunks/2")).bytes(&file[CHUNK..]),
        bearer(get("/api/v2/upload_jobs/31.json")),
        bearer(get("/api/v2/upload_jobs/31.json")),
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn image_relay_gives_a_file_by_a_quick_link_from_another_server() {
    let stage = image_relay().await;
    let store = keydesk_support::FakeServer::start().await.unwrap();
    store.always("/cdn/Pool.jpg", Answer::new(200).body("a picture"));
    let link = |processing| json!({"id": 9, "processing": processing, "url": store.url("/cdn/Pool.jpg")});
    stage.server.always("/api/v2/quick_links.json", Answer::json(201, &link(true)));
    stage.server.answer("/api/v2/quick_links/9.json", ok(&link(true)));
    stage.server.answer("/api/v2/quick_links/9.json", ok(&link(false)));
    let done = transfer(&stage, "download", &[("file", "500")], None).await;
    assert_eq!((done.name.as_str(), done.done), ("Pool.jpg", 9));
    let bearer = |wanted: crate::wanted::Wanted| wanted.header("Authorization", "Bearer the-api-key");
    let asked = json!({"purpose": "Keydesk download", "asset_id": "500", "disposition": "attachment"});
    stage.saw(&[
        bearer(post("/api/v2/quick_links.json")).json(asked),
        bearer(get("/api/v2/quick_links/9.json")),
        bearer(get("/api/v2/quick_links/9.json")),
    ]);
    let fetched = store.received();
    assert_eq!(fetched.len(), 1);
    // Whoever keeps the files learns nothing of who asks.
    get("/cdn/Pool.jpg").check(&fetched[0]);
}

async fn spoke_zone() -> Stage {
    let stage = Stage::of("spoke-zone", &[("api_url", "{server}")]).await;
    let token = jwt(&json!({"exp": epoch_in(86_400)}));
    stage.server.always("/login", ok(&json!({"token": token})));
    stage.log_in("user", &[("username", "alice"), ("password", "the-password")], &[]).await.unwrap();
    stage.new_requests();
    stage
}

fn token_of(stage: &Stage) -> String {
    stage.server.received().iter().find_map(|request| request.header("x-access-token").map(str::to_owned)).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn spoke_zone_takes_a_data_file_as_the_part_files_of_a_form_and_again_after_a_5xx() {
    let stage = spoke_zone().await;
    stage.server.always("/api/v2/data-files", ok(&json!({"id": 99})));
    stage.server.answer("/api/v2/data-files/99/file", Answer::new(500));
    stage.server.always("/api/v2/data-files/99/file", ok(&json!({"path": "data-files/99/log"})));
    let done = transfer(&stage, "upload_data_file", &[("type", "log")], Some(("day.log", b"a line\n"))).await;
    assert_eq!((done.tries, done.result.as_deref()), (1, Some("{\"path\":\"data-files/99/log\"}")));
    let token = token_of(&stage);
    let form = || post("/api/v2/data-files/99/file").header("x-access-token", &token);
    stage.saw(&[
        post("/api/v2/data-files").header("x-access-token", &token).json(json!({"type": "log"})),
        form().part("files", "day.log", b"a line\n"),
        form().part("files", "day.log", b"a line\n"),
    ]);
}

#[tokio::test(flavor = "multi_thread")]
async fn spoke_zone_gives_an_ota_file_and_the_rest_of_one_that_was_cut() {
    let stage = spoke_zone().await;
    let body = vec![7_u8; 300_000];
    let whole = Answer::new(200).header("etag", "\"v1\"").body(&body[..]);
    stage.server.answer("/api/v2/ota-files/504/file", whole.cut_after(100_000));
    stage.server.answer_with("/api/v2/ota-files/504/file", move |request| {
        let from: usize = request.header("range").unwrap()[6..].trim_end_matches('-').parse().unwrap();
        let range = format!("bytes {from}-299999/300000");
        Answer::new(206).header("content-range", &range).header("etag", "\"v1\"").body(&body[from..])
    });
    let done = transfer(&stage, "download_ota_file", &[("file", "504")], None).await;
    assert_eq!((done.name.as_str(), done.done, done.tries), ("ota-file-504.bin", 300_000, 1));
    let (token, path) = (token_of(&stage), "/api/v2/ota-files/504/file");
    let requests = stage.server.received_at(path);
    let range = requests[1].header("range").unwrap().to_owned();
    stage.saw(&[
        get(path).header("x-access-token", &token),
        get(path).header("x-access-token", &token).header("range", &range).header("if-range", "\"v1\""),
    ]);
}
