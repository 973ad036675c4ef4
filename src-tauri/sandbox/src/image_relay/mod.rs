//! Image Relay (providers.md §2): an authorization server of the draft-10 kind, and the API.

mod api;
mod authorization;
mod client;
mod collection;
mod content;
mod file;
mod file_change;
mod file_copy;
mod fixtures;
mod folder;
mod id;
mod library;
mod meter;
mod offer;
mod paging;
mod presentation;
mod problem;
mod product;
mod quick_link;
mod resource;
mod resources;
mod seeds;
mod table;
mod thumbnail;
mod token;
mod upload_job;
mod user;
mod version;
mod vocabulary;
mod webhook;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::routing::{get, post};

use crate::oauth::{Ledger, Rules};
use crate::shared::Shared;
use library::Library;
use meter::Meter;

pub(crate) use offer::offer;

pub use client::{IMAGE_RELAY_CLIENT_ID, IMAGE_RELAY_CLIENT_SECRET, IMAGE_RELAY_KEY, IMAGE_RELAY_VIEWER_KEY};

/// The state of Image Relay.
#[derive(Clone)]
pub(crate) struct ImageRelay {
    tenant: Arc<Tenant>,
}

/// The hotel's tenant.
struct Tenant {
    rules: Rules,
    ledger: Ledger,
    meter: Meter,
    library: Mutex<Library>,
}

/// What a handler works with.
#[derive(Clone)]
struct Desk {
    shared: Arc<Shared>,
    tenant: Arc<Tenant>,
}

impl Desk {
    fn library(&self) -> MutexGuard<'_, Library> {
        self.tenant.library.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ImageRelay {
    pub(crate) fn new(shared: &Shared) -> Self {
        let tenant = Tenant {
            rules: client::RULES,
            ledger: Ledger::default(),
            meter: Meter::default(),
            library: Mutex::new(fixtures::library(&shared.url)),
        };
        Self { tenant: Arc::new(tenant) }
    }

    /// `/oauth/authorize` it is; the `/oauth/authorization` of the vendor's list answers 404, as no
    /// client uses it (providers.md §2.1; the live answer is UNVERIFIED).
    pub(crate) fn router(&self, shared: &Arc<Shared>) -> Router {
        let desk = Desk { shared: Arc::clone(shared), tenant: Arc::clone(&self.tenant) };
        Router::new()
            .route("/oauth/authorize", get(authorization::ask).post(authorization::answer))
            .route("/oauth/token", post(token::token))
            .route("/ql/{uid}", get(content::content))
            .route("/thumbnails/{name}", get(thumbnail::thumbnail))
            .nest("/api/v2", api::router(&desk))
            .with_state(desk)
    }

    pub(crate) fn expire_access_tokens(&self) {
        self.tenant.ledger.expire_access_tokens();
    }

    pub(crate) fn revoke_all(&self) {
        self.tenant.ledger.revoke_all();
    }
}
