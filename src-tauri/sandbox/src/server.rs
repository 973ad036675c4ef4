use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::door::Door;
use crate::options::Options;
use crate::providers::Providers;
use crate::record::Trigger;
use crate::shared::Shared;
use crate::{home, watch};

/// No request of any of the providers is larger.
const LARGEST_BODY: usize = 64 * 1024;
/// How long [`Sandbox::stop`] waits for answers under way.
const STOP_PATIENCE: Duration = Duration::from_secs(2);

/// A running sandbox. It stops when dropped.
pub struct Sandbox {
    shared: Arc<Shared>,
    providers: Providers,
    /// Dropping it ends the server: the receiver wakes up either way.
    ending: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<io::Result<()>>>,
}

impl Sandbox {
    /// Starts a sandbox on 127.0.0.1.
    ///
    /// # Errors
    /// When the port is taken, or the system gives no random bytes.
    pub async fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port)).await?;
        let shared = Arc::new(Shared::new(listener.local_addr()?.port(), &options)?);
        let providers = Providers::new(&shared);
        let router = router(&shared, &providers);
        let door = Door::new(listener, providers.spoke_zone());
        let (ending, ended) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            axum::serve(door, router)
                .with_graceful_shutdown(async {
                    let _ = ended.await;
                })
                .await
        });
        tracing::info!(url = shared.url, "sandbox started");
        Ok(Self { shared, providers, ending: Some(ending), task: Some(task) })
    }

    /// Its address, such as `http://127.0.0.1:8181`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// The port it listens at.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.shared.port
    }

    /// The triggers received so far, oldest first.
    #[must_use]
    pub fn triggers(&self) -> Vec<Trigger> {
        self.shared.record.triggers()
    }

    /// How many requests came to `path`, which begins with `/`. A token endpoint also counts by
    /// grant: ask for `{path}?grant_type=refresh_token`.
    #[must_use]
    pub fn count(&self, path: &str) -> usize {
        self.shared.record.count(path)
    }

    /// Sets how long the access tokens given from now on live.
    pub fn set_access_token_lifetime(&self, lifetime: Duration) {
        self.change(|options| options.access_token_lifetime = lifetime);
    }

    /// Changes what it was told at its start. The port stays.
    pub fn change(&self, change: impl FnOnce(&mut Options)) {
        self.shared.change(change);
    }

    /// Ends the life of every access token given so far. Refresh tokens stay good.
    pub fn expire_access_tokens(&self) {
        self.providers.expire_access_tokens();
    }

    /// Revokes all that was ever given: codes, access tokens, refresh tokens.
    pub fn revoke_all(&self) {
        self.providers.revoke_all();
    }

    /// Answers the next `times` requests at `path` with this status and body instead. A later call
    /// for the same path replaces an earlier one; `times` 0 takes it back.
    pub fn fail_next(&self, path: &str, status: u16, body: &str, times: usize) {
        self.shared.faults.plan(path, status, body, times);
    }

    /// Stops it: lets answers under way finish, closes the port, and returns when it is free.
    pub async fn stop(mut self) {
        self.ending = None;
        if let Some(mut task) = self.task.take()
            && tokio::time::timeout(STOP_PATIENCE, &mut task).await.is_err()
        {
            task.abort();
            let _ = task.await;
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.ending = None;
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }
}

fn router(shared: &Arc<Shared>, providers: &Providers) -> Router {
    Router::new()
        .merge(home::router(shared, providers))
        .merge(providers.router(shared))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(Arc::clone(shared), watch::watch))
}
