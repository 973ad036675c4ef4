//! The checks of this person: kept, and which of them is due.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::Notify;

use super::expectation::{Finding, Found};
use super::view::{CheckView, SaveCheck};
use crate::clock::Clock;
use crate::error::{Error, Result};
use crate::event::{Events, Signal};
use crate::kept_list::{KeptList, Listed, OfConnection, named};
use crate::shared_file::Stamp;

/// How often one may be sent, in seconds.
const EVERY: std::ops::RangeInclusive<u32> = 30..=86_400;
/// How many findings are remembered.
const RECENT: usize = 40;
/// The clock may be set, and a machine may have slept: it is looked at this often.
const LOOK_AGAIN: Duration = Duration::from_secs(20);

/// A check as it is kept. The file holds nothing secret: what was found is masked.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    id: String,
    check: SaveCheck,
    finding: Option<Finding>,
    changed_at: Option<Timestamp>,
    recent: Vec<Found>,
}

impl Listed for Kept {
    const CALLED: &'static str = "check";
    const ALL: &'static str = "checks";

    fn id(&self) -> &str {
        &self.id
    }
}

impl OfConnection for Kept {
    fn connection(&self) -> &str {
        &self.check.connection
    }
}

/// A check whose turn it is.
#[derive(Debug, Clone)]
pub struct Turn {
    /// Its id.
    pub id: String,
    /// What is to be done.
    pub check: SaveCheck,
}

/// The checks of this person.
pub struct Checks {
    kept: KeptList<Kept>,
    running: Mutex<HashSet<String>>,
    changed: Notify,
    clock: Arc<dyn Clock>,
    events: Events,
}

impl Checks {
    /// Reads the file; none is an empty list.
    ///
    /// # Errors
    /// `internal` when the system refuses to read it.
    pub fn open(file: PathBuf, lock: PathBuf, clock: Arc<dyn Clock>, events: Events) -> Result<Self> {
        Ok(Self { kept: KeptList::open(file, lock)?, running: Mutex::default(), changed: Notify::new(), clock, events })
    }

    /// All of them, in the order in which they were added.
    pub fn all(&self) -> Vec<CheckView> {
        self.kept.all().into_iter().map(|kept| self.view(kept)).collect()
    }

    /// The one with this id.
    ///
    /// # Errors
    /// `invalid_input` when there is none.
    pub fn get(&self, id: &str) -> Result<CheckView> {
        self.kept.get(id).map(|kept| self.view(kept))
    }

    /// Adds one, or changes the one with its id. What was found is forgotten where something else is asked for.
    ///
    /// # Errors
    /// `invalid_input` that names the field, `internal` when the file cannot be written.
    pub fn save(&self, mut check: SaveCheck) -> Result<CheckView> {
        check.name = named(&check.name)?;
        if !EVERY.contains(&check.every_seconds) {
            return Err(Error::input("every_seconds", "From 30 seconds to 24 hours."));
        }
        check.expectation.check()?;
        let kept = self.kept.change(|all| {
            let Some(id) = check.id.clone() else {
                let id = uuid::Uuid::new_v4().to_string();
                let kept = Kept { id, check, finding: None, changed_at: None, recent: Vec::new() };
                all.push(kept.clone());
                return Ok(kept);
            };
            let kept = all.iter_mut().find(|kept| kept.id == id).ok_or_else(|| Kept::unknown(&id))?;
            if !kept.check.asks_the_same(&check) {
                (kept.finding, kept.changed_at) = (None, None);
                kept.recent.clear();
            }
            kept.check = check;
            Ok(kept.clone())
        })?;
        self.tell();
        Ok(self.view(kept))
    }

    /// Removes one.
    ///
    /// # Errors
    /// `invalid_input` when there is none, `internal` when the file cannot be written.
    pub fn remove(&self, id: &str) -> Result<()> {
        self.kept.remove(id)?;
        self.tell();
        Ok(())
    }

    /// Removes those of a connection.
    ///
    /// # Errors
    /// `internal` when the file cannot be written.
    pub fn remove_of(&self, connection: &str) -> Result<()> {
        if self.kept.remove_of(connection)? {
            self.tell();
        }
        Ok(())
    }

