//! Asks the server what it thinks of a token (RFC 7662).

use serde::Serialize;
use specta::Type;
use url::Url;

use super::oauth::OAuthClient;
use super::token_client::TokenClient;
use super::token_response::failure;
use crate::error::{Error, ErrorCode, Result};
use crate::jwt::{ClaimView, Members, claims_of};
use crate::provider::TokenRequestEncoding;
use crate::secret::Secret;
use crate::transport::authority;

/// What the server says of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Introspection {
    /// Whether the token is good, for this server and this client. A “no” is an answer, and says no more than that.
    pub active: bool,
    /// Who was asked.
    pub endpoint: String,
    /// All that it says (section 2.2); secrets that are known are masked.
    pub members: Vec<ClaimView>,
}

impl TokenClient {
    /// Asks, as this client: a POST that says who asks (section 2.1).
    ///
    /// # Errors
    /// `client_refused` when the server does not let this client ask; `unexpected_answer` when the answer is none; else those
    /// of the server.
    pub async fn introspect(
        &self,
        url: &Url,
        client: &OAuthClient,
        token: &Secret,
        kind: &str,
    ) -> Result<Introspection> {
        self.hide([token]);
        let parameters = [("token", token.expose()), ("token_type_hint", kind)];
        let answer = self.post(url, client, TokenRequestEncoding::Form, &parameters).await?;
        if answer.status != 200 {
            let error = self.masked(failure(&answer, &[]));
            // Section 2.3: 401 is for who asks. What is asked about is not the matter.
            return Err(match answer.status {
                401 | 403 => Error { code: ErrorCode::ClientRefused, ..error },
                _ => error,
            });
        }
        let no_answer = || {
            let message = format!("{} did not say whether the token is good.", authority(url));
            Error::new(ErrorCode::UnexpectedAnswer, message).with_status(answer.status)
        };
        let text = self.mask(&String::from_utf8_lossy(&answer.body));
        let members: Members = serde_json::from_str(&text).map_err(|_| no_answer())?;
        let active = members.value("active").and_then(|value| value.as_bool()).ok_or_else(no_answer)?;
        Ok(Introspection { active, endpoint: url.to_string(), members: claims_of(&members) })
    }
}
