use std::sync::Arc;

use super::client;
use crate::oauth::{Ledger, Rules, Signer};
use crate::shared::Shared;

/// Which of Relay's two authorization servers (providers.md §1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The Keycloak realm that `relay login` uses.
    Current,
    /// The one that `relay token generate` and every SDK use.
    Legacy,
}

/// One of Relay's authorization servers.
pub(super) struct AuthorizationServer {
    pub(super) kind: Kind,
    pub(super) issuer: String,
    pub(super) rules: Rules,
    pub(super) ledger: Ledger,
    pub(super) signer: Signer,
}

impl AuthorizationServer {
    pub(super) fn current(shared: &Shared) -> Self {
        let issuer = format!("{}/relay/auth/realms/Relay", shared.url);
        Self::new(Kind::Current, issuer, client::CURRENT, shared)
    }

    pub(super) fn legacy(shared: &Shared) -> Self {
        let issuer = format!("{}/relay/legacy", shared.url);
        Self::new(Kind::Legacy, issuer, client::LEGACY, shared)
    }

    fn new(kind: Kind, issuer: String, rules: Rules, shared: &Shared) -> Self {
        Self { kind, issuer, rules, ledger: Ledger::default(), signer: Signer::new(&shared.random) }
    }
}

/// What a handler of an authorization server works with.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) shared: Arc<Shared>,
    pub(super) server: Arc<AuthorizationServer>,
}

impl Desk {
    pub(super) fn new(shared: &Arc<Shared>, server: &Arc<AuthorizationServer>) -> Self {
        Self { shared: Arc::clone(shared), server: Arc::clone(server) }
    }
}
