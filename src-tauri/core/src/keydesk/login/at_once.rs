//! Logins whose answer is there at once: a request for a token, a token that is pasted, Basic.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use specta::Type;

use super::entry::{Entry, Typed};
use crate::error::{Error, ErrorCode, Result};
use crate::event::ActivityEvent;
use crate::grant::{OAuthClient, TokenEndpoint, TokenResponse};
use crate::keydesk::Keydesk;
use crate::keydesk::connections::ConnectionView;
use crate::provider::{Basic, Grant, Paste, PastedToken, TokenRequest};
use crate::secret::Secret;
use crate::token::{Bound, TokenSet};

/// What a person typed for a login whose answer is there at once.
#[derive(Debug, Deserialize, Type)]
pub struct LogIn {
    /// The connection.
    pub connection: String,
    /// The way in.
    pub login: String,
    /// What its fields hold.
    pub fields: BTreeMap<String, Secret>,
    /// The secret fields that stay in the keychain because the person said so.
    #[serde(default)]
    pub keep: Vec<String>,
}

/// The longest token that is taken, and the longest file with one in it.
const LONGEST: usize = 64 * 1024;

impl Keydesk {
    /// Logs in with what was typed: asks for a token, or takes the one that was pasted. A refresh token is tried at once.
    ///
    /// # Errors
    /// `invalid_input` that names the field, `credentials_refused`, what else the server says, or `keychain_*`.
    pub async fn log_in(self: &Arc<Self>, request: LogIn) -> Result<ConnectionView> {
        // In a task of its own: whoever asked may go away, and a server that rotates has answered once.
        let this = self.clone();
        let task = tokio::spawn(async move { this.log_in_to_its_end(request).await });
        task.await.map_err(|fault| Error::of_task("log in", &fault))?
    }

    async fn log_in_to_its_end(&self, request: LogIn) -> Result<ConnectionView> {
        let typed = Typed { fields: &request.fields, keep: &request.keep };
        let entry = self.enter(&request.connection, &request.login, &typed).await?;
        self.store.ready()?;
        let _exchanging = self.logins.exchanging().await;
        let mut answered = BTreeMap::new();
        let (set, pasted) = match &entry.login.grant {
            Grant::TokenRequest(template) => {
                // Every address is looked at before anything is sent.
                let bound = entry.bound()?;
                let mut response = self.ask(&entry, template).await?;
                answered = std::mem::take(&mut response.remembered);
                (self.set_of(&entry, response, bound), false)
            }
            Grant::Paste(paste) => (self.take_pasted(&entry, paste, &request).await?, true),
            Grant::Basic(basic) => (self.take_basic(&entry, basic)?, true),
            Grant::AuthorizationCode(_) | Grant::DeviceCode(_) => {
                return Err(Error::input("login", "This way in needs a browser."));
            }
        };
        self.give_up_logins_of(&request.connection);
        let scope = set.scope.clone();
        self.logged_in(&entry, answered, set).await?;
        let event = if pasted { ActivityEvent::TokenImported } else { ActivityEvent::LoginCompleted { scope } };
        self.events.record(&request.connection, event);
        self.view_of(&request.connection)
    }

    async fn ask(&self, entry: &Entry, template: &TokenRequest) -> Result<TokenResponse> {
        let messages = &entry.account.provider.error_message;
        let answer = entry.account.owner.client.ask(template, &entry.inputs, messages).await;
        answer.map_err(of_first_login).inspect_err(|error| {
            self.events.record(&entry.account.connection.id, ActivityEvent::LoginFailed { code: error.code });
        })
    }

    fn set_of(&self, entry: &Entry, response: TokenResponse, bound: Bound) -> TokenSet {
        TokenSet::of(response, None, bound, &entry.account.provider.renewal, self.clock.now())
    }

    async fn take_pasted(&self, entry: &Entry, paste: &Paste, request: &LogIn) -> Result<TokenSet> {
        let token = pasted(paste, request)?;
        let bound = entry.bound()?;
        if paste.token == PastedToken::RefreshToken {
            return self.take_refresh_token(entry, paste, request, token, bound).await;
        }
        let ends = paste.token == PastedToken::AccessToken;
        Ok(TokenSet::pasted(token, ends, bound, &entry.account.provider.renewal, self.clock.now()))
    }

