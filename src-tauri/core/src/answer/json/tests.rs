//! The tree against documents of which it is known what stands in them.

use std::fs::File;
use std::io::Write;
use std::sync::Mutex;

use serde::de::IgnoredAny;

use super::document::{Chance, Document};
use super::{Json, Rows, Scan, Table};
use crate::answer::view::JsonFaultReason;

/// A text that was read through, in pieces of so many bytes.
struct Text {
    file: File,
    scan: Mutex<Scan>,
    fault: Option<(JsonFaultReason, u64)>,
}

impl Text {
    fn new(content: &[u8], piece: usize) -> Self {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content).unwrap();
        let mut scan = Scan::default();
        let fed = content.chunks(piece).try_for_each(|piece| scan.feed(piece)).and_then(|()| scan.finish());
        let fault = fed.err().map(|reason| (reason, scan.at()));
        Self { file, scan: Mutex::new(scan), fault }
    }

    fn json(&self) -> Json<'_> {
        Json::new(&self.file, &self.scan)
    }
}

#[test]
fn h5_every_row_of_any_document_is_what_stands_there_from_wherever_one_looks() {
    let mut chance = Chance(7);
    for members in [0, 1, 5, 40, 3000] {
        let document = Document::of(members, &mut chance);
        for piece in [1, 5, 4096, usize::MAX] {
            let text = Text::new(document.text.as_bytes(), piece);
            assert_eq!(text.fault, None);
            let (mut json, mut rows) = (text.json(), Rows::default());
            assert_eq!(rows.total(&mut json).unwrap(), members + 1, "the outermost is open");
            let all = rows.toggle(&mut json, 0, true, true).unwrap();
            assert_eq!(all, document.rows.len() as u64);
            for from in (0..all).step_by(1 + all as usize / 40) {
                let seen = rows.list(&mut json, from, 60).unwrap();
                let wanted = &document.rows[from as usize..document.rows.len().min(from as usize + 60)];
                assert_eq!(seen, wanted, "from {from} of {members}");
            }
            assert!(rows.list(&mut json, all, 1).unwrap().is_empty());
        }
    }
}

#[test]
fn a_place_is_revealed_and_named_by_its_pointer_and_what_was_opened_can_be_closed() {
    let mut chance = Chance(11);
    let document = Document::of(2000, &mut chance);
    let text = Text::new(document.text.as_bytes(), 4096);
    let (mut json, mut all, mut some) = (text.json(), Rows::default(), Rows::default());
    all.toggle(&mut json, 0, true, true).unwrap();
    for (row, pointer) in document.rows.iter().zip(&document.pointers).step_by(7) {
        let value = json.value(row.offset).unwrap();
        assert_eq!(&value.pointer, pointer);
        assert!(document.text[row.offset as usize..].starts_with(&value.text) && !value.cut);
        assert_eq!(all.visible(&mut json, row.offset).unwrap(), Some(row.row));
        let found = some.reveal(&mut json, row.offset).unwrap();
        let shown = some.list(&mut json, found, 1).unwrap().remove(0);
        assert_eq!((shown.offset, shown.depth, &shown.name), (row.offset, row.depth, &row.name));
        if row.row % 3 == 0 && shown.depth > 1 {
            // Closed from above.
            let parent = document.rows[..row.row as usize].iter().rev().find(|it| it.depth == 1).unwrap();
            let parent = some.visible(&mut json, parent.offset).unwrap().unwrap();
            some.toggle(&mut json, parent, false, false).unwrap();
            assert_eq!(some.visible(&mut json, row.offset).unwrap(), None);
        }
    }
    assert_eq!(some.toggle(&mut json, 0, false, false).unwrap(), 1);
    assert_eq!(some.toggle(&mut json, 0, true, false).unwrap(), 2001);
}

