use std::sync::Arc;

use super::client::RULES;
use super::device_codes::DeviceCodes;
use crate::oauth::{Ledger, Rules, Signer};
use crate::shared::Shared;

/// The authorization server.
pub(super) struct AuthorizationServer {
    pub(super) issuer: String,
    pub(super) rules: Rules,
    pub(super) ledger: Ledger,
    pub(super) device_codes: DeviceCodes,
    pub(super) signer: Signer,
}

impl AuthorizationServer {
    pub(super) fn new(shared: &Shared) -> Self {
        Self {
            issuer: format!("{}/oauth", shared.url),
            rules: RULES,
            ledger: Ledger::default(),
            device_codes: DeviceCodes::default(),
            signer: Signer::new(&shared.random),
        }
    }
}

/// What a handler works with.
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
