//! Logging in with the browser: bind, open, wait, exchange, keep.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;
use tokio::sync::{oneshot, watch};
use url::Url;

use super::Keydesk;
use crate::action::Account;
use crate::clock::after;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ActivityEvent, Ignored, ReceiveBy, Signal};
use crate::grant::{AuthorizationRequest, TokenEndpoint, of_oauth};
use crate::provider::{AuthorizationCode, Encoding, Grant, fill};
use crate::redact::one_line;
use crate::redirect::{AuthorizationResponse, LONGEST, Listener, Listening, SCHEME_REDIRECT_URI, URI_SCHEME, Waiting};
use crate::secret::Secret;
use crate::token::{Bound, KeychainState, TokenSet};
use crate::transport::check_url;

/// Starts a login.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct StartLogin {
    /// The connection.
    pub connection: String,
    /// The way in.
    pub login: String,
    /// How the redirect comes back.
    pub receive_by: ReceiveBy,
}

/// Finishes a login by a pasted address.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct FinishLogin {
    /// The login.
    pub login: String,
    /// The address that the browser ended on; the code is in it.
    pub redirect_url: Secret,
}

/// Where a login stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LoginState {
    /// For the person in the browser.
    Waiting,
    /// The code is being exchanged.
    Exchanging,
    /// The tokens are there.
    Done,
    /// It went wrong; `error` says how.
    Failed,
    /// The person gave it up.
    Cancelled,
    /// Its time ran out.
    Expired,
}

/// A login as the interface shows it.
#[derive(Debug, Clone, Serialize, Type)]
pub struct LoginView {
    /// Its id.
    pub id: String,
    /// The connection.
    pub connection: String,
    /// Where it stands.
    pub state: LoginState,
    /// How the redirect comes back.
    pub receive_by: ReceiveBy,
    /// Where the browser is sent.
    pub authorization_url: String,
    /// Where it comes back.
    pub redirect_uri: String,
    /// When it is given up.
    #[specta(type = String)]
    pub expires_at: Timestamp,
    /// Whether the browser was started, as far as can be told.
    pub browser_opened: bool,
    /// What went wrong.
    pub error: Option<Error>,
}

/// The logins of this process.
#[derive(Default)]
pub(super) struct Logins {
    all: Mutex<Vec<Entry>>,
}

struct Entry {
    view: LoginView,
    cancel: watch::Sender<bool>,
}

/// How long a login waits to learn whose it is.
const NAME_TIME: Duration = Duration::from_secs(5);
/// How many logins are remembered.
const REMEMBERED: usize = 32;

impl Logins {
    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, view: LoginView) -> watch::Receiver<bool> {
        let (cancel, cancelled) = watch::channel(false);
        let mut all = self.lock();
        if all.len() == REMEMBERED {
            all.remove(0);
        }
        all.push(Entry { view, cancel });
        cancelled
    }

    fn get(&self, id: &str) -> Result<LoginView> {
        let all = self.lock();
        let found = all.iter().find(|entry| entry.view.id == id).map(|entry| entry.view.clone());
        found.ok_or_else(|| Error::new(ErrorCode::LoginEnded, "This login is over."))
    }

    /// Moves a login on, if it still waits. Whoever comes first decides.
    fn leave_waiting(&self, id: &str, to: LoginState) -> bool {
        let mut all = self.lock();
        let waiting = all.iter_mut().find(|entry| entry.view.id == id && entry.view.state == LoginState::Waiting);
        waiting.map(|entry| entry.view.state = to).is_some()
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut LoginView)) {
        if let Some(entry) = self.lock().iter_mut().find(|entry| entry.view.id == id) {
            change(&mut entry.view);
        }
    }
}

/// What was asked of an authorization server, and where its answer is taken.
pub(super) struct Asked {
    pub request: AuthorizationRequest,
    pub scope: Option<String>,
    pub token_endpoint: TokenEndpoint,
    pub expires_at: Timestamp,
}

/// All that a waiting login needs.
pub(super) struct Underway {
    id: String,
    account: Account,
    login: String,
    asked: Asked,
    response: oneshot::Receiver<AuthorizationResponse>,
    cancelled: watch::Receiver<bool>,
    listening: Option<Listening>,
}

