//! Targets from a CSV: which column fills which field, and what is wrong with which line.

use std::collections::BTreeMap;

use ::csv::{ReaderBuilder, StringRecord};
use serde::Serialize;
use specta::Type;

use crate::account::Account;
use crate::action::{Row, RowForm};
use crate::error::{Error, Result};

/// More than anybody types, and less than freezes anything.
const LARGEST: usize = 16 * 1024 * 1024;
/// The most problems that are told.
const MOST_PROBLEMS: usize = 100;

/// Something that is wrong with a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct CsvProblem {
    /// Which line of the text, from one on.
    pub line: u32,
    /// What.
    pub message: String,
}

/// What a CSV would fill.
#[derive(Debug, Clone, Serialize, Type)]
pub struct CsvPreview {
    /// The columns, as its first line names them.
    pub columns: Vec<String>,
    /// How many rows can be sent.
    pub rows: u32,
    /// What each column fills: a field, or `FIELD.NAME` for an argument. A column that fills nothing is not in it.
    pub mapping: BTreeMap<String, String>,
    /// What is wrong; a line with a problem is no row.
    pub problems: Vec<CsvProblem>,
    /// The rows, as a run takes them.
    pub values: Vec<Row>,
}

/// Reads a CSV for an action. Its first line names the columns; `mapping` says what they fill where their names do not.
///
/// # Errors
/// `invalid_input` of `text` when it is none, of `mapping` when a column would fill what is no field.
pub fn preview_csv(
    account: Account,
    action: &str,
    text: &str,
    mapping: Option<BTreeMap<String, String>>,
) -> Result<CsvPreview> {
    if text.len() > LARGEST {
        return Err(Error::input("text", "This is too large: at most 16 MB."));
    }
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = ReaderBuilder::new().delimiter(delimiter(text)).flexible(true).from_reader(text.as_bytes());
    let columns: Vec<String> =
        reader.headers().map_err(|error| no_csv(&error))?.iter().map(|name| name.trim().to_owned()).collect();
    if columns.iter().all(String::is_empty) {
        return Err(Error::input("text", "The first line must name the columns."));
    }
    let form = RowForm::of(account, action, &columns, mapping)?;
    let problems = twice(&columns);
    let mut preview = CsvPreview { rows: 0, mapping: form.mapping.clone(), problems, values: Vec::new(), columns };
    let mut record = StringRecord::new();
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => preview.take(&form, &record),
            Err(error) => return Err(no_csv(&error)),
        }
    }
    preview.rows = u32::try_from(preview.values.len()).unwrap_or(u32::MAX);
    Ok(preview)
}

impl CsvPreview {
    fn take(&mut self, form: &RowForm, record: &StringRecord) {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
        let line = record.position().map_or(0, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        let outcome = if record.len() > self.columns.len() {
            Err(Error::input("text", format!("It has {} cells for {} columns.", record.len(), self.columns.len())))
        } else {
            let cells = self.columns.iter().zip(record);
            let filled = cells.filter_map(|(column, cell)| Some((self.mapping.get(column)?.clone(), cell.to_owned())));
            let row: Row = filled.collect();
            form.check(&row).map(|()| row)
        };
        match outcome {
            Ok(row) => self.values.push(row),
            Err(error) if self.problems.len() < MOST_PROBLEMS => {
                self.problems.push(CsvProblem { line, message: error.message });
            }
            Err(_) => {}
        }
    }
}

fn no_csv(error: &::csv::Error) -> Error {
    Error::input("text", format!("This is no CSV ({error})."))
}

/// What stands between cells: the first line has most of it. Spreadsheets write a semicolon where the comma is in numbers.
fn delimiter(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |sign: u8| first.bytes().filter(|byte| *byte == sign).count();
    [b';', b'\t'].into_iter().fold(b',', |best, sign| if count(sign) > count(best) { sign } else { best })
}

fn twice(columns: &[String]) -> Vec<CsvProblem> {
    let named = columns.iter().enumerate().filter(|(_, name)| !name.is_empty());
    let again = named.filter(|(at, name)| columns[..*at].contains(name));
    again.map(|(_, name)| CsvProblem { line: 1, message: format!("“{name}” stands there twice.") }).collect()
}
