//! The rooms of the core stand in a table of ARCHITECTURE.md, which says what each may use. Read from there, so that neither the
//! table nor the code goes its own way.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use crate::house_rules::{code, files_under};

const TABLE: &str = "### Rooms of the core";
const GROUND_FLOOR: &str = "ground floor";

/// A room of the table: from the top down, the ground floor last.
struct Room {
    names: Vec<String>,
    may_use: Vec<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What stands between backticks.
fn quoted(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_lowercase).collect()
}

/// A cell without what it says in brackets.
fn without_brackets(cell: &str) -> String {
    cell.split('(').map(|part| part.rsplit_once(')').map_or(part, |(_, after)| after)).collect()
}

fn rooms() -> Vec<Room> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let rows = text.split(TABLE).nth(1).unwrap().lines().skip_while(|line| !line.starts_with('|'));
    let rows = rows.take_while(|line| line.starts_with('|')).skip(2);
    let cells = rows.map(|row| row.trim_matches('|').split('|').map(str::trim).collect::<Vec<_>>());
    let room = |cells: Vec<&str>| match cells[..] {
        [GROUND_FLOOR, names, _] => Room { names: quoted(names), may_use: vec![GROUND_FLOOR.to_owned()] },
        [name, _, may_use] => Room {
            names: quoted(name),
            may_use: without_brackets(may_use).split(',').map(|name| name.trim().to_owned()).collect(),
        },
        _ => panic!("a row of another kind: {cells:?}"),
    };
    cells.map(room).collect()
}

/// What each room uses of others, and where.
fn used() -> BTreeMap<String, BTreeMap<String, String>> {
    let base = root().join("src-tauri/core/src");
    let mut files = Vec::new();
    files_under(&base, &["rs"], &mut files);
    let mut used: BTreeMap<String, BTreeMap<String, String>> = BTreeMap::new();
    for file in files {
        let place = file.strip_prefix(&base).unwrap();
        let first = place.components().next().unwrap().as_os_str().to_string_lossy();
        let room = first.trim_end_matches(".rs").to_owned();
        if room == "lib" {
            continue;
        }
        let text = code(&fs::read_to_string(&file).unwrap());
        assert!(!text.contains("crate::{"), "{}: one room a line", file.display());
        let others = used.entry(room.clone()).or_default();
        for path in text.split("crate::").skip(1) {
            let other: String = path.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
            if other != room {
                others.insert(other, place.display().to_string());
            }
        }
    }
    used
}

#[test]
fn every_room_of_the_core_is_in_the_table_and_every_arrow_of_the_table_points_down() {
    let rooms = rooms();
    let listed: Vec<&String> = rooms.iter().flat_map(|room| &room.names).collect();
    assert!(listed.len() > 20, "{listed:?}");
    let there = used();
    let there: BTreeSet<&String> = there.keys().collect();
    assert_eq!(listed.iter().copied().collect::<BTreeSet<_>>(), there, "the table, and the folder");
    for (number, room) in rooms.iter().enumerate() {
        let below: BTreeSet<&String> = rooms[number + 1..].iter().flat_map(|room| &room.names).collect();
        for other in &room.may_use {
            let any = ["all", GROUND_FLOOR].contains(&other.as_str());
            assert!(any || below.contains(other), "{:?} may use {other}, which does not stand below it", room.names);
        }
    }
}

#[test]
fn no_room_of_the_core_uses_what_the_table_does_not_let_it() {
    let (rooms, used) = (rooms(), used());
    let ground_floor = &rooms.last().unwrap().names;
    for room in &rooms {
        for (other, place) in room.names.iter().flat_map(|name| &used[name]) {
            let may = room.may_use.iter().any(|name| name == "all" || name == other);
            assert!(may || ground_floor.contains(other), "{place} uses {other}: see the table of ARCHITECTURE.md");
        }
    }
}
