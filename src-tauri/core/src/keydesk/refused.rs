//! “Why was I refused”, of an answer that came to another program: curl, a script.

use serde::Deserialize;
use specta::Type;

use super::Keydesk;
use crate::error::{Error, ErrorCode, Result};
use crate::exchange::{Refusal, Refused};
use crate::transport::parse_url;

/// A 401 or 403 that another program was given, with a connection's token.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct RefusedAnswer {
    /// Whose token was presented.
    pub connection: String,
    /// The status.
    pub status: u16,
    /// The values of `WWW-Authenticate`.
    pub www_authenticate: Vec<String>,
    /// Where the request went; none: the API's own address.
    pub url: Option<String>,
    /// The names of the headers that were sent with it; none where nobody knows.
    pub headers: Option<Vec<String>>,
    /// The body.
    pub body: Option<String>,
}

impl Keydesk {
    /// Lays an answer, the token that there is now, and the connection side by side. Asks nobody, renews nothing.
    ///
    /// # Errors
    /// `invalid_input` when it is no refusal or names no address; `login_needed` when there is no token.
    pub async fn explain_refusal(&self, answer: &RefusedAnswer) -> Result<Refusal> {
        if !Refusal::explains(answer.status) {
            return Err(Error::input("status", format!("{} is no refusal: that is 401 or 403.", answer.status)));
        }
        let account = self.account(&answer.connection)?;
        let set = self.tokens.at_hand(&account.owner).await?;
        let set = set.ok_or_else(|| Error::new(ErrorCode::LoginNeeded, "There is no token yet."))?;
        let url = match &answer.url {
            Some(url) => parse_url(url).map_err(|error| Error { field: Some("url".to_owned()), ..error })?,
            None => account.api_url()?,
        };
        let refused = Refused {
            status: answer.status,
            challenges: answer.www_authenticate.clone(),
            date: None,
            body: answer.body.as_deref().unwrap_or_default().as_bytes(),
            url: &url,
            // Where nobody knows, nothing is missing.
            sent: answer.headers.clone().unwrap_or_else(|| Refused::usual(&account)),
        };
        let presented = account.presented(Some(&set))?;
        let refusal = Refusal::of(&account, &set, &presented, &refused, self.clock.now());
        Ok(refusal.masked(&self.means.redactor))
    }
}
