//! Tokens looked at closely: any token decoded, its signature checked, two compared, and what the server says of one.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::Keydesk;
use crate::account::Account;
use crate::error::{Error, ErrorCode, Result};
use crate::event::ActivityEvent;
use crate::grant::{Introspection, TokenClient};
use crate::jwt::{
    Comparison, DecodedToken, Keys, LONGEST, NotValid, SecretForm, SignatureVerdict, TimeVerdict, Unproven,
    check_signature,
};
use crate::redact;
use crate::secret::Secret;
use crate::token::{KeptKind, TokenSet};

/// A token: one that somebody pasted, or a connection's.
#[derive(Debug, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum WhichToken {
    /// Pasted. It is not kept.
    Pasted {
        /// The token.
        token: Secret,
    },
    /// A connection's.
    Kept {
        /// The connection.
        connection: String,
        /// Which of its tokens.
        what: KeptKind,
    },
}

/// What a signature is checked with.
#[derive(Debug, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CheckWith {
    /// The issuer's published keys: the one way that asks a server.
    Issuer {
        /// The issuer that the person trusts; none: the one of the connection's login, else the one that the token names.
        issuer: Option<String>,
    },
    /// A public key or certificate in PEM, a JWK, or a set of them.
    Key {
        /// Its text.
        key: Secret,
    },
    /// A shared secret.
    Secret {
        /// The secret.
        secret: Secret,
        /// How it is written.
        form: SecretForm,
    },
}

/// A token whose signature is to be checked.
#[derive(Debug, Deserialize, Type)]
pub struct VerifyToken {
    /// The token.
    pub token: WhichToken,
    /// With what.
    pub with: CheckWith,
}

/// What a check came to: whether the signature holds, and, another matter, whether the token's time is now.
#[derive(Debug, Clone, Serialize, Type)]
pub struct VerifiedToken {
    /// Whether the signature holds.
    pub signature: SignatureVerdict,
    /// Whether its time is now, by this machine's clock.
    pub time: TimeVerdict,
    /// The issuer whose keys were asked for: who vouches for the token if the signature holds.
    pub issuer: Option<String>,
    /// Where its keys are.
    pub keys_from: Option<String>,
    /// The members of the header by which the token says whom to trust. They were not used.
    pub not_used: Vec<String>,
}

impl VerifiedToken {
    /// Of a signature that was checked, at this instant.
    pub fn of(token: &Secret, signature: SignatureVerdict, now: Timestamp) -> Self {
        let decoded = DecodedToken::of(token.expose());
        Self { signature, time: decoded.time(now), issuer: None, keys_from: None, not_used: decoded.not_used }
    }
}

impl Keydesk {
    /// What any token says. It is not kept.
    ///
    /// # Errors
    /// `invalid_input` when it is larger than 1 MiB.
    pub fn decode_token(&self, token: &Secret) -> Result<DecodedToken> {
        Ok(DecodedToken::of(short(token)?.expose()))
    }

    /// Checks a token's signature. Reaches a server only for an issuer's keys.
    ///
    /// # Errors
    /// `invalid_input` when it is larger than 1 MiB; `login_needed`, `not_found` and `keychain_*` when a connection has no
    /// such token. That a signature does not hold is no error.
    pub async fn verify_token(&self, request: &VerifyToken) -> Result<VerifiedToken> {
        let subject = self.subject(&request.token).await?;
        let token = subject.token.expose();
        let signature = match &request.with {
            CheckWith::Key { key } => check_signature(token, Keys::of_text(key)),
            CheckWith::Secret { secret, form } => check_signature(token, Keys::of_secret(secret, *form)),
            CheckWith::Issuer { issuer } => return Ok(self.verify_by_issuer(&subject, issuer.as_deref()).await),
        };
        Ok(VerifiedToken::of(&subject.token, signature, self.clock.now()))
    }

    /// Two tokens side by side.
    ///
    /// # Errors
    /// As for [`Keydesk::verify_token`].
    pub async fn compare_tokens(&self, first: &WhichToken, second: &WhichToken) -> Result<Comparison> {
        let (first, second) = (self.subject(first).await?, self.subject(second).await?);
        Ok(Comparison::of(&first.decoded(), &second.decoded()))
    }

