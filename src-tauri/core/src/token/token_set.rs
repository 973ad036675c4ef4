//! What a login gave.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use super::{Owner, RenewalKind};
use crate::clock::{after, seconds_between};
use crate::grant::{End, TokenResponse};
use crate::jwt::DecodedToken;
use crate::provider::{Renewal, Variables};
use crate::secret::Secret;

/// Tokens, their life, and what they are bound to.
#[derive(Debug, Clone, Deserialize)]
pub struct TokenSet {
    /// What is presented to the API.
    pub access_token: Secret,
    /// What a new one is got with.
    pub refresh_token: Option<Secret>,
    /// Who logged in. Never presented to an API.
    pub id_token: Option<Secret>,
    /// What was granted.
    pub scope: Option<String>,
    /// What was asked for.
    pub asked_scope: Option<String>,
    /// When it was received, by this machine's clock.
    pub obtained_at: Timestamp,
    /// When the login behind it was made.
    #[serde(default)]
    pub logged_in_at: Option<Timestamp>,
    /// When the access token ends; none where nobody says.
    pub expires_at: Option<Timestamp>,
    /// The secrets that the login was made with and a renewal needs: a client secret, a password where the person chose
    /// so.
    #[serde(default)]
    pub kept: BTreeMap<String, Secret>,
    /// What else it was made with: a renewal is for the same account at the same server.
    #[serde(default)]
    pub made_with: Variables,
    /// Whether every secret that the login was made with is among it.
    #[serde(default)]
    pub repeatable: bool,
    /// Whether a refresh gives another refresh token; none where that was not seen yet.
    #[serde(default)]
    pub rotates: Option<bool>,
    /// What it may be used for.
    pub bound: Bound,
}

/// A token is good for the servers that it was made by and for, and no other (security.md F2, H2).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bound {
    /// The provider's id; none in what was kept before there were several.
    #[serde(default)]
    pub provider: Option<String>,
    /// The way in.
    #[serde(default)]
    pub login: Option<String>,
    /// Where it is refreshed.
    pub token_endpoint: Option<Url>,
    /// The client identifier that it was made for.
    pub client_id: Option<String>,
    /// Whether that client had a secret.
    #[serde(default)]
    pub confidential: bool,
    /// Where else its secrets may be sent to renew it: origins.
    #[serde(default)]
    pub token_origins: Vec<String>,
    /// The origins that it is presented to.
    pub origins: Vec<String>,
}

impl TokenSet {
    /// Takes what the token endpoint answered.
    pub fn of(
        response: TokenResponse,
        asked_scope: Option<&str>,
        bound: Bound,
        renewal: &Renewal,
        now: Timestamp,
    ) -> Self {
        // RFC 6749 section 5.1: a missing scope is the one that was asked for.
        let scope = response.scope.or_else(|| asked_scope.map(str::to_owned));
        Self {
            expires_at: expiry(&response.access_token, response.end, response.date, renewal, now),
            access_token: response.access_token,
            refresh_token: response.refresh_token,
            id_token: response.id_token,
            scope,
            asked_scope: asked_scope.map(str::to_owned),
            obtained_at: now,
            logged_in_at: Some(now),
            kept: response.kept,
            made_with: Variables::new(),
            repeatable: false,
            rotates: None,
            bound,
        }
    }

    /// Takes a token that the person had already. One that `ends` may say itself when.
    pub fn pasted(token: Secret, ends: bool, bound: Bound, renewal: &Renewal, now: Timestamp) -> Self {
        Self {
            expires_at: if ends { expiry(&token, End::Unknown, None, renewal, now) } else { None },
            access_token: token,
            refresh_token: None,
            id_token: None,
            scope: None,
            asked_scope: None,
            obtained_at: now,
            logged_in_at: Some(now),
            kept: BTreeMap::new(),
            made_with: Variables::new(),
            repeatable: false,
            rotates: None,
            bound,
        }
    }

