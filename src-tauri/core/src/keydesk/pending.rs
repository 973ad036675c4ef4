//! A login by URI scheme may outlive the app: the system starts it anew with the link. What it needs then, verifier and
//! `state` too, is in the keychain while it waits, and nowhere else (security.md C4, F1).

use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::Keydesk;
use super::login::{Asked, StartLogin};
use crate::event::{KeptIn, ReceiveBy};
use crate::grant::{AuthorizationRequest, TokenEndpoint};
use crate::secret::Secret;

/// The name of the keychain's item. One login waits so: the last one that was started.
const ITEM: &str = "waiting-login";

#[derive(Deserialize)]
struct Pending {
    connection: String,
    login: String,
    scope: Option<String>,
    token_endpoint: Url,
    client_id: String,
    authorization_url: Url,
    redirect_uri: Url,
    state: Secret,
    code_verifier: Secret,
    expires_at: Timestamp,
}

impl Keydesk {
    /// Keeps what a login needs. Not kept, it still goes on as long as the app runs.
    pub(super) async fn keep_pending(&self, request: &StartLogin, asked: &Asked) {
        if self.store.kept_in() == KeptIn::Memory {
            return;
        }
        if let Err(error) = self.store.write(ITEM, &to_json(request, asked)).await {
            tracing::warn!(code = ?error.code, "a login will not outlive the app");
        }
    }

    /// Deletes it, unless another login has taken its place.
    pub(super) async fn drop_pending(&self, asked: &Asked) {
        if self.store.kept_in() == KeptIn::Memory {
            return;
        }
        let ours = self.pending().await.is_some_and(|pending| pending.state.same_as(asked.request.state.expose()));
        if ours && let Err(error) = self.store.delete(ITEM).await {
            tracing::warn!(code = ?error.code, "an old login is still kept");
        }
    }

    /// Goes on with the login that waited when the app was closed.
    pub(super) async fn resume_login(self: &Arc<Self>) {
        let Some(pending) = self.pending().await else { return };
        let asked = Asked {
            request: AuthorizationRequest {
                url: pending.authorization_url,
                state: pending.state,
                code_verifier: pending.code_verifier,
                redirect_uri: pending.redirect_uri,
            },
            scope: pending.scope,
            token_endpoint: TokenEndpoint { url: pending.token_endpoint, client_id: pending.client_id },
            expires_at: pending.expires_at,
        };
        let Ok(account) = self.account(&pending.connection) else { return self.drop_pending(&asked).await };
        let request =
            StartLogin { connection: pending.connection, login: pending.login, receive_by: ReceiveBy::UriScheme };
        // One that is over ends at once, and is deleted so.
        let underway = self.await_redirect(&request, account, asked, None);
        tokio::spawn(self.clone().see_through(underway));
    }

    async fn pending(&self) -> Option<Pending> {
        let kept = self.store.read(ITEM).await.ok()??;
        serde_json::from_str(kept.expose()).ok()
    }
}

fn to_json(request: &StartLogin, asked: &Asked) -> Secret {
    let object = json!({
        "connection": request.connection,
        "login": request.login,
        "scope": asked.scope,
        "token_endpoint": asked.token_endpoint.url,
        "client_id": asked.token_endpoint.client_id,
        "authorization_url": asked.request.url,
        "redirect_uri": asked.request.redirect_uri,
        "state": asked.request.state.expose(),
        "code_verifier": asked.request.code_verifier.expose(),
        "expires_at": asked.expires_at,
    });
    Secret::new(object.to_string())
}
