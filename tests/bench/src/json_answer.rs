//! How soon the first rows of 100 MB of JSON are there, from its last byte on, and how long it takes to read all of it through:
//! what nothing has looked at while it came, which is the worst there is. Against the second that was promised, and
//! against serde_json, which reads the same and keeps nothing of it.

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::Instant;

use keydesk_core::{Keydesk, Paths};
use keydesk_support::{Failure, Outcome};
use serde::de::IgnoredAny;

use crate::figure::{Figure, median};
use crate::request_overhead::{failed, open};

const SIZE: usize = 100_000_000;
const ROUNDS: usize = 5;
/// In seconds.
const PROMISED: f64 = 1.0;
/// Of what serde_json takes: notes are taken besides, of text too.
const MOST: f64 = 5.0;
/// What a window shows.
const ROWS: u32 = 60;

pub async fn measure() -> Outcome<[Figure; 2]> {
    let home = tempfile::tempdir()?;
    let paths = Paths::under(home.path());
    let keydesk = open(home.path())?;
    let content = list();
    let (mut first, mut whole, mut theirs) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let begun = Instant::now();
        serde_json::from_str::<IgnoredAny>(&content)?;
        theirs.push(begun.elapsed().as_secs_f64());
        let answer = put(&paths.data("answers"), round, &content)?;
        let begun = Instant::now();
        rows(&keydesk, &answer).await?;
        first.push(begun.elapsed().as_secs_f64());
        while !keydesk.open_answer(&answer).await.map_err(|error| failed(&error))?.whole {}
        whole.push(begun.elapsed().as_secs_f64());
    }
    Ok([
        Figure::at_most("json-100mb-first-rows", "s", median(first), PROMISED, 1.0),
        Figure::at_most("json-100mb-read", "s", median(whole), median(theirs), MOST),
    ])
}

/// Waits until a window of rows is there.
async fn rows(keydesk: &Keydesk, answer: &str) -> Outcome {
    let shape = keydesk.open_answer(answer).await.map_err(|error| failed(&error))?;
    let rows = keydesk.read_json_rows(answer, 0, ROWS).await.map_err(|error| failed(&error))?;
    match shape.json {
        Some(json) if json.fault.is_none() && rows.len() == ROWS as usize => Ok(()),
        _ => Err(Failure::new("there are no rows")),
    }
}

/// Another answer each time: what was noted of one is known.
fn put(folder: &Path, round: usize, content: &str) -> Outcome<String> {
    fs::create_dir_all(folder)?;
    let answer = format!("00000000-0000-4000-8000-{round:012}");
    fs::write(folder.join(&answer), content)?;
    Ok(answer)
}

/// As an API answers it.
pub fn list() -> String {
    let mut list = String::with_capacity(SIZE + 1000);
    list.push('[');
    for number in 0.. {
        // Writing to memory does not fail.
        let _ = write!(
            list,
            r#"{{"id": {number}, "name": "Device {number}", "online": {}, "place": {{"latitude": 53.{number}, "longitude": 10.0}}, "tags": ["front desk", "Zimmer ü", null], "about": "What somebody wrote about it \"once\"."}}"#,
            number % 3 == 0,
        );
        if list.len() >= SIZE {
            break;
        }
        list.push_str(",\n");
    }
    list.push(']');
    list
}
