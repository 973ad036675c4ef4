//! A step of a run: what came of targets, which are let go, and which are marked as being sent. It is in the file whole or not
//! at all.

use jiff::Timestamp;
use rusqlite::{Result, Transaction, params};

use super::table::{Table, code, json};
use super::view::{RunState, TargetState};
use crate::action::{Outcome, Row, Target};
use crate::error::ErrorCode;

/// A target that is marked as being sent.
#[derive(Debug, Clone, Default)]
pub struct Claimed {
    /// Its place in the run, from one on.
    pub number: u32,
    /// How often it was sent before.
    pub attempts: u32,
    /// The target.
    pub target: Target,
}

/// What came of a target.
#[derive(Debug, Clone)]
pub struct Told {
    pub number: u32,
    pub state: TargetState,
    pub attempts: u32,
    pub outcome: Outcome,
}

/// Something that happens to a run at once, or not at all.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// What came of targets.
    pub told: Vec<Told>,
    /// Targets that were marked and not sent.
    pub released: Vec<u32>,
    /// How many are to be marked.
    pub claim: u32,
    /// How the run stands from now on.
    pub state: Option<(RunState, Option<ErrorCode>)>,
    /// From when on it makes sense to go on, where it was paused until then.
    pub resumes: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Whether bodies are kept.
    pub bodies: bool,
    /// Whether they are for no file at all.
    pub private: bool,
}

impl Step {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.told.is_empty() && self.released.is_empty() && self.claim == 0 && self.state.is_none()
    }
}

impl Table {
    /// Takes a step; gives the targets that were marked, in their order.
    pub fn step(&mut self, run: i64, step: &Step) -> Result<Vec<Claimed>> {
        let change = self.file.transaction()?;
        for told in &step.told {
            tell(&change, run, told, step.bodies)?;
        }
        for number in &step.released {
            change
                .prepare_cached("UPDATE target SET state = 0 WHERE run = ?1 AND number = ?2")?
                .execute(params![run, number])?;
        }
        let claimed = if step.claim > 0 { claim(&change, run, step.claim)? } else { Vec::new() };
        count(&change, run, step, claimed.len())?;
        if let Some((state, note)) = step.state {
            let holds = step.ended_at.is_none();
            change.execute(
                "UPDATE run SET state = ?2, note = ?3, ended_ms = ?4, holder = iif(?5, holder, NULL), resumes_ms = ?6
                 WHERE number = ?1",
                params![
                    run,
                    word(state),
                    note.map(word),
                    step.ended_at.map(Timestamp::as_millisecond),
                    holds,
                    step.resumes.map(Timestamp::as_millisecond),
                ],
            )?;
        }
        change.commit()?;
        Ok(claimed)
    }
}

fn tell(change: &Transaction<'_>, run: i64, told: &Told, bodies: bool) -> Result<()> {
    let Told { number, state, attempts, outcome } = told;
    let took = u32::try_from(outcome.took.as_millis()).unwrap_or(u32::MAX);
    change
        .prepare_cached(
            "UPDATE target SET state = ?3, status = ?4, duration_ms = ?5, attempts = ?6, replayed = ?7, truncated = ?8,
                 error = ?9
             WHERE run = ?1 AND number = ?2",
        )?
        .execute(params![
            run,
            number,
            code(*state),
            outcome.status,
            took,
            attempts,
            outcome.replayed,
            outcome.truncated,
            outcome.error.as_ref().map(json),
        ])?;
    if let Some(body) = outcome.body.as_ref().filter(|_| bodies && *state != TargetState::Waiting) {
        change
            .prepare_cached("INSERT OR REPLACE INTO answer (run, number, body) VALUES (?1, ?2, ?3)")?
            .execute(params![run, number, body])?;
    }
    Ok(())
}

fn claim(change: &Transaction<'_>, run: i64, most: u32) -> Result<Vec<Claimed>> {
    let mut mark = change.prepare_cached(
        "UPDATE target SET state = 1
         WHERE run = ?1 AND number IN (SELECT number FROM target WHERE run = ?1 AND state = 0 ORDER BY number LIMIT ?2)
         RETURNING number, attempts, target, label, fills",
    )?;
    let claimed = mark.query_map(params![run, most], |row| {
        let fills: Option<String> = row.get(4)?;
        let row_of = fills.and_then(|fills| serde_json::from_str::<Row>(&fills).ok());
        let target = Target { value: row.get(2)?, label: row.get(3)?, row: row_of };
        Ok(Claimed { number: row.get(0)?, attempts: row.get(1)?, target })
    })?;
    let mut claimed = claimed.collect::<Result<Vec<_>>>()?;
    claimed.sort_unstable_by_key(|claimed| claimed.number);
    Ok(claimed)
}

/// What the step changes in how many targets stand how.
fn count(change: &Transaction<'_>, run: i64, step: &Step, claimed: usize) -> Result<()> {
    let of = |state: TargetState| step.told.iter().filter(|told| told.state == state).count() as i64;
    let sending = claimed as i64 - step.told.len() as i64 - step.released.len() as i64;
    change
        .prepare_cached(
            "UPDATE run SET sending = sending + ?2, accepted = accepted + ?3, failed = failed + ?4, unknown = unknown + ?5
             WHERE number = ?1",
        )?
        .execute(params![
            run,
            sending,
            of(TargetState::Accepted),
            of(TargetState::Failed),
            of(TargetState::Unknown),
        ])?;
    Ok(())
}

/// A word of an enum, as it is everywhere.
fn word(value: impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
