//! How a token set is renewed: what its login's file says, and what was kept.

use serde::Serialize;
use specta::Type;

use super::owner::Owner;
use super::token_set::TokenSet;
use crate::error::{Error, ErrorCode, Result};
use crate::grant::{OAuthClient, TokenEndpoint, TokenResponse, urls};
use crate::provider::{Encoding, Grant, Inputs, Login, TokenRequest, fill};
use crate::secret::Secret;
use crate::transport::is_at;

/// How a new access token is got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RenewalKind {
    /// By `grant_type=refresh_token`.
    Refresh,
    /// By a request of its own.
    Request,
    /// By the login's request once more.
    Repeat,
    /// Not at all: log in.
    None,
}

impl TokenSet {
    /// How it is renewed.
    pub fn renewal(&self, owner: &Owner) -> RenewalKind {
        let login = self.login(owner);
        let endpoint = || self.refreshable(owner).ok().flatten().map(|(endpoint, _)| endpoint);
        // A confidential client cannot refresh without its secret.
        let refreshable = endpoint().is_some_and(|it| !self.bound.confidential || it.client.secret.is_some());
        match login.map(|login| &login.renewal) {
            _ if refreshable => RenewalKind::Refresh,
            Some(by) if by.request.is_some() && self.can_request(&by.needs, by.request.as_ref()) => {
                RenewalKind::Request
            }
            Some(by) if by.repeat && self.repeatable => RenewalKind::Repeat,
            _ => RenewalKind::None,
        }
    }

    /// The way in that it came by.
    pub fn login<'a>(&self, owner: &'a Owner) -> Option<&'a Login> {
        owner.provider.login(self.bound.login.as_deref()?)
    }

    /// How long after its end it can be renewed, where that ends.
    pub fn grace_seconds(&self, owner: &Owner) -> Option<u32> {
        self.login(owner)?.renewal.grace_seconds
    }

    /// The refresh token that its renewal sends, which the server may take for spent then (RFC 6749 section 10.4).
    pub fn spent_by_renewal(&self, owner: &Owner) -> Option<&Secret> {
        let sends = match self.renewal(owner) {
            RenewalKind::Refresh => true,
            RenewalKind::Request => {
                self.login(owner).and_then(|login| login.renewal.request.as_ref()).is_some_and(sends_refresh_token)
            }
            RenewalKind::Repeat | RenewalKind::None => false,
        };
        self.refresh_token.as_ref().filter(|_| sends)
    }

    /// A request with `{refresh_token}` in it needs one; so it does what its file says that it needs.
    fn can_request(&self, needs: &[String], request: Option<&TokenRequest>) -> bool {
        let refreshes = request.is_some_and(sends_refresh_token);
        (!refreshes || self.refresh_token.is_some()) && needs.iter().all(|name| self.has(name))
    }

    fn has(&self, name: &str) -> bool {
        let plain = || self.made_with.get(name).is_some_and(|value| !value.is_empty());
        self.kept.get(name).is_some_and(|value| !value.expose().is_empty()) || plain()
    }

    /// What the placeholders of its renewal stand for: what the login was made with goes before what the connection says
    /// now, so that an edited file cannot renew another account's token (security.md F2).
    pub fn inputs(&self, owner: &Owner, login: &Login) -> Inputs {
        let mut inputs = Inputs::new(&owner.variables, &owner.provider, login);
        let empty = login.fields.iter().map(|field| (field.id.clone(), String::new()));
        for (name, value) in empty {
            inputs.plain.entry(name).or_insert(value);
        }
        let endpoint = self.bound.token_endpoint.iter().map(|url| ("token_endpoint".to_owned(), url.to_string()));
        inputs.plain.extend(endpoint);
        inputs.plain.extend(self.made_with.clone());
        inputs.secret = self.kept.clone();
        inputs.secret.insert("access_token".to_owned(), self.access_token.clone());
        for (name, token) in [("refresh_token", &self.refresh_token), ("id_token", &self.id_token)] {
            inputs.secret.extend(token.clone().map(|token| (name.to_owned(), token)));
        }
        inputs
    }

    /// The token endpoint of OAuth at which it is refreshed, with the refresh token.
    pub fn refreshable(&self, owner: &Owner) -> Result<Option<(TokenEndpoint, Secret)>> {
        let (Some(url), Some(refresh_token)) = (self.bound.token_endpoint.clone(), self.refresh_token.clone()) else {
            return Ok(None);
        };
        let public = self.bound.client_id.clone().unwrap_or_default();
        let public =
            OAuthClient { id: public, secret: None, authentication: crate::provider::ClientAuthentication::Body };
        let Some(login) = self.login(owner) else { return Ok(Some((TokenEndpoint::new(url, public), refresh_token))) };
        let inputs = self.inputs(owner, login);
        let endpoint = match &login.grant {
            Grant::AuthorizationCode(grant) => {
                let mut endpoint = TokenEndpoint::new(url, OAuthClient::of(&grant.client, &inputs)?);
                endpoint.encoding = grant.encoding.of(&inputs)?;
                for (name, value) in &grant.refresh_parameters {
                    endpoint.refresh_parameters.insert(name.clone(), fill(value, &inputs, Encoding::Plain)?);
                }
                endpoint
            }
            Grant::DeviceCode(grant) => TokenEndpoint::new(url, OAuthClient::of(&grant.client, &inputs)?),
            // Each token to the client that it was made for.
            _ => TokenEndpoint::new(url, public),
        };
        Ok(Some((endpoint, refresh_token)))
    }
}