    /// Waits until the next one may be due, 20 seconds at most, and gives those whose time has come, each once: from then
    /// on they are under way.
    pub async fn due(&self) -> Vec<Turn> {
        let now = self.clock.now();
        let next = self.waiting().iter().filter_map(|kept| kept.due(now).duration_since(now).try_into().ok()).min();
        tokio::select! {
            () = self.changed.notified() => {}
            () = tokio::time::sleep(next.unwrap_or(LOOK_AGAIN).min(LOOK_AGAIN)) => {}
        }
        let now = self.clock.now();
        let due = self.waiting().into_iter().filter(|kept| kept.due(now) <= now);
        due.filter_map(|kept| self.begin(&kept.id).ok()).collect()
    }

    fn waiting(&self) -> Vec<Kept> {
        let running = self.running();
        self.kept.all().into_iter().filter(|kept| kept.check.on && !running.contains(&kept.id)).collect()
    }

    /// Marks one as under way.
    ///
    /// # Errors
    /// `invalid_input` when there is none, or it is under way already.
    pub fn begin(&self, id: &str) -> Result<Turn> {
        let kept = self.kept.get(id)?;
        if !self.running().insert(id.to_owned()) {
            return Err(Error::input("check", "It is being checked now."));
        }
        self.events.signal(Signal::ChecksChanged);
        Ok(Turn { id: kept.id, check: kept.check })
    }

    /// Whether one whose turn it is may still be sent: it may have been switched off or removed while it waited.
    pub fn is_wanted(&self, turn: &Turn) -> bool {
        self.kept.get(&turn.id).is_ok_and(|kept| kept.check.on)
    }

    /// One that was under way is not sent.
    pub fn give_up(&self, turn: &Turn) {
        self.running().remove(&turn.id);
        self.tell();
    }

    /// Differs after each change, here or by another process.
    pub fn stamp(&self) -> Option<Stamp> {
        self.kept.stamp()
    }

    /// One that was under way has found this. It is told when it stands otherwise than before.
    pub fn found(&self, turn: &Turn, finding: Finding) {
        self.running().remove(&turn.id);
        let turned = self.kept.note(|all| {
            let kept = all.iter_mut().find(|kept| kept.id == turn.id)?;
            // Changed meanwhile, this was found of something else.
            kept.check.asks_the_same(&turn.check).then(|| kept.take(finding))
        });
        self.tell();
        if turned == Some(true) {
            self.events.signal(Signal::CheckTurned(turn.id.clone()));
        }
    }

    fn view(&self, kept: Kept) -> CheckView {
        let running = self.running().contains(&kept.id);
        let next_at = (kept.check.on && !running).then(|| kept.due(self.clock.now()));
        let Kept { id, check, finding, changed_at, recent } = kept;
        let SaveCheck { connection, name, of, every_seconds, expectation, on, .. } = check;
        CheckView {
            id,
            connection,
            name,
            of,
            every_seconds,
            expectation,
            on,
            running,
            finding,
            changed_at,
            next_at,
            recent,
        }
    }

    fn tell(&self) {
        self.changed.notify_one();
        self.events.signal(Signal::ChecksChanged);
    }

    fn running(&self) -> MutexGuard<'_, HashSet<String>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// When it is sent next. What was found in the future was found by a clock that was wrong.
    fn due(&self, now: Timestamp) -> Timestamp {
        let last = self.finding.as_ref().map(|finding| finding.at);
        let every = Duration::from_secs(self.check.every_seconds.into());
        last.filter(|last| *last <= now).and_then(|last| last.checked_add(every).ok()).unwrap_or(now)
    }

    /// Whether it stands otherwise than before. One that is good from the start is no news.
    fn take(&mut self, finding: Finding) -> bool {
        let turned = match &self.finding {
            None => finding.found != Found::Good,
            Some(before) => before.found != finding.found || self.check.expectation.moved(before, &finding),
        };
        if turned || self.changed_at.is_none() {
            self.changed_at = Some(finding.at);
        }
        self.recent.push(finding.found);
        if self.recent.len() > RECENT {
            self.recent.remove(0);
        }
        self.finding = Some(finding);
        turned
    }
}
