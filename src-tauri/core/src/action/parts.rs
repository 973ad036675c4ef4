//! An answer that is put together from several, and what is computed from it.

use serde_json::{Map, Value, json};

use super::computed::compute;
use super::desk::Desk;
use crate::account::Account;
use crate::error::Error;
use crate::provider::{Action, Variables};

impl Desk {
    /// The parts by their names. In the place of one that fails stands why, so that the others can be read; where none can
    /// be had, that is the error.
    pub(super) async fn together(&self, account: &Account, action: &Action) -> (Value, Option<Error>) {
        let mut whole = Map::new();
        let mut failed = Vec::new();
        for part in &action.parts {
            let outcome = match &part.request {
                Some(request) => self.ask(account, request, &Variables::new()).await,
                None => self.identity(account).await,
            };
            let answer = outcome.unwrap_or_else(|error| {
                let why = json!({ "error": self.redactor.mask(&error.message) });
                failed.push(error);
                why
            });
            whole.insert(part.name.clone(), answer);
        }
        let mut whole = Value::Object(whole);
        for computed in &action.computed {
            if let Some(value) = compute(computed, &whole) {
                whole[&computed.name] = value;
            }
        }
        let none = failed.len() == action.parts.len();
        (whole, failed.into_iter().next().filter(|_| none))
    }
}
