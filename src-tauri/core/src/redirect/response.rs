//! Takes an authorization response apart.

use url::Url;

use crate::error::OAuthError;
use crate::event::Ignored;
use crate::redact::one_line;
use crate::secret::Secret;

/// The most of an `error_description` that is kept, in characters.
const DESCRIPTION: usize = 300;

/// What came back from the authorization server (RFC 6749 sections 4.1.2 and 4.1.2.1).
#[derive(Debug, Clone)]
pub enum AuthorizationResponse {
    /// A code to exchange.
    Code(Secret),
    /// The server or the person said no.
    Error(OAuthError),
    /// It names another issuer than the one that was asked, or none though the issuer promised it (RFC 9207 section 2.4).
    WrongIssuer,
}

/// The parameters that count, each at most once (RFC 6749 section 3.1).
#[derive(Default)]
pub(super) struct Parameters {
    pub state: Option<String>,
    iss: Option<String>,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
}

impl Parameters {
    /// Reads the query of a redirect. A parameter that stands twice makes the whole malformed.
    pub fn of(redirect: &Url) -> Result<Self, Ignored> {
        let mut parameters = Self::default();
        for (name, value) in redirect.query_pairs() {
            let place = match name.as_ref() {
                "state" => &mut parameters.state,
                "iss" => &mut parameters.iss,
                "code" => &mut parameters.code,
                "error" => &mut parameters.error,
                "error_description" => &mut parameters.error_description,
                // Tokens in a redirect are never taken (RFC 9700 section 2.1.2).
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err(Ignored::Malformed);
            }
        }
        Ok(parameters)
    }

    /// The response: either a code or an error, never both or neither. From another issuer than expected, it is neither.
    pub fn response(self, issuer: Option<&str>, promised: bool) -> Result<AuthorizationResponse, Ignored> {
        let wrong = match (&self.iss, issuer) {
            (Some(iss), Some(issuer)) => iss != issuer,
            (None, _) => promised,
            (Some(_), None) => false,
        };
        if wrong {
            return Ok(AuthorizationResponse::WrongIssuer);
        }
        match (self.code, self.error) {
            (Some(code), None) if !code.trim().is_empty() => Ok(AuthorizationResponse::Code(Secret::new(code))),
            (None, Some(error)) if !error.trim().is_empty() => Ok(AuthorizationResponse::Error(OAuthError {
                error: one_line(&error, 80),
                error_description: self.error_description.map(|text| one_line(&text, DESCRIPTION)),
            })),
            _ => Err(Ignored::Malformed),
        }
    }
}
