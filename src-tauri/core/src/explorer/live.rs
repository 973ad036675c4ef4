//! A request that is under way: how it stands, and whether the person still wants it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::sent::SentView;
use crate::event::{Events, Signal};

/// How often what comes is told.
const TICK: Duration = Duration::from_millis(100);

/// A request that is under way.
pub struct Live {
    view: Mutex<SentView>,
    begun: Instant,
    told: Mutex<Instant>,
    cancelled: watch::Sender<bool>,
    over: watch::Sender<bool>,
    events: Events,
}

impl Live {
    pub fn new(view: SentView, events: Events) -> Self {
        let (cancelled, over) = (watch::Sender::new(false), watch::Sender::new(false));
        let begun = Instant::now();
        Self { view: Mutex::new(view), begun, told: Mutex::new(begun), cancelled, over, events }
    }

    /// How it stands.
    pub fn view(&self) -> SentView {
        self.lock().clone()
    }

    /// It stands otherwise.
    pub fn change(&self, change: impl FnOnce(&mut SentView)) {
        change(&mut self.lock());
        let over = self.lock().state.is_over();
        self.over.send_replace(over);
        self.tell();
    }

    /// More of the body came; it is told now and then.
    pub fn received(&self, bytes: u64) {
        self.lock().received += bytes;
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.elapsed() >= TICK {
            *told = Instant::now();
            self.tell();
        }
    }

    /// How long it takes so far.
    pub fn took(&self) -> Duration {
        self.begun.elapsed()
    }

    /// Nobody wants it any more.
    pub fn cancel(&self) {
        self.cancelled.send_replace(true);
    }

    /// Returns when nobody wants it any more.
    pub async fn is_cancelled(&self) {
        // Never an error: the sender is here.
        let _ = self.cancelled.subscribe().wait_for(|cancelled| *cancelled).await;
    }

    /// Returns when nothing more comes.
    pub async fn over(&self) {
        // Never an error: the sender is here.
        let _ = self.over.subscribe().wait_for(|over| *over).await;
    }

    fn tell(&self) {
        let answer = self.lock().id.clone();
        self.events.signal(Signal::SentChanged(answer));
    }

    fn lock(&self) -> MutexGuard<'_, SentView> {
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