    async fn take_refresh_token(
        &self,
        entry: &Entry,
        paste: &Paste,
        request: &LogIn,
        token: Secret,
        mut bound: Bound,
    ) -> Result<TokenSet> {
        let chosen = request.fields.get(Paste::SOURCE).map(Secret::expose);
        let found = paste.sources.iter().find(|source| chosen.is_none_or(|chosen| source.id == chosen));
        let source = found.ok_or_else(|| Error::input(Paste::SOURCE, "Say where the token was made."))?;
        let endpoint =
            TokenEndpoint::new(entry.url(&source.token_endpoint)?, OAuthClient::of(&source.client, &entry.inputs)?);
        bound.token_endpoint = Some(endpoint.url.clone());
        bound.client_id = Some(endpoint.client.id.clone());
        let mut response = entry.account.owner.client.refresh(&endpoint, &token).await?;
        response.refresh_token.get_or_insert(token);
        Ok(self.set_of(entry, response, bound))
    }

    /// RFC 7617 section 2: user name and password stand before the base64, so the name holds no colon.
    fn take_basic(&self, entry: &Entry, basic: &Basic) -> Result<TokenSet> {
        let username = entry.fill(&basic.username)?;
        if username.contains(':') {
            return Err(Error::input("username", "A user name with a colon cannot be used with Basic."));
        }
        let password = Secret::new(entry.fill(&basic.password)?);
        entry.account.owner.client.hide([&password]);
        let pair = Secret::new(format!("{username}:{}", password.expose()));
        let token = Secret::new(STANDARD.encode(pair.expose()));
        Ok(TokenSet::pasted(token, false, entry.bound()?, &entry.account.provider.renewal, self.clock.now()))
    }
}

/// At a first login `invalid_grant` says that what was typed is wrong: nothing was granted before.
fn of_first_login(error: Error) -> Error {
    match error.code {
        ErrorCode::TokenRefused => Error { code: ErrorCode::CredentialsRefused, ..error },
        _ => error,
    }
}

fn pasted(paste: &Paste, request: &LogIn) -> Result<Secret> {
    let no = |why: &str| Err(Error::input(Paste::TOKEN, why));
    let Some(typed) = request.fields.get(Paste::TOKEN) else { return no("Paste the token here.") };
    let text = typed.expose().trim();
    if text.len() > LONGEST {
        return no("This is longer than any token.");
    }
    let assigned = paste.assignment.as_deref().and_then(|name| assigned(text, name));
    // People copy the header with it.
    let words = assigned.unwrap_or(text);
    let token = words.strip_prefix("Bearer").filter(|rest| !rest.starts_with(|c: char| !c.is_whitespace()));
    let token = token.unwrap_or(words).trim();
    if token.is_empty() {
        return no("Paste the token here.");
    }
    if token.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return match &paste.assignment {
            Some(name) => no(&format!("This is not a token, and no file with {name} in it.")),
            None => no("This is not a token: it must be one word."),
        };
    }
    Ok(Secret::new(token))
}

/// What a name is set to in a file of `name = value` lines, with or without quotes.
fn assigned<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(['=', ':'])?;
        let value = value.trim().trim_matches(['"', '\'']);
        (key.trim().trim_start_matches("export ").trim() == name && !value.is_empty()).then_some(value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_found_in_a_file_of_assignments() {
        for text in [
            "mqtt_host = io.example\nmqtt_username = eyJ.a.b\nmqtt_port=8883",
            "[mqtt]\nmqtt_username=\"eyJ.a.b\"",
            "mqtt_username: 'eyJ.a.b'",
        ] {
            assert_eq!(assigned(text, "mqtt_username"), Some("eyJ.a.b"), "{text}");
        }
        assert_eq!(assigned("mqtt_usernames = x", "mqtt_username"), None);
    }
}