fn sends_refresh_token(request: &TokenRequest) -> bool {
    request.texts().any(|text| text.contains("{refresh_token}"))
}

/// Asks for a new token in the way that the set has.
///
/// # Errors
/// `login_needed` where it has none, or its time for that is over; else those of the server.
pub(super) async fn ask(set: &TokenSet, owner: &Owner, seconds_left: Option<i64>) -> Result<TokenResponse> {
    let over = set.grace_seconds(owner).filter(|grace| seconds_left.is_some_and(|left| left < -i64::from(*grace)));
    if let Some(grace) = over {
        let hours = grace / 3600;
        return Err(login_needed(&format!(
            "The token ended more than {hours} hours ago: it cannot be renewed any more."
        )));
    }
    let none = || login_needed("The token has ended, and there is nothing to renew it with.");
    let login = set.login(owner);
    match set.renewal(owner) {
        RenewalKind::Refresh => {
            let (endpoint, refresh_token) = set.refreshable(owner)?.ok_or_else(none)?;
            let mut response = owner.client.refresh(&endpoint, &refresh_token).await?;
            if login.is_some_and(Login::ignores_id_token) {
                response.id_token = None;
            }
            Ok(response)
        }
        RenewalKind::Request => {
            let request = login.and_then(|login| login.renewal.request.as_ref());
            described(set, owner, request.ok_or_else(none)?).await
        }
        RenewalKind::Repeat => match login.map(|login| &login.grant) {
            Some(Grant::TokenRequest(request)) => described(set, owner, request).await,
            _ => Err(none()),
        },
        RenewalKind::None => Err(none()),
    }
}

/// A request that the file describes goes to no other server than the login did.
async fn described(set: &TokenSet, owner: &Owner, request: &TokenRequest) -> Result<TokenResponse> {
    let Some(login) = set.login(owner) else { return Err(login_needed("The way in is not known any more.")) };
    let inputs = set.inputs(owner, login);
    let requests = request.steps.iter().map(|step| &step.request).chain([&request.request]);
    for url in urls(requests, &inputs)? {
        if !is_at(&url, &set.bound.token_origins) {
            return Err(login_needed("The token was made for another server than this connection now has."));
        }
    }
    owner.client.ask(request, &inputs, &owner.provider.error_message).await
}

/// How long others wait for what follows a renewal.
const AFTERWARDS: std::time::Duration = std::time::Duration::from_secs(5);

/// What is sent when the new token is kept (providers.md section 5.1: the old one still counts). Nothing depends on it.
pub(super) async fn afterwards(old: &TokenSet, fresh: &TokenSet, owner: &Owner) {
    let Some(login) = fresh.login(owner) else { return };
    let Some(after) = login.renewal.after.as_ref().filter(|_| !old.access_token.same_as(fresh.access_token.expose()))
    else {
        return;
    };
    let mut inputs = fresh.inputs(owner, login);
    inputs.secret.insert("old_access_token".to_owned(), old.access_token.clone());
    let outcome = async {
        let known = |url: &url::Url| is_at(url, &fresh.bound.token_origins);
        if urls([after], &inputs)?.iter().all(known) {
            owner.client.tell(after, &inputs, &owner.provider.error_message, &[]).await?;
        }
        Ok::<(), Error>(())
    };
    match tokio::time::timeout(AFTERWARDS, outcome).await {
        Ok(Ok(())) => {}
        Ok(Err(error)) => tracing::warn!(code = ?error.code, "what follows a renewal failed"),
        Err(_) => tracing::warn!("what follows a renewal was not answered"),
    }
}

pub(super) fn login_needed(why: &str) -> Error {
    Error::new(ErrorCode::LoginNeeded, why)
}
