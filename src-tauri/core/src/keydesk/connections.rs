//! Connections: list, add, edit, remove.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use specta::Type;

use super::Keydesk;
use crate::action::Account;
use crate::connection::{Connection, check_parameters};
use crate::error::{Error, Result};
use crate::event::{ActivityEvent, Signal};
use crate::token::TokenView;

/// A connection as the interface shows it.
#[derive(Debug, Clone, Serialize, Type)]
pub struct ConnectionView {
    /// Its id.
    pub id: String,
    /// Its provider's id.
    pub provider: String,
    /// Its provider's name.
    pub provider_name: String,
    /// The colour of its tile, in degrees.
    pub hue: u16,
    /// As the person calls it.
    pub label: String,
    /// A second line: the environment.
    pub detail: String,
    /// The way in that was used last.
    pub login: Option<String>,
    /// What its parameters are set to.
    pub parameters: BTreeMap<String, String>,
    /// Whether it goes to the sandbox.
    pub sandbox: bool,
    /// Who logged in.
    pub identity: Option<String>,
    /// How it stands with the token.
    pub token: TokenView,
}

/// A new connection.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct AddConnection {
    /// The provider.
    pub provider: String,
    /// Its name; none for the provider's.
    pub label: Option<String>,
    /// Parameters, and variables to override.
    pub parameters: BTreeMap<String, String>,
    /// Whether it goes to the sandbox.
    pub sandbox: bool,
}

/// What a connection is changed to.
#[derive(Debug, Clone, Deserialize, Type)]
pub struct EditConnection {
    /// The connection.
    pub connection: String,
    /// Its new name.
    pub label: String,
    /// Its new parameters.
    pub parameters: BTreeMap<String, String>,
}

impl Keydesk {
    /// All connections, in the order in which they were added.
    pub fn list_connections(&self) -> Vec<ConnectionView> {
        self.accounts().map(|account| self.view(&account)).collect()
    }

    /// Adds a connection. Nothing is sent.
    ///
    /// # Errors
    /// `unknown_provider`, `invalid_input` that names the parameter, or `internal` when it cannot be saved.
    pub fn add_connection(&self, request: AddConnection) -> Result<ConnectionView> {
        let provider = self.registry.get(&request.provider)?.clone();
        check_parameters(&provider, &request.parameters)?;
        let label = request.label.as_deref().map(str::trim).filter(|label| !label.is_empty());
        let mut connection = Connection {
            id: uuid::Uuid::new_v4().to_string(),
            provider: provider.id.clone(),
            label: provider.name.clone(),
            parameters: request.parameters,
            sandbox: request.sandbox,
            login: None,
            identity: None,
        };
        // Its addresses are looked at before it is kept.
        Account::new(connection.clone(), provider.clone())?;
        let connection = self.connections.add(|others| {
            connection.label = label.map_or_else(|| free_label(&provider.name, others), str::to_owned);
            connection
        })?;
        let account = Account::new(connection, provider)?;
        self.tell(&account.connection.id, ActivityEvent::ConnectionAdded);
        Ok(self.view(&account))
    }

    /// Renames a connection or changes its parameters. A token that was made for another server is not used there.
    ///
    /// # Errors
    /// `unknown_connection`, `invalid_input`, or `internal` when it cannot be saved.
    pub fn edit_connection(&self, request: EditConnection) -> Result<ConnectionView> {
        let account = self.account(&request.connection)?;
        let label = request.label.trim();
        if label.is_empty() {
            return Err(Error::input("label", "A connection needs a name."));
        }
        check_parameters(&account.provider, &request.parameters)?;
        let edited =
            Connection { label: label.to_owned(), parameters: request.parameters, ..account.connection.clone() };
        let edited = Account::new(edited, account.provider)?;
        self.connections.edit(&request.connection, |connection| *connection = edited.connection.clone())?;
        self.desk.forget(&request.connection);
        self.events.signal(Signal::ConnectionChanged(Some(request.connection.clone())));
        Ok(self.view(&edited))
    }

    /// Removes a connection with everything that is kept for it. Logs out nowhere.
    ///
    /// # Errors
    /// `unknown_connection`, or `keychain_*` when its tokens may still be there; the connection then stays.
    pub async fn remove_connection(&self, id: &str) -> Result<()> {
        self.connections.get(id)?;
        self.give_up_logins_of(id);
        self.tokens.forget(id).await?;
        self.desk.forget(id);
        self.connections.remove(id)?;
        self.tell(id, ActivityEvent::ConnectionRemoved);
        Ok(())
    }

    /// The connection with its provider.
    pub(super) fn account(&self, id: &str) -> Result<Account> {
        let connection = self.connections.get(id)?;
        let provider = self.registry.get(&connection.provider)?.clone();
        Account::new(connection, provider)
    }

    /// All of them; one whose provider is not known any more is left out.
    pub(super) fn accounts(&self) -> impl Iterator<Item = Account> {
        self.connections.all().into_iter().filter_map(|connection| {
            let provider: Arc<_> = self.registry.get(&connection.provider).ok()?.clone();
            Account::new(connection, provider).ok()
        })
    }

    pub(super) fn view(&self, account: &Account) -> ConnectionView {
        let Account { connection, provider, owner } = account;
        ConnectionView {
            id: connection.id.clone(),
            provider: provider.id.clone(),
            provider_name: provider.name.clone(),
            hue: provider.hue,
            label: connection.label.clone(),
            detail: connection.detail(provider),
            login: connection.login.clone(),
            parameters: connection.parameters.clone(),
            sandbox: connection.sandbox,
            identity: connection.identity.clone(),
            token: self.tokens.view(owner),
        }
    }

    pub(super) fn view_of(&self, id: &str) -> Result<ConnectionView> {
        Ok(self.view(&self.account(id)?))
    }

    /// Records a fact of a connection and says that it changed.
    pub(super) fn tell(&self, connection: &str, event: ActivityEvent) {
        self.events.record(connection, event);
        self.events.signal(Signal::ConnectionChanged(Some(connection.to_owned())));
    }
}

/// The provider's name, numbered from the second on.
fn free_label(name: &str, others: &[Connection]) -> String {
    let numbered = (2..).map(|number| format!("{name} {number}"));
    let mut labels = std::iter::once(name.to_owned()).chain(numbered);
    let taken = |label: &String| others.iter().any(|other| &other.label == label);
    labels.find(|label| !taken(label)).unwrap_or_else(|| name.to_owned())
}
