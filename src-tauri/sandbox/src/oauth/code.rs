use std::time::{Duration, SystemTime};

use super::error::OauthError;
use super::pkce;

/// RFC 6749 §4.1.2 allows ten minutes at most; Keycloak's default is one.
pub(super) const CODE_LIFETIME: Duration = Duration::from_secs(60);

/// An authorization code and what it is bound to.
#[derive(Debug, Clone)]
pub(super) struct Code {
    pub(super) grant: u64,
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    /// Empty where none was sent.
    pub(super) challenge: String,
    pub(super) expires_at: SystemTime,
    pub(super) used: bool,
}

/// What a client brings with a code.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Redemption<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) redirect_uri: Option<&'a str>,
    pub(crate) verifier: Option<&'a str>,
}

impl Code {
    pub(super) fn check(&self, brought: Redemption, now: SystemTime) -> Result<(), OauthError> {
        if now >= self.expires_at {
            return Err(OauthError::invalid_grant("Code is expired"));
        }
        if brought.client_id != self.client_id {
            return Err(OauthError::invalid_grant("Code was given to another client"));
        }
        // RFC 6749 §4.1.3: the same redirect URI in both legs.
        if brought.redirect_uri != Some(&self.redirect_uri) {
            return Err(OauthError::invalid_grant("Incorrect redirect_uri"));
        }
        // RFC 7636 §4.6.
        match brought.verifier {
            None if self.challenge.is_empty() => Ok(()),
            // RFC 9700 §2.1.1: or PKCE could be taken out of the request on its way.
            Some(_) if self.challenge.is_empty() => {
                Err(OauthError::invalid_grant("PKCE code verifier specified but challenge not present"))
            }
            None => Err(OauthError::invalid_grant("PKCE code verifier not specified")),
            Some(verifier) if !pkce::is_verifier(verifier) => {
                Err(OauthError::invalid_grant("PKCE invalid code verifier"))
            }
            Some(verifier) if !pkce::matches(verifier, &self.challenge) => {
                Err(OauthError::invalid_grant("PKCE verification failed: Code mismatch"))
            }
            Some(_) => Ok(()),
        }
    }
}
