//! Logging in, in each of the ways that a provider's file can describe.

mod at_once;
mod browser;
mod device;
mod entry;
mod logins;
mod pending;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use specta::Type;
use url::Url;

use super::Keydesk;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ActivityEvent, Happening, Ignored, ReceiveBy, Signal};
use crate::provider::{Grant, Login};
use crate::redirect::{LONGEST, URI_SCHEME};
use crate::secret::Secret;
use crate::token::TokenSet;
use crate::transport::parse_url;
use entry::{Entry, Typed};

pub use at_once::LogIn;
pub(super) use logins::Logins;
pub use logins::{DeviceView, LoginState, LoginView};
pub(super) use pending::WAITING_LOGIN;

/// Starts a login.
#[derive(Debug, Deserialize, Type)]
pub struct StartLogin {
    /// The connection.
    pub connection: String,
    /// The way in.
    pub login: String,
    /// How the redirect comes back.
    pub receive_by: ReceiveBy,
    /// What its fields hold.
    #[serde(default)]
    pub fields: BTreeMap<String, Secret>,
    /// The secret fields that are kept because the person said so.
    #[serde(default)]
    pub keep: Vec<String>,
}

/// Finishes a login by a pasted address.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct FinishLogin {
    /// The login.
    pub login: String,
    /// The address that the browser ended on; the code is in it.
    pub redirect_url: Secret,
}

/// How long a login waits to learn whose it is.
const NAME_TIME: Duration = Duration::from_secs(5);

impl Keydesk {
    /// Starts a login that needs a browser: opens it, or shows a code for another one. It goes on by itself;
    /// [`Signal::LoginChanged`] says when it moved.
    ///
    /// # Errors
    /// `port_busy`, `keychain_*` when there is nowhere to keep what comes of it, `invalid_input`, or why the issuer
    /// cannot be used.
    pub async fn start_login(self: &Arc<Self>, request: StartLogin) -> Result<LoginView> {
        let typed = Typed { fields: &request.fields, keep: &request.keep };
        let entry = self.enter(&request.connection, &request.login, &typed).await?;
        // Without a place for what comes of a login, none is begun: the person decides first.
        self.store.ready()?;
        self.give_up_logins_of(&request.connection);
        match entry.login.grant.clone() {
            Grant::AuthorizationCode(method) => self.start_in_browser(request, entry, &method).await,
            Grant::DeviceCode(method) => self.start_on_device(entry, &method).await,
            _ => Err(Error::input("login", "This way in needs no browser.")),
        }
    }

    /// Opens the browser again: for the login, or where its code is entered.
    ///
    /// # Errors
    /// `login_ended`.
    pub fn open_login_page(self: &Arc<Self>, id: &str) -> Result<()> {
        let view = self.logins.get(id)?;
        self.logins.change(id, |view| view.browser_opened = true);
        self.open_browser(id, parse_url(&view.authorization_url)?);
        Ok(())
    }

    /// The logins that are known, the oldest first.
    pub fn list_logins(&self) -> Vec<LoginView> {
        self.logins.all()
    }

    /// Takes the address that the person pasted. Only a whole redirect with the right `state` counts; a bare code does
    /// not, so that nobody can be talked into handing one over (security.md B16).
    ///
    /// # Errors
    /// `not_our_redirect` or `login_ended`. The login still waits.
    pub fn finish_login(&self, request: &FinishLogin) -> Result<LoginView> {
        let text = request.redirect_url.expose().trim();
        let no =
            |why: &str| Error { field: Some("redirect_url".to_owned()), ..Error::new(ErrorCode::NotOurRedirect, why) };
        let whole = Url::parse(text).ok().filter(|url| url.query().is_some() && text.len() <= LONGEST);
        let redirect = whole.ok_or_else(|| no("This is not a whole address: it must begin with the redirect URI."))?;
        match self.receive(&redirect) {
            Ok(id) => self.logins.get(&id),
            Err(Ignored::AlreadyUsed) => Err(Error::new(ErrorCode::LoginEnded, "This address was used already.")),
            Err(Ignored::Expired) => Err(Error::new(ErrorCode::LoginEnded, "This login has expired.")),
            Err(Ignored::WrongState) => Err(no("The address belongs to another login.")),
            Err(Ignored::Malformed | Ignored::NoLoginWaiting) => {
                Err(no("This is not the address that the login ends on."))
            }
        }
    }

    /// Takes a link that the system handed over. Anything that is not exactly our redirect URI with a waiting login's
    /// `state` changes nothing (security.md C1, C2, C5).
    pub fn receive_link(&self, link: &str) {
        const LONGEST_LINK: usize = 8 * 1024;
        let fits = link.len() <= LONGEST_LINK && !link.chars().any(char::is_control);
        let link = if fits { Url::parse(link).ok() } else { None };
        if let Some(link) = link.filter(|link| link.scheme() == URI_SCHEME) {
            let _ = self.receive(&link);
        }
    }

