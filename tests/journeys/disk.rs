//! A disk that is full: a small one of the test's own, which only root can mount. A limit of the process, which needs no
//! root, and a disk that can only be read are in tests/cli/faults/disk.rs.

use std::fs;
use std::path::PathBuf;

use keydesk_core::{EditConnection, ErrorCode, Settings, Theme};
use keydesk_support::Disk;

use crate::house::{Does, House, refreshes, sandbox};

/// A house on such a disk; none where the test may not mount one, which it says.
#[allow(clippy::print_stderr)]
pub fn on_a_disk() -> Option<(Disk, House)> {
    let home = tempfile::tempdir().unwrap();
    match Disk::over(home.path()) {
        Some(disk) => Some((disk, House::in_home(home, Does::LogsIn))),
        None => {
            eprintln!("left out: only root can mount a disk");
            None
        }
    }
}

/// All files that the person set, with what is in them.
fn files(house: &House) -> Vec<(PathBuf, Vec<u8>)> {
    let entries = fs::read_dir(house.home.path().join("config")).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    files.into_iter().map(|path| (path.clone(), fs::read(path).unwrap())).collect()
}

fn dark(theme: Theme) -> Settings {
    Settings { theme, ..Settings::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_requests_and_renewals_work_and_the_history_says_that_it_is_not_saved() {
    let Some((disk, house)) = on_a_disk() else { return };
    let sandbox = sandbox().await;
    let connection = house.connect(&sandbox);
    house.log_in(&connection).await;
    assert!(house.keydesk.app_status().await.unwrap().activity_saved);
    disk.fill().unwrap();
    for round in 1..=3 {
        house.clock.forward(7200);
        let run = house.run(&connection, "workflows", &[]).await;
        assert_eq!((run.results[0].status, refreshes(&sandbox)), (Some(200), round));
    }
    assert!(!house.keydesk.app_status().await.unwrap().activity_saved);
    // A start on such a disk: what is there is read.
    let again = house.again();
    assert_eq!(again.list_connections()[0].id, connection.id);
    disk.free().unwrap();
    house.run(&connection, "workflows", &[]).await;
    assert!(house.keydesk.app_status().await.unwrap().activity_saved);
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_nothing_that_the_person_set_is_cut_short_and_what_is_not_saved_is_said() {
    let Some((disk, house)) = on_a_disk() else { return };
    let sandbox = sandbox().await;
    let connection = house.connect(&sandbox);
    house.keydesk.save_settings(dark(Theme::Dark)).unwrap();
    let before = files(&house);
    disk.fill().unwrap();
    let refused = house.keydesk.save_settings(dark(Theme::Light)).unwrap_err();
    assert_eq!(refused.code, ErrorCode::Internal);
    assert!(refused.message.contains("No space left"), "{}", refused.message);
    assert_eq!(house.keydesk.read_settings().theme, Theme::Dark, "what is shown is what is kept");
    let edit = EditConnection {
        connection: connection.id.clone(),
        label: "Another name".to_owned(),
        parameters: connection.parameters.clone(),
        ca: None,
    };
    assert_eq!(house.keydesk.edit_connection(edit).unwrap_err().code, ErrorCode::Internal);
    assert_eq!(house.view(&connection).label, connection.label);
    assert_eq!(files(&house), before, "neither changed, nor a piece of something new beside it");
    disk.free().unwrap();
    house.keydesk.save_settings(dark(Theme::Light)).unwrap();
    let again = house.again();
    assert_eq!((again.read_settings().theme, again.list_connections().len()), (Theme::Light, 1));
}
