//! Logging in with the browser: bind, open, wait, exchange, keep.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::{oneshot, watch};
use url::Url;

use super::StartLogin;
use super::entry::{Entry, REDIRECT_URI};
use super::logins::{LoginState, LoginView};
use crate::clock::after;
use crate::error::{Error, ErrorCode, Result};
use crate::event::{ActivityEvent, Ignored, ReceiveBy, Signal};
use crate::grant::{AuthorizationRequest, Expected, OAuthClient, TokenEndpoint, check_id_token, of_oauth};
use crate::keydesk::Keydesk;
use crate::provider::{AuthorizationCode, LoginGrant};
use crate::redact::one_line;
use crate::redirect::{AuthorizationResponse, Listener, Listening, SCHEME_REDIRECT_URI, URI_SCHEME, Waiting};
use crate::token::TokenSet;
use crate::transport::{Limits, authority};

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
    entry: Entry,
    asked: Asked,
    response: oneshot::Receiver<AuthorizationResponse>,
    cancelled: watch::Receiver<bool>,
    listening: Option<Listening>,
}

impl Keydesk {
    pub(super) async fn start_in_browser(
        self: &Arc<Self>,
        request: StartLogin,
        entry: Entry,
        method: &AuthorizationCode,
    ) -> Result<LoginView> {
        let redirect_uri = any_address(&entry.fill(&method.redirect_uri)?)?;
        let endpoint = entry.url(&method.authorization_endpoint)?;
        // All endpoints are looked at before the person is sent anywhere.
        let token_endpoint = token_endpoint(&entry, method)?;
        if let Some(other) = &method.other_spelling {
            look_for(&entry, &endpoint, &entry.fill(other)?).await?;
        }
        let listener = match request.receive_by {
            ReceiveBy::Loopback => Some(Listener::bind(redirect_uri.clone()).await?),
            ReceiveBy::UriScheme | ReceiveBy::Paste => None,
        };
        let redirect_uri = match (&listener, request.receive_by) {
            (Some(listener), _) => listener.redirect_uri().clone(),
            (None, ReceiveBy::UriScheme) => any_address(SCHEME_REDIRECT_URI)?,
            (None, _) => redirect_uri,
        };
        let scope = method.scope.as_deref().map(|scope| entry.fill(scope)).transpose()?;
        let scope = scope.filter(|scope| !scope.trim().is_empty());
        let asked = Asked {
            request: AuthorizationRequest::new(&endpoint, &token_endpoint.client.id, scope.as_deref(), &redirect_uri)?,
            scope,
            token_endpoint,
            expires_at: after(self.clock.now(), i64::from(self.settings.get().login_seconds)),
        };
        if request.receive_by == ReceiveBy::UriScheme {
            self.keep_pending(&request, &entry, &asked).await;
        }
        let url = asked.request.url.clone();
        let underway = self.await_redirect(&request, entry, asked, listener);
        let view = self.logins.get(&underway.id)?;
        self.open_browser(&view.id, url);
        tokio::spawn(self.clone().see_through(underway));
        Ok(view)
    }

    /// Registers the attempt and lets the listener hear, before the browser is opened.
    pub(super) fn await_redirect(
        self: &Arc<Self>,
        request: &StartLogin,
        entry: Entry,
        asked: Asked,
        listener: Option<Listener>,
    ) -> Underway {
        let id = uuid::Uuid::new_v4().to_string();
        let metadata = entry.metadata.as_ref();
        let response = self.attempts.wait(Waiting {
            id: id.clone(),
            state: asked.request.state.clone(),
            redirect_uri: asked.request.redirect_uri.clone(),
            issuer: metadata.map(|metadata| metadata.issuer.clone()),
            issuer_promised: metadata.is_some_and(|it| it.authorization_response_iss_parameter_supported),
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
            connection: entry.account.connection.id.clone(),
            grant: LoginGrant::AuthorizationCode,
            state: LoginState::Waiting,
            receive_by: request.receive_by,
            authorization_url: asked.request.url.to_string(),
            redirect_uri: asked.request.redirect_uri.to_string(),
            device: None,
            expires_at: asked.expires_at,
            browser_opened: true,
            error: None,
        });
        self.events.record(&request.connection, ActivityEvent::LoginStarted { receive_by: request.receive_by });
        self.events.signal(Signal::LoginChanged(id.clone()));
        Underway { id, entry, asked, response, cancelled, listening }
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
        let _exchanging = self.logins.exchanging().await;
        match self.take(underway, response).await {
            Ok(()) => self.end(&id, LoginState::Done, None),
            Err(error) => self.end(&id, LoginState::Failed, Some(error)),
        }
    }

