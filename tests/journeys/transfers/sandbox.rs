//! Files to and from the sandbox, by the files of its providers.

use std::collections::BTreeMap;

use keydesk_core::{ActionRequest, AddConnection, FieldValue, LogIn, SaveTo, Secret, TransferState, TransferView};
use keydesk_sandbox::Sandbox;

use super::stage::bytes;
use crate::house::{House, sandbox};

/// A connection of this provider, logged in as the sandbox says.
async fn connect(house: &House, sandbox: &Sandbox, provider: &str, login: &str) -> String {
    let offers = keydesk_sandbox::offers(sandbox.url());
    let offer = offers.into_iter().find(|offer| offer.provider == provider).unwrap();
    let request = AddConnection {
        provider: provider.to_owned(),
        label: None,
        parameters: offer.parameters,
        ca: None,
        sandbox: true,
    };
    let connection = house.keydesk.add_connection(request).unwrap().id;
    let fields = offer.logins[login].iter().map(|(name, value)| (name.clone(), Secret::new(value.clone()))).collect();
    let request = LogIn { connection: connection.clone(), login: login.to_owned(), fields, keep: Vec::new() };
    house.keydesk.log_in(request).await.unwrap();
    connection
}

fn request(connection: &str, action: &str, values: &[(&str, &str)]) -> ActionRequest {
    let value = |(name, value): &(&str, &str)| ((*name).to_owned(), FieldValue::Text((*value).to_owned()));
    let values: BTreeMap<_, _> = values.iter().map(value).collect();
    ActionRequest { connection: connection.to_owned(), action: action.to_owned(), values, rows: None }
}

async fn done(house: &House, transfer: TransferView) -> TransferView {
    for _ in 0..3000 {
        let view = house.keydesk.list_transfers(None).into_iter().find(|view| view.id == transfer.id).unwrap();
        if !view.state.is_under_way() {
            assert_eq!((view.state, &view.error), (TransferState::Done, &None));
            return view;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("it is not over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_picture_is_uploaded_in_pieces_and_comes_back_by_a_quick_link() {
    let (house, sandbox) = (House::new(), sandbox().await);
    let connection = connect(&house, &sandbox, "image-relay", "api_key").await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("Terrace.jpg");
    std::fs::write(&path, bytes(12_000_000)).unwrap();
    let chosen = house.keydesk.choose_file(&path).unwrap();
    let upload = request(&connection, "upload", &[("folder", "3001"), ("file_type", "41")]);
    let sent = done(&house, house.keydesk.start_transfer(upload, Some(&chosen.id), SaveTo::Downloads).unwrap()).await;
    assert_eq!((sent.done, sent.tries), (12_000_000, 0), "the limit of five a second is kept");
    let result: serde_json::Value = serde_json::from_str(&sent.result.unwrap()).unwrap();
    let asset = result["files"][0]["asset_id"].to_string();
    let download = request(&connection, "download", &[("file", &asset)]);
    let to = SaveTo::Folder(folder.path().to_owned());
    let fetched = done(&house, house.keydesk.start_transfer(download, None, to).unwrap()).await;
    assert_eq!((fetched.name.as_str(), fetched.size), ("Terrace-2.jpg", Some(12_000_000)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_is_uploaded_as_a_form_and_an_update_is_fetched() {
    let (house, sandbox) = (House::new(), sandbox().await);
    let connection = connect(&house, &sandbox, "spoke-zone", "user").await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("day.log");
    std::fs::write(&path, bytes(3_000_000)).unwrap();
    let chosen = house.keydesk.choose_file(&path).unwrap();
    let upload = request(&connection, "upload_data_file", &[("type", "log")]);
    let sent = done(&house, house.keydesk.start_transfer(upload, Some(&chosen.id), SaveTo::Downloads).unwrap()).await;
    let result: serde_json::Value = serde_json::from_str(&sent.result.unwrap()).unwrap();
    assert_eq!(result["size"], 3_000_000);
    let download = request(&connection, "download_ota_file", &[("file", "504")]);
    let fetched = done(&house, house.keydesk.start_transfer(download, None, SaveTo::Downloads).unwrap()).await;
    assert_eq!((fetched.name.as_str(), fetched.size), ("firmware-2.2.0.bin", Some(4096)));
    let expected: Vec<u8> = (0..4096_u64).map(|index| ((index * 504) % 251) as u8).collect();
    assert_eq!(std::fs::read(fetched.file.unwrap()).unwrap(), expected);
}
