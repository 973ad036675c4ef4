//! Ends tokens at the server when the person logs out (RFC 7009 section 2). Says what the server confirmed and what it did
//! not: what was not confirmed is still alive there.

use std::time::Duration;

use serde::Serialize;
use specta::Type;

use super::{Owner, TokenSet};
use crate::error::{Error, ErrorCode, Result};
use crate::event::Revoked;
use crate::grant::urls;
use crate::provider::{Inputs, Lookup, Revocation};
use crate::transport::is_at;

/// What a server did not confirm.
#[derive(Debug, Clone, Serialize, Type)]
pub struct NotRevoked {
    /// What is still alive, as far as is known.
    pub what: Revoked,
    /// Why.
    pub error: Error,
}

/// What came of ending tokens at the server. Both empty: the server offers no way.
#[derive(Debug, Clone, Default, Serialize, Type)]
pub struct Revocations {
    /// What it confirmed.
    pub revoked: Vec<Revoked>,
    /// What it did not.
    pub not_revoked: Vec<NotRevoked>,
}

impl Revocations {
    /// A server says well of what it does not know any more (RFC 7009 section 2.2): where a newer token is in another process, that one
    /// is still alive.
    #[must_use]
    pub fn of_an_older_token(self) -> Self {
        let error = || Error::new(ErrorCode::LoginEnded, "Another Keydesk has a newer token, which was not ended.");
        let alive = self.revoked.into_iter().map(|what| NotRevoked { what, error: error() });
        Self { revoked: Vec::new(), not_revoked: alive.chain(self.not_revoked).collect() }
    }
}

/// Before a busy server that names no time is asked once more.
const PAUSE: Duration = Duration::from_secs(1);
/// Nobody waits longer for a server when he logs out.
const TIME: Duration = Duration::from_secs(10);

impl TokenSet {
    /// Ends its tokens at the server, in the order of the provider's file.
    pub async fn revoke(&self, owner: &Owner) -> Revocations {
        let mut outcome = Revocations::default();
        let Some(login) = self.login(owner) else { return outcome };
        let inputs = self.inputs(owner, login);
        for revocation in login.revocations.iter().filter(|revocation| applies(revocation, &inputs)) {
            match self.send_patiently(owner, revocation, &inputs).await {
                Ok(()) => outcome.revoked.push(revocation.what),
                Err(error) => outcome.not_revoked.push(NotRevoked { what: revocation.what, error }),
            }
        }
        outcome
    }

    /// A server that is busy for a moment is asked once more: until it has answered the token is alive (RFC 7009 section
    /// 2.2.1). Not later than that: what was deleted here cannot be sent again.
    async fn send_patiently(&self, owner: &Owner, revocation: &Revocation, inputs: &Inputs) -> Result<()> {
        match self.send(owner, revocation, inputs).await {
            Err(error) if matches!(error.code, ErrorCode::ServerFailed | ErrorCode::RateLimited) => {
                let pause = error.retry_after.map_or(PAUSE, |seconds| Duration::from_secs(seconds.into()));
                if pause > TIME {
                    return Err(error);
                }
                tokio::time::sleep(pause).await;
                self.send(owner, revocation, inputs).await
            }
            outcome => outcome,
        }
    }

    async fn send(&self, owner: &Owner, revocation: &Revocation, inputs: &Inputs) -> Result<()> {
        for url in urls([&revocation.request], inputs)? {
            if !is_at(&url, &self.bound.token_origins) {
                let message = "The token was made at another server than this connection now has.";
                return Err(Error::new(ErrorCode::LoginNeeded, message));
            }
        }
        let messages = &owner.provider.error_message;
        let telling = owner.client.tell(&revocation.request, inputs, messages, &revocation.gone);
        let late = || Error::new(ErrorCode::TimedOut, "The server did not answer in time.");
        tokio::time::timeout(TIME, telling).await.unwrap_or_else(|_| Err(late()))
    }
}

/// Whether there is what a request names: the token, and the endpoint.
fn applies(revocation: &Revocation, inputs: &Inputs) -> bool {
    const NAMES: [&str; 3] = ["access_token", "refresh_token", "revocation_endpoint"];
    let texts = revocation.request.texts();
    let uses = |name: &str| texts.iter().any(|text| text.contains(&format!("{{{name}}}")));
    NAMES.into_iter().all(|name| !uses(name) || inputs.find(name).is_some())
}
