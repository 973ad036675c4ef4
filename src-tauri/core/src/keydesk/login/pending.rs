//! A login by URI scheme may outlive the app: the system starts it anew with the link. What it needs then, verifier and
//! `state` too, is where secrets are kept while it waits, and nowhere else (security.md C4, F1).

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::StartLogin;
use super::browser::{Asked, token_endpoint};
use super::entry::{Entry, Typed};
use crate::event::{KeptIn, ReceiveBy};
use crate::grant::AuthorizationRequest;
use crate::keydesk::Keydesk;
use crate::provider::Grant;
use crate::secret::Secret;

/// The name that it is kept under. One login waits so: the last one that was started.
pub(in crate::keydesk) const WAITING_LOGIN: &str = "waiting-login";

#[derive(Deserialize)]
struct Pending {
    connection: String,
    login: String,
    scope: Option<String>,
    /// What was typed, secrets too: the token is asked for with it.
    #[serde(default)]
    fields: BTreeMap<String, Secret>,
    #[serde(default)]
    keep: Vec<String>,
    authorization_url: Url,
    redirect_uri: Url,
    nonce: Option<Secret>,
    state: Secret,
    code_verifier: Secret,
    expires_at: Timestamp,
}

impl Keydesk {
    /// Keeps what a login needs. Not kept, it still goes on as long as the app runs.
    pub(super) async fn keep_pending(&self, request: &StartLogin, entry: &Entry, asked: &Asked) {
        if self.store.kept_in() == KeptIn::Memory {
            return;
        }
        if let Err(error) = self.store.write(WAITING_LOGIN, &to_json(request, entry, asked)).await {
            tracing::warn!(code = ?error.code, "a login will not outlive the app");
        }
    }

    /// Deletes it, unless another login has taken its place.
    pub(super) async fn drop_pending(&self, asked: &Asked) {
        self.drop_pending_of(&asked.request.state).await;
    }

    async fn drop_pending_of(&self, state: &Secret) {
        if self.store.kept_in() == KeptIn::Memory {
            return;
        }
        let ours = self.pending().await.is_some_and(|pending| pending.state.same_as(state.expose()));
        if ours && let Err(error) = self.store.delete(WAITING_LOGIN).await {
            tracing::warn!(code = ?error.code, "an old login is still kept");
        }
    }

    /// Goes on with the login that waited when the app was closed.
    pub(in crate::keydesk) async fn resume_login(self: &Arc<Self>) {
        let Some(pending) = self.pending().await else { return };
        let state = pending.state.clone();
        if self.resume(pending).await.is_none() {
            self.drop_pending_of(&state).await;
        }
    }

    async fn resume(self: &Arc<Self>, pending: Pending) -> Option<()> {
        let typed = Typed { fields: &pending.fields, keep: &pending.keep };
        let entry = self.enter(&pending.connection, &pending.login, &typed).await.ok()?;
        let Grant::AuthorizationCode(method) = &entry.login.grant else { return None };
        let asked = Asked {
            token_endpoint: token_endpoint(&entry, method).ok()?,
            request: AuthorizationRequest {
                url: pending.authorization_url,
                nonce: pending.nonce,
                state: pending.state,
                code_verifier: pending.code_verifier,
                redirect_uri: pending.redirect_uri,
            },
            scope: pending.scope,
            expires_at: pending.expires_at,
        };
        let request = StartLogin {
            connection: pending.connection,
            login: pending.login,
            receive_by: ReceiveBy::UriScheme,
            fields: BTreeMap::new(),
            keep: Vec::new(),
        };
        // One that is over ends at once, and is deleted so.
        let underway = self.await_redirect(&request, entry, asked, None);
        tokio::spawn(self.clone().see_through(underway));
        Some(())
    }

    async fn pending(&self) -> Option<Pending> {
        let kept = self.store.read(WAITING_LOGIN).await.ok()??;
        serde_json::from_str(kept.expose()).ok()
    }
}

fn to_json(request: &StartLogin, entry: &Entry, asked: &Asked) -> Secret {
    let typed = entry.inputs.secret.iter().map(|(name, value)| (name, value.expose()));
    let plain: Vec<_> = entry.remembered().collect();
    let plain = plain.iter().map(|(name, value)| (name, value.as_str()));
    let fields: BTreeMap<_, _> = plain.chain(typed).collect();
    let object = json!({
        "connection": request.connection,
        "login": request.login,
        "scope": asked.scope,
        "fields": fields,
        "keep": request.keep,
        "nonce": asked.request.nonce.as_ref().map(Secret::expose),
        "authorization_url": asked.request.url,
        "redirect_uri": asked.request.redirect_uri,
        "state": asked.request.state.expose(),
        "code_verifier": asked.request.code_verifier.expose(),
        "expires_at": asked.expires_at,
    });
    Secret::new(object.to_string())
}
