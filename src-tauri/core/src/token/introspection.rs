//! Asks the server that made a token what it thinks of it (RFC 7662), where its metadata says that one can.

use url::Url;

use super::{Owner, TokenSet};
use crate::error::{Error, ErrorCode, Result};
use crate::grant::{Introspection, OAuthClient};
use crate::jwt::DecodedToken;
use crate::provider::{Encoding, fill};
use crate::secret::Secret;

impl TokenSet {
    /// The issuer that its login was made at, as the person or the file names it.
    pub fn issuer(&self, owner: &Owner) -> Option<String> {
        let login = self.login(owner)?;
        let issuer = fill(login.issuer.as_deref()?, &self.inputs(owner, login), Encoding::Plain).ok()?;
        Some(issuer.trim().to_owned()).filter(|issuer| !issuer.is_empty())
    }

    /// Asks about the access token, as the client that it was made for. Renews nothing.
    ///
    /// # Errors
    /// `discovery_failed` where the server offers no such way, `client_refused` where it lets only others ask.
    pub async fn introspect(&self, owner: &Owner) -> Result<Introspection> {
        let url = self.introspection_endpoint(owner).await?;
        let client = self.client(owner).ok_or_else(|| {
            Error::new(ErrorCode::ClientRefused, "This way in has no client registration with which one could ask.")
        })?;
        owner.client.introspect(&url, &client?, &self.access_token, "access_token").await
    }

    async fn introspection_endpoint(&self, owner: &Owner) -> Result<Url> {
        let of_login = self.issuer(owner);
        let own_word = || [Some(&self.access_token), self.id_token.as_ref()].into_iter().flatten().find_map(issuer_of);
        let Some(issuer) = of_login.clone().or_else(own_word) else {
            return Err(not_offered("Nothing says which server could be asked: there is no issuer."));
        };
        let metadata = owner.client.discover(&issuer).await?;
        let url = metadata.introspection_endpoint;
        let url = url.ok_or_else(|| not_offered(&format!("{issuer} offers no introspection in its metadata.")))?;
        // What only the token says leads it nowhere that it was not before (security.md F2).
        if of_login.is_none() && !self.was_sent_to(&url) {
            let host = crate::transport::authority(&url);
            return Err(Error::new(ErrorCode::LoginNeeded, format!("The token was not made at {host}.")));
        }
        Ok(url)
    }

    fn was_sent_to(&self, url: &Url) -> bool {
        let origin = |url: &Url| url.origin().ascii_serialization();
        let known = self.bound.token_endpoint.iter().map(origin).chain(self.bound.token_origins.iter().cloned());
        known.into_iter().any(|known| known == origin(url))
    }

    fn client(&self, owner: &Owner) -> Option<Result<OAuthClient>> {
        let login = self.login(owner)?;
        Some(OAuthClient::of(login.client()?, &self.inputs(owner, login)))
    }
}

fn issuer_of(token: &Secret) -> Option<String> {
    DecodedToken::of(token.expose()).text("iss")
}

fn not_offered(why: &str) -> Error {
    Error::new(ErrorCode::DiscoveryFailed, why)
}