    /// The same, keeping what the login was made with, as far as it may be kept.
    #[must_use]
    pub fn keeping(mut self, kept: BTreeMap<String, Secret>, made_with: Variables, repeatable: bool) -> Self {
        (self.made_with, self.repeatable) = (made_with, repeatable);
        // What the answer gave is newer.
        for (name, secret) in kept {
            self.kept.entry(name).or_insert(secret);
        }
        self
    }

    /// What a renewal gave in place of this. A refresh token or id token that was not given anew stays.
    pub fn renewed(&self, response: TokenResponse, renewal: &Renewal, now: Timestamp) -> Self {
        let mut fresh = Self::of(response, self.asked_scope.as_deref(), self.bound.clone(), renewal, now);
        fresh.logged_in_at = self.logged_in_at;
        let given = fresh.refresh_token.as_ref().zip(self.refresh_token.as_ref());
        fresh.rotates = Some(given.is_some_and(|(new, old)| !new.same_as(old.expose())));
        fresh.refresh_token = fresh.refresh_token.or_else(|| self.refresh_token.clone());
        fresh.id_token = fresh.id_token.or_else(|| self.id_token.clone());
        fresh.scope = fresh.scope.or_else(|| self.scope.clone());
        if fresh.access_token.same_as(self.access_token.expose()) {
            // The server said that this one is still good: it was not made just now.
            fresh.obtained_at = self.obtained_at.min(now);
            fresh.expires_at = fresh.expires_at.or(self.expires_at);
        }
        fresh.keeping(self.kept.clone(), self.made_with.clone(), self.repeatable)
    }

    /// The whole life in seconds.
    pub fn lifetime(&self) -> Option<i64> {
        self.expires_at.map(|end| seconds_between(self.obtained_at, end))
    }

    /// Seconds left; none where there is no end.
    pub fn seconds_left(&self, now: Timestamp) -> Option<i64> {
        self.expires_at.map(|end| seconds_between(now, end))
    }

    /// Whether it had a life, and that is past.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.lifetime().is_some_and(|life| life > 0) && self.seconds_left(now).is_some_and(|left| left <= 0)
    }

    /// Whether it can be used now: not past its end less the margin, as far as that can be told.
    pub fn usable(&self, owner: &Owner, now: Timestamp) -> bool {
        self.is_before_its_margin(&owner.provider.renewal, now) && !self.tells_its_end_wrongly(owner, now)
    }

    fn is_before_its_margin(&self, renewal: &Renewal, now: Timestamp) -> bool {
        self.seconds_left(now).is_none_or(|left| left > self.margin(renewal))
    }

    /// In seconds; a tenth of a short life.
    fn margin(&self, renewal: &Renewal) -> i64 {
        let tenth = self.lifetime().unwrap_or(0).max(0) / 10;
        i64::from(renewal.margin_seconds).min(tenth)
    }

    /// Whether the clock was ahead when it was obtained, and was set right since: it may be over long before it says so. One that can
    /// be renewed is, once (security.md E12).
    fn tells_its_end_wrongly(&self, owner: &Owner, now: Timestamp) -> bool {
        // As much as the margin makes up for.
        const AHEAD: i64 = 30;
        self.expires_at.is_some()
            && seconds_between(now, self.obtained_at) > AHEAD
            && self.renewal(owner) != RenewalKind::None
    }

    /// When it is renewed ahead of its end: a sixth of its life before, five minutes at most, and not before its margin.
    /// A life shorter than two minutes is renewed when somebody needs it: else it would be renewed all the time
    /// (security.md E8).
    pub fn renews_at(&self, owner: &Owner, now: Timestamp) -> Option<Timestamp> {
        const SHORTEST: i64 = 120;
        let (end, life) = (self.expires_at?, self.lifetime()?);
        if life < SHORTEST || self.renewal(owner) == RenewalKind::None {
            return None;
        }
        if self.tells_its_end_wrongly(owner, now) {
            return Some(now);
        }
        Some(after(end, -((life / 6).min(300) + self.margin(&owner.provider.renewal))))
    }

    /// Every secret in it.
    pub fn secrets(&self) -> impl Iterator<Item = &Secret> {
        let tokens = [Some(&self.access_token), self.refresh_token.as_ref(), self.id_token.as_ref()];
        tokens.into_iter().flatten().chain(self.kept.values())
    }

    /// As it is kept in the keychain.
    pub fn to_json(&self) -> Secret {
        let text = |secret: &Option<Secret>| secret.as_ref().map(|secret| secret.expose().to_owned());
        let object = json!({
            "access_token": self.access_token.expose(),
            "refresh_token": text(&self.refresh_token),
            "id_token": text(&self.id_token),
            "scope": self.scope,
            "asked_scope": self.asked_scope,
            "obtained_at": self.obtained_at,
            "logged_in_at": self.logged_in_at,
            "expires_at": self.expires_at,
            "kept": self.kept.iter().map(|(name, secret)| (name.as_str(), secret.expose())).collect::<BTreeMap<_, _>>(),
            "made_with": self.made_with,
            "repeatable": self.repeatable,
            "rotates": self.rotates,
            "bound": self.bound,
        });
        Secret::new(object.to_string())
    }
}

