//! Logging in with a browser elsewhere (RFC 8628): show the code, poll, keep.

use std::sync::Arc;
use std::time::Duration;

use qrcode::{Color, QrCode};
use tokio::sync::watch;

use super::entry::Entry;
use super::logins::{DeviceView, LoginState, LoginView};
use crate::clock::after;
use crate::error::{Error, Result};
use crate::event::{ActivityEvent, ReceiveBy, Signal};
use crate::grant::{DeviceAuthorization, Expected, OAuthClient, Poll, TokenEndpoint, TokenResponse, check_id_token};
use crate::keydesk::Keydesk;
use crate::provider::{DeviceCode, LoginGrant};
use crate::redact::one_line;
use crate::token::TokenSet;

/// All that a waiting device login needs.
struct Underway {
    id: String,
    entry: Entry,
    authorization: DeviceAuthorization,
    endpoint: TokenEndpoint,
    scope: Option<String>,
    cancelled: watch::Receiver<bool>,
}

impl Keydesk {
    pub(super) async fn start_on_device(self: &Arc<Self>, entry: Entry, method: &DeviceCode) -> Result<LoginView> {
        let url = entry.url(&method.device_authorization_endpoint)?;
        let client = OAuthClient::of(&method.client, &entry.inputs)?;
        let endpoint = TokenEndpoint::new(entry.url(&method.token_endpoint)?, client);
        let scope = method.scope.as_deref().map(|scope| entry.fill(scope)).transpose()?;
        let scope = scope.filter(|scope| !scope.trim().is_empty());
        let client = &entry.account.owner.client;
        let authorization = client.device_authorization(&url, &endpoint.client, scope.as_deref()).await?;
        let id = uuid::Uuid::new_v4().to_string();
        let connection = entry.account.connection.id.clone();
        let view = LoginView {
            id: id.clone(),
            connection: connection.clone(),
            grant: LoginGrant::DeviceCode,
            state: LoginState::Waiting,
            receive_by: ReceiveBy::Loopback,
            authorization_url: authorization.verification_uri.to_string(),
            redirect_uri: String::new(),
            device: Some(device_view(&authorization)),
            expires_at: after(self.clock.now(), i64::from(authorization.expires_in)),
            // Not opened: the person looks at the code first (RFC 8628 section 5.4).
            browser_opened: true,
            error: None,
        };
        let cancelled = self.logins.add(view.clone());
        self.events.record(&connection, ActivityEvent::DeviceLoginStarted);
        self.events.signal(Signal::LoginChanged(id.clone()));
        let underway = Underway { id, entry, authorization, endpoint, scope, cancelled };
        tokio::spawn(self.clone().poll_through(underway, view.expires_at));
        Ok(view)
    }

    async fn poll_through(self: Arc<Self>, mut underway: Underway, expires_at: jiff::Timestamp) {
        let id = underway.id.clone();
        let mut cancelled = underway.cancelled.clone();
        let (client, code) = (underway.entry.account.owner.client.clone(), underway.authorization.device_code.clone());
        let outcome = tokio::select! {
            outcome = poll(&mut underway) => Some(outcome),
            _ = cancelled.wait_for(|cancelled| *cancelled) => None,
            () = self.until(expires_at) => None,
        };
        let _exchanging = self.logins.exchanging().await;
        client.spent([&code]);
        let Some(outcome) = outcome else { return self.end(&id, LoginState::Expired, None) };
        let outcome = match outcome {
            // Given up in the meantime: what came of it is not kept.
            Ok(_) if !self.logins.leave_waiting(&id, LoginState::Exchanging) => return,
            Ok(response) => self.take_device(underway, response).await,
            Err(error) => Err(error),
        };
        match outcome {
            Ok(()) => self.end(&id, LoginState::Done, None),
            Err(error) => self.end(&id, LoginState::Failed, Some(error)),
        }
    }

    async fn take_device(&self, underway: Underway, response: TokenResponse) -> Result<()> {
        let Underway { entry, endpoint, scope, .. } = underway;
        let mut bound = entry.bound()?;
        bound.token_endpoint = Some(endpoint.url);
        let now = self.clock.now();
        if let Some(id_token) = &response.id_token {
            let issuer = entry.metadata.as_ref().map(|metadata| metadata.issuer.as_str());
            let expected = Expected { issuer, client_id: &endpoint.client.id, nonce: None };
            check_id_token(id_token, &expected, response.date.unwrap_or(now))?;
        }
        bound.confidential = endpoint.client.secret.is_some();
        bound.client_id = Some(endpoint.client.id);
        let set = TokenSet::of(response, scope.as_deref(), bound, &entry.account.provider.renewal, now);
        let granted = set.scope.as_deref().map(|scope| one_line(scope, 300));
        self.logged_in(&entry, std::collections::BTreeMap::new(), set).await?;
        self.events.record(&entry.account.connection.id, ActivityEvent::LoginCompleted { scope: granted });
        Ok(())
    }
}

/// Polls until the person is ready or it is over (RFC 8628 section 3.5).
async fn poll(underway: &mut Underway) -> Result<TokenResponse> {
    let mut interval = Duration::from_secs(u64::from(underway.authorization.interval.max(1)));
    let client = &underway.entry.account.owner.client;
    loop {
        tokio::time::sleep(interval).await;
        match client.poll(&underway.endpoint, &underway.authorization.device_code, interval).await? {
            Poll::Done(response) => return Ok(*response),
            Poll::Pending(from_now_on) => interval = from_now_on,
        }
    }
}

fn device_view(authorization: &DeviceAuthorization) -> DeviceView {
    let complete = authorization.verification_uri_complete.as_ref().unwrap_or(&authorization.verification_uri);
    DeviceView {
        user_code: authorization.user_code.clone(),
        verification_uri: authorization.verification_uri.to_string(),
        // Without a QR code the login works as well.
        qr: qr(complete.as_str()).unwrap_or_default(),
    }
}

fn qr(text: &str) -> Result<Vec<String>> {
    let code = QrCode::new(text).map_err(|error| Error::internal("draw the QR code", error))?;
    let dark = |color: &Color| if *color == Color::Dark { '1' } else { '0' };
    Ok(code.to_colors().chunks(code.width()).map(|row| row.iter().map(dark).collect()).collect())
}
