//! Wazo Platform (providers.md §5): wazo-auth, and the daemons that take its tokens.

mod access;
mod administration;
mod caller;
mod daemons;
mod directory;
mod failure;
mod field;
mod ledger;
mod list;
mod login;
mod offer;
mod password;
mod python;
mod refresh_token;
mod session;
mod status;
mod tenant;
mod token;
mod token_request;
mod user;
mod voicemail;

use std::sync::Arc;

use axum::Router;
use axum::routing::{delete, get, head, post, put};

use crate::shared::Shared;
use directory::Added;
use failure::Failure;
use ledger::Ledger;

pub(crate) use offer::offer;

/// The UUID of the machine.
const XIVO_UUID: &str = "7f0b6f0e-5a1c-4d0e-8f6b-0c4b1a2d3e4f";
/// As on a real host, nginx and all (providers.md §5). Requests are counted under it.
const TOKEN_PATH: &str = "/wazo/api/auth/0.1/token";

/// The state of Wazo's servers.
#[derive(Clone)]
pub(crate) struct Wazo(Arc<Server>);

/// What its handlers work with.
struct Server {
    shared: Arc<Shared>,
    ledger: Ledger,
    users: Added,
    tenants: Added,
}

impl Wazo {
    pub(crate) fn new(shared: &Arc<Shared>) -> Self {
        Self(Arc::new(Server {
            shared: Arc::clone(shared),
            ledger: Ledger::default(),
            users: Added::default(),
            tenants: Added::default(),
        }))
    }

    pub(crate) fn router(&self) -> Router {
        Router::new()
            .nest("/api/auth/0.1", auth())
            .route("/api/confd/1.1/status", get(daemons::confd_status))
            .route("/api/confd/1.1/infos", get(daemons::confd_infos))
            .route("/api/calld/1.0/status", get(daemons::calld_status))
            .route("/api/calld/1.0/users/me/voicemails", get(voicemail::own))
            .fallback(no_route)
            .method_not_allowed_fallback(wrong_method)
            .with_state(Arc::clone(&self.0))
    }

    pub(crate) fn expire_access_tokens(&self) {
        self.0.ledger.expire_access_tokens();
    }

    pub(crate) fn revoke_all(&self) {
        self.0.ledger.revoke_all();
    }
}

/// providers.md §5.1 and §5.2. There is no `/users/me` and no `/users/me/sessions`.
fn auth() -> Router<Arc<Server>> {
    Router::new()
        .route("/token", post(login::log_in))
        .route("/token/{token}", get(token::show).head(token::check).delete(token::revoke))
        .route("/token/{token}/scopes/check", post(token::check_scopes))
        .route("/tokens", get(refresh_token::all))
        .route("/users", get(user::users).post(directory::add_user))
        .route("/users/me/tokens", get(refresh_token::own))
        .route("/users/me/tokens/{client_id}", delete(refresh_token::delete_own))
        .route("/users/{user}", get(user::user))
        .route("/users/{user}/password", put(password::change))
        .route("/users/{user}/sessions", get(session::sessions))
        .route("/users/{user}/sessions/{session}", delete(session::delete))
        .route("/users/{user}/tokens", get(refresh_token::of_user))
        .route("/users/{user}/tokens/{client_id}", delete(refresh_token::delete_of_user))
        .route("/tenants", get(tenant::tenants).post(directory::add_tenant))
        .route("/sessions", get(administration::sessions))
        .route("/policies", get(administration::policies))
        .route("/groups", get(administration::groups))
        .route("/idp", get(administration::identity_providers))
        .route("/config", get(administration::config))
        .route("/api/api.yml", get(administration::api))
        .route("/backends", get(status::backends))
        .route("/status", head(status::status))
        .fallback(no_route)
        .method_not_allowed_fallback(wrong_method)
}

async fn no_route() -> Failure {
    Failure::NoRoute
}

async fn wrong_method() -> Failure {
    Failure::wrong_method()
}
