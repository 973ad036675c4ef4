//! Files of the person that were cut short, damaged, or written by a newer Keydesk: it starts, what was there is kept, and
//! nothing newer is written over. One Keydesk after another, as versions are on a machine.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use keydesk_core::{
    ActivityEvent, ActivityQuery, AddConnection, EditConnection, ErrorCode, FieldValue, Keydesk, SaveTrigger, Settings,
    Theme,
};
use serde_json::{Value, json};

use crate::house::{Does, House};

/// A home with two connections and settings, and the files in which they are.
struct Home {
    /// What stands in each file.
    files: Vec<(&'static str, Vec<u8>)>,
}

const FILES: [&str; 2] = ["settings.json", "connections.json"];

impl Home {
    fn new() -> Self {
        let house = House::with(Does::Nothing);
        for label in ["First", "Zweite “Ä”"] {
            house.keydesk.add_connection(connection(label)).unwrap();
        }
        house.keydesk.save_settings(Settings { theme: Theme::Dark, ..Settings::default() }).unwrap();
        let files = FILES.map(|name| (name, fs::read(config(&house).join(name)).unwrap()));
        Self { files: files.into() }
    }

    /// A house that is opened where one of the files is like this.
    fn with(&self, damaged: &str, content: &[u8]) -> House {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("config")).unwrap();
        for (name, whole) in &self.files {
            let content = if *name == damaged { content } else { whole };
            fs::write(home.path().join("config").join(name), content).unwrap();
        }
        House::in_home(home, Does::Nothing)
    }
}

fn connection(label: &str) -> AddConnection {
    AddConnection {
        provider: "another-api".to_owned(),
        label: Some(label.to_owned()),
        parameters: BTreeMap::from([("base_url".to_owned(), "https://api.example".to_owned())]),
        ca: None,
        sandbox: false,
    }
}

fn config(house: &House) -> PathBuf {
    house.home.path().join("config")
}

/// The file as it was set aside.
fn set_aside(house: &House, name: &str) -> Option<Vec<u8>> {
    fs::read(config(house).join(format!("{name}.broken"))).ok()
}

fn labels(house: &House) -> Vec<String> {
    house.keydesk.list_connections().into_iter().map(|connection| connection.label).collect()
}

