//! A transfer of this process: how it stands right now, and what a person wants of it.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use tokio::sync::watch;

use super::view::{TransferState, TransferView};
use super::work::Work;
use crate::error::Error;
use crate::event::{Events, Signal};
use crate::speed::Speed;

/// How often what moved is told.
const TICK: Duration = Duration::from_millis(100);

/// What a person wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// That it goes on.
    Go,
    /// That it rests.
    Rest,
}

/// A transfer.
pub struct Live {
    /// As it began.
    base: TransferView,
    /// Who began it, where that is known.
    identity: Option<String>,
    now: Mutex<Now>,
    wanted: watch::Sender<Wanted>,
    /// Held by the one who carries it out.
    pub work: tokio::sync::Mutex<Work>,
    events: Events,
}

/// How it stands.
pub struct Now {
    pub state: TransferState,
    pub name: String,
    pub size: Option<u64>,
    pub done: u64,
    pub tries: u32,
    pub waits_until: Option<Timestamp>,
    pub error: Option<Error>,
    pub ended_at: Option<Timestamp>,
    pub file: Option<String>,
    pub result: Option<String>,
    /// Whether its connection was logged out since.
    pub logged_out: bool,
    speed: Speed,
    told: Instant,
}

impl Live {
    /// It begins.
    pub fn new(base: TransferView, work: Work, events: Events) -> Self {
        let now = Now {
            state: base.state,
            name: base.name.clone(),
            size: base.size,
            done: work.done(),
            tries: 0,
            waits_until: None,
            error: None,
            ended_at: None,
            file: None,
            result: None,
            logged_out: false,
            speed: Speed::default(),
            told: Instant::now(),
        };
        let (wanted, _) = watch::channel(Wanted::Go);
        let identity = work.order.account.connection.identity.clone();
        Self { base, identity, now: Mutex::new(now), wanted, work: tokio::sync::Mutex::new(work), events }
    }

    /// Its id.
    pub fn id(&self) -> &str {
        &self.base.id
    }

    /// Whose token is presented.
    pub fn connection(&self) -> &str {
        &self.base.connection
    }

    /// Whether it may go on where this person is logged in: the token is nobody else's meanwhile.
    pub fn is_of(&self, identity: Option<&String>) -> bool {
        match (&self.identity, identity) {
            (Some(was), Some(is)) => was == is,
            _ => !self.now().logged_out,
        }
    }

    /// How it stands.
    pub fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes how it stands, and says so.
    pub fn change<T>(&self, change: impl FnOnce(&mut Now) -> T) -> T {
        let changed = change(&mut self.now());
        self.tell();
        changed
    }

    /// Says that it changed.
    pub fn tell(&self) {
        self.events.signal(Signal::TransferChanged(self.base.id.clone()));
    }

    /// Works on it in this state.
    pub fn set(&self, state: TransferState) {
        self.change(|now| (now.state, now.waits_until) = (state, None));
    }

    /// So many bytes are over.
    pub fn reached(&self, done: u64) {
        let now = Instant::now();
        {
            let mut known = self.now();
            let more = done.saturating_sub(known.done);
            known.done = done;
            known.speed.add(more, now);
            if now.duration_since(known.told) < TICK {
                return;
            }
            known.told = now;
        }
        self.tell();
    }

    /// Where a download lies.
    pub fn lies(&self, at: &Path) {
        self.now().file = Some(at.display().to_string());
    }

    /// Asks for something else.
    pub fn want(&self, wanted: Wanted) {
        self.wanted.send_replace(wanted);
    }

    /// Waits until it is asked to rest.
    pub async fn is_to_rest(&self) {
        // The sender lives as long as this does.
        let _ = self.wanted.subscribe().wait_for(|wanted| *wanted == Wanted::Rest).await;
    }

    /// As the interface shows it.
    pub fn view(&self) -> TransferView {
        let now = self.now();
        let rate = now.speed.rate(Instant::now());
        let moves = now.state == TransferState::Running && rate >= 1.0;
        // As floats saturate.
        #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let left = now.size.map(|size| (size.saturating_sub(now.done) as f64 / rate).ceil() as u32);
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let rate = moves.then_some(rate as u64);
        TransferView {
            name: now.name.clone(),
            size: now.size,
            done: now.done,
            rate,
            seconds_left: left.filter(|_| moves),
            state: now.state,
            tries: now.tries,
            waits_until: now.waits_until.map(|at| at.to_string()),
            error: now.error.clone(),
            ended_at: now.ended_at.map(|at| at.to_string()),
            file: now.file.clone(),
            result: now.result.clone(),
            ..self.base.clone()
        }
    }
}