impl Keydesk {
    /// Starts a login and opens the browser. It goes on by itself; [`Signal::LoginChanged`] says when it moved.
    ///
    /// # Errors
    /// `port_busy`, `keychain_*` when there is nowhere to keep what comes of it, or `invalid_input`.
    pub async fn start_login(self: &Arc<Self>, request: StartLogin) -> Result<LoginView> {
        let account = self.account(&request.connection)?;
        let method = authorization_code(&account, &request.login)?;
        self.check_keychain()?;
        self.give_up_logins_of(&request.connection);
        let listener = match request.receive_by {
            ReceiveBy::Loopback => Some(Listener::bind(filled(&account, &method.redirect_uri)?).await?),
            ReceiveBy::UriScheme | ReceiveBy::Paste => None,
        };
        let redirect_uri = match (&listener, request.receive_by) {
            (Some(listener), _) => listener.redirect_uri().clone(),
            (None, ReceiveBy::UriScheme) => scheme_redirect_uri()?,
            (None, _) => filled(&account, &method.redirect_uri)?,
        };
        // Both endpoints are looked at before the person is sent anywhere.
        let endpoint = checked(filled(&account, &method.authorization_endpoint)?)?;
        let client_id = fill(&method.client_id, &account.connection.variables(&account.provider), Encoding::Plain)?;
        let asked = Asked {
            request: AuthorizationRequest::new(&endpoint, &client_id, method.scope.as_deref(), &redirect_uri)?,
            scope: method.scope,
            token_endpoint: TokenEndpoint { url: checked(filled(&account, &method.token_endpoint)?)?, client_id },
            expires_at: after(self.clock.now(), i64::from(self.settings.get().login_seconds)),
        };
        if request.receive_by == ReceiveBy::UriScheme {
            self.keep_pending(&request, &asked).await;
        }
        let url = asked.request.url.clone();
        let underway = self.await_redirect(&request, account, asked, listener);
        let view = self.logins.get(&underway.id)?;
        self.open_browser(&view.id, url);
        tokio::spawn(self.clone().see_through(underway));
        Ok(view)
    }

    /// Registers the attempt and lets the listener hear, before the browser is opened.
    pub(super) fn await_redirect(
        self: &Arc<Self>,
        request: &StartLogin,
        account: Account,
        asked: Asked,
        listener: Option<Listener>,
    ) -> Underway {
        let id = uuid::Uuid::new_v4().to_string();
        let response = self.attempts.wait(Waiting {
            id: id.clone(),
            state: asked.request.state.clone(),
            redirect_uri: asked.request.redirect_uri.clone(),
            expires_at: asked.expires_at,
        });
        let this = Arc::downgrade(self);
        let receive = move |redirect: &Url| match this.upgrade() {
            Some(keydesk) => keydesk.receive(redirect).map(drop),
            None => Err(Ignored::Expired),
        };
        let listening = listener.map(|listener| listener.listen(Arc::new(receive)));
        let cancelled = self.logins.add(LoginView {
            id: id.clone(),
            connection: account.connection.id.clone(),
            state: LoginState::Waiting,
            receive_by: request.receive_by,
            authorization_url: asked.request.url.to_string(),
            redirect_uri: asked.request.redirect_uri.to_string(),
            expires_at: asked.expires_at,
            browser_opened: true,
            error: None,
        });
        self.events.record(&request.connection, ActivityEvent::LoginStarted { receive_by: request.receive_by });
        self.events.signal(Signal::LoginChanged(id.clone()));
        let login = request.login.clone();
        Underway { id, account, login, asked, response, cancelled, listening }
    }

