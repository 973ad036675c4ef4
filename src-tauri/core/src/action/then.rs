//! What is asked once an answer is there: the same again until it is ready, and what became of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::Notify;

use super::desk::Desk;
use super::order::Order;
use super::values::Filled;
use crate::error::Result;
use crate::exchange::{Exchange, Prepared};
use crate::pointer::at;
use crate::provider::{Ready, Then};

/// Whether a person said that nothing is waited for any more.
#[derive(Debug, Default)]
pub struct Halt {
    said: AtomicBool,
    wake: Notify,
}

impl Halt {
    /// From now on nothing is. What was asked is answered all the same.
    pub fn say(&self) {
        self.said.store(true, Ordering::SeqCst);
        self.wake.notify_waiters();
    }

    /// Waits so long, or until it is said; whether it is.
    async fn is_said_within(&self, time: Duration) -> bool {
        let woken = self.wake.notified();
        if !self.said.load(Ordering::SeqCst) {
            let _ = tokio::time::timeout(time, woken).await;
        }
        self.said.load(Ordering::SeqCst)
    }
}

impl Desk {
    /// Asks again until the answer says that it is ready. When the time is over, or a person stops it, the last answer
    /// counts as it is.
    ///
    /// # Errors
    /// When it gets no answer.
    pub(super) async fn until_ready(
        &self,
        order: &Order,
        ready: &Ready,
        prepared: &Prepared,
        target: Option<&str>,
        first: Exchange,
    ) -> Result<Exchange> {
        let begun = Instant::now();
        let every = Duration::from_secs(ready.pause().into());
        let most = Duration::from_secs(ready.at_most_seconds.into());
        let mut exchange = first;
        while good(&exchange).is_some_and(|body| !ready.is_met(&body)) && begun.elapsed() + every <= most {
            if order.halt.is_said_within(every).await {
                break;
            }
            let next = self.send(&order.account, prepared, target).await?;
            exchange = Exchange { replayed: exchange.replayed || next.replayed, ..next };
        }
        Ok(exchange)
    }

    /// What became of what a good answer names. Where that cannot be had, the answer counts: what it tells of was done.
    pub(super) async fn follow(
        &self,
        order: &Order,
        then: &Then,
        layer: &Filled,
        target: Option<&str>,
        first: Exchange,
    ) -> Exchange {
        let Some(body) = good(&first) else { return first };
        match self.followed(order, then, layer, target, &body).await {
            Ok(last) if good(&last).is_some() => last,
            _ => first,
        }
    }

    async fn followed(
        &self,
        order: &Order,
        then: &Then,
        layer: &Filled,
        target: Option<&str>,
        body: &Value,
    ) -> Result<Exchange> {
        let mut more = layer.clone();
        for (name, pointer) in &then.take {
            more.give(name, &at(body, pointer).unwrap_or_default());
        }
        let prepared = self.prepare(order, &then.request, &more).await?;
        let exchange = self.send(&order.account, &prepared, target).await?;
        match &then.until {
            Some(ready) => self.until_ready(order, ready, &prepared, target, exchange).await,
            None => Ok(exchange),
        }
    }
}

/// A good answer as JSON.
fn good(exchange: &Exchange) -> Option<Value> {
    let answer = &exchange.answer;
    let good = (200..300).contains(&answer.status) && !answer.truncated;
    good.then(|| serde_json::from_slice(&answer.body).ok()).flatten()
}
