use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};

use super::failure::Failure;
use super::login::end;
use super::token::Token;
use super::user::User;
use crate::account::PASSWORD;
use crate::random::Random;

/// What wazo-auth gave, and what became of it.
#[derive(Default)]
pub(super) struct Ledger(Mutex<Entries>);

#[derive(Default)]
struct Entries {
    tokens: Vec<Token>,
    refresh_tokens: Vec<RefreshToken>,
    /// By the user's UUID, where it isn't [`PASSWORD`] any more.
    passwords: HashMap<&'static str, String>,
}

/// One for each user and `client_id` (providers.md §5.1).
#[derive(Clone)]
pub(super) struct RefreshToken {
    uuid: String,
    pub(super) client_id: String,
    pub(super) user: &'static User,
    pub(super) mobile: bool,
    pub(super) created_at: Timestamp,
}

/// What a token is to be given for.
pub(super) struct Opening<'a> {
    pub(super) user: &'static User,
    pub(super) lifetime: SignedDuration,
    pub(super) offline: bool,
    pub(super) client_id: Option<&'a str>,
    pub(super) refresh_token: Option<&'a str>,
    pub(super) mobile: bool,
    pub(super) user_agent: &'a str,
    pub(super) cap: usize,
}

impl Ledger {
    /// Opens a session, by login or by refresh, unless there are too many. Also tells how many
    /// others it ended.
    pub(super) fn open(&self, random: &Random, opening: &Opening<'_>) -> Result<(Token, usize), Failure> {
        let mut entries = self.entries();
        entries.demand_room(opening.user, opening.cap)?;
        let (mut refresh_token, mut revoked) = (opening.refresh_token.map(str::to_owned), 0);
        if opening.offline {
            let (given, ended) = entries.refresh_token(random, opening);
            (refresh_token, revoked) = (Some(given), ended);
        }
        let now = Timestamp::now();
        let token = Token {
            uuid: random.uuid(),
            session: random.uuid(),
            user: opening.user,
            mobile: opening.mobile,
            issued_at: now,
            expires_at: end(now, opening.lifetime),
            refresh_token,
            user_agent: opening.user_agent.to_owned(),
        };
        entries.tokens.push(token.clone());
        Ok((token, revoked))
    }

    /// Whose a refresh token is, if it was made with this `client_id`.
    pub(super) fn refresh(&self, token: &str, client_id: &str) -> Option<&'static User> {
        let entries = self.entries();
        let known = entries.refresh_tokens.iter().find(|known| known.uuid == token && known.client_id == client_id);
        known.map(|known| known.user)
    }

    /// An access token that hasn't ended.
    pub(super) fn living(&self, token: &str) -> Option<Token> {
        let now = Timestamp::now();
        self.entries().tokens.iter().find(|known| known.uuid == token && known.expires_at > now).cloned()
    }

    /// The refresh token it may have come with stays (providers.md §5.1).
    pub(super) fn remove_token(&self, token: &str) {
        self.entries().tokens.retain(|known| known.uuid != token);
    }

    /// The sessions of a user that haven't ended.
    pub(super) fn sessions(&self, user: &User) -> Vec<Token> {
        self.all_sessions().into_iter().filter(|token| token.user.uuid == user.uuid).collect()
    }

    pub(super) fn all_sessions(&self) -> Vec<Token> {
        let mut entries = self.entries();
        entries.forget_ended();
        entries.tokens.clone()
    }

    pub(super) fn end_session(&self, session: &str, may_end: impl Fn(&User) -> bool) {
        self.entries().tokens.retain(|token| token.session != session || !may_end(token.user));
    }

    pub(super) fn refresh_tokens(&self) -> Vec<RefreshToken> {
        self.entries().refresh_tokens.clone()
    }

    /// The access tokens that came of it stay (providers.md §5.1). Whether there was one.
    pub(super) fn remove_refresh_token(&self, user: &User, client_id: &str) -> bool {
        let mut entries = self.entries();
        let before = entries.refresh_tokens.len();
        entries.refresh_tokens.retain(|known| !known.is_of(user, client_id));
        entries.refresh_tokens.len() < before
    }

    pub(super) fn knows_password(&self, user: &User, password: &str) -> bool {
        self.entries().passwords.get(user.uuid).map_or(PASSWORD, String::as_str) == password
    }

    /// Ends the user's sessions; refresh tokens stay good (providers.md §5.1).
    pub(super) fn change_password(&self, user: &User, password: &str) {
        let mut entries = self.entries();
        entries.passwords.insert(user.uuid, password.to_owned());
        entries.tokens.retain(|token| token.user.uuid != user.uuid);
    }

    pub(super) fn expire_access_tokens(&self) {
        for token in &mut self.entries().tokens {
            token.expires_at = Timestamp::UNIX_EPOCH;
        }
    }

    pub(super) fn revoke_all(&self) {
        let mut entries = self.entries();
        entries.tokens.clear();
        entries.refresh_tokens.clear();
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl RefreshToken {
    fn is_of(&self, user: &User, client_id: &str) -> bool {
        self.user.uuid == user.uuid && self.client_id == client_id
    }
}

impl Entries {
    /// 429 at the cap, for a refresh too (providers.md §5.1). The real server forgets ended sessions
    /// every now and then; the sandbox does before it counts.
    fn demand_room(&mut self, user: &User, cap: usize) -> Result<(), Failure> {
        self.forget_ended();
        if self.tokens.iter().filter(|token| token.user.uuid == user.uuid).count() < cap {
            return Ok(());
        }
        let reason = format!("User {} has exceeded the maximum number of active sessions", user.uuid);
        Err(Failure::token(StatusCode::TOO_MANY_REQUESTS, &reason))
    }

    fn forget_ended(&mut self) {
        let now = Timestamp::now();
        self.tokens.retain(|token| token.expires_at > now);
    }

    /// The refresh token of an offline login: the one there is, but for a mobile session a new one,
    /// and the end of the user's other mobile ones (providers.md §5.1).
    fn refresh_token(&mut self, random: &Random, opening: &Opening<'_>) -> (String, usize) {
        let (user, client_id) = (opening.user, opening.client_id.unwrap_or_default());
        let known = self.refresh_tokens.iter().find(|known| known.is_of(user, client_id));
        if let Some(known) = known.filter(|_| !opening.mobile) {
            return (known.uuid.clone(), 0);
        }
        let mut revoked = 0;
        if opening.mobile {
            let goes =
                |known: &&RefreshToken| known.user.uuid == user.uuid && (known.mobile || known.client_id == client_id);
            let gone: Vec<_> = self.refresh_tokens.iter().filter(goes).map(|known| known.uuid.clone()).collect();
            revoked = self.purge(&gone);
        }
        let given = RefreshToken {
            uuid: random.uuid(),
            client_id: client_id.to_owned(),
            user,
            mobile: opening.mobile,
            created_at: Timestamp::now(),
        };
        self.refresh_tokens.push(given.clone());
        (given.uuid, revoked)
    }

    /// Ends refresh tokens and the sessions that came of them.
    fn purge(&mut self, gone: &[String]) -> usize {
        let before = self.tokens.len();
        self.refresh_tokens.retain(|known| !gone.contains(&known.uuid));
        self.tokens.retain(|token| token.refresh_token.as_ref().is_none_or(|uuid| !gone.contains(uuid)));
        before - self.tokens.len()
    }
}