    /// The logins that are known, the oldest first.
    pub fn list_logins(&self) -> Vec<LoginView> {
        self.logins.lock().iter().map(|entry| entry.view.clone()).collect()
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
        let redirect = whole.ok_or_else(|| no("This is no whole address: it must begin with the redirect URI."))?;
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
            if let Some(entry) = self.logins.lock().iter().find(|entry| entry.view.id == id) {
                let _ = entry.cancel.send(true);
            }
            let view = self.logins.get(id)?;
            self.events.record(&view.connection, ActivityEvent::LoginCancelled);
            self.events.signal(Signal::LoginChanged(id.to_owned()));
        }
        self.logins.get(id)
    }

    pub(super) fn give_up_logins_of(&self, connection: &str) {
        let waiting: Vec<String> = {
            let all = self.logins.lock();
            let of_it = all.iter().filter(|entry| entry.view.connection == connection);
            of_it.filter(|entry| entry.view.state == LoginState::Waiting).map(|entry| entry.view.id.clone()).collect()
        };
        for id in waiting {
            let _ = self.cancel_login(&id);
        }
    }

    /// Where listener, link and paste meet.
    fn receive(&self, redirect: &Url) -> std::result::Result<String, Ignored> {
        let outcome = self.attempts.receive(redirect, self.clock.now());
        if let Err(reason) = outcome {
            let event = ActivityEvent::RedirectIgnored { reason };
            self.events.happened(crate::event::Happening { event, connection: None, run: None, took: None });
        }
        outcome
    }

    /// Without a place for what comes of a login, none is begun: the person decides first.
    pub(super) fn check_keychain(&self) -> Result<()> {
        let (state, message) = self.store.state();
        let code = match state {
            KeychainState::Ready | KeychainState::MemoryOnly | KeychainState::Checking => return Ok(()),
            KeychainState::Absent => ErrorCode::KeychainAbsent,
            KeychainState::Locked => ErrorCode::KeychainLocked,
            KeychainState::Silent => ErrorCode::KeychainSilent,
        };
        Err(Error::new(code, message.unwrap_or_else(|| "The keychain cannot be used.".to_owned())))
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

    pub(super) async fn see_through(self: Arc<Self>, mut underway: Underway) {
        let id = underway.id.clone();
        let by_scheme = underway.asked.request.redirect_uri.scheme() == URI_SCHEME;
        let response = tokio::select! {
            response = &mut underway.response => response.ok(),
            _ = underway.cancelled.wait_for(|cancelled| *cancelled) => None,
            () = self.until(underway.asked.expires_at) => None,
        };
        if by_scheme {
            self.drop_pending(&underway.asked).await;
        }
        let Some(response) = response.filter(|_| self.logins.leave_waiting(&id, LoginState::Exchanging)) else {
            // Closes the listener with it. Cancelled by the person, or else its time is over.
            self.attempts.give_up(&id);
            drop(underway);
            return self.end(&id, LoginState::Expired, None);
        };
        match self.take(underway, response).await {
            Ok(()) => self.end(&id, LoginState::Done, None),
            Err(error) => self.end(&id, LoginState::Failed, Some(error)),
        }
    }

    /// By the wall clock, looked at each second: a timer alone would stand still while the machine sleeps.
    async fn until(&self, instant: Timestamp) {
        while self.clock.now() < instant {
            let left = instant.duration_since(self.clock.now()).unsigned_abs();
            tokio::time::sleep(left.min(Duration::from_secs(1))).await;
        }
    }

    async fn take(&self, underway: Underway, response: AuthorizationResponse) -> Result<()> {
        let Underway { id, account, login, asked, listening, .. } = underway;
        let Asked { request, scope, token_endpoint, .. } = asked;
        if let Some(listening) = listening {
            tokio::spawn(listening.finish());
        }
        self.events.signal(Signal::LoginChanged(id));
        let code = match response {
            AuthorizationResponse::Code(code) => code,
            AuthorizationResponse::Error(oauth) => return Err(of_oauth(oauth)),
        };
        let connection = &account.connection.id;
        let response = self.client.exchange_code(connection, &token_endpoint, &request, &code).await?;
        let set = TokenSet::of(
            response,
            scope.as_deref(),
            Bound::new(Some(&token_endpoint), &account.owner.origins),
            &account.provider.renewal,
            self.clock.now(),
        );
        let granted = set.scope.as_deref().map(|scope| one_line(scope, 300));
        self.logged_in(&account, &login, set).await?;
        self.events.record(connection, ActivityEvent::LoginCompleted { scope: granted });
        Ok(())
    }

    /// Keeps what a login gave and finds out whose it is.
    pub(super) async fn logged_in(&self, account: &Account, login: &str, set: TokenSet) -> Result<()> {
        let id = &account.connection.id;
        self.tokens.replace(&account.owner, set).await?;
        self.desk.forget(id);
        if let Err(error) = self.connections.edit(id, |connection| connection.login = Some(login.to_owned())) {
            // Removed meanwhile: nothing of it stays behind.
            self.tokens.forget(id).await?;
            return Err(error);
        }
        // A slow server must not make a login look unfinished.
        let name = tokio::time::timeout(NAME_TIME, self.desk.name_of_person(account)).await.ok().flatten();
        if let Err(error) = self.connections.edit(id, |connection| connection.identity = name) {
            tracing::warn!(%error, "the person's name was not kept");
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

fn authorization_code(account: &Account, login: &str) -> Result<AuthorizationCode> {
    match account.provider.login(login).map(|login| &login.grant) {
        Some(Grant::AuthorizationCode(method)) => Ok(method.clone()),
        _ => Err(Error::input("login", format!("{} has no browser login “{login}”.", account.provider.name))),
    }
}

/// An address of the provider file. Redirect URIs may be http with a name that leads to this machine.
fn filled(account: &Account, template: &str) -> Result<Url> {
    let text = fill(template, &account.connection.variables(&account.provider), Encoding::Plain)?;
    Url::parse(&text).map_err(|error| Error::new(ErrorCode::InvalidInput, format!("“{text}” is no address ({error}).")))
}

fn checked(url: Url) -> Result<Url> {
    check_url(&url).map(|()| url)
}

fn scheme_redirect_uri() -> Result<Url> {
    Url::parse(SCHEME_REDIRECT_URI).map_err(|error| Error::internal("read the redirect URI", error))
}
