//! Any OAuth 2 server, and an API that takes its tokens: the one that "Another API" is tried with.
//! Nobody's facts but the RFCs'.

mod answers;
mod api;
mod authorization;
mod authorization_server;
mod client;
mod device_authorization;
mod device_codes;
mod documents;
mod echo;
mod metadata;
mod offer;
mod presentation;
mod redirect;
mod revocation;
mod rows;
mod things;
mod token;
mod token_set;
mod userinfo;
mod verification;

use std::sync::Arc;

use axum::Router;
use axum::routing::{any, get, post};

use crate::shared::Shared;
use authorization_server::{AuthorizationServer, Desk};

pub(crate) use offer::offer;

pub use client::{
    ANOTHER_API_CLIENT_ID, ANOTHER_API_CLIENT_SECRET, ANOTHER_API_CONFIDENTIAL_CLIENT_ID, ANOTHER_API_KEY,
};

/// The state of the server.
#[derive(Clone)]
pub(crate) struct AnotherApi {
    server: Arc<AuthorizationServer>,
}

impl AnotherApi {
    pub(crate) fn new(shared: &Shared) -> Self {
        Self { server: Arc::new(AuthorizationServer::new(shared)) }
    }

    /// What stands below `/oauth`.
    pub(crate) fn router(&self, shared: &Arc<Shared>) -> Router {
        let desk = Desk::new(shared, &self.server);
        Router::new()
            .route("/.well-known/openid-configuration", get(metadata::metadata))
            .route("/jwks", get(metadata::jwks))
            .route("/authorize", get(authorization::ask).post(authorization::answer))
            .route("/token", post(token::token))
            .route("/revoke", post(revocation::revoke))
            .route("/userinfo", get(userinfo::userinfo).post(userinfo::userinfo))
            .route("/device_authorization", post(device_authorization::device_authorization))
            .route("/device", get(verification::ask).post(verification::answer))
            .nest("/api", api::router(&desk))
            // Under its other name the sandbox is another origin, where no token belongs.
            .route("/public/echo", any(echo::echo))
            .route("/public/redirect", any(redirect::back))
            .with_state(desk)
    }

    /// RFC 8414 §3.1: the well-known path stands before the issuer's own, at the root.
    pub(crate) fn well_known(&self, shared: &Arc<Shared>) -> Router {
        Router::new()
            .route("/.well-known/oauth-authorization-server/oauth", get(metadata::metadata))
            .with_state(Desk::new(shared, &self.server))
    }

    pub(crate) fn expire_access_tokens(&self) {
        self.server.ledger.expire_access_tokens();
    }

    pub(crate) fn revoke_all(&self) {
        self.server.ledger.revoke_all();
        self.server.device_codes.revoke_all();
    }
}
