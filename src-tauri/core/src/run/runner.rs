//! Carries a run out. One loop decides; requests are tasks of their own, and the file is written by the books' thread:
//!
//! 1. Targets are marked as being sent, a few ahead, in one step with what came of those before. Only what was marked, and
//!    is on the disk, is sent.
//! 2. The first request goes alone: what is wrong with all of them is found out with one. Then so many at once.
//! 3. What was not done for a reason that passes goes back to waiting, and the whole run waits (`pace`). What needs a
//!    person pauses it. What may have been done is told as unknown and is never sent again by itself (security.md H8).

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::{MissedTickBehavior, interval};

use super::books::Books;
use super::left::Left;
use super::live::Live;
use super::parcel::Parcel;
use super::step::Claimed;
use super::view::{RunState, TargetState};
use super::writing::{Writing, written};
use crate::action::{Desk, Order, Outcome};
use crate::clock::Clock;
use crate::event::{ActivityEvent, Events};
use crate::pace::{Even, Pace};

/// How often what moved is told.
pub(super) const TICK: Duration = Duration::from_millis(100);
/// Results that are taken in, or written, at once.
pub(super) const ENOUGH: usize = 256;

/// Carries one run out.
pub struct Runner {
    pub desk: Arc<Desk>,
    pub order: Arc<Order>,
    pub books: Arc<Books>,
    pub live: Arc<Live>,
    pub pace: Arc<Pace>,
    pub own_pace: Option<Even>,
    pub clock: Arc<dyn Clock>,
    pub events: Events,
    pub at_once: usize,
    pub several: bool,
    pub left: Left,
}

impl Runner {
    /// Until it is over.
    pub async fn run(mut self) {
        let (sender, mut ended) = unbounded_channel();
        let mut writing: Option<Writing> = None;
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut arrived = Vec::new();
        loop {
            let wait = self.begin(&sender);
            self.look_whether_done(writing.is_some());
            if writing.is_none() {
                if self.is_over() {
                    break;
                }
                writing = self.next_step().map(|step| self.write(step));
            }
            tokio::select! {
                _ = ended.recv_many(&mut arrived, ENOUGH) => arrived.drain(..).for_each(|(sent, outcome)| self.take(&sent, outcome)),
                claimed = written(&mut writing) => {
                    writing = None;
                    self.wrote(claimed);
                }
                () = tokio::time::sleep(wait.unwrap_or(TICK)), if wait.is_some() => {}
                () = self.live.wake.notified() => self.left.moved = true,
                _ = tick.tick() => self.tell(),
            }
        }
        self.left.moved = true;
        self.tell();
        self.record();
    }

    pub(super) fn state(&self) -> RunState {
        self.live.now().state
    }

    /// Sends what may be sent now; how long to wait for the next where the pace says so.
    fn begin(&mut self, sender: &UnboundedSender<(Claimed, Outcome)>) -> Option<Duration> {
        let state = self.state();
        if state == RunState::Stopped {
            self.order.halt.say();
        }
        if state != RunState::Running {
            self.release();
            return None;
        }
        let held = self.pace.held_until(self.clock.now());
        let known = std::mem::replace(&mut self.live.now().waits_until, held);
        self.left.moved |= known != held;
        if held.is_some() {
            self.release();
            return None;
        }
        while self.left.under_way < self.room() && !self.left.claimed.is_empty() {
            let now = Instant::now();
            let own = self.own_pace.as_ref().and_then(|even| even.left(now));
            if let Some(wait) = own.or_else(|| self.pace.begin(now)) {
                return Some(wait);
            }
            if let Some(even) = &mut self.own_pace {
                even.begin(now);
            }
            if let Some(claimed) = self.left.claimed.pop_front() {
                self.left.under_way += 1;
                let (desk, order) = (self.desk.clone(), self.order.clone());
                let most = self.most_of_a_body();
                let parcel = Parcel::new(claimed, sender.clone());
                tokio::spawn(async move {
                    let outcome = desk.carry_out(&order, &parcel.claimed.target, most).await;
                    parcel.arrive(outcome);
                });
            }
        }
        None
    }

    /// How many may be under way.
    pub(super) fn room(&self) -> usize {
        if self.left.scouted { self.at_once } else { 1 }
    }

    /// What was marked and not sent waits again.
    fn release(&mut self) {
        for claimed in self.left.claimed.drain(..) {
            self.left.released.push(claimed.number);
            self.live.now().counts.moved(TargetState::Sending, TargetState::Waiting);
            self.left.changed.remove(&claimed.number);
        }
    }

    fn look_whether_done(&self, writing: bool) {
        let mut now = self.live.now();
        let nothing_left = self.left.claimed.is_empty() && self.left.under_way == 0 && now.counts.waiting == 0;
        let goes_on = matches!(now.state, RunState::Running | RunState::Paused);
        if goes_on && nothing_left && !writing && self.left.released.is_empty() {
            (now.state, now.note) = (RunState::Done, None);
        }
        let is_ending = matches!(now.state, RunState::Done | RunState::Stopped);
        if is_ending && self.left.under_way == 0 && now.ended_at.is_none() {
            now.ended_at = Some(self.clock.now());
        }
    }

    /// Whether all is written, or cannot be.
    fn is_over(&self) -> bool {
        let ended = self.live.now().ended_at.is_some();
        let written = self.left.written.2 && self.left.told.is_empty() && self.left.released.is_empty();
        ended && (written || self.left.broken)
    }

    /// Tells what moved since the last time.
    fn tell(&mut self) {
        if std::mem::take(&mut self.left.moved) {
            let rows = std::mem::take(&mut self.left.changed).into_values().collect();
            self.live.tell(rows);
        }
    }

    /// For the activity.
    fn record(&self) {
        if !self.order.action.changes && !self.several {
            return;
        }
        let now = self.live.now();
        let event = ActivityEvent::RunFinished {
            action: self.order.action.label.clone(),
            total: now.counts.total,
            accepted: now.counts.accepted,
            failed: now.counts.failed,
            unknown: now.counts.unknown,
            stopped: now.state == RunState::Stopped,
        };
        self.order.account.owner.record(&self.events, event, Some(self.left.begun));
    }
}