#[test]
fn what_is_taken_and_refused_is_what_another_reader_takes_and_refuses() {
    let mut chance = Chance(3);
    let signs = b"{}[]\",:\\/01-+.eEtfnu \n\tax\x01\x7f";
    let mut refused = 0;
    for _ in 0..60 {
        let document = Document::of(3, &mut chance).text.into_bytes();
        for _ in 0..40 {
            let mut changed = document.clone();
            let place = chance.below(changed.len() as u64) as usize;
            match chance.below(3) {
                0 => drop(changed.remove(place)),
                1 => changed[place] = signs[chance.below(signs.len() as u64) as usize],
                _ => changed.truncate(place),
            }
            // What the other one does not look at.
            if std::str::from_utf8(&changed).is_err() {
                continue;
            }
            let text = Text::new(&changed, 1 + chance.below(30) as usize);
            let other = serde_json::from_slice::<IgnoredAny>(&changed);
            assert_eq!(text.fault.is_some(), other.is_err(), "{}", String::from_utf8_lossy(&changed));
            refused += u32::from(text.fault.is_some());
            let mut rows = Rows::default();
            rows.toggle(&mut text.json(), 0, true, true).unwrap();
            let shown = rows.list(&mut text.json(), 0, u32::MAX).unwrap();
            assert_eq!(shown.len() as u64, rows.total(&mut text.json()).unwrap(), "also of what ends in a fault");
        }
    }
    assert!(refused > 500);
}

#[test]
fn h5_a_hundred_thousand_levels_are_opened_and_seen_to_the_end() {
    const LEVELS: usize = 100_000;
    let mut content = "[".repeat(LEVELS - 1);
    content.push_str("{\"a\": 1}");
    content.push_str(&"]".repeat(LEVELS - 1));
    let text = Text::new(content.as_bytes(), 65_536);
    assert_eq!(text.fault, None);
    let (mut json, mut rows) = (text.json(), Rows::default());
    let all = rows.toggle(&mut json, 0, true, true).unwrap();
    assert_eq!(all, LEVELS as u64 + 1);
    let last = rows.list(&mut json, all - 2, 10).unwrap();
    assert_eq!((last.len(), last[0].depth, last[1].name.as_deref()), (2, LEVELS as u32 - 1, Some("a")));
    assert_eq!(rows.toggle(&mut json, 0, false, false).unwrap(), 1);
    let place = content.find('1').unwrap() as u64;
    assert_eq!(rows.reveal(&mut json, place).unwrap(), LEVELS as u64);
    assert_eq!(json.value(place).unwrap().pointer.len(), LEVELS * 2);
    // As many that never end, and more than are read.
    let text = Text::new("[".repeat(LEVELS).as_bytes(), usize::MAX);
    assert_eq!(text.fault, Some((JsonFaultReason::UnexpectedEnd, LEVELS as u64)));
    assert_eq!(Rows::default().toggle(&mut text.json(), 0, true, true).unwrap(), LEVELS as u64);
    let text = Text::new("[".repeat(1_000_001).as_bytes(), usize::MAX);
    assert_eq!(text.fault, Some((JsonFaultReason::TooDeep, 1_000_000)));
}

#[test]
fn h5_numbers_are_exact_names_keep_their_order_and_those_that_stand_twice_are_marked() {
    let content = br#"{"z": 12345678901234567890.100, "a": 1e400, "\u007a": -0, "b": {"a": 1}, "a ": 0.1}"#;
    let text = Text::new(content, usize::MAX);
    let rows = Rows::default().list(&mut text.json(), 1, 9).unwrap();
    let seen: Vec<_> = rows.iter().map(|row| (row.name.as_deref().unwrap(), row.text.as_str(), row.repeated)).collect();
    let wanted = [
        ("z", "12345678901234567890.100", true),
        ("a", "1e400", false),
        ("z", "-0", true),
        ("b", "", false),
        ("a ", "0.1", false),
    ];
    assert_eq!(seen, wanted);
}

