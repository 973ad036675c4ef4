use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use serde_json::Value;

use super::problem::Problem;

/// A bound for a sandbox left running for days: the oldest go first.
const MOST: usize = 500;

/// Rows that can be added, changed and deleted, each known by one of its members.
pub(super) struct Rows {
    key: &'static str,
    rows: Mutex<Vec<Value>>,
}

impl Rows {
    pub(super) fn of(key: &'static str, rows: Vec<Value>) -> Self {
        Self { key, rows: Mutex::new(rows) }
    }

    pub(super) fn all(&self) -> Vec<Value> {
        self.lock().clone()
    }

    pub(super) fn get(&self, id: &str) -> Option<Value> {
        self.lock().iter().find(|row| row[self.key] == id).cloned()
    }

    pub(super) fn add(&self, row: Value) {
        let mut rows = self.lock();
        if rows.len() >= MOST {
            rows.remove(0);
        }
        rows.push(row);
    }

    /// Changes a row and gives it back; none where there is no such row.
    pub(super) fn change(&self, id: &str, change: impl FnOnce(&mut Value)) -> Option<Value> {
        let mut rows = self.lock();
        let row = rows.iter_mut().find(|row| row[self.key] == id)?;
        change(row);
        Some(row.clone())
    }

    /// The answer to a DELETE: without a body, or that there is no such row, in the words of its kind.
    pub(super) fn remove(&self, id: &str, not_found: &'static str) -> Result<StatusCode, Problem> {
        let mut rows = self.lock();
        let before = rows.len();
        rows.retain(|row| row[self.key] != id);
        if rows.len() < before { Ok(StatusCode::NO_CONTENT) } else { Err(Problem::not_found(not_found)) }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Value>> {
        self.rows.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