    /// Gives a login up. One that is over stays as it is.
    ///
    /// # Errors
    /// `login_ended` when it is not known.
    pub fn cancel_login(&self, id: &str) -> Result<LoginView> {
        // A code that is being exchanged is not called back: what comes of it is kept.
        if self.logins.leave_waiting(id, LoginState::Cancelled) {
            self.logins.call_off(id);
            let view = self.logins.get(id)?;
            self.events.record(&view.connection, ActivityEvent::LoginCancelled);
            self.events.signal(Signal::LoginChanged(id.to_owned()));
        }
        self.logins.get(id)
    }

    pub(super) fn give_up_logins_of(&self, connection: &str) {
        for id in self.logins.waiting(connection) {
            let _ = self.cancel_login(&id);
        }
    }

    /// Where listener, link and paste meet.
    fn receive(&self, redirect: &Url) -> std::result::Result<String, Ignored> {
        let outcome = self.attempts.receive(redirect, self.clock.now());
        if let Err(reason) = outcome {
            let event = ActivityEvent::RedirectIgnored { reason };
            self.events.happened(Happening { event, connection: None, run: None, chain: None, took: None });
        }
        outcome
    }

    /// In the background: some systems' openers run as long as the browser does.
    fn open_browser(self: &Arc<Self>, id: &str, url: Url) {
        let (this, id) = (self.clone(), id.to_owned());
        tokio::task::spawn_blocking(move || {
            if let Err(error) = this.browser.open(&url) {
                tracing::warn!(%error, "the browser was not opened");
                this.logins.change(&id, |view| view.browser_opened = false);
                this.events.signal(Signal::LoginChanged(id));
            }
        });
    }

    /// By the wall clock, looked at each second: a timer alone would stand still while the machine sleeps.
    async fn until(&self, instant: Timestamp) {
        while self.clock.now() < instant {
            let left = instant.duration_since(self.clock.now()).unsigned_abs();
            tokio::time::sleep(left.min(Duration::from_secs(1))).await;
        }
    }

    /// Keeps what a login gave and finds out whose it is.
    async fn logged_in(&self, entry: &Entry, answered: BTreeMap<String, String>, set: TokenSet) -> Result<()> {
        let id = &entry.account.connection.id;
        self.tokens.replace(&entry.account.owner, entry.keeping(set), entry.begun).await?;
        // Another person may have logged in.
        self.desk.forget(id);
        self.lines.forget(id);
        let edited = self.connections.edit(id, |connection| {
            connection.login = Some(entry.login.id.clone());
            // What another login's answer said may be of another person.
            let others = entry.account.provider.logins.iter().flat_map(Login::answered);
            others.for_each(|name| _ = connection.parameters.remove(name));
            connection.parameters.extend(entry.remembered().chain(answered));
        });
        if let Err(error) = edited {
            // Removed meanwhile: nothing of it stays behind. A list that cannot be written costs no login.
            if error.code == ErrorCode::UnknownConnection {
                self.tokens.forget(id).await?;
            }
            return Err(error);
        }
        // A slow server must not make a login look unfinished.
        let name = tokio::time::timeout(NAME_TIME, self.desk.name_of_person(&self.account(id)?)).await.ok().flatten();
        let another =
            name.is_some() && entry.account.connection.identity.as_ref().is_some_and(|it| Some(it) != name.as_ref());
        if let Err(error) = self.connections.edit(id, |connection| connection.identity = name) {
            tracing::warn!(%error, "the person's name was not kept");
        }
        if another {
            // Other programs were granted that one's token (security.md I7).
            self.broker.forget(id)?;
        }
        self.events.signal(Signal::ConnectionChanged(Some(id.clone())));
        Ok(())
    }

    /// Ends a login that is not over yet.
    fn end(&self, id: &str, state: LoginState, error: Option<Error>) {
        let mut ended = None;
        self.logins.change(id, |view| {
            if matches!(view.state, LoginState::Waiting | LoginState::Exchanging) {
                view.state = state;
                view.error.clone_from(&error);
                ended = Some(view.connection.clone());
            }
        });
        let Some(connection) = ended else { return };
        let event = match (state, error) {
            (LoginState::Expired, _) => Some(ActivityEvent::LoginExpired),
            (_, Some(error)) => Some(ActivityEvent::LoginFailed { code: error.code }),
            _ => None,
        };
        if let Some(event) = event {
            self.events.record(&connection, event);
        }
        self.events.signal(Signal::LoginChanged(id.to_owned()));
    }
}
