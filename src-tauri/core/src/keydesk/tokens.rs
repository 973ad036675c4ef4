//! Tokens: take in, renew, look at, hand out, forget.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use specta::Type;
use url::Url;

use super::Keydesk;
use super::connections::ConnectionView;
use crate::action::Account;
use crate::error::{Error, Result};
use crate::event::{ActivityEvent, CopyForm};
use crate::exchange::header_value;
use crate::grant::{TokenEndpoint, TokenResponse};
use crate::jwt::DecodedToken;
use crate::provider::{Encoding, Grant, Paste, PastedToken, fill};
use crate::secret::Secret;
use crate::token::{Bound, TokenDetails, TokenSet};

/// A token that the person has already.
#[derive(Debug, Deserialize, Type)]
pub struct ImportToken {
    /// The connection.
    pub connection: String,
    /// The way in.
    pub login: String,
    /// What its fields hold.
    pub fields: BTreeMap<String, Secret>,
}

/// The longest token that is taken.
const LONGEST: usize = 64 * 1024;

impl Keydesk {
    /// Takes a pasted token. A refresh token is tried at once.
    ///
    /// # Errors
    /// `invalid_input` that names the field, what the token endpoint says, or `keychain_*`.
    pub async fn import_token(&self, request: ImportToken) -> Result<ConnectionView> {
        let account = self.account(&request.connection)?;
        let paste = match account.provider.login(&request.login).map(|login| &login.grant) {
            Some(Grant::Paste(paste)) => paste,
            _ => return Err(Error::input("login", "This way in takes no pasted token.")),
        };
        let token = pasted(&request)?;
        self.check_keychain()?;
        let set = match paste.token {
            PastedToken::AccessToken => self.of_access_token(&account, token),
            PastedToken::RefreshToken => self.of_refresh_token(&account, paste, &request, token).await?,
        };
        self.logged_in(&account, &request.login, set).await?;
        self.events.record(&request.connection, ActivityEvent::TokenImported);
        self.view_of(&request.connection)
    }

    fn of_access_token(&self, account: &Account, token: Secret) -> TokenSet {
        let bound = Bound::new(None, &account.owner.origins);
        TokenSet::pasted(token, bound, &account.provider.renewal, self.clock.now())
    }

    async fn of_refresh_token(
        &self,
        account: &Account,
        paste: &Paste,
        request: &ImportToken,
        token: Secret,
    ) -> Result<TokenSet> {
        let chosen = request.fields.get(Paste::SOURCE).map(Secret::expose);
        let found = paste.sources.iter().find(|source| chosen.is_none_or(|chosen| source.id == chosen));
        let source = found.ok_or_else(|| Error::input(Paste::SOURCE, "Say where the token was made."))?;
        let variables = account.connection.variables(&account.provider);
        let url = fill(&source.token_endpoint, &variables, Encoding::Plain)?;
        let url = Url::parse(&url).map_err(|error| Error::internal("read the token endpoint", error))?;
        let endpoint = TokenEndpoint { url, client_id: fill(&source.client_id, &variables, Encoding::Plain)? };
        let mut response = self.refresh(&account.connection.id, &endpoint, &token).await?;
        response.refresh_token.get_or_insert(token);
        let bound = Bound::new(Some(&endpoint), &account.owner.origins);
        Ok(TokenSet::of(response, None, bound, &account.provider.renewal, self.clock.now()))
    }

    /// Renews now.
    ///
    /// # Errors
    /// `login_needed`, `token_refused`, or why the token endpoint did not answer.
    pub async fn renew_token(&self, connection: &str) -> Result<ConnectionView> {
        let account = self.account(connection)?;
        self.tokens.renew_now(&account.owner).await?;
        self.view_of(connection)
    }

    /// Deletes the tokens that are kept.
    ///
    /// # Errors
    /// `keychain_*`: they may still be there.
    pub async fn log_out(&self, connection: &str) -> Result<ConnectionView> {
        self.connections.get(connection)?;
        self.give_up_logins_of(connection);
        self.tokens.forget(connection).await?;
        self.desk.forget(connection);
        self.connections.edit(connection, |connection| connection.identity = None)?;
        self.tell(connection, ActivityEvent::LoggedOut);
        self.view_of(connection)
    }

    /// The access token for the clipboard: live, alone or as a header.
    ///
    /// # Errors
    /// As for [`Keydesk::renew_token`].
    pub async fn copy_token(&self, connection: &str, form: CopyForm) -> Result<Secret> {
        let account = self.account(connection)?;
        let set = self.live(&account).await?;
        self.events.record(connection, ActivityEvent::TokenCopied { form });
        let presentation = &account.provider.presentation;
        Ok(match form {
            CopyForm::Token => set.access_token.clone(),
            CopyForm::Header => {
                let value = header_value(presentation, &set.access_token);
                Secret::new(format!("{}: {}", presentation.header, value.expose()))
            }
        })
    }

    /// The access token, to be seen for a moment.
    ///
    /// # Errors
    /// As for [`Keydesk::renew_token`].
    pub async fn reveal_token(&self, connection: &str) -> Result<Secret> {
        let set = self.live(&self.account(connection)?).await?;
        self.events.record(connection, ActivityEvent::TokenRevealed);
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
        Ok(TokenDetails::of(view, set.as_deref(), &provider.claims, &provider.presentation))
    }

    /// What any token says. It is not kept.
    ///
    /// # Errors
    /// `invalid_input` when it is larger than 64 KiB.
    pub fn decode_token(&self, token: &Secret) -> Result<DecodedToken> {
        if token.expose().len() > LONGEST {
            return Err(Error::input("token", "This is longer than any token: more than 64 KiB."));
        }
        Ok(DecodedToken::of(token.expose()))
    }

    /// In a task of its own: whoever asked may go away, and a server that rotates has answered once.
    async fn refresh(&self, connection: &str, endpoint: &TokenEndpoint, token: &Secret) -> Result<TokenResponse> {
        let (client, connection) = (self.client.clone(), connection.to_owned());
        let (endpoint, token) = (endpoint.clone(), token.clone());
        let task = tokio::spawn(async move { client.refresh(&connection, &endpoint, &token).await });
        task.await.map_err(|error| Error::internal("try the refresh token", error))?
    }

    async fn live(&self, account: &Account) -> Result<Arc<TokenSet>> {
        self.tokens.usable(&account.owner).await
    }
}

fn pasted(request: &ImportToken) -> Result<Secret> {
    let no = |why: &str| Err(Error::input(Paste::TOKEN, why));
    let Some(typed) = request.fields.get(Paste::TOKEN) else { return no("Paste the token here.") };
    // People copy the header with it.
    let words = typed.expose().trim();
    let token = words.strip_prefix("Bearer").filter(|rest| !rest.starts_with(|c: char| !c.is_whitespace()));
    let token = token.unwrap_or(words).trim();
    if token.is_empty() {
        return no("Paste the token here.");
    }
    if token.len() > LONGEST || token.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return no("This is no token: it must be one word.");
    }
    Ok(Secret::new(token))
}
