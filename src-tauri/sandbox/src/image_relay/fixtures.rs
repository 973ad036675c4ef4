//! The library of the Hillside, a small hotel: the same at every start.

use serde_json::json;

use super::file;
use super::folder;
use super::library::Library;
use super::seeds;
use super::table::Table;
use crate::account;

pub(super) const ROOT: u64 = 3001;
pub(super) const FILE_TYPE: u64 = 41;
/// Image Relay's ids are numbers (LIVE3P in providers.md §2.1).
pub(super) const FIRST_USER: u64 = 8101;

pub(super) const MADE: &str = "2026-01-12T09:30:00Z";

const FIRST_NAMES: [&str; 8] = ["Amara", "Ben", "Chloe", "Darius", "Elena", "Farid", "Grace", "Hugo"];
const LAST_NAMES: [&str; 3] = ["Okafor", "Castillo", "Nguyen"];

/// A folder, the one it is in, and how many files it has.
const FOLDERS: [(&str, u64, usize); 9] = [
    ("Hillside", 0, 3),
    ("Rooms", ROOT, 134),
    ("Restaurant", ROOT, 42),
    ("Spa and pool", ROOT, 18),
    ("Press", ROOT, 9),
    ("Logos", ROOT + 4, 6),
    ("Weddings", ROOT, 27),
    ("Archive", ROOT, 0),
    // Some more than two pages.
    ("Season 2026", ROOT + 6, 250),
];

/// `url` is that of the sandbox.
pub(super) fn library(url: &str) -> Library {
    let mut library = Library {
        users: users(),
        folders: Table::from(ROOT),
        files: Table::from(500_001),
        collections: Table::from(701),
        quick_links: Table::from(9001),
        webhooks: Table::from(61),
        ..Library::default()
    };
    for (name, parent, count) in FOLDERS {
        let row = library.folders.insert(folder::row(name, (parent != 0).then_some(parent)));
        let id = row["id"].as_u64().unwrap_or(ROOT);
        for number in 1..=count {
            let size = 240_000 + number * 1_317;
            library.files.insert(file::row(&format!("{name} {number:03}.jpg"), id, size));
        }
    }
    for (name, ids) in [("Website 2026", 500_004..500_016), ("Brochure", 500_140..500_149)] {
        library.collections.insert(
            json!({ "name": name, "created_on": MADE, "updated_on": MADE, "asset_ids": ids.collect::<Vec<u64>>() }),
        );
    }
    seeds::sow(&mut library, url);
    library
}

/// The demo account first.
fn users() -> Table {
    let mut users = Table::from(FIRST_USER);
    users.insert(user(account::GIVEN_NAME, account::FAMILY_NAME, account::USERNAME, 1));
    for last_name in LAST_NAMES {
        for first_name in FIRST_NAMES {
            let email = format!("{}.{}@hillside.example", first_name.to_lowercase(), last_name.to_lowercase());
            users.insert(user(first_name, last_name, &email, 2));
        }
    }
    users
}

fn user(first_name: &str, last_name: &str, email: &str, permission: u64) -> serde_json::Value {
    json!({
        "login": email,
        "email": email,
        "company": "Hillside",
        "first_name": first_name,
        "last_name": last_name,
        "permission_group_id": permission,
    })
}
