//! Tokens for other programs on this machine: what the person sets, and where the broker's tokens come from.

use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};

use super::Keydesk;
use crate::broker::{BrokerSettings, BrokerView, Coming, HandedOut, Source, is_locked};
use crate::error::{Error, ErrorCode, Result};
use crate::event::{GrantFor, KeptIn};
use crate::provider::{Grant, Presented};

impl Keydesk {
    /// How it stands with the broker.
    pub fn read_broker(&self) -> BrokerView {
        self.broker.view()
    }

    /// Keeps what the person set, and starts or stops the broker. Why it does not listen is in the view.
    ///
    /// # Errors
    /// `invalid_input` that names the field, or `internal` when the file cannot be written.
    pub async fn set_broker(self: &Arc<Self>, settings: BrokerSettings) -> Result<BrokerView> {
        self.broker.set(settings, self.source()).await?;
        Ok(self.broker.view())
    }

    /// Starts the broker if the person has it on. One that they were faster to switch on keeps its secrets.
    pub(super) async fn wake_broker(self: &Arc<Self>) {
        let settings = self.broker.settings();
        if settings.on && !self.broker.view().listening {
            // What it comes to is in the view.
            let _ = self.broker.start(&settings, self.source()).await;
        }
    }

    /// Starts the broker, whatever is set: for a machine without a window.
    ///
    /// # Errors
    /// `broker_busy` when another Keydesk or another program is in the way, or `internal`.
    pub async fn serve_broker(self: &Arc<Self>, settings: &BrokerSettings) -> Result<BrokerView> {
        self.broker.start(settings, self.source()).await?;
        Ok(self.broker.view())
    }

    /// Closes the broker because the process ends: its socket, port and files are gone when this returns.
    pub fn quit_broker(&self) {
        self.broker.quit();
    }

    /// Returns when no answer of a token endpoint is under way: a process that ends would lose it.
    pub async fn at_rest(&self) {
        self.logins.at_rest().await;
        self.tokens.at_rest().await;
        self.history.settled().await;
    }

    /// Adds a program that may ask.
    ///
    /// # Errors
    /// `invalid_input` of `name`, or `internal`.
    pub fn add_program(&self, name: &str) -> Result<BrokerView> {
        self.broker.add(name)?;
        Ok(self.broker.view())
    }

    /// Removes a program, with its grants and its secret.
    ///
    /// # Errors
    /// `invalid_input` where there is none, or `internal`.
    pub fn remove_program(&self, program: &str) -> Result<BrokerView> {
        self.broker.remove(program)?;
        Ok(self.broker.view())
    }

    /// Grants a program a connection, without its having asked.
    ///
    /// # Errors
    /// `unknown_connection`, `invalid_input` where there is no such program, or `internal`.
    pub fn grant_program(&self, program: &str, connection: &str, grant_for: GrantFor) -> Result<BrokerView> {
        self.connections.get(connection)?;
        self.broker.grant(program, connection, grant_for)?;
        Ok(self.broker.view())
    }

    /// Takes back what a program was granted of a connection.
    ///
    /// # Errors
    /// `invalid_input` where there is no such program, or `internal`.
    pub fn revoke_grant(&self, program: &str, connection: &str) -> Result<BrokerView> {
        self.broker.revoke(program, connection)?;
        Ok(self.broker.view())
    }

    /// Answers a program that waits; without a grant: no.
    ///
    /// # Errors
    /// `invalid_input` when it waits no more, or `internal` when the grant cannot be kept.
    pub fn answer_ask(&self, ask: &str, grant: Option<GrantFor>) -> Result<BrokerView> {
        self.broker.answer(ask, grant)?;
        Ok(self.broker.view())
    }

    fn source(self: &Arc<Self>) -> Arc<dyn Source> {
        Arc::new(Counter { keydesk: Arc::downgrade(self), locked: Mutex::default() })
    }

    /// A live access token for another program.
    async fn hand_out(&self, connection: &str, min_valid: u32) -> Result<HandedOut> {
        // What is worth a word is that it was handed out.
        let account = self.account(connection)?.quiet();
        // Perhaps in another process.
        self.follow_log_out_of(connection).await;
        let set = self.tokens.usable_for(&account.owner, min_valid).await?;
        if set.login(&account.owner).is_some_and(|login| matches!(login.grant, Grant::Basic(_))) {
            let message = "This login presents a user name and a password, and other programs get access tokens only: log in another way.";
            return Err(Error::new(ErrorCode::LoginNeeded, message));
        }
        let (header, query) = match account.presented(Some(&set))? {
            Presented::Header { name, prefix } => (Some((name, prefix)), None),
            Presented::Query(name) => (None, Some(name)),
        };
        Ok(HandedOut {
            access_token: set.access_token.clone(),
            expires_at: set.expires_at,
            header,
            query,
            chain: account.owner.chain.clone(),
        })
    }
}

/// How long a keychain that was found locked is left alone: each look at it may draw a dialog.
const LEFT_ALONE: Duration = Duration::from_secs(10);

/// Where the broker's tokens come from. It holds the core no longer than that lives.
struct Counter {
    keydesk: Weak<Keydesk>,
    /// When the keychain was found locked, and what it said.
    locked: Mutex<Option<(Instant, Error)>>,
}

impl Source for Counter {
    fn named(&self, name: &str) -> Vec<String> {
        let Some(keydesk) = self.keydesk.upgrade() else { return Vec::new() };
        keydesk.connections_named(name).into_iter().map(|connection| connection.id).collect()
    }

    fn token<'a>(&'a self, connection: &'a str, min_valid: u32) -> Coming<'a> {
        Box::pin(async move {
            let ended = || Error::internal("hand out a token", "Keydesk ends");
            let keydesk = self.keydesk.upgrade().ok_or_else(ended)?;
            self.look(&keydesk, connection).await?;
            keydesk.hand_out(connection, min_valid).await
        })
    }
}

impl Counter {
    /// Looks at what is kept. A token may be in memory still when the person has locked the place; other programs get none then
    /// (security.md I11). And another process may have renewed it, which they would not hear of (I8).
    async fn look(&self, keydesk: &Keydesk, connection: &str) -> Result<()> {
        let kept_in = keydesk.store.kept_in();
        if kept_in == KeptIn::Memory {
            return Ok(());
        }
        let locked = || self.locked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, error)) = locked().as_ref()
            && at.elapsed() < LEFT_ALONE
        {
            return Err(error.clone());
        }
        let account = keydesk.account(connection)?;
        let found = keydesk.tokens.look(&account.owner).await.err().filter(is_locked);
        // Only a keychain asks the person by itself.
        let draws = found.clone().filter(|_| kept_in == KeptIn::Keychain);
        *locked() = draws.map(|error| (Instant::now(), error));
        found.map_or(Ok(()), Err)
    }
}
