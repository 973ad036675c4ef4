use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::fixtures::SUBSCRIBER_ID;

/// A bound for a sandbox left running for days.
const MOST_ALERTS: usize = 10_000;

/// An alert or a broadcast that was sent.
pub(super) struct Alert {
    kind: &'static str,
    task: String,
    notification: String,
    groups: Vec<String>,
    at: Timestamp,
    cancelled: bool,
}

/// The alerts that came, oldest first.
#[derive(Default)]
pub(super) struct Alerts(Mutex<Vec<Alert>>);

impl Alert {
    pub(super) fn new(kind: &'static str, task: &str, notification: String, groups: Vec<String>) -> Self {
        Self { kind, task: task.to_owned(), notification, groups, at: Timestamp::now(), cancelled: false }
    }

    /// An analytics event, as `/ibot/workflow_analytics_events` has them, and with `profile_id`
    /// (providers.md §1.3).
    fn event(&self) -> Value {
        let content = json!({
            "notification": self.notification,
            "groups": self.groups,
            "task_id": self.task,
            "cancelled": self.cancelled,
        });
        json!({
            "id": self.task,
            "category": self.kind,
            "content": content.to_string(),
            "content_type": "application/json",
            "source_type": "system",
            "sub_id": SUBSCRIBER_ID,
            "timestamp": self.at.to_string(),
            "profile_id": null,
        })
    }
}

impl Alerts {
    pub(super) fn add(&self, alert: Alert) {
        let mut alerts = self.entries();
        if alerts.len() >= MOST_ALERTS {
            alerts.remove(0);
        }
        alerts.push(alert);
    }

    /// Whether there was such an alert, not cancelled yet.
    pub(super) fn cancel(&self, task: &str) -> bool {
        let mut alerts = self.entries();
        let known = alerts.iter_mut().find(|alert| alert.task == task && alert.kind == "alert");
        known.is_some_and(|alert| !std::mem::replace(&mut alert.cancelled, true))
    }

    /// Newest first, none older than `oldest`.
    pub(super) fn events(&self, oldest: Timestamp) -> Vec<Value> {
        self.entries().iter().rev().filter(|alert| alert.at >= oldest).map(Alert::event).collect()
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Alert>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
