//! Any request of an API, without a form.

use reqwest::Method;
use serde::{Deserialize, Serialize};
use specta::Type;

use super::desk::Desk;
use crate::account::Account;
use crate::error::{Error, Result};
use crate::exchange::{Exchange, Prepared, Refusal, error_of};
use crate::jwt::Member;

/// Any request of an API.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct CallRequest {
    /// Whose token is presented.
    pub connection: String,
    /// The HTTP method.
    pub method: String,
    /// A path below the API's address, or a whole address of it.
    pub path: String,
    /// JSON.
    pub body: Option<serde_json::Value>,
}

/// What an API answered.
#[derive(Debug, Clone, Serialize, Type)]
pub struct CallAnswer {
    /// The HTTP status.
    pub status: u16,
    /// The headers, in their order; secrets that are known are masked.
    pub headers: Vec<Member>,
    /// The body; secrets that are known are masked.
    pub body: String,
    /// Whether the body was cut short.
    pub truncated: bool,
    /// What the status means, where it is no good one.
    pub error: Option<Error>,
    /// Why it is a refusal, where it is one.
    pub refusal: Option<Refusal>,
}

impl Desk {
    /// Sends a request with the token and gives its answer.
    ///
    /// # Errors
    /// As for [`crate::Keydesk::call`].
    pub async fn call(&self, mut account: Account, request: &CallRequest) -> Result<CallAnswer> {
        let method = Method::from_bytes(request.method.to_uppercase().as_bytes())
            .map_err(|_| Error::input("method", format!("“{}” is no HTTP method.", request.method)))?;
        let prepared = Prepared::whole(&account, method, &request.path, request.body.as_ref())?;
        if account.provider.is_private(prepared.method.as_str(), prepared.url.path()) {
            account.owner.told_as = None;
        }
        self.turn(&account).await;
        let Exchange { answer, refusal, .. } = self.sender.send(&account, &prepared, None).await?;
        let error = error_of(&account.provider, &answer).map(|error| self.redactor.mask_error(error));
        let header = |(name, value): (&reqwest::header::HeaderName, &reqwest::header::HeaderValue)| Member {
            name: name.to_string(),
            value: self.redactor.mask(&String::from_utf8_lossy(value.as_bytes())),
        };
        Ok(CallAnswer {
            status: answer.status,
            headers: answer.headers.iter().map(header).collect(),
            body: self.redactor.mask(&String::from_utf8_lossy(&answer.body)),
            truncated: answer.truncated,
            error,
            refusal: refusal.map(|refusal| refusal.masked(&self.redactor)),
        })
    }
}
