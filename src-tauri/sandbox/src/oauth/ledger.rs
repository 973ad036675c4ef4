use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use super::access_token::{AccessToken, Presented};
use super::code::{CODE_LIFETIME, Code, Redemption};
use super::error::OauthError;
use super::grant::Grant;

/// What one authorization server gave, and what became of it.
#[derive(Default)]
pub(crate) struct Ledger(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    grants: HashMap<u64, Grant>,
    codes: HashMap<String, Code>,
    access_tokens: HashMap<String, AccessToken>,
    refresh_tokens: HashMap<String, RefreshToken>,
}

struct RefreshToken {
    grant: u64,
    /// Replaced by a newer one.
    spent: bool,
}

impl Ledger {
    /// Enters a grant, under an `id` of its own, and the code for it.
    pub(crate) fn enter(&self, grant: Grant, code: String, challenge: &str, redirect_uri: &str) {
        let mut entries = self.entries();
        let grant = entries.enter(grant);
        let bound = Code {
            grant: grant.id,
            client_id: grant.client_id.clone(),
            redirect_uri: redirect_uri.to_owned(),
            challenge: challenge.to_owned(),
            expires_at: SystemTime::now() + CODE_LIFETIME,
            used: false,
        };
        entries.codes.insert(code, bound);
    }

    /// Enters a grant that needs no code, and gives it back with an `id` of its own.
    pub(crate) fn enter_directly(&self, grant: Grant) -> Grant {
        self.entries().enter(grant)
    }

    /// Takes a code for what it stands for. It counts as used even when the rest doesn't fit, as
    /// Keycloak has it; a second use revokes what the first gave (RFC 6749 §4.1.2).
    pub(crate) fn redeem(&self, code: &str, brought: Redemption) -> Result<Grant, OauthError> {
        let mut entries = self.entries();
        let Some(known) = entries.codes.get_mut(code) else {
            return Err(OauthError::invalid_grant("Code not valid"));
        };
        let first = !std::mem::replace(&mut known.used, true);
        let known = known.clone();
        if !first {
            entries.revoke(known.grant);
            return Err(OauthError::invalid_grant("Code not valid"));
        }
        known.check(brought, SystemTime::now())?;
        entries.living(known.grant).ok_or(OauthError::invalid_grant("Code not valid"))
    }

    pub(crate) fn give_access_token(&self, token: String, grant: u64, expires_at: SystemTime) {
        let given = AccessToken { grant, expires_at };
        self.entries().access_tokens.insert(token, given);
    }

    pub(crate) fn give_refresh_token(&self, token: String, grant: u64) {
        let given = RefreshToken { grant, spent: false };
        self.entries().refresh_tokens.insert(token, given);
    }

    /// Takes a refresh token; with `rotate` for the last time. Whoever brings a spent one, thief or
    /// owner, ends the family (RFC 9700 §4.14.2).
    pub(crate) fn refresh(&self, token: &str, client_id: &str, rotate: bool) -> Result<Grant, OauthError> {
        let mut entries = self.entries();
        let Some(known) = entries.refresh_tokens.get(token) else {
            return Err(OauthError::invalid_grant("Invalid refresh token"));
        };
        let (grant, spent) = (known.grant, known.spent);
        if spent {
            entries.revoke(grant);
            return Err(OauthError::invalid_grant("Stale token"));
        }
        let Some(grant) = entries.living(grant) else {
            return Err(OauthError::invalid_grant("Token is not active"));
        };
        // providers.md §1.1: a token is bound to the client identifier that made it.
        if grant.client_id != client_id {
            return Err(OauthError::invalid_grant(
                "Invalid refresh token. Token client and authorized client don't match",
            ));
        }
        if rotate && let Some(known) = entries.refresh_tokens.get_mut(token) {
            known.spent = true;
        }
        Ok(grant)
    }

    /// What stands behind an access token.
    pub(crate) fn present(&self, token: &str) -> Presented {
        let entries = self.entries();
        let Some(known) = entries.access_tokens.get(token) else {
            return Presented::Unknown;
        };
        match entries.living(known.grant) {
            None => Presented::Unknown,
            Some(_) if SystemTime::now() >= known.expires_at => Presented::Expired,
            Some(grant) => Presented::Good(grant),
        }
    }

    /// Revokes a token that `client_id` was given: with a refresh token all that came of its grant,
    /// with an access token that one (RFC 7009 §2.1). Another client's tokens stay, and whoever
    /// asks isn't told.
    pub(crate) fn revoke(&self, token: &str, client_id: &str) {
        let mut entries = self.entries();
        let refresh_token = entries.refresh_tokens.get(token).map(|known| known.grant);
        let access_token = entries.access_tokens.get(token).map(|known| known.grant);
        let Some(grant) = refresh_token.or(access_token) else { return };
        if entries.grants.get(&grant).is_none_or(|grant| grant.client_id != client_id) {
            return;
        }
        if refresh_token.is_some() {
            entries.revoke(grant);
        } else {
            entries.access_tokens.remove(token);
        }
    }

    pub(crate) fn expire_access_tokens(&self) {
        for token in self.entries().access_tokens.values_mut() {
            token.expires_at = SystemTime::UNIX_EPOCH;
        }
    }

    /// Ends a session: what was granted in it and can't be refreshed beyond it.
    pub(crate) fn end_session(&self, sid: &str) {
        for grant in self.entries().grants.values_mut() {
            grant.revoked |= grant.sid == sid && !grant.refreshable;
        }
    }

    pub(crate) fn revoke_all(&self) {
        for grant in self.entries().grants.values_mut() {
            grant.revoked = true;
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entries {
    fn enter(&mut self, mut grant: Grant) -> Grant {
        grant.id = self.grants.len() as u64;
        self.grants.insert(grant.id, grant.clone());
        grant
    }

    fn living(&self, grant: u64) -> Option<Grant> {
        self.grants.get(&grant).filter(|grant| !grant.revoked).cloned()
    }

    fn revoke(&mut self, grant: u64) {
        if let Some(grant) = self.grants.get_mut(&grant) {
            grant.revoked = true;
        }
    }
}
