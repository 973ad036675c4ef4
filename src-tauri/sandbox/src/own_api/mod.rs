//! World of Workflows, or one's own API: a login call of its own making, and an API that takes what
//! it gives (providers.md §4).

mod api;
mod login;
mod offer;
mod variant;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::oauth::{Ledger, Signer};
use crate::shared::Shared;

pub(crate) use offer::offer;

/// The state of the API.
#[derive(Clone)]
pub(crate) struct OwnApi {
    tokens: Arc<Tokens>,
}

/// The tokens given, and the key that signs those that are JWTs.
struct Tokens {
    ledger: Ledger,
    signer: Signer,
}

/// What a handler works with.
#[derive(Clone)]
struct Desk {
    shared: Arc<Shared>,
    tokens: Arc<Tokens>,
}

impl OwnApi {
    pub(crate) fn new(shared: &Shared) -> Self {
        let tokens = Tokens { ledger: Ledger::default(), signer: Signer::new(&shared.random) };
        Self { tokens: Arc::new(tokens) }
    }

    pub(crate) fn router(&self, shared: &Arc<Shared>) -> Router {
        let desk = Desk { shared: Arc::clone(shared), tokens: Arc::clone(&self.tokens) };
        Router::new()
            .route("/auth", post(login::log_in))
            .route("/auth-variants/{unit}", post(variant::log_in))
            .route("/bookings", get(api::bookings))
            .route("/me", get(api::me))
            .fallback(api::unknown_path)
            .method_not_allowed_fallback(api::unknown_path)
            .with_state(desk)
    }

    pub(crate) fn expire_access_tokens(&self) {
        self.tokens.ledger.expire_access_tokens();
    }

    pub(crate) fn revoke_all(&self) {
        self.tokens.ledger.revoke_all();
    }
}
