//! Relay (providers.md §1): two authorization servers, and the API that takes the tokens of both.

mod alert;
mod alerts;
mod analytics;
mod api;
mod audit;
mod authorization;
mod authorization_server;
mod client;
mod custom_audio;
mod debug_log;
mod device;
mod fixtures;
mod geofence;
mod group;
mod hotel;
mod instance;
mod login_page;
mod logout;
mod metadata;
mod nfc_tag;
mod page;
mod presentation;
mod problem;
mod profile;
mod resource_tag;
mod rows;
mod task;
mod task_type;
mod time;
mod token;
mod token_set;
mod trigger;
mod validate;
mod venue;
mod workflow;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post, put};

use crate::shared::Shared;
use alert::Alerts;
use authorization_server::{AuthorizationServer, Desk};
use hotel::Hotel;

pub(crate) use fixtures::SUBSCRIBER_ID;

/// The demo key for api.relaypro.com (providers.md §1.3); the real ones come from Relay's staff. It
/// guards nothing.
pub const RELAY_API_KEY: &str = "demo-relay-api-key-5Qm2Zt8c";

const LARGEST_SOUND: usize = 16 * 1024 * 1024;

/// The demo token of an administrator, who alone writes types of tasks (providers.md §1.3). It guards nothing.
pub const RELAY_ADMIN_TOKEN: &str = "demo-relay-admin-token-7Wc4Yh1n";

/// The state of Relay's servers.
#[derive(Clone)]
pub(crate) struct Relay {
    current: Arc<AuthorizationServer>,
    legacy: Arc<AuthorizationServer>,
    alerts: Arc<Alerts>,
    hotel: Arc<Hotel>,
}

impl Relay {
    pub(crate) fn new(shared: &Shared) -> Self {
        Self {
            current: Arc::new(AuthorizationServer::current(shared)),
            legacy: Arc::new(AuthorizationServer::legacy(shared)),
            alerts: Arc::default(),
            hotel: Arc::new(Hotel::new()),
        }
    }

    pub(crate) fn router(&self, shared: &Arc<Shared>) -> Router {
        Router::new()
            .nest("/auth", current(Desk::new(shared, &self.current)))
            .nest("/legacy", legacy(Desk::new(shared, &self.legacy)))
            .nest("/api", api::router(shared, self))
            .nest("/alerts", alerts::router(shared, &self.alerts))
            .merge(store(&self.hotel))
    }

    pub(crate) fn expire_access_tokens(&self) {
        self.current.ledger.expire_access_tokens();
        self.legacy.ledger.expire_access_tokens();
    }

    pub(crate) fn revoke_all(&self) {
        self.current.ledger.revoke_all();
        self.legacy.ledger.revoke_all();
    }
}

/// The store of files that sounds are put into.
fn store(hotel: &Arc<Hotel>) -> Router {
    Router::new()
        .route("/audio/{id}", put(custom_audio::upload).layer(DefaultBodyLimit::max(LARGEST_SOUND)))
        .with_state(Arc::clone(hotel))
}

/// Paths: providers.md §1.1, the Keycloak row.
fn current(desk: Desk) -> Router {
    let realm = Router::new()
        .route("/auth", get(authorization::ask).post(authorization::answer))
        .route("/token", post(token::token))
        .route("/certs", get(metadata::certs))
        .route("/logout", get(logout::current).post(logout::by_request));
    Router::new()
        .route("/realms/Relay/.well-known/openid-configuration", get(metadata::metadata))
        .nest("/realms/Relay/protocol/openid-connect", realm)
        .with_state(desk)
}

/// Paths: providers.md §1.1, the legacy rows. It is `authorization`, not `authorize`.
fn legacy(desk: Desk) -> Router {
    Router::new()
        .route("/oauth2/authorization", get(authorization::ask).post(authorization::answer))
        .route("/oauth2/token", post(token::token))
        .route("/oauth2/validate", get(validate::validate))
        .route("/logout", get(logout::legacy))
        .with_state(desk)
}
