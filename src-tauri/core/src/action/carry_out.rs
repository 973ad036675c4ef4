//! Carries out an action for one target.

use std::sync::Arc;
use std::time::Instant;

use super::desk::Desk;
use super::order::{Order, Target};
use super::outcome::{Fate, Outcome};
use super::pages::Shaped;
use super::values::Filled;
use crate::error::Result;
use crate::exchange::{Filling, Prepared, error_of, error_unless};
use crate::provider::{RequestTemplate, Variables};
use crate::transport::Limits;

impl Desk {
    /// Carries out an order for a target. `most` is what is kept of a body, in bytes.
    pub async fn carry_out(self: &Arc<Self>, order: &Order, target: &Target, most: usize) -> Outcome {
        let begun = Instant::now();
        let mut outcome = match (&order.action.request, &order.action.list) {
            (Some(template), _) => self.exchange(order, template, target, most).await,
            (None, Some(list)) => match self.choices(&order.account, list).await {
                Ok(entries) => Outcome::of_json(&entries, None),
                Err(error) => Outcome::failed(error),
            },
            (None, None) => {
                let (whole, error) = self.together(&order.account, &order.action).await;
                Outcome::of_json(&whole, error)
            }
        };
        outcome.took = begun.elapsed();
        // A server may echo what it was sent (security.md F8). Masked whole, then cut.
        if let Some(body) = &outcome.body {
            let mut masked = self.redactor.mask(body);
            let cut = masked.floor_char_boundary(most);
            outcome.truncated |= cut < masked.len();
            masked.truncate(cut);
            outcome.body = Some(masked);
        }
        outcome
    }

    async fn exchange(&self, order: &Order, template: &RequestTemplate, target: &Target, most: usize) -> Outcome {
        // Once for all targets of the order.
        let looked_up = order.looked_up.get_or_try_init(|| self.look_ups(&order.account, template)).await;
        let looked_up = match looked_up {
            Ok(looked_up) => looked_up,
            // Nothing was sent to the target.
            Err(error) => return Outcome::of_no_answer(error.into()),
        };
        let (layer, prepared) = match filled(order, template, looked_up, target) {
            Ok(filled) => filled,
            Err(error) => return Outcome::failed(error),
        };
        let outcome = self.once(order, &prepared, &layer, target, most).await;
        if outcome.fate != Fate::Unknown || order.action.changes {
            return outcome;
        }
        // What changes nothing may be asked once more (RFC 9110 section 9.2.2), and has failed when that is lost too.
        self.turn(&order.account).await;
        let again = self.once(order, &prepared, &layer, target, most).await;
        let fate = if again.fate == Fate::Unknown { Fate::Failed } else { again.fate };
        Outcome { fate, attempts: outcome.attempts + again.attempts, ..again }
    }

    async fn once(&self, order: &Order, prepared: &Prepared, layer: &Filled, target: &Target, most: usize) -> Outcome {
        // Of many large answers at once only as much is taken as what says why one is none (security.md H6).
        let limits = Limits { body: Limits::API.body.min(most * 4), ..Limits::API };
        let account = &order.account;
        let first = match self.sender.send_within(account, prepared, target.name(), limits).await {
            Ok(exchange) => exchange,
            Err(no) => return Outcome::of_no_answer(no),
        };
        let known = Filling {
            texts: &[&layer.variables, &order.filled.variables, account.owner.variables.as_ref()],
            values: &[],
        };
        let first = match &order.action.until {
            Some(ready) => self.until_ready(order, ready, prepared, target.name(), first).await,
            None => Ok(first),
        };
        let shaped = match first {
            Ok(first) => self.shape(account, &order.action, prepared, &known, target.name(), first).await,
            Err(error) => Err(error),
        };
        match shaped {
            Ok(Shaped { mut exchange, more }) => {
                if let Some(then) = &order.action.then {
                    exchange = self.follow(order, then, layer, target.name(), exchange).await;
                }
                let error = match order.action.good.as_slice() {
                    [] => error_of(&account.provider, &exchange.answer),
                    good => error_unless(good, &account.provider, &exchange.answer),
                };
                let error = error.map(|error| self.redactor.mask_error(error));
                let mut outcome = Outcome::of_exchange(exchange, error, order.action.changes);
                outcome.truncated |= more;
                outcome.refusal = outcome.refusal.map(|refusal| Box::new(refusal.masked(&self.redactor)));
                outcome
            }
            Err(error) => Outcome::failed(error),
        }
    }
}

/// The request for a target, and what the target fills of it.
pub(super) fn filled(
    order: &Order,
    template: &RequestTemplate,
    looked_up: &Variables,
    target: &Target,
) -> Result<(Filled, Prepared)> {
    let (account, layer) = (&order.account, order.layer(target)?);
    let texts = [&layer.variables, &order.filled.variables, looked_up, account.owner.variables.as_ref()];
    let filling = Filling { texts: &texts, values: &[&layer.values, &order.filled.values] };
    let prepared = Prepared::new(template, &account.provider.api, account.base_url(), filling)?;
    Ok((layer, prepared))
}
