//! What a file of runs says.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Result, Row, named_params, params};

use super::counts::RunCounts;
use super::table::{Table, code};
use super::view::{RunQuery, RunRow, RunView, TargetState};
use crate::action::Form;

/// The most rows that are read at once.
const PAGE: u32 = 500;

/// A run as it stands in the file.
#[derive(Debug, Clone)]
pub struct Record {
    /// Its number in this file.
    pub run: i64,
    /// What is kept of the form.
    pub form: Form,
    /// As it is shown.
    pub view: RunView,
}

const RUN: &str = "SELECT number, id, connection, action, label, form, state, at_once, per_second, began_ms, ended_ms,
    retry_of, note, resumes_ms, total, sending, accepted, failed, unknown FROM run";
const ROW: &str =
    "SELECT number, target, label, state, status, duration_ms, attempts, replayed, truncated, error FROM target";

impl Table {
    /// All runs, or those of a connection, the newest first.
    pub fn runs(&self, connection: Option<&str>) -> Result<Vec<Record>> {
        let select = format!("{RUN} WHERE ?1 IS NULL OR connection = ?1 ORDER BY number DESC");
        self.file.prepare_cached(&select)?.query_map([connection], record)?.collect()
    }

    /// The run with this id.
    pub fn run(&self, id: &str) -> Result<Option<Record>> {
        self.file.prepare_cached(&format!("{RUN} WHERE id = ?1"))?.query_row([id], record).optional()
    }

    /// Rows of a run, and how many there are of that kind.
    pub fn rows(&self, run: i64, query: &RunQuery) -> Result<(Vec<RunRow>, u32)> {
        let search = query.search.as_ref().map(|text| text.trim()).filter(|text| !text.is_empty());
        match (query.state, search) {
            (None, None) => {
                let mut total = self.file.prepare_cached("SELECT total FROM run WHERE number = ?1")?;
                let total = total.query_row([run], |row| row.get(0))?;
                Ok((self.all_rows(run, query.offset, query.limit)?, total))
            }
            (state, search) => self.some_rows(run, state, search, query),
        }
    }

    /// Rows are numbered from one on: what is passed over need not be read.
    fn all_rows(&self, run: i64, offset: u32, limit: u32) -> Result<Vec<RunRow>> {
        let select = format!("{ROW} WHERE run = ?1 AND number > ?2 ORDER BY number LIMIT ?3");
        self.file.prepare_cached(&select)?.query_map(params![run, offset, limit.min(PAGE)], row)?.collect()
    }

    fn some_rows(
        &self,
        run: i64,
        state: Option<TargetState>,
        search: Option<&str>,
        query: &RunQuery,
    ) -> Result<(Vec<RunRow>, u32)> {
        let of_these = "WHERE run = :run AND (:state IS NULL OR state = :state) AND (:search IS NULL
            OR instr(lower(ifnull(label, '') || char(10) || ifnull(target, '') || char(10) || ifnull(error, '')), lower(:search)) > 0)";
        let state = state.map(code);
        let total = self
            .file
            .prepare_cached(&format!("SELECT count(*) FROM target {of_these}"))?
            .query_row(named_params! { ":run": run, ":state": state, ":search": search }, |row| row.get(0))?;
        let select = format!("{ROW} {of_these} ORDER BY number LIMIT :limit OFFSET :offset");
        let mut rows = self.file.prepare_cached(&select)?;
        let rows = rows.query_map(
            named_params! {
                ":run": run, ":state": state, ":search": search,
                ":limit": query.limit.min(PAGE), ":offset": query.offset,
            },
            row,
        )?;
        Ok((rows.collect::<Result<_>>()?, total))
    }

    /// Rows with their bodies.
    pub fn rows_with_bodies(&self, run: i64, offset: u32, limit: u32) -> Result<Vec<RunRow>> {
        let rows = self.all_rows(run, offset, limit)?;
        rows.into_iter().map(|row| self.with_body(run, row)).collect()
    }

    /// A row with its body.
    pub fn row(&self, run: i64, number: u32) -> Result<Option<RunRow>> {
        let select = format!("{ROW} WHERE run = ?1 AND number = ?2");
        let found = self.file.prepare_cached(&select)?.query_row(params![run, number], row).optional()?;
        found.map(|row| self.with_body(run, row)).transpose()
    }

    fn with_body(&self, run: i64, row: RunRow) -> Result<RunRow> {
        let mut body = self.file.prepare_cached("SELECT body FROM answer WHERE run = ?1 AND number = ?2")?;
        let body = body.query_row(params![run, row.number], |row| row.get(0)).optional()?;
        Ok(RunRow { body, ..row })
    }
}

fn record(row: &Row<'_>) -> Result<Record> {
    let form: String = row.get("form")?;
    let counts = RunCounts {
        total: row.get("total")?,
        waiting: 0,
        sending: row.get("sending")?,
        accepted: row.get("accepted")?,
        failed: row.get("failed")?,
        unknown: row.get("unknown")?,
    };
    let waiting = counts.total.saturating_sub(counts.sending + counts.over());
    let view = RunView {
        id: row.get("id")?,
        connection: row.get("connection")?,
        action: row.get("action")?,
        action_label: row.get("label")?,
        state: read(row.get("state")?)?,
        counts: RunCounts { waiting, ..counts },
        began_at: instant(row.get("began_ms")?),
        ended_at: row.get::<_, Option<i64>>("ended_ms")?.map(instant),
        at_once: row.get("at_once")?,
        per_second: row.get("per_second")?,
        rate: 0.0,
        seconds_left: None,
        waits_until: row.get::<_, Option<i64>>("resumes_ms")?.map(instant),
        retry_of: row.get("retry_of")?,
        // A code of a newer version is none that can be told.
        note: row.get::<_, Option<String>>("note")?.and_then(|note| read(note).ok()),
    };
    Ok(Record { run: row.get("number")?, form: serde_json::from_str(&form).unwrap_or_default(), view })
}

fn row(row: &Row<'_>) -> Result<RunRow> {
    let error: Option<String> = row.get(9)?;
    Ok(RunRow {
        number: row.get(0)?,
        target: row.get(1)?,
        label: row.get(2)?,
        state: state(row.get(3)?),
        status: row.get(4)?,
        duration_ms: row.get(5)?,
        attempts: row.get(6)?,
        replayed: row.get(7)?,
        truncated: row.get(8)?,
        error: error.and_then(|error| serde_json::from_str(&error).ok()),
        body: None,
        refusal: None,
    })
}

fn instant(milliseconds: i64) -> String {
    Timestamp::from_millisecond(milliseconds).unwrap_or_default().to_string()
}

/// A word of an enum.
fn read<T: serde::de::DeserializeOwned>(word: String) -> Result<T> {
    let value = serde_json::Value::String(word);
    serde_json::from_value(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

fn state(number: u8) -> TargetState {
    let all = [TargetState::Waiting, TargetState::Sending, TargetState::Accepted, TargetState::Failed];
    all.into_iter().find(|state| code(*state) == number).unwrap_or(TargetState::Unknown)
}
