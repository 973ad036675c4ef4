//! Connections: list, add, edit, remove.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use specta::Type;

use super::Keydesk;
use crate::account::Account;
use crate::connection::{AddressView, Connection, check_parameters};
use crate::error::{Error, Result};
use crate::event::{ActivityEvent, Signal};
use crate::provider::{Keep, Login};
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
    /// Its addresses, which can be overridden.
    pub addresses: Vec<AddressView>,
    /// A certificate authority in PEM that is trusted for it.
    pub ca: Option<String>,
    /// The secret fields of its login that are kept in the keychain.
    pub kept: Vec<String>,
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
    /// A certificate authority in PEM that is trusted for it.
    #[serde(default)]
    pub ca: Option<String>,
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
    /// A certificate authority in PEM that is trusted for it.
    #[serde(default)]
    pub ca: Option<String>,
}

impl Keydesk {
    /// All connections, in the order in which they were added.
    pub fn list_connections(&self) -> Vec<ConnectionView> {
        let view = |connection: Connection| match self.account_of(connection.clone()) {
            Ok(account) => self.view(&account),
            Err(error) => unusable(connection, error),
        };
        self.connections.all().into_iter().map(view).collect()
    }

    /// Those that a name means: the one with this id, else those with this label, else with this label in other case.
    pub fn connections_named(&self, name: &str) -> Vec<ConnectionView> {
        let all = self.list_connections();
        let ways: [&dyn Fn(&ConnectionView) -> bool; 3] =
            [&|it| it.id == name, &|it| it.label == name, &|it| it.label.to_lowercase() == name.to_lowercase()];
        let named = ways.iter().map(|way| all.iter().filter(|it| way(it)).cloned().collect::<Vec<_>>());
        named.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// Adds a connection. Nothing is sent.
    ///
    /// # Errors
    /// `unknown_provider`, `invalid_input` that names the parameter, or `internal` when it cannot be saved.
    pub fn add_connection(&self, request: AddConnection) -> Result<ConnectionView> {
        let provider = self.registry.get(&request.provider)?;
        check_parameters(&provider, &request.parameters)?;
        let label = request.label.as_deref().map(str::trim).filter(|label| !label.is_empty());
        let mut connection = Connection {
            id: uuid::Uuid::new_v4().to_string(),
            provider: provider.id.clone(),
            label: provider.name.clone(),
            parameters: request.parameters,
            ca: pem(request.ca),
            sandbox: request.sandbox,
            login: None,
            identity: None,
            others: serde_json::Map::new(),
        };
        // Its addresses are looked at before it is kept.
        Account::new(connection.clone(), provider.clone(), &self.means)?;
        let connection = self.connections.add(|others| {
            connection.label = label.map_or_else(|| free_label(&provider.name, others), str::to_owned);
            Ok(connection)
        })?;
        let account = Account::new(connection, provider, &self.means)?;
        self.tell(&account.connection.id, ActivityEvent::ConnectionAdded);
        Ok(self.view(&account))
    }

    /// Renames a connection or changes its parameters. A token that was made for another server is not used there.
    ///
    /// # Errors
    /// `unknown_connection`, `invalid_input`, or `internal` when it cannot be saved.
    pub fn edit_connection(&self, request: EditConnection) -> Result<ConnectionView> {
        // Not by its account: a connection that cannot be used as it is must be mended here.
        let connection = self.connections.get(&request.connection)?;
        let provider = self.registry.get(&connection.provider)?;
        let label = request.label.trim();
        if label.is_empty() {
            return Err(Error::input("label", "A connection needs a name."));
        }
        check_parameters(&provider, &request.parameters)?;
        let mut parameters = request.parameters;
        // What the last login remembered is no part of the form.
        let remembered = provider.logins.iter().flat_map(Login::remembered);
        for name in remembered.map(str::to_owned) {
            if let Some(value) = connection.parameters.get(&name) {
                parameters.entry(name).or_insert_with(|| value.clone());
            }
        }
        let (old, ca) = ((connection.parameters.clone(), connection.ca.clone()), pem(request.ca));
        let edited = Connection { label: label.to_owned(), parameters, ca, ..connection };
        let edited = Account::new(edited, provider, &self.means)?;
        self.connections.edit(&request.connection, |connection| *connection = edited.connection.clone())?;
        self.desk.forget(&request.connection);
        if old != (edited.connection.parameters.clone(), edited.connection.ca.clone()) {
            // It may lead elsewhere now.
            self.lines.disconnect(&request.connection);
        }
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
        self.lines.forget(id);
        self.desk.forget(id);
        self.broker.forget(id)?;
        self.transfers.forget(id).await;
        self.runs.remove_of(id).await?;
        self.explorer.forget(id).await?;
        self.history.settled().await;
        self.history.clear(Some(id.to_owned())).await?;
        if self.triggers.remove_of(id)? {
            self.events.signal(Signal::TriggersChanged);
        }
        self.checks.remove_of(id)?;
        self.connections.remove(id)?;
        self.tell(id, ActivityEvent::ConnectionRemoved);
        Ok(())
    }

    /// The connection with its provider.
    pub(super) fn account(&self, id: &str) -> Result<Account> {
        self.account_of(self.connections.get_lately(id)?)
    }

    fn account_of(&self, connection: Connection) -> Result<Account> {
        let provider = self.registry.get(&connection.provider)?;
        Account::new(connection, provider, &self.means)
    }

    /// All of them that can be used.
    pub(super) fn accounts(&self) -> impl Iterator<Item = Account> {
        self.connections.all().into_iter().filter_map(|connection| self.account_of(connection).ok())
    }

    pub(super) fn view(&self, account: &Account) -> ConnectionView {
        let Account { connection, provider, owner } = account;
        let login = account.login();
        let set = login.and_then(|login| self.tokens.of_login(owner, &login.id));
        let fields = login.into_iter().flat_map(|login| &login.fields).filter(|field| field.keep != Keep::Never);
        let kept = fields.map(|field| field.id.clone());
        let kept = kept.filter(|id| set.as_ref().is_some_and(|set| set.kept.contains_key(id)));
        ConnectionView {
            id: connection.id.clone(),
            provider: provider.id.clone(),
            provider_name: provider.name.clone(),
            hue: provider.hue,
            label: connection.label.clone(),
            detail: connection.detail(provider),
            login: connection.login.clone(),
            parameters: connection.parameters.clone(),
            addresses: connection.addresses(provider),
            ca: connection.ca.clone(),
            kept: kept.collect(),
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

/// A certificate that was typed; an empty text is none.
fn pem(text: Option<String>) -> Option<String> {
    text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A connection whose provider is gone, or does not understand it any more. It is shown with the reason, so that it can be
/// mended or removed.
fn unusable(connection: Connection, error: Error) -> ConnectionView {
    ConnectionView {
        provider_name: connection.provider.clone(),
        hue: 0,
        detail: String::new(),
        addresses: Vec::new(),
        kept: Vec::new(),
        token: TokenView::none(Some(error)),
        id: connection.id,
        provider: connection.provider,
        label: connection.label,
        login: connection.login,
        parameters: connection.parameters,
        ca: connection.ca,
        sandbox: connection.sandbox,
        identity: connection.identity,
    }
}
