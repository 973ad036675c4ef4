//! Spoke Zone (providers.md §3): people log in with a password, devices renew their own tokens.

mod body;
mod caller;
mod data_file;
mod demo_token;
mod device;
mod fixtures;
mod fleet;
mod list;
mod login;
mod login_device;
mod mqtt;
mod multipart;
mod offer;
mod ota_file;
mod problem;
mod secrets;
mod token;
mod user;
mod v1;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{get, post};

use crate::shared::Shared;
use data_file::DataFiles;
use fleet::Fleet;
use problem::Problem;
use token::Tokens;

pub(crate) use offer::offer;

/// A data file may be larger than what the other providers take.
const LARGEST_FILE: usize = 32 * 1024 * 1024;

/// The state of Spoke Zone's server.
#[derive(Clone)]
pub(crate) struct SpokeZone(Arc<Server>);

/// What its handlers work with.
struct Server {
    shared: Arc<Shared>,
    tokens: Tokens,
    fleet: Fleet,
    data_files: DataFiles,
    mqtt: mqtt::Broker,
}

impl SpokeZone {
    pub(crate) fn new(shared: &Arc<Shared>) -> Self {
        Self(Arc::new(Server {
            shared: Arc::clone(shared),
            tokens: Tokens::new(&shared.random),
            fleet: Fleet::default(),
            data_files: DataFiles::default(),
            mqtt: mqtt::Broker::default(),
        }))
    }

    /// Paths: providers.md §3.
    pub(crate) fn router(&self) -> Router {
        let upload = post(data_file::upload).layer(DefaultBodyLimit::max(LARGEST_FILE));
        let save_log_file = post(v1::save_log_file).layer(DefaultBodyLimit::max(LARGEST_FILE));
        Router::new()
            .route("/login", post(login::login))
            .route("/loginDevice", post(login_device::login_device))
            .route("/api/v2/devices", get(device::devices).post(device::create))
            .route("/api/v2/devices/{id}", get(device::device))
            .route("/api/v2/devices/{id}/secrets", get(secrets::secrets))
            .route("/api/v2/data-files", post(data_file::create))
            .route("/api/v2/data-files/{id}/file", upload)
            .route("/api/v2/ota-files", get(ota_file::ota_files))
            .route("/api/v2/ota-files/{id}/file", get(ota_file::file))
            .route("/api/v1/deviceUser/read-only/saveLogFile", save_log_file)
            .route("/api/v1/deviceUser/read-only/models/firmware", get(v1::firmwares))
            .route("/api/v1/deviceUser/read-only/models/firmware/{id}", get(v1::firmware))
            .fallback(unknown_path)
            .with_state(Arc::clone(&self.0))
    }

    pub(crate) fn expire_access_tokens(&self) {
        self.0.tokens.expire_all();
    }

    pub(crate) fn revoke_all(&self) {
        self.0.tokens.revoke_all();
    }
}

async fn unknown_path() -> Problem {
    Problem::no_path()
}
