//! The results of a run as a file: a table for a spreadsheet, or JSON.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use specta::Type;

use super::runs::Runs;
use super::view::{RunRow, RunView};
use crate::error::{Error, Result};
use crate::paths::{Paths, write_beside};

/// In which form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RunFormat {
    /// Comma-separated values (RFC 4180).
    Csv,
    /// JSON.
    Json,
}

/// The columns of a CSV.
const COLUMNS: [&str; 10] =
    ["number", "target", "label", "state", "status", "duration_ms", "attempts", "error", "message", "body"];
/// Rows that are read at once.
const PAGE: u32 = 200;

impl Runs {
    /// Writes a run into the person's downloads, beside what is there, and says where.
    ///
    /// # Errors
    /// `invalid_input` when there is no such run, `internal` when it cannot be written.
    pub async fn export(&self, id: &str, format: RunFormat, paths: &Paths) -> Result<PathBuf> {
        let folder = paths.exports().map_err(|error| Error::internal("find the downloads", error))?;
        let run = self.watch(id).await?.run;
        let day = run.began_at.get(..10).unwrap_or_default();
        let ending = if format == RunFormat::Csv { "csv" } else { "json" };
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(not_written)?;
        self.write(&run, format, &mut BufWriter::new(file.as_file_mut())).await?;
        write_beside(file, folder, &format!("{}-{day}.{ending}", run.action)).map_err(not_written)
    }

    /// Writes a run.
    ///
    /// # Errors
    /// As for [`Runs::export`].
    pub async fn write(&self, run: &RunView, format: RunFormat, to: &mut (impl Write + Send)) -> Result<()> {
        begin(run, format, to).map_err(not_written)?;
        for page in 0.. {
            let rows = self.rows_for_a_file(&run.id, page * PAGE, PAGE).await?;
            rows_to(&rows, page == 0, format, to).map_err(not_written)?;
            if rows.len() < PAGE as usize {
                break;
            }
        }
        end(format, to).map_err(not_written)
    }
}

fn begin(run: &RunView, format: RunFormat, to: &mut impl Write) -> io::Result<()> {
    match format {
        RunFormat::Csv => writeln!(to, "{}\r", COLUMNS.join(",")),
        RunFormat::Json => write!(to, "{{\"run\":{},\"rows\":[", serde_json::to_string(run)?),
    }
}

fn rows_to(rows: &[RunRow], first: bool, format: RunFormat, to: &mut impl Write) -> io::Result<()> {
    match format {
        RunFormat::Csv => {
            let mut csv = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(to);
            rows.iter().try_for_each(|row| csv.write_record(cells(row)).map_err(io::Error::other))?;
            csv.flush()
        }
        RunFormat::Json => rows.iter().enumerate().try_for_each(|(at, row)| {
            let comma = if first && at == 0 { "" } else { "," };
            write!(to, "{comma}\n{}", serde_json::to_string(row)?)
        }),
    }
}

fn end(format: RunFormat, to: &mut impl Write) -> io::Result<()> {
    if format == RunFormat::Json {
        writeln!(to, "\n]}}")?;
    }
    to.flush()
}

fn cells(row: &RunRow) -> [String; 10] {
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    let text = |text: Option<&str>| harmless(text.unwrap_or_default());
    let word = |value: serde_json::Result<serde_json::Value>| match value {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    };
    [
        row.number.to_string(),
        text(row.target.as_deref()),
        text(row.label.as_deref()),
        word(serde_json::to_value(row.state)),
        number(row.status.map(u32::from)),
        number(row.duration_ms),
        row.attempts.to_string(),
        row.error.as_ref().map(|error| word(serde_json::to_value(error.code))).unwrap_or_default(),
        text(row.error.as_ref().map(|error| error.message.as_str())),
        text(row.body.as_deref()),
    ]
}

/// A spreadsheet takes a cell that begins so for a formula, and these texts come from servers.
fn harmless(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text.to_owned() }
}

fn not_written(error: io::Error) -> Error {
    Error::internal("write the file", error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::run::TargetState;

    #[test]
    fn h8_a_cell_of_a_server_is_no_formula() {
        let row = RunRow {
            number: 1,
            target: Some("=HYPERLINK(1)".to_owned()),
            label: Some("-1".to_owned()),
            state: TargetState::Accepted,
            status: Some(200),
            duration_ms: Some(12),
            attempts: 1,
            replayed: false,
            error: None,
            body: Some("{\"a\": \"b, c\"}\n".to_owned()),
            truncated: false,
            refusal: None,
        };
        let mut text = Vec::new();
        rows_to(&[row], true, RunFormat::Csv, &mut text).unwrap();
        let text = String::from_utf8(text).unwrap();
        assert_eq!(text, "1,'=HYPERLINK(1),'-1,accepted,200,12,1,,,\"{\"\"a\"\": \"\"b, c\"\"}\n\"\r\n");
    }
}
