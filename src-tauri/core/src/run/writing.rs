//! What is written of a run, and when: results and the marks of what is sent next go to the disk together, while what was
//! marked before is on its way.

use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::runner::{ENOUGH, Runner, TICK};
use super::step::{Claimed, Step};
use super::view::{RunState, TargetState};
use crate::error::{ErrorCode, Result};
use crate::event::Signal;

/// Marked ahead at most.
const AHEAD: f64 = 256.0;
/// Between two tries to write to a disk that does not take it.
const REST: Duration = Duration::from_secs(1);

/// A step that is being written; it gives what was marked.
pub(super) type Writing = Pin<Box<dyn Future<Output = Result<Vec<Claimed>>> + Send>>;

impl Runner {
    /// What is to be written now, if anything.
    pub(super) fn next_step(&mut self) -> Option<Step> {
        let since = self.left.wrote_at.elapsed();
        if self.left.broken && since < REST {
            return None;
        }
        let (state, claim) = (self.state_to_write(), self.to_claim());
        let told = &self.left.told;
        let due = claim > 0 || state.is_some() || !self.left.released.is_empty();
        let due = due || told.len() >= ENOUGH || (!told.is_empty() && (since >= TICK || self.left.under_way == 0));
        let step = Step {
            told: if due { std::mem::take(&mut self.left.told) } else { Vec::new() },
            released: std::mem::take(&mut self.left.released),
            claim,
            ended_at: state.and_then(|_| self.live.now().ended_at),
            resumes: state.and_then(|(state, _)| self.live.now().waits_until.filter(|_| state == RunState::Paused)),
            state,
            bodies: self.several && !self.order.action.private,
            private: self.order.action.private,
        };
        (!step.is_empty()).then_some(step)
    }

    fn state_to_write(&self) -> Option<(RunState, Option<ErrorCode>)> {
        let now = self.live.now();
        let stands = (now.state, now.note, now.ended_at.is_some());
        (stands != self.left.written).then_some((now.state, now.note))
    }

    /// How many targets are to be marked: those that are sent at once, and what will be sent in the next moment.
    fn to_claim(&self) -> u32 {
        let now = self.live.now();
        if now.state != RunState::Running || now.waits_until.is_some() || now.counts.waiting == 0 {
            return 0;
        }
        let ahead = (now.speed.rate(Instant::now()) * TICK.as_secs_f64()).min(AHEAD) as usize;
        let free = self.room().saturating_sub(self.left.under_way);
        // Where a limit holds them back, those that wait for their turn need no mark yet.
        let free = if self.own_pace.is_some() || self.pace.is_limited() { free.min(1) } else { free };
        let held = self.left.claimed.len();
        if held >= free.max(1) && held > ahead / 2 {
            return 0;
        }
        let most = (free + ahead).saturating_sub(held).min(now.counts.waiting as usize);
        u32::try_from(most).unwrap_or(u32::MAX)
    }

    pub(super) fn write(&mut self, step: Step) -> Writing {
        let step = Arc::new(step);
        self.left.writing = step.clone();
        let (books, live) = (self.books.clone(), self.live.clone());
        Box::pin(async move {
            books
                .ask(move |shelf| {
                    let claimed = shelf.table(live.place)?.step(live.run, &step)?;
                    step.told.iter().for_each(|told| shelf.hold(live.id(), told, !step.bodies, step.private));
                    Ok(claimed)
                })
                .await
        })
    }

    /// What was written is written, or will be tried again.
    pub(super) fn wrote(&mut self, outcome: Result<Vec<Claimed>>) {
        self.left.wrote_at = Instant::now();
        let step = std::mem::take(&mut self.left.writing);
        match outcome {
            Ok(claimed) => {
                self.left.broken = false;
                if let Some((state, note)) = step.state {
                    self.left.written = (state, note, step.ended_at.is_some());
                    self.events.signal(Signal::RunChanged(self.live.id().to_owned()));
                }
                self.claimed(step.claim, claimed);
            }
            Err(error) => {
                tracing::warn!(%error, "a run cannot be written");
                let step = Arc::unwrap_or_clone(step);
                self.left.told.splice(0..0, step.told);
                self.left.released.extend(step.released);
                self.left.broken = true;
                self.pause(error.code);
            }
        }
    }

    fn claimed(&mut self, asked: u32, claimed: Vec<Claimed>) {
        let mut now = self.live.now();
        if asked > 0 && claimed.is_empty() {
            // Counted and not there: nothing waits.
            now.counts.waiting = 0;
        }
        for one in claimed {
            now.counts.moved(TargetState::Waiting, TargetState::Sending);
            self.left.claimed.push_back(one);
        }
        self.left.moved = true;
    }
}

/// What is being written, once it is; never where nothing is.
pub(super) async fn written(writing: &mut Option<Writing>) -> Result<Vec<Claimed>> {
    match writing {
        Some(writing) => writing.await,
        None => std::future::pending().await,
    }
}
