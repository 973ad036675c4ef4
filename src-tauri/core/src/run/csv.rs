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
    let (mut record, mut lines) = (StringRecord::new(), Lines::of(text));
    loop {
        match reader.read_record(&mut record) {
            Ok(false) => break,
            Ok(true) => {
                let begin = record.position().map_or(0, ::csv::Position::byte);
                let line = lines.at(usize::try_from(begin).unwrap_or(usize::MAX));
                preview.take(&form, &record, line);
            }
            Err(error) => return Err(no_csv(&error)),
        }
    }
    preview.rows = u32::try_from(preview.values.len()).unwrap_or(u32::MAX);
    Ok(preview)
}

impl CsvPreview {
    fn take(&mut self, form: &RowForm, record: &StringRecord, line: u32) {
        if record.iter().all(|cell| cell.trim().is_empty()) {
            return;
        }
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

/// Counts lines. The reader's own count stands before the end of the last line where that has two signs, and before empty lines.
struct Lines<'a> {
    bytes: &'a [u8],
    at: usize,
    line: u32,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, line: 1 }
    }

    /// In which line the record is that begins at this byte or after the ends of lines that stand there. Asked for in order.
    fn at(&mut self, begin: usize) -> u32 {
        while let Some(byte) = self.bytes.get(self.at) {
            if self.at >= begin && !matches!(byte, b'\r' | b'\n') {
                break;
            }
            self.line += u32::from(*byte == b'\n');
            self.at += 1;
        }
        self.line
    }
}

fn no_csv(error: &::csv::Error) -> Error {
    Error::input("text", format!("This is not a CSV ({error})."))
}

/// What stands between cells: the first line has most of it. Spreadsheets write a semicolon where the comma is in numbers.
fn delimiter(text: &str) -> u8 {
    // Those before it that are empty are passed over.
    let first = text.lines().find(|line| !line.is_empty()).unwrap_or_default();
    let count = |sign: u8| first.bytes().filter(|byte| *byte == sign).count();
    [b';', b'\t'].into_iter().fold(b',', |best, sign| if count(sign) > count(best) { sign } else { best })
}

fn twice(columns: &[String]) -> Vec<CsvProblem> {
    let named = columns.iter().enumerate().filter(|(_, name)| !name.is_empty());
    let again = named.filter(|(at, name)| columns[..*at].contains(name));
    again.map(|(_, name)| CsvProblem { line: 1, message: format!("“{name}” stands there twice.") }).collect()
}