    /// Asks the server what it thinks of a connection's access token (RFC 7662). That it is not good is an answer.
    ///
    /// # Errors
    /// `login_needed` when there is none; `discovery_failed` where the server offers no such way, `client_refused` where it
    /// lets only others ask; else those of the server.
    pub async fn introspect_token(&self, connection: &str) -> Result<Introspection> {
        let account = self.account(connection)?;
        let set = self.at_hand(&account).await?;
        let begun = Instant::now();
        let mut introspection = set.introspect(&account.owner).await?;
        if let Ok(url) = introspection.endpoint.parse() {
            let (method, url) = ("POST".to_owned(), redact::url(&url));
            let event = ActivityEvent::RequestSent { method, url, target: None, status: 200, replayed: false };
            account.owner.record(&self.events, event, Some(begun));
        }
        introspection.members.iter_mut().for_each(|member| member.explain(&account.provider.claims));
        Ok(introspection)
    }

    async fn verify_by_issuer(&self, subject: &Subject, asked: Option<&str>) -> VerifiedToken {
        let token = subject.token.expose();
        // What is wrong whatever the keys are needs nobody to be asked.
        let signature = check_signature(token, Ok(Keys::none()));
        let mut verified = VerifiedToken::of(&subject.token, signature, self.clock.now());
        if lacks_keys(&verified.signature) {
            let named = DecodedToken::of(token).text("iss");
            let trusted = asked.map(str::trim).filter(|issuer| !issuer.is_empty()).or(subject.issuer.as_deref());
            verified.issuer = trusted.map(str::to_owned).or_else(|| named.clone());
            verified.signature = match (verified.issuer.as_deref(), named.as_deref()) {
                (None, _) => unproven(NotValid::IssuerUnknown),
                // Letter by letter: another issuer's keys say nothing of this one's tokens (RFC 8725 section 3.8).
                (Some(issuer), Some(named)) if issuer != named => unproven(NotValid::IssuerMismatch),
                (Some(issuer), _) => match self.client_of(subject).issuer_keys(issuer).await {
                    Ok((url, keys)) => {
                        verified.keys_from = Some(url.to_string());
                        check_signature(token, Keys::of_text(&keys).map(Keys::published))
                    }
                    Err(error) => unproven(error),
                },
            };
        }
        verified
    }

    /// The way to an issuer: the connection's own, with the authority that it trusts.
    fn client_of(&self, subject: &Subject) -> TokenClient {
        let own = subject.account.as_ref().map(|account| account.owner.client.clone());
        own.unwrap_or_else(|| TokenClient::new("", self.means.transport.clone(), self.means.redactor.clone()))
    }

    async fn subject(&self, which: &WhichToken) -> Result<Subject> {
        match which {
            WhichToken::Pasted { token } => Ok(Subject { token: short(token)?.clone(), issuer: None, account: None }),
            WhichToken::Kept { connection, what } => {
                let account = self.account(connection)?;
                let set = self.at_hand(&account).await?;
                let token = match what {
                    KeptKind::AccessToken => Some(set.access_token.clone()),
                    KeptKind::RefreshToken => set.refresh_token.clone(),
                    KeptKind::IdToken => set.id_token.clone(),
                };
                let token = token.ok_or_else(|| Error::new(ErrorCode::NotFound, "The login gave no such token."))?;
                Ok(Subject { token, issuer: set.issuer(&account.owner), account: Some(account) })
            }
        }
    }

    async fn at_hand(&self, account: &Account) -> Result<Arc<TokenSet>> {
        let set = self.tokens.at_hand(&account.owner).await?;
        set.ok_or_else(|| Error::new(ErrorCode::LoginNeeded, "There is no token yet."))
    }
}

/// A token with what is known of it beside its own word.
struct Subject {
    token: Secret,
    /// The issuer of the login that gave it.
    issuer: Option<String>,
    account: Option<Account>,
}

impl Subject {
    fn decoded(&self) -> DecodedToken {
        let decoded = DecodedToken::of(self.token.expose());
        match &self.account {
            Some(account) => decoded.explained(&account.provider.claims),
            None => decoded,
        }
    }
}

fn unproven(why: impl Into<Unproven>) -> SignatureVerdict {
    SignatureVerdict::Invalid(why.into())
}

fn lacks_keys(signature: &SignatureVerdict) -> bool {
    matches!(signature, SignatureVerdict::Invalid(Unproven { reason: NotValid::NoKeyWithThatId, .. }))
}

fn short(token: &Secret) -> Result<&Secret> {
    if token.expose().len() > LONGEST {
        return Err(Error::input("token", "This is longer than any token: more than 1 MiB."));
    }
    Ok(token)
}
