//! The keys by which an issuer's tokens can be checked (RFC 8414 section 2: `jwks_uri`), asked for when the person wants it.

use url::Url;

use super::token_client::TokenClient;
use crate::error::{Error, ErrorCode, Result};
use crate::secret::Secret;
use crate::transport::authority;

impl TokenClient {
    /// Where an issuer's keys are, and what is there: a set of JWKs that nobody looked at yet.
    ///
    /// # Errors
    /// As for [`TokenClient::discover`]; `discovery_failed` when it names no keys or has none.
    pub async fn issuer_keys(&self, issuer: &str) -> Result<(Url, Secret)> {
        let none = |message: String| Error {
            field: Some("issuer".to_owned()),
            ..Error::new(ErrorCode::DiscoveryFailed, message)
        };
        let metadata = self.discover(issuer).await?;
        let url = metadata.jwks_uri.ok_or_else(|| none(format!("{issuer} names no keys in its metadata.")))?;
        let answer = self.get(url.clone()).await?;
        let text = String::from_utf8(answer.body).ok().filter(|_| answer.status == 200 && !answer.truncated);
        let status = answer.status;
        let text = text.ok_or_else(|| none(format!("{} gives no keys (status {status}).", authority(&url))))?;
        Ok((url, Secret::new(text)))
    }
}
