//! Whose token it is.

use std::sync::Arc;
use std::time::Instant;

use super::TokenSet;
use crate::event::{ActivityEvent, Events, ExchangeSource, Happening};
use crate::grant::TokenClient;
use crate::provider::{Provider, Variables};

/// Whose token it is, and what its provider says of renewal.
#[derive(Clone)]
pub struct Owner {
    /// The connection's id, which is also the name of its keychain item.
    pub connection: String,
    /// Its provider.
    pub provider: Arc<Provider>,
    /// What the placeholders in the provider's file stand for.
    pub variables: Arc<Variables>,
    /// Where its tokens may be presented.
    pub origins: Arc<[String]>,
    /// The way to its token endpoint.
    pub client: TokenClient,
    /// The run that asks, for the activity.
    pub run: Option<String>,
    /// What it belongs to, for the activity: a request and what it causes.
    pub chain: String,
    /// Whether a request is worth no word in the activity: one of many look-ups for a list.
    pub quiet: bool,
    /// As whose its exchanges are told; none: a run over many targets has its own results, and some stand nowhere.
    pub told_as: Option<ExchangeSource>,
}

impl Owner {
    /// For one request of many: a chain of its own.
    #[must_use]
    pub fn in_chain(&self) -> Self {
        Self { chain: crate::event::chain(), ..self.clone() }
    }

    /// Records something that happened to the connection, in the run that asks.
    pub fn record(&self, events: &Events, event: ActivityEvent, begun: Option<Instant>) {
        events.happened(Happening {
            event,
            connection: Some(self.connection.clone()),
            run: self.run.clone(),
            chain: Some(self.chain.clone()),
            took: begun.map(|begun| begun.elapsed()),
        });
    }
}

/// A token is never presented to another origin than it was made for, nor by another provider's rules (security.md F2,
/// H2).
pub(super) fn belongs(set: &TokenSet, owner: &Owner) -> bool {
    let provider = set.bound.provider.as_ref();
    *set.bound.origins == *owner.origins && provider.is_none_or(|provider| *provider == owner.provider.id)
}
