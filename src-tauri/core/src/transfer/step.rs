//! The requests before a file and after it: what they take, and how they are waited for.

use reqwest::Method;
use serde_json::Value;

use super::carrier::Carrier;
use super::work::Work;
use crate::clock::after;
use crate::error::{Error, ErrorCode, Result};
use crate::exchange::Exchange;
use crate::pointer::at;
use crate::provider::TransferStep;
use crate::transport::Limits;

impl Work {
    /// Those before the file that are not over yet.
    ///
    /// # Errors
    /// What needs a person.
    pub(super) async fn steps_before(&mut self, carrier: &mut Carrier, steps: &[TransferStep]) -> Result<()> {
        while let Some(step) = steps.get(self.reached.before) {
            self.step(carrier, step).await?;
            self.reached.before += 1;
        }
        Ok(())
    }

    /// Those after it.
    ///
    /// # Errors
    /// What needs a person.
    pub(super) async fn steps_after(&mut self, carrier: &mut Carrier, steps: &[TransferStep]) -> Result<()> {
        while let Some(step) = steps.get(self.reached.after) {
            self.step(carrier, step).await?;
            self.reached.after += 1;
        }
        Ok(())
    }

    async fn step(&mut self, carrier: &mut Carrier, step: &TransferStep) -> Result<()> {
        let begun = carrier.means.clock.now();
        loop {
            let body = self.asked(carrier, step).await?;
            match &step.until {
                Some(ready) if !ready.is_met(&body) => {
                    let now = carrier.means.clock.now();
                    if now >= after(begun, ready.at_most_seconds.into()) {
                        let what = format!("The server was not ready with it after {} s.", ready.at_most_seconds);
                        return Err(Error::new(ErrorCode::TimedOut, what));
                    }
                    carrier.rest(after(now, ready.pause().into())).await;
                }
                _ => return self.take(step, &body),
            }
        }
    }

    /// A good answer to a step, as JSON where it is.
    async fn asked(&mut self, carrier: &mut Carrier, step: &TransferStep) -> Result<Value> {
        loop {
            let prepared = carrier.means.desk.prepare(&self.order, &step.request, &self.reached.taken).await?;
            let account = &self.order.account;
            // What makes something is made once.
            let again = prepared.method != Method::POST && prepared.method != Method::PATCH;
            carrier.turn().await;
            let sent = carrier.means.sender.send_within(account, &prepared, None, Limits::API).await;
            match carrier.judge(&account.provider, sent, again) {
                Ok(Exchange { answer, .. }) => {
                    carrier.answered(&answer.body);
                    return Ok(serde_json::from_slice(&answer.body).unwrap_or_default());
                }
                Err(hitch) => carrier.after(hitch).await?,
            }
        }
    }

    fn take(&mut self, step: &TransferStep, body: &Value) -> Result<()> {
        for (name, pointer) in &step.take {
            let value = at(body, pointer).filter(|value| !value.is_null());
            let value = value.ok_or_else(|| {
                Error::new(ErrorCode::UnexpectedAnswer, format!("The answer holds nothing at “{pointer}”."))
            })?;
            self.reached.taken.give(name, &value);
        }
        Ok(())
    }
}
