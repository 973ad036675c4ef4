//! A run that is carried out by this process: how it stands right now, and what a person wants of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use jiff::Timestamp;
use tokio::sync::{Notify, broadcast};

use super::books::Place;
use super::counts::RunCounts;
use super::view::{RunEvent, RunRow, RunState, RunView};
use crate::error::ErrorCode;
use crate::speed::Speed;

/// How many events a listener may be behind before it misses some; each tells all that counts.
const BEHIND: usize = 16;

/// A run that is carried out.
pub struct Live {
    /// Where it is kept.
    pub place: Place,
    /// Its number there.
    pub run: i64,
    /// As it began.
    base: RunView,
    now: Mutex<Now>,
    forgotten: AtomicBool,
    /// Wakes the one who carries it out.
    pub wake: Notify,
    events: broadcast::Sender<RunEvent>,
}

/// How it stands.
pub struct Now {
    pub state: RunState,
    pub note: Option<ErrorCode>,
    pub counts: RunCounts,
    pub speed: Speed,
    pub waits_until: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

impl Live {
    /// It begins, or goes on.
    pub fn new(place: Place, run: i64, view: RunView) -> Self {
        let now = Now {
            state: RunState::Running,
            note: None,
            counts: view.counts,
            speed: Speed::default(),
            waits_until: None,
            ended_at: None,
        };
        let (events, _) = broadcast::channel(BEHIND);
        Self {
            place,
            run,
            base: view,
            now: Mutex::new(now),
            forgotten: AtomicBool::default(),
            wake: Notify::new(),
            events,
        }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.base.id
    }

    /// Its connection.
    pub fn connection(&self) -> &str {
        &self.base.connection
    }

    /// How it stands, to be read or changed.
    pub fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks for another state. What is under way is finished and told.
    pub fn ask(&self, state: RunState) {
        {
            let mut now = self.now();
            (now.state, now.note, now.waits_until) = (state, None, None);
        }
        self.wake.notify_one();
    }

    /// Its connection is removed: it is deleted when it has ended.
    pub fn forget(&self) {
        self.forgotten.store(true, Ordering::Relaxed);
    }

    /// Whether it is deleted when it has ended.
    pub fn is_forgotten(&self) -> bool {
        self.forgotten.load(Ordering::Relaxed)
    }

    /// As the interface shows it.
    pub fn view(&self) -> RunView {
        let now = self.now();
        let rate = now.speed.rate(Instant::now());
        let left = f64::from(now.counts.waiting + now.counts.sending);
        let moves = now.state == RunState::Running && rate > 0.0 && now.waits_until.is_none();
        RunView {
            state: now.state,
            counts: now.counts,
            note: now.note,
            ended_at: now.ended_at.map(|at| at.to_string()),
            waits_until: now.waits_until.map(|at| at.to_string()),
            rate: (rate * 10.0).round() / 10.0,
            // As a float saturates.
            seconds_left: moves.then(|| (left / rate).ceil() as u32),
            ..self.base.clone()
        }
    }

    /// What moves from now on.
    pub fn events(&self) -> broadcast::Receiver<RunEvent> {
        self.events.subscribe()
    }

    /// Whether anybody hears of rows.
    pub fn is_heard(&self) -> bool {
        self.events.receiver_count() > 0
    }

    /// Says what moved.
    pub fn tell(&self, rows: Vec<RunRow>) {
        // Nobody listens: nothing to tell.
        let _ = self.events.send(RunEvent::Moved { run: self.view(), rows });
    }
}
