//! Logging out: at the server as far as it offers a way, and here always.

use std::sync::Arc;

use serde::Serialize;
use specta::Type;

use super::Keydesk;
use super::connections::ConnectionView;
use crate::account::Account;
use crate::error::{Error, Result};
use crate::event::ActivityEvent;
use crate::token::Revocations;

/// A connection that was logged out.
#[derive(Debug, Clone, Serialize, Type)]
pub struct LogOutView {
    /// As it is now.
    pub connection: ConnectionView,
    /// What the server confirmed, and what it did not.
    pub at_server: Revocations,
}

impl Keydesk {
    /// Ends the tokens at the server, and deletes what is kept of them whatever it answers.
    ///
    /// # Errors
    /// `keychain_*`: they may still be kept here.
    pub async fn log_out(self: &Arc<Self>, connection: &str) -> Result<LogOutView> {
        // In a task of its own: half of it must not be left when whoever asked goes away.
        let (this, id) = (self.clone(), connection.to_owned());
        let task = tokio::spawn(async move { this.log_out_to_its_end(&id).await });
        task.await.map_err(|fault| Error::of_task("log out", &fault))?
    }

    async fn log_out_to_its_end(&self, connection: &str) -> Result<LogOutView> {
        self.connections.get(connection)?;
        self.give_up_logins_of(connection);
        self.lines.forget(connection);
        // A connection whose provider is gone has nobody to tell.
        let at_server = match self.account(connection) {
            Ok(account) => self.revoke(&account).await,
            Err(_) => Revocations::default(),
        };
        self.tokens.forget(connection).await?;
        self.transfers.log_out(connection).await;
        // Once more: one that began meanwhile had the token yet.
        self.lines.forget(connection);
        self.desk.forget(connection);
        self.connections.edit(connection, |connection| connection.identity = None)?;
        for what in &at_server.revoked {
            self.events.record(connection, ActivityEvent::TokenRevoked { what: *what });
        }
        for not in &at_server.not_revoked {
            let event = ActivityEvent::TokenNotRevoked { what: not.what, code: not.error.code };
            self.events.record(connection, event);
        }
        self.tell(connection, ActivityEvent::LoggedOut);
        Ok(LogOutView { connection: self.view_of(connection)?, at_server })
    }

    async fn revoke(&self, account: &Account) -> Revocations {
        // Unreadable or none: nothing to end.
        let Ok(Some(set)) = self.tokens.at_hand(&account.owner).await else { return Revocations::default() };
        set.revoke(&account.owner).await
    }
}
