//! Logging out: at the server as far as it offers a way, and here always.

use std::sync::Arc;

use serde::Serialize;
use specta::Type;

use super::Keydesk;
use super::connections::ConnectionView;
use crate::error::{Error, Result};
use crate::event::{ActivityEvent, Signal};
use crate::token::{Ended, Revocations};

/// A connection that was logged out.
#[derive(Debug, Clone, Serialize, Type)]
pub struct LogOutView {
    /// As it is now.
    pub connection: ConnectionView,
    /// What the server confirmed, and what it did not.
    pub at_server: Revocations,
    /// Why something is still kept here, where that is so: it is deleted as soon as that can be.
    pub not_deleted: Option<Error>,
}

impl Keydesk {
    /// Ends the tokens at the server, and deletes what is kept of them whatever it answers.
    ///
    /// # Errors
    /// `keychain_*`: they may still be kept here, and will not be deleted later either.
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
        let Ended { at_server, not_deleted } = match self.account(connection) {
            Ok(account) => self.tokens.log_out(&account.owner).await?,
            // A connection whose provider is gone has nobody to tell.
            Err(_) => {
                self.tokens.forget(connection).await?;
                Ended { at_server: Revocations::default(), not_deleted: None }
            }
        };
        // Once more: one that began meanwhile had the token yet.
        self.after_log_out(connection).await;
        self.connections.edit(connection, |connection| connection.identity = None)?;
        for what in &at_server.revoked {
            self.events.record(connection, ActivityEvent::TokenRevoked { what: *what });
        }
        for not in &at_server.not_revoked {
            let event = ActivityEvent::TokenNotRevoked { what: not.what, code: not.error.code };
            self.events.record(connection, event);
        }
        self.tell(connection, ActivityEvent::LoggedOut);
        // They were granted this account's token.
        self.broker.forget(connection)?;
        Ok(LogOutView { connection: self.view_of(connection)?, at_server, not_deleted })
    }

    /// What was begun with a token that is over ends too.
    async fn after_log_out(&self, connection: &str) {
        self.transfers.log_out(connection).await;
        self.lines.forget(connection);
        self.desk.forget(connection);
    }

    /// Forgets what other processes have logged out.
    pub(super) async fn follow_log_outs(&self) {
        for connection in self.tokens.follow_log_outs().await {
            self.after_log_out(&connection).await;
            self.events.signal(Signal::ConnectionChanged(Some(connection)));
        }
    }

    /// The same, before a token is handed out.
    pub(super) async fn follow_log_out_of(&self, connection: &str) {
        if self.tokens.follow_log_out_of(connection) {
            self.after_log_out(connection).await;
        }
    }
}