/// As the answer says; else the token's own `exp`; else the provider's usual lifetime.
fn expiry(token: &Secret, end: End, date: Option<Timestamp>, renewal: &Renewal, now: Timestamp) -> Option<Timestamp> {
    let usual = || renewal.lifetime_seconds.map(|seconds| after(now, i64::from(seconds)));
    match end {
        End::In(seconds) => Some(after(now, seconds)),
        End::At(instant) => Some(instant),
        End::Unknown => {
            let end = DecodedToken::of(token.expose()).expires_at();
            // An instant of the server's clock, where that is known (security.md E9).
            let end = end.map(|end| date.map_or(end, |date| after(now, seconds_between(date, end))));
            end.or_else(usual)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn set(expires_in: Option<i64>) -> TokenSet {
        let response = TokenResponse {
            access_token: Secret::new("access"),
            refresh_token: Some(Secret::new("refresh")),
            id_token: None,
            end: expires_in.map_or(End::Unknown, End::In),
            date: None,
            scope: None,
            kept: BTreeMap::new(),
            remembered: BTreeMap::new(),
        };
        let bound = Bound { origins: vec!["https://a.example".to_owned()], ..Bound::default() };
        TokenSet::of(response, Some("openid"), bound, &Renewal::default(), NOW)
    }

    #[test]
    fn the_margin_is_a_minute_or_a_tenth_of_a_short_life() {
        let at = |seconds| after(NOW, seconds);
        let renewal = Renewal::default();
        assert!(set(Some(7200)).is_before_its_margin(&renewal, at(7139)));
        assert!(!set(Some(7200)).is_before_its_margin(&renewal, at(7140)));
        assert!(set(Some(5)).is_before_its_margin(&renewal, at(4)));
        assert!(!set(Some(5)).is_before_its_margin(&renewal, at(5)));
        assert!(!set(Some(0)).is_before_its_margin(&renewal, NOW));
        assert!(set(None).is_before_its_margin(&renewal, at(1_000_000)));
    }

    #[test]
    fn e4_a_refresh_token_that_is_not_given_anew_stays() {
        let response = |refresh: Option<&str>| TokenResponse {
            access_token: Secret::new("access-2"),
            refresh_token: refresh.map(Secret::new),
            id_token: None,
            end: End::Unknown,
            date: None,
            scope: None,
            kept: BTreeMap::new(),
            remembered: BTreeMap::new(),
        };
        let kept = set(None).renewed(response(None), &Renewal::default(), NOW);
        assert!(kept.refresh_token.unwrap().same_as("refresh"));
        let rotated = set(None).renewed(response(Some("refresh-2")), &Renewal::default(), NOW);
        assert!(rotated.refresh_token.unwrap().same_as("refresh-2"));
    }

    #[test]
    fn what_is_kept_reads_back_the_same() {
        let kept = set(Some(60)).to_json();
        let read: TokenSet = serde_json::from_str(kept.expose()).unwrap();
        assert!(read.access_token.same_as("access"));
        assert_eq!(read.expires_at, Some(after(NOW, 60)));
        assert_eq!(read.asked_scope.as_deref(), Some("openid"));
    }
}
