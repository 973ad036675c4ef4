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
    name: String,
    notification: String,
    groups: Vec<String>,
    at: Timestamp,
    cancelled: Option<Timestamp>,
}

/// The alerts that came, oldest first.
#[derive(Default)]
pub(super) struct Alerts(Mutex<Vec<Alert>>);

impl Alert {
    /// `kind` is `alerts` or `broadcasts`, and the name where the caller gives none.
    pub(super) fn new(
        kind: &'static str,
        task: &str,
        name: Option<String>,
        notification: String,
        groups: Vec<String>,
    ) -> Self {
        let name = name.unwrap_or_else(|| kind.to_owned());
        Self { kind, task: task.to_owned(), name, notification, groups, at: Timestamp::now(), cancelled: None }
    }

    /// What happened to it, newest first: the vendor has an event of its own for each (RDOC
    /// relay-events-api). There is nobody here to acknowledge it.
    fn events(&self) -> impl Iterator<Item = (Timestamp, Value)> {
        let cancelled = self.cancelled.map(|at| (at, self.event(at, "cancel")));
        cancelled.into_iter().chain([(self.at, self.event(self.at, "start"))])
    }

    /// As in the vendor's newest example, whose `task` stands beside `content`; `profile_id` and what
    /// else providers.md §1.3 has comes with it. What `type` a cancelled one has is UNVERIFIED.
    fn event(&self, at: Timestamp, kind: &str) -> Value {
        json!({
            "category": "tasks",
            "content": { "type": kind, "notification": self.notification, "groups": self.groups },
            "task": {
                "id": self.task,
                "name": self.name,
                "task_type": { "major": 1, "minor": 4, "name": self.kind, "namespace": "system" },
            },
            "event_id": format!("{}-{kind}", self.task),
            "source_type": "user",
            "sub_id": SUBSCRIBER_ID,
            "timestamp": at.to_string(),
            "profile_id": "",
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
        let known = alerts.iter_mut().find(|alert| alert.task == task && alert.kind == "alerts");
        known.is_some_and(|alert| alert.cancelled.replace(Timestamp::now()).is_none())
    }

    /// Newest first, none older than `oldest`.
    pub(super) fn events(&self, oldest: Timestamp) -> Vec<Value> {
        let mut events: Vec<_> = self.entries().iter().rev().flat_map(Alert::events).collect();
        events.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        events.into_iter().filter(|(at, _)| *at >= oldest).map(|(_, event)| event).collect()
    }

    fn entries(&self) -> MutexGuard<'_, Vec<Alert>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
