//! A request of an order beside its own: one of the several that a transfer is made of.

use super::desk::Desk;
use super::order::Order;
use super::values::Filled;
use crate::error::Result;
use crate::exchange::{Filling, Prepared};
use crate::provider::{Encoding, RequestTemplate, fill};

impl Desk {
    /// Fills a template with what the form holds, and above it with `more`.
    ///
    /// # Errors
    /// `invalid_input` when something that was typed cannot be sent, or why a look-up failed.
    pub async fn prepare(&self, order: &Order, template: &RequestTemplate, more: &Filled) -> Result<Prepared> {
        let account = &order.account;
        let looked_up = self.look_ups(account, template).await?;
        let texts = [&more.variables, &order.filled.variables, &looked_up, account.owner.variables.as_ref()];
        let filling = Filling { texts: &texts, values: &[&more.values, &order.filled.values] };
        Prepared::new(template, &account.provider.api, account.base_url(), filling)
    }
}

impl Order {
    /// Fills a text with what the form holds, and above it with `more`.
    ///
    /// # Errors
    /// `internal` when the provider file is wrong.
    pub fn text(&self, template: &str, more: &Filled) -> Result<String> {
        let texts = [&more.variables, &self.filled.variables, self.account.owner.variables.as_ref()];
        fill(template, &Filling { texts: &texts, values: &[] }, Encoding::Plain)
    }
}
