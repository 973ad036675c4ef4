//! The token request (RFC 6749 section 3.2): a form, no redirects, and an answer that is read strictly.

use std::sync::Arc;

use reqwest::Method;
use reqwest::header::ACCEPT;
use url::Url;

use super::authorization_code::AuthorizationRequest;
use super::token_response::TokenResponse;
use crate::error::{Error, Result};
use crate::redact::Redactor;
use crate::secret::Secret;
use crate::transport::{Limits, Transport};

/// Where tokens are asked for, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenEndpoint {
    /// The token endpoint.
    pub url: Url,
    /// The client identifier, of a public client.
    pub client_id: String,
}

/// Asks token endpoints. What is sent and what comes back is known to the redactor before anything is said of it: a
/// server may repeat it in its error (security.md F9).
#[derive(Clone)]
pub struct TokenClient {
    transport: Transport,
    redactor: Arc<Redactor>,
}

impl TokenClient {
    /// Asks over this transport.
    pub fn new(transport: Transport, redactor: Arc<Redactor>) -> Self {
        Self { transport, redactor }
    }

    /// Exchanges a code (RFC 6749 section 4.1.3). Never sent again, whatever happens (RFC 9700 section 4.5).
    ///
    /// # Errors
    /// Those of the token endpoint.
    pub async fn exchange_code(
        &self,
        connection: &str,
        endpoint: &TokenEndpoint,
        request: &AuthorizationRequest,
        code: &Secret,
    ) -> Result<TokenResponse> {
        self.redactor.add(connection, code);
        self.redactor.add(connection, &request.code_verifier);
        let form = [
            ("grant_type", "authorization_code"),
            ("code", code.expose()),
            ("redirect_uri", request.redirect_uri.as_str()),
            ("code_verifier", request.code_verifier.expose()),
            ("client_id", &endpoint.client_id),
        ];
        let outcome = self.request(connection, &endpoint.url, &form).await;
        // Spent, whatever came of them.
        self.redactor.remove(connection, code);
        self.redactor.remove(connection, &request.code_verifier);
        outcome
    }

    /// Refreshes (RFC 6749 section 6).
    ///
    /// # Errors
    /// `token_refused` for `invalid_grant`; else those of the token endpoint.
    pub async fn refresh(
        &self,
        connection: &str,
        endpoint: &TokenEndpoint,
        refresh_token: &Secret,
    ) -> Result<TokenResponse> {
        self.redactor.add(connection, refresh_token);
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token.expose()),
            ("client_id", &endpoint.client_id),
        ];
        self.request(connection, &endpoint.url, &form).await
    }

    /// Closes the connections that are kept open: see [`Transport::hang_up`].
    pub fn hang_up(&self) {
        self.transport.hang_up();
    }

    async fn request(&self, connection: &str, url: &Url, form: &[(&str, &str)]) -> Result<TokenResponse> {
        crate::transport::check_url(url)?;
        let request = self
            .transport
            .request(Method::POST, url.clone())
            .header(ACCEPT, "application/json")
            .form(form)
            .build()
            .map_err(|error| Error::internal("build the token request", error.without_url()))?;
        let answer = self.transport.send(request, Limits::TOKEN).await?;
        let response = TokenResponse::of(&answer).map_err(|error| self.redactor.mask_error(error))?;
        response.secrets().for_each(|secret| self.redactor.add(connection, secret));
        Ok(response)
    }
}