fn read(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// What is not understood is set aside as it is; Keydesk starts, and saves in its place.
fn starts_all_the_same(home: &Home, name: &str, content: &[u8], what: &str) {
    let house = home.with(name, content);
    let theme = house.keydesk.read_settings().theme;
    let known = labels(&house);
    match set_aside(&house, name) {
        Some(kept) => {
            assert_eq!(kept, content, "{what}");
            let said = house.keydesk.damaged_files().into_iter().map(|file| file.name);
            assert_eq!(said.collect::<Vec<_>>(), [name], "{what}");
            if name == "settings.json" {
                assert_eq!((theme, known.len()), (Theme::System, 2), "{what}");
            } else {
                assert_eq!((theme, known.len()), (Theme::Dark, 0), "{what}");
            }
        }
        // Understood all the same: a letter in a name became another.
        None => assert_eq!(known.len(), 2, "{what}"),
    }
    house.keydesk.save_settings(Settings { theme: Theme::Light, ..Settings::default() }).unwrap();
    // A flipped bit can make the form of the file a newer one, which is not written over.
    if let Err(error) = house.keydesk.add_connection(connection("Third")) {
        assert!(error.message.contains("newer"), "{what}: {error:?}");
        assert_eq!(fs::read(config(&house).join(name)).unwrap(), content, "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_cut_short_anywhere_is_set_aside_and_keydesk_starts() {
    let home = Home::new();
    for (name, whole) in &home.files {
        for tenth in 0..10 {
            let cut = &whole[..whole.len() * tenth / 10];
            starts_all_the_same(&home, name, cut, &format!("{name}, {tenth} tenths"));
            let house = home.with(name, cut);
            assert_eq!(set_aside(&house, name).as_deref(), Some(cut), "half a file is never taken for whole");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_a_flipped_bit_is_understood_or_set_aside_and_keydesk_starts() {
    let home = Home::new();
    for (name, whole) in &home.files {
        // Each byte of the short file, some of the long one.
        for at in (0..whole.len()).step_by(whole.len().div_ceil(150)) {
            let mut flipped = whole.clone();
            flipped[at] ^= 1 << (at % 8);
            starts_all_the_same(&home, name, &flipped, &format!("{name}, byte {at}"));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_damaged_file_does_not_take_the_place_of_the_first() {
    let home = Home::new();
    let house = home.with("settings.json", b"{\"theme\": \"da");
    fs::write(config(&house).join("settings.json"), "other damage").unwrap();
    let again = house.again();
    let said = again.damaged_files();
    assert_eq!(said.len(), 1, "what was said at an earlier start is not said again");
    assert!(said[0].kept_as.ends_with("settings.json.broken-2"));
    drop(again);
    assert_eq!(set_aside(&house, "settings.json").unwrap(), b"{\"theme\": \"da");
    assert_eq!(fs::read(config(&house).join("settings.json.broken-2")).unwrap(), b"other damage");
}

/// A version that does not know them leaves them where they are.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_newer_version_added_to_the_settings_and_to_a_connection_stays_when_this_one_saves() {
    let home = Home::new();
    let mut newer: Value = serde_json::from_slice(&home.files[0].1).unwrap();
    newer["font"] = json!({"size": 15});
    newer["theme"] = json!("sepia");
    let house = home.with("settings.json", newer.to_string().as_bytes());
    let path = config(&house).join("connections.json");
    let mut newer = read(&path);
    newer["connections"][0]["colour"] = json!("blue");
    fs::write(&path, newer.to_string()).unwrap();

    let this = house.again();
    let settings = this.read_settings();
    assert_eq!(settings.theme, Theme::System, "one that is not known is at its default");
    this.save_settings(Settings { login_seconds: 60, ..settings }).unwrap();
    let first = &this.list_connections()[0];
    let (connection, parameters) = (first.id.clone(), first.parameters.clone());
    this.edit_connection(EditConnection { connection, label: "Renamed".to_owned(), parameters, ca: None }).unwrap();

    let settings = read(&config(&house).join("settings.json"));
    assert_eq!((&settings["font"]["size"], &settings["login_seconds"]), (&json!(15), &json!(60)));
    let connections = read(&path);
    let first = &connections["connections"][0];
    assert_eq!((&first["colour"], &first["label"]), (&json!("blue"), &json!("Renamed")));
    assert!(set_aside(&house, "settings.json").is_none() && set_aside(&house, "connections.json").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_of_connections_in_a_newer_form_is_read_as_far_as_it_goes_and_never_written_over() {
    let home = Home::new();
    let mut newer: Value = serde_json::from_slice(&home.files[1].1).unwrap();
    newer["version"] = json!(2);
    newer["connections"].as_array_mut().unwrap().push(json!({"kind": "of another world"}));
    newer["folders"] = json!(["work"]);
    let newer = newer.to_string();
    let house = home.with("connections.json", newer.as_bytes());
    assert_eq!(labels(&house), ["First", "Zweite “Ä”"]);
    let refused = house.keydesk.add_connection(connection("Third")).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Internal);
    assert!(refused.message.contains("newer Keydesk"), "{}", refused.message);
    let id = house.keydesk.list_connections()[0].id.clone();
    assert!(house.keydesk.remove_connection(&id).await.is_err());
    assert_eq!(fs::read_to_string(config(&house).join("connections.json")).unwrap(), newer);
    assert!(set_aside(&house, "connections.json").is_none());
}

/// What it holds with what was written ahead of it, each cut short or with bytes in the middle that are none of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_history_is_set_aside_and_a_new_one_is_begun() {
    let house = House::with(Does::Nothing);
    for number in 0..40 {
        house.keydesk.add_connection(connection(&format!("Number {number}"))).unwrap();
    }
    house.keydesk.settled().await;
    let files = ["activity.sqlite", "activity.sqlite-wal"].map(|name| {
        let whole = fs::read(house.home.path().join("data").join(name)).unwrap();
        (name, whole)
    });
    for damaged in 0..2 {
        for tenth in 0..10 {
            for overwritten in [false, true] {
                let home = tempfile::tempdir().unwrap();
                fs::create_dir(home.path().join("data")).unwrap();
                for (number, (name, whole)) in files.iter().enumerate() {
                    let (mut content, at) = (whole.clone(), whole.len() * tenth / 10);
                    if number == damaged && overwritten {
                        content[at..].iter_mut().take(300).for_each(|byte| *byte = 0xa5);
                    } else if number == damaged {
                        content.truncate(at);
                    }
                    fs::write(home.path().join("data").join(name), content).unwrap();
                }
                let house = House::in_home(home, Does::Nothing);
                house.keydesk.add_connection(connection("After")).unwrap();
                let what = format!("{}, {tenth} tenths, overwritten: {overwritten}", files[damaged].0);
                assert!(house.keydesk.app_status().await.unwrap().activity_saved, "{what}");
                let query = ActivityQuery { limit: 5, ..ActivityQuery::default() };
                let newest = house.keydesk.list_activity(query).await.unwrap();
                assert_eq!(newest[0].event, ActivityEvent::ConnectionAdded, "{what}");
            }
        }
    }
}

/// A window and a command are open at once: neither takes away what the other has added.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_by_one_process_keeps_what_another_has_written_since() {
    let house = House::with(Does::Nothing);
    house.keydesk.add_connection(connection("First")).unwrap();
    let other = house.again();
    let second = other.add_connection(connection("Second")).unwrap();
    house.keydesk.add_connection(connection("Third")).unwrap();
    assert_eq!(labels(&house), ["First", "Second", "Third"]);
    other.remove_connection(&second.id).await.unwrap();
    // Also those that were open before see it.
    for keydesk in [&house.keydesk, &other, &house.again()] {
        let after: Vec<_> = keydesk.list_connections().into_iter().map(|connection| connection.label).collect();
        assert_eq!(after, ["First", "Third"]);
    }
    assert_eq!(house.keydesk.renew_token(&second.id).await.unwrap_err().code, ErrorCode::UnknownConnection);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_one_process_saves_is_known_to_another_and_not_written_over_by_it() {
    let house = House::with(Does::Nothing);
    let id = house.connect_to_port(1).id;
    let save = |name: &str| SaveTrigger {
        id: None,
        connection: id.clone(),
        action: "send_trigger".to_owned(),
        name: name.to_owned(),
        values: [
            ("workflow".to_owned(), FieldValue::Text("wf".to_owned())),
            ("devices".to_owned(), FieldValue::Several(vec!["d".to_owned()])),
        ]
        .into(),
        rows: None,
        shortcut: None,
        in_tray: false,
    };
    let other = house.again();
    let names = |keydesk: &Keydesk| keydesk.list_triggers().into_iter().map(|trigger| trigger.name).collect::<Vec<_>>();
    house.keydesk.save_trigger(save("One")).unwrap();
    let two = other.save_trigger(save("Two")).unwrap();
    house.keydesk.save_trigger(save("Three")).unwrap();
    assert_eq!((names(&house.keydesk), names(&other)), (names(&house.again()), names(&house.keydesk)));
    assert_eq!(names(&other), ["One", "Two", "Three"]);
    house.keydesk.remove_trigger(&two.id).unwrap();
    assert_eq!(names(&other), ["One", "Three"]);
    // Damaged under way, what was known stays, and is written again.
    std::fs::write(config(&house).join("triggers.json"), "{").unwrap();
    assert_eq!(names(&other), ["One", "Three"]);
    other.save_trigger(save("Four")).unwrap();
    assert_eq!(names(&house.again()), ["One", "Three", "Four"]);
}
