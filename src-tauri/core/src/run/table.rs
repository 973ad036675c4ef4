//! Runs in a SQLite file. What is about to be sent is in it, on the disk, before it leaves.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, Result, Transaction, params};

use super::view::TargetState;
use crate::action::{Form, Target};
use crate::sqlite;

/// The most runs that are kept; the oldest go first.
const MOST: u32 = 200;
/// The newest runs whose bodies are kept.
const WITH_BODIES: u32 = 20;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS run (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        connection TEXT NOT NULL,
        action TEXT NOT NULL,
        label TEXT NOT NULL,
        form TEXT NOT NULL,
        state TEXT NOT NULL,
        holder TEXT,
        at_once INTEGER NOT NULL,
        per_second INTEGER,
        began_ms INTEGER NOT NULL,
        ended_ms INTEGER,
        retry_of TEXT,
        note TEXT,
        resumes_ms INTEGER,
        total INTEGER NOT NULL,
        sending INTEGER NOT NULL DEFAULT 0,
        accepted INTEGER NOT NULL DEFAULT 0,
        failed INTEGER NOT NULL DEFAULT 0,
        unknown INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE TABLE IF NOT EXISTS target (
        run INTEGER NOT NULL,
        number INTEGER NOT NULL,
        target TEXT,
        label TEXT,
        fills TEXT,
        state INTEGER NOT NULL DEFAULT 0,
        status INTEGER,
        duration_ms INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0,
        replayed INTEGER NOT NULL DEFAULT 0,
        truncated INTEGER NOT NULL DEFAULT 0,
        error TEXT,
        retried_by TEXT,
        PRIMARY KEY (run, number)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS target_that_waits ON target (run, number) WHERE state = 0;
    CREATE TABLE IF NOT EXISTS answer (
        run INTEGER NOT NULL,
        number INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (run, number)
    ) STRICT;";

/// A run that begins.
#[derive(Debug, Clone)]
pub struct Head {
    pub id: String,
    pub connection: String,
    pub action: String,
    pub label: String,
    pub form: Form,
    pub at_once: u32,
    pub per_second: Option<u32>,
    pub began_at: Timestamp,
    pub retry_of: Option<String>,
}

/// A file of runs.
pub struct Table {
    pub(super) file: Connection,
}

impl Table {
    pub fn open(path: &Path) -> Result<Self> {
        let file = sqlite::open(path, SCHEMA)?;
        // A file of before has no such column.
        if !file.prepare("SELECT 1 FROM pragma_table_info('run') WHERE name = 'resumes_ms'")?.exists([])? {
            file.execute_batch("ALTER TABLE run ADD COLUMN resumes_ms INTEGER")?;
        }
        // Not only written but on the disk when a step returns: what was marked as being sent is so after a power cut too.
        file.pragma_update(None, "synchronous", "FULL")?;
        Ok(Self { file })
    }

    pub fn in_memory() -> Result<Self> {
        Ok(Self { file: sqlite::in_memory(SCHEMA)? })
    }

    /// Keeps a run with its targets, all of them waiting.
    pub fn begin(&mut self, head: &Head, holder: Option<&str>, targets: &[Target]) -> Result<i64> {
        let change = self.file.transaction()?;
        let run = insert(&change, head, holder, targets.len() as u32)?;
        let mut add = change
            .prepare_cached("INSERT INTO target (run, number, target, label, fills) VALUES (?1, ?2, ?3, ?4, ?5)")?;
        for (number, target) in (1_u32..).zip(targets) {
            let fills = target.row.as_ref().map(json);
            add.execute(params![run, number, target.value, target.label, fills])?;
        }
        drop(add);
        tidy(&change)?;
        change.commit()?;
        Ok(run)
    }

    /// Keeps a run over those targets of another that are in one of these states and were not taken up before. The other
    /// one does not go on any more: its targets would be sent twice. None where it has no such target.
    pub fn begin_again(
        &mut self,
        head: &Head,
        holder: &str,
        old: i64,
        states: &[TargetState],
    ) -> Result<Option<(i64, u32)>> {
        let change = self.file.transaction()?;
        let wanted: Vec<String> = states.iter().map(|state| code(*state).to_string()).collect();
        let of_these = format!(
            "run = ?1 AND retried_by IS NULL AND state IN ({})
             AND EXISTS (SELECT 1 FROM run WHERE number = ?1 AND holder IS NULL)",
            wanted.join(", ")
        );
        let count = format!("SELECT count(*) FROM target WHERE {of_these}");
        let total: u32 = change.query_row(&count, [old], |row| row.get(0))?;
        if total == 0 {
            return Ok(None);
        }
        let run = insert(&change, head, Some(holder), total)?;
        let copy = format!(
            "INSERT INTO target (run, number, target, label, fills)
             SELECT ?2, row_number() OVER (ORDER BY number), target, label, fills FROM target WHERE {of_these}"
        );
        change.execute(&copy, params![old, run])?;
        change.execute(&format!("UPDATE target SET retried_by = ?2 WHERE {of_these}"), params![old, head.id])?;
        change.execute(
            "UPDATE run SET state = 'stopped', ended_ms = ifnull(ended_ms, ?2) WHERE number = ?1 AND state != 'done'",
            params![old, head.began_at.as_millisecond()],
        )?;
        tidy(&change)?;
        change.commit()?;
        Ok(Some((run, total)))
    }

    /// Takes up a paused or interrupted run that nobody holds. Whether it could be.
    pub fn take_up(&self, id: &str, holder: Option<&str>) -> Result<bool> {
        let taken = self.file.execute(
            "UPDATE run SET state = 'running', note = NULL, resumes_ms = NULL, ended_ms = NULL, holder = ?2
             WHERE id = ?1 AND holder IS NULL AND state IN ('paused', 'interrupted')",
            params![id, holder],
        )?;
        Ok(taken == 1)
    }

    /// Ends a paused or interrupted run that nobody holds. Whether it could be.
    pub fn stop(&self, id: &str, at: Timestamp) -> Result<bool> {
        let stopped = self.file.execute(
            "UPDATE run SET state = 'stopped', note = NULL, resumes_ms = NULL, ended_ms = ?2
             WHERE id = ?1 AND holder IS NULL AND state IN ('paused', 'interrupted')",
            params![id, at.as_millisecond()],
        )?;
        Ok(stopped == 1)
    }

    /// Who holds runs.
    pub fn holders(&self) -> Result<Vec<String>> {
        let mut holders = self.file.prepare_cached("SELECT DISTINCT holder FROM run WHERE holder IS NOT NULL")?;
        holders.query_map([], |row| row.get(0))?.collect()
    }

    /// What a process left that is gone: what it was sending may have arrived, and nothing goes on by itself.
    pub fn abandoned(&mut self, holder: &str) -> Result<()> {
        let runs = "SELECT number FROM run WHERE holder = ?1";
        let runs: Vec<i64> =
            self.file.prepare_cached(runs)?.query_map([holder], |row| row.get(0))?.collect::<Result<_>>()?;
        runs.into_iter().try_for_each(|run| self.interrupt(run))
    }

    /// The same of one run.
    pub fn interrupt(&mut self, run: i64) -> Result<()> {
        let change = self.file.transaction()?;
        change.execute(
            "UPDATE target SET state = ?2 WHERE run = ?1 AND state = ?3",
            params![run, code(TargetState::Unknown), code(TargetState::Sending)],
        )?;
        change.execute(
            "UPDATE run SET unknown = unknown + sending, sending = 0, holder = NULL,
                 state = iif(state = 'running', 'interrupted', state)
             WHERE number = ?1",
            [run],
        )?;
        change.commit()
    }

    /// Deletes runs that nobody holds: this one, or all of a connection.
    pub fn remove(&mut self, id: Option<&str>, connection: Option<&str>) -> Result<()> {
        let change = self.file.transaction()?;
        let these = "SELECT number FROM run WHERE holder IS NULL AND (id = ?1 OR connection = ?2)";
        let runs: Vec<i64> =
            change.prepare(these)?.query_map(params![id, connection], |row| row.get(0))?.collect::<Result<_>>()?;
        runs.iter().try_for_each(|run| give_back(&change, *run))?;
        delete(&change, &runs)?;
        change.commit()
    }
}

/// What a run that goes took up of another and did not do can be taken up again.
fn give_back(change: &Transaction<'_>, run: i64) -> Result<()> {
    let done = [TargetState::Accepted, TargetState::Unknown, TargetState::Sending].map(|state| code(state).to_string());
    let target = "ifnull(target, '') || char(31) || ifnull(fills, '')";
    let give_back = format!(
        "UPDATE target SET retried_by = NULL
         WHERE run = (SELECT number FROM run WHERE id = (SELECT retry_of FROM run WHERE number = ?1))
         AND retried_by = (SELECT id FROM run WHERE number = ?1)
         AND {target} NOT IN (SELECT {target} FROM target
             WHERE run = ?1 AND (retried_by IS NOT NULL OR state IN ({})))",
        done.join(", ")
    );
    change.execute(&give_back, [run]).map(drop)
}

fn insert(change: &Transaction<'_>, head: &Head, holder: Option<&str>, total: u32) -> Result<i64> {
    change.execute(
        "INSERT INTO run (id, connection, action, label, form, state, holder, at_once, per_second, began_ms, retry_of, total)
         VALUES (?1, ?2, ?3, ?4, ?5, 'running', ?6, ?7, ?8, ?9, ?10, ?11)",
        params![
            head.id,
            head.connection,
            head.action,
            head.label,
            json(&head.form),
            holder,
            head.at_once,
            head.per_second,
            head.began_at.as_millisecond(),
            head.retry_of,
            total,
        ],
    )?;
    Ok(change.last_insert_rowid())
}

/// Lets go what is old and over.
fn tidy(change: &Transaction<'_>) -> Result<()> {
    let old = "SELECT number FROM run WHERE holder IS NULL AND state IN ('done', 'stopped')
        AND number <= (SELECT number FROM run ORDER BY number DESC LIMIT 1 OFFSET ?1)";
    let old: Vec<i64> = change.prepare(old)?.query_map([MOST], |row| row.get(0))?.collect::<Result<_>>()?;
    delete(change, &old)?;
    change.execute(
        "DELETE FROM answer WHERE run <= (SELECT number FROM run ORDER BY number DESC LIMIT 1 OFFSET ?1)",
        [WITH_BODIES],
    )?;
    Ok(())
}

fn delete(change: &Transaction<'_>, runs: &[i64]) -> Result<()> {
    for run in runs {
        for statement in [
            "DELETE FROM target WHERE run = ?1",
            "DELETE FROM answer WHERE run = ?1",
            "DELETE FROM run WHERE number = ?1",
        ] {
            change.execute(statement, [run])?;
        }
    }
    Ok(())
}

pub(super) fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// How a state stands in the file.
pub(super) fn code(state: TargetState) -> u8 {
    match state {
        TargetState::Waiting => 0,
        TargetState::Sending => 1,
        TargetState::Accepted => 2,
        TargetState::Failed => 3,
        TargetState::Unknown => 4,
    }
}
