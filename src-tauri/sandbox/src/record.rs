use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde_json::{Map, Value};

/// Bounds for a sandbox left running for days.
const MOST_TRIGGERS: usize = 10_000;
const MOST_PATHS: usize = 10_000;

/// A trigger that reached one device.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trigger {
    /// When it came, in RFC 3339.
    pub at: String,
    /// The workflow it started.
    pub workflow_id: String,
    /// The device it went to.
    pub device_id: String,
    /// The subscriber both belong to.
    pub subscriber_id: String,
    /// The arguments it brought, if any.
    pub action_args: Map<String, Value>,
}

/// What the sandbox saw. Paths only, never a query, a header or a body: there are tokens in those.
#[derive(Default)]
pub(crate) struct Record {
    triggers: Mutex<Vec<Trigger>>,
    requests: Mutex<BTreeMap<String, usize>>,
}

impl Record {
    pub(crate) fn trigger(&self, trigger: Trigger) {
        let mut triggers = self.triggers.lock().unwrap_or_else(PoisonError::into_inner);
        if triggers.len() >= MOST_TRIGGERS {
            triggers.remove(0);
        }
        triggers.push(trigger);
    }

    pub(crate) fn triggers(&self) -> Vec<Trigger> {
        self.triggers.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn request(&self, path: &str) {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        if requests.len() < MOST_PATHS || requests.contains_key(path) {
            *requests.entry(path.to_owned()).or_default() += 1;
        }
    }

    pub(crate) fn count(&self, path: &str) -> usize {
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        requests.get(path).copied().unwrap_or_default()
    }

    pub(crate) fn requests(&self) -> BTreeMap<String, usize> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
