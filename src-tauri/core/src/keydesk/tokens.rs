//! Tokens: renew, look at, hand out, forget.

use std::time::Instant;

use super::Keydesk;
use super::connections::ConnectionView;
use crate::error::Result;
use crate::event::{ActivityEvent, CopyForm};
use crate::exchange::header_value;
use crate::provider::Presented;
use crate::secret::Secret;
use crate::token::TokenDetails;

impl Keydesk {
    /// Renews now.
    ///
    /// # Errors
    /// `login_needed`, `token_refused`, or why the token endpoint did not answer.
    pub async fn renew_token(&self, connection: &str) -> Result<ConnectionView> {
        let account = self.account(connection)?;
        self.tokens.renew_now(&account.owner).await?;
        self.view_of(connection)
    }

    /// The access token for the clipboard: live, alone or as a header.
    ///
    /// # Errors
    /// As for [`Keydesk::renew_token`].
    pub async fn copy_token(&self, connection: &str, form: CopyForm) -> Result<Secret> {
        self.copy_lasting(connection, form, 0).await
    }

    /// The same, with at least so many seconds left.
    ///
    /// # Errors
    /// As for [`Keydesk::renew_token`]; `unexpected_answer` where even a new one has less.
    pub async fn copy_lasting(&self, connection: &str, form: CopyForm, least: u32) -> Result<Secret> {
        let (account, begun) = (self.account(connection)?, Instant::now());
        let set = self.tokens.usable_for(&account.owner, least).await?;
        account.owner.record(&self.events, ActivityEvent::TokenCopied { form }, Some(begun));
        Ok(match form {
            CopyForm::Token => set.access_token.clone(),
            CopyForm::Header => presented_text(&account.presented(Some(&set))?, &set.access_token),
        })
    }

    /// The access token, to be seen for a moment.
    ///
    /// # Errors
    /// As for [`Keydesk::renew_token`].
    pub async fn reveal_token(&self, connection: &str) -> Result<Secret> {
        let (account, begun) = (self.account(connection)?, Instant::now());
        let set = self.tokens.usable(&account.owner).await?;
        account.owner.record(&self.events, ActivityEvent::TokenRevealed, Some(begun));
        Ok(set.access_token.clone())
    }

    /// What a connection's tokens say. Renews nothing.
    ///
    /// # Errors
    /// `keychain_*`: they cannot be read.
    pub async fn read_token(&self, connection: &str) -> Result<TokenDetails> {
        let account = self.account(connection)?;
        let set = self.tokens.at_hand(&account.owner).await?;
        let provider = &account.provider;
        let view = self.tokens.view(&account.owner);
        let presented = account.presented(set.as_deref())?;
        Ok(TokenDetails::of(view, set.as_deref(), &provider.claims, &presented))
    }
}

/// The whole header, or the parameter of the query.
pub(super) fn presented_text(presented: &Presented, token: &Secret) -> Secret {
    match presented {
        Presented::Header { name, prefix } => {
            Secret::new(format!("{name}: {}", header_value(prefix.as_deref(), token).expose()))
        }
        Presented::Query(name) => {
            let value: String = url::form_urlencoded::byte_serialize(token.expose().as_bytes()).collect();
            Secret::new(format!("{name}={value}"))
        }
    }
}
