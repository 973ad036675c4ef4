//! World of Workflows, or one's own API: a login call of its own making, and an API that takes what
//! it gives (providers.md §4).

mod api;
mod booking;
mod login;
mod offer;
mod variant;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

use crate::oauth::{Ledger, Signer};
use crate::shared::Shared;
use booking::Bookings;

pub(crate) use offer::offer;

/// The state of the API.
#[derive(Clone)]
pub(crate) struct OwnApi {
    tokens: Arc<Tokens>,
    bookings: Arc<Bookings>,
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
    bookings: Arc<Bookings>,
}

impl OwnApi {
    pub(crate) fn new(shared: &Shared) -> Self {
        let tokens = Tokens { ledger: Ledger::default(), signer: Signer::new(&shared.random) };
        Self { tokens: Arc::new(tokens), bookings: Arc::default() }
    }

    pub(crate) fn router(&self, shared: &Arc<Shared>) -> Router {
        let (tokens, bookings) = (Arc::clone(&self.tokens), Arc::clone(&self.bookings));
        let desk = Desk { shared: Arc::clone(shared), tokens, bookings };
        Router::new()
            .route("/auth", post(login::log_in))
            .route("/auth-variants/{unit}", post(variant::log_in))
            .route("/getAccessToken", get(login::hand_out))
            .route("/bookings", get(booking::bookings).post(booking::create))
            .route(
                "/bookings/{id}",
                get(booking::booking).put(booking::change).patch(booking::change).delete(booking::remove),
            )
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
