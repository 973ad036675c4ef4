//! The device authorization grant (RFC 8628): a code that the person enters in a browser, and polling meanwhile.

use std::time::Duration;

use serde::Deserialize;
use url::Url;

use super::oauth::{OAuthClient, TokenEndpoint};
use super::token_client::TokenClient;
use super::token_response::{TokenResponse, failure};
use crate::error::{Error, ErrorCode, Result};
use crate::provider::TokenRequestEncoding;
use crate::redact::one_line;
use crate::secret::Secret;
use crate::transport::check_url;

/// What the device authorization endpoint answers (RFC 8628 section 3.2).
#[derive(Debug, Clone, Deserialize)]
pub struct DeviceAuthorization {
    /// What is polled with.
    pub device_code: Secret,
    /// What the person enters.
    pub user_code: String,
    /// Where.
    pub verification_uri: Url,
    /// The same with the code in it: for the QR code only, never opened without the person's look at the code.
    pub verification_uri_complete: Option<Url>,
    /// Seconds.
    pub expires_in: u32,
    /// Seconds between two polls.
    #[serde(default = "five")]
    pub interval: u32,
}

fn five() -> u32 {
    5
}

/// What a poll came to.
pub enum Poll {
    /// The tokens.
    Done(Box<TokenResponse>),
    /// The person is not ready. Ask again after this time from now on.
    Pending(Duration),
}

const GRANT_TYPE: &str = "urn:ietf:params:oauth:grant-type:device_code";

impl TokenClient {
    /// Asks for the codes.
    ///
    /// # Errors
    /// Those of the endpoint; `unexpected_answer` when it cannot be used.
    pub async fn device_authorization(
        &self,
        url: &Url,
        client: &OAuthClient,
        scope: Option<&str>,
    ) -> Result<DeviceAuthorization> {
        check_url(url)?;
        let scope: Vec<(&str, &str)> = scope.into_iter().map(|scope| ("scope", scope)).collect();
        let answer = self.post(url, client, TokenRequestEncoding::Form, &scope).await?;
        if answer.status != 200 {
            return Err(self.masked(failure(&answer, &[])));
        }
        let unusable =
            |why: &str| Error::new(ErrorCode::UnexpectedAnswer, format!("The server’s answer cannot be used: {why}."));
        let mut authorization: DeviceAuthorization =
            serde_json::from_slice(&answer.body).map_err(|_| unusable("it holds no codes"))?;
        check_url(&authorization.verification_uri).map_err(|_| unusable("the address for the code is none"))?;
        authorization.user_code = one_line(&authorization.user_code, 64);
        authorization.verification_uri_complete =
            authorization.verification_uri_complete.filter(|url| check_url(url).is_ok());
        self.hide([&authorization.device_code]);
        Ok(authorization)
    }

    /// Asks once whether the person is ready (RFC 8628 section 3.4). `interval` is that of the last poll.
    ///
    /// # Errors
    /// `login_denied`, `login_ended` when the code has expired, or what else the endpoint says that ends it.
    pub async fn poll(&self, endpoint: &TokenEndpoint, code: &Secret, interval: Duration) -> Result<Poll> {
        let parameters = [("grant_type", GRANT_TYPE), ("device_code", code.expose())];
        let error = match self.request(endpoint, &parameters).await {
            Ok(response) => return Ok(Poll::Done(Box::new(response))),
            Err(error) => error,
        };
        match error.oauth.as_ref().map(|oauth| oauth.error.as_str()) {
            Some("authorization_pending") => Ok(Poll::Pending(interval)),
            // RFC 8628 section 3.5: five seconds more, now and for all that follow.
            Some("slow_down") => Ok(Poll::Pending(interval + Duration::from_secs(5))),
            Some("expired_token") => Err(Error { code: ErrorCode::LoginEnded, ..error }),
            // No answer, or not now: the same section asks to back off.
            _ if error.retryable => Ok(Poll::Pending((interval * 2).min(Duration::from_secs(60)))),
            _ => Err(error),
        }
    }
}