#[test]
fn a_long_value_or_name_is_cut_and_what_is_behind_it_still_found() {
    let long = "ü\\n".repeat(40_000);
    let content = format!("{{\"{long}\": \"{long}\", \"b\": [\"{long}\", 7]}}");
    let text = Text::new(content.as_bytes(), 4096);
    let mut json = text.json();
    let rows = Rows::default().list(&mut json, 0, 9).unwrap();
    assert_eq!(rows[1].name.as_ref().unwrap().chars().count(), 2000);
    assert!(rows[1].cut && rows[1].text.starts_with("\"ü\\n") && rows[1].text.chars().count() == 2000);
    assert_eq!((rows[2].name.as_deref(), rows[2].children), (Some("b"), Some(2)));
    let last = content.rfind('7').unwrap() as u64;
    assert_eq!(json.value(last).unwrap().pointer, "/b/1");
    let big = format!("[\"{}\"]", "x".repeat(2_000_000));
    let text = Text::new(big.as_bytes(), 4096);
    let value = text.json().value(1).unwrap();
    assert!(value.cut && value.text.len() == 1024 * 1024);
}

#[test]
fn the_first_list_of_objects_is_a_table_with_the_columns_in_the_order_in_which_they_turn_up() {
    let mut rows = String::new();
    for number in 0..1000 {
        let more = if number == 150 { ", \"late\": [1]" } else { "" };
        rows.push_str(&format!("{{\"id\": {number}, \"name\": \"n{number}\"{more}}},"));
    }
    let content = format!("{{\"total\": 3, \"none\": [], \"a/b\": [{rows}{{\"name\": null}}, 5]}}");
    let text = Text::new(content.as_bytes(), 4096);
    let (mut json, mut table) = (text.json(), Table::default());
    let shape = table.shape(&mut json).unwrap().unwrap();
    assert_eq!((shape.rows, shape.pointer.as_str()), (1002, "/a~1b"));
    assert_eq!(shape.columns, ["id", "name", "late"]);
    let cells = |text: &str| Some(text.to_owned());
    let rows = table.rows(&mut json, 150, 1).unwrap();
    assert_eq!(rows[0].cells, [cells("150"), cells("\"n150\""), cells("[1]")]);
    let rows = table.rows(&mut json, 999, 9).unwrap();
    assert_eq!(rows[1].cells, [None, cells("null"), None]);
    assert_eq!((rows.len(), rows[2].row, &rows[2].cells[..]), (3, 1001, &[None, None, None][..]));
    for none in ["[1, {}]", "{\"a\": {\"b\": [{}]}}", "1", "[]"] {
        assert_eq!(Table::default().shape(&mut Text::new(none.as_bytes(), 9).json()).unwrap(), None, "{none}");
    }
    let whole = Text::new(b"[{\"a\": 1, \"a\": 2}]", 9);
    assert_eq!(Table::default().shape(&mut whole.json()).unwrap().unwrap().pointer, "");
}

#[test]
fn what_is_still_coming_grows_row_by_row() {
    let mut chance = Chance(5);
    let document = Document::of(600, &mut chance);
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(document.text.as_bytes()).unwrap();
    let scan = Mutex::new(Scan::default());
    let (mut rows, mut table) = (Rows::default(), Table::default());
    let mut before = 0;
    for piece in document.text.as_bytes().chunks(100) {
        scan.lock().unwrap().feed(piece).unwrap();
        let mut json = Json::new(&file, &scan);
        let total = rows.total(&mut json).unwrap();
        assert!(total >= before);
        assert_eq!(rows.list(&mut json, total.saturating_sub(3), 9).unwrap().len() as u64, total.min(3));
        table.shape(&mut json).unwrap();
        // Whatever has begun last is opened, and grows too.
        before = rows.toggle(&mut json, total.saturating_sub(1), true, total % 2 == 0).unwrap();
    }
    scan.lock().unwrap().finish().unwrap();
    let mut json = Json::new(&file, &scan);
    let all = rows.toggle(&mut json, 0, true, true).unwrap();
    assert_eq!(rows.list(&mut json, 0, u32::MAX).unwrap(), document.rows);
    assert_eq!(all, document.rows.len() as u64);
}