    async fn take(&self, underway: Underway, response: AuthorizationResponse) -> Result<()> {
        let Underway { id, mut entry, asked, listening, .. } = underway;
        let Asked { request, scope, token_endpoint, .. } = asked;
        if let Some(listening) = listening {
            tokio::spawn(listening.finish());
        }
        self.events.signal(Signal::LoginChanged(id));
        let code = match response {
            AuthorizationResponse::Code(code) => code,
            AuthorizationResponse::Error(oauth) => return Err(of_oauth(oauth)),
            AuthorizationResponse::WrongIssuer => {
                let message = "The redirect came from another authorization server than the one that was asked.";
                return Err(Error::new(ErrorCode::IssuerWrong, message));
            }
        };
        let mut response = entry.account.owner.client.exchange_code(&token_endpoint, &request, &code).await?;
        let now = self.clock.now();
        if entry.login.ignores_id_token() {
            response.id_token = None;
        }
        // Before anything is kept (security.md A6).
        if let Some(id_token) = &response.id_token {
            let issuer = entry.metadata.as_ref().map(|metadata| metadata.issuer.as_str());
            let client_id = &token_endpoint.client.id;
            let expected = Expected { issuer, client_id, nonce: request.nonce.as_ref() };
            // Its end is one of the server's clock.
            check_id_token(id_token, &expected, response.date.unwrap_or(now))?;
        }
        if let Some(typed) = entry.made_with.get_mut(REDIRECT_URI) {
            // With the port that it had: a refresh may have to name it.
            *typed = request.redirect_uri.to_string();
        }
        let mut bound = entry.bound()?;
        bound.token_endpoint = Some(token_endpoint.url);
        bound.confidential = token_endpoint.client.secret.is_some();
        bound.client_id = Some(token_endpoint.client.id);
        let set = TokenSet::of(response, scope.as_deref(), bound, &entry.account.provider.renewal, now);
        let granted = set.scope.as_deref().map(|scope| one_line(scope, 300));
        self.logged_in(&entry, BTreeMap::new(), set).await?;
        self.events.record(&entry.account.connection.id, ActivityEvent::LoginCompleted { scope: granted });
        Ok(())
    }
}

pub(super) fn token_endpoint(entry: &Entry, method: &AuthorizationCode) -> Result<TokenEndpoint> {
    let client = OAuthClient::of(&method.client, &entry.inputs)?;
    let mut endpoint = TokenEndpoint::new(entry.url(&method.token_endpoint)?, client);
    endpoint.encoding = method.encoding.of(&entry.inputs)?;
    Ok(endpoint)
}

/// Whether the authorization endpoint is there, before the person is sent to a page that is not. Asked without any
/// parameter: only 404 says something.
async fn look_for(entry: &Entry, endpoint: &Url, other: &str) -> Result<()> {
    let transport = entry.account.owner.client.transport();
    let request = transport.request(reqwest::Method::GET, endpoint.clone())?.build();
    let request = request.map_err(|error| Error::internal("build the request", error.without_url()))?;
    match transport.send(request, Limits::TOKEN).await {
        Ok(answer) if answer.status == 404 => {
            let message = format!(
                "{} has no authorization endpoint at {} (404). The vendor’s documents also spell it {other}: put that \
                 into the connection’s addresses.",
                authority(endpoint),
                endpoint.path(),
            );
            Err(Error { field: Some("authorization_endpoint".to_owned()), ..Error::new(ErrorCode::NotFound, message) }
                .with_status(404))
        }
        // The browser finds out, and may have a way that this process has not.
        _ => Ok(()),
    }
}

/// A redirect URI may be http with a name that leads to this machine.
pub(super) fn any_address(text: &str) -> Result<Url> {
    Url::parse(text).map_err(|error| Error::new(ErrorCode::InvalidInput, format!("“{text}” is no address ({error}).")))
}
