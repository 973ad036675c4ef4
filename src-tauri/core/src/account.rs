//! A connection with its provider, ready to be used.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use url::Url;

use crate::connection::Connection;
use crate::dial::Broker;
use crate::error::{Error, ErrorCode, Result};
use crate::event::ExchangeSource;
use crate::grant::TokenClient;
use crate::provider::{Action, Encoding, Grant, Inputs, Login, Presented, Provider, Variables, fill, fill_url};
use crate::redact::Redactor;
use crate::token::{Owner, TokenSet};
use crate::transport::{Transport, is_at, is_loopback, parse_url};

/// A connection with its provider.
#[derive(Clone)]
pub struct Account {
    /// The connection.
    pub connection: Connection,
    /// Its provider.
    pub provider: Arc<Provider>,
    /// As the owner of its tokens.
    pub owner: Owner,
}

/// What accounts are made with.
pub struct Means {
    /// The way to servers.
    pub transport: Transport,
    /// What is masked.
    pub redactor: Arc<Redactor>,
    /// The name of this installation, safe in a URL.
    pub installation_id: String,
    /// What accounts were worked out to be, by connection.
    pub worked_out: Mutex<HashMap<String, WorkedOut>>,
}

/// What a connection and its provider come to: the same for each request, until one of them changes.
pub struct WorkedOut {
    connection: Connection,
    provider: Arc<Provider>,
    variables: Arc<Variables>,
    origins: Arc<[String]>,
}

impl Means {
    fn work_out(&self, connection: &Connection, provider: &Arc<Provider>) -> Result<(Arc<Variables>, Arc<[String]>)> {
        let mut known = self.worked_out.lock().unwrap_or_else(PoisonError::into_inner);
        let unchanged = |it: &&WorkedOut| it.connection == *connection && Arc::ptr_eq(&it.provider, provider);
        if let Some(found) = known.get(&connection.id).filter(unchanged) {
            return Ok((found.variables.clone(), found.origins.clone()));
        }
        let variables = Arc::new(connection.variables(provider, &self.installation_id));
        let login = connection.login.as_deref().and_then(|login| provider.login(login));
        let origins = origins(provider, login, &variables)?;
        let found = WorkedOut {
            connection: connection.clone(),
            provider: provider.clone(),
            variables: variables.clone(),
            origins: origins.clone(),
        };
        known.insert(connection.id.clone(), found);
        Ok((variables, origins))
    }
}

impl Account {
    /// Brings them together, for the way in that was used last.
    ///
    /// # Errors
    /// `invalid_input` when the API's address is none.
    pub fn new(connection: Connection, provider: Arc<Provider>, means: &Means) -> Result<Self> {
        let (variables, origins) = means.work_out(&connection, &provider)?;
        let transport = means.transport.trusting(connection.ca.as_deref())?;
        let client = TokenClient::new(&connection.id, transport, means.redactor.clone());
        let owner = Owner {
            origins,
            connection: connection.id.clone(),
            provider: provider.clone(),
            variables,
            client,
            run: None,
            chain: crate::event::chain(),
            quiet: false,
            told_as: Some(ExchangeSource::Action),
        };
        Ok(Self { connection, provider, owner })
    }

    /// As it is when it logs in by this way.
    ///
    /// # Errors
    /// `invalid_input` when there is none, or its API's address is none.
    pub fn at(mut self, login: &str) -> Result<(Self, Login)> {
        let name = &self.provider.name;
        let found = self.provider.login(login).cloned();
        let found = found.ok_or_else(|| Error::input("login", format!("{name} has no login “{login}”.")))?;
        self.owner.origins = origins(&self.provider, Some(&found), &self.owner.variables)?;
        self.connection.login = Some(login.to_owned());
        Ok((self, found))
    }

    /// Whether a path, or a whole address in a template, is of a server that the token is for.
    pub fn reaches(&self, template: &str) -> bool {
        let own = |url: &str| parse_url(url).is_ok_and(|url| is_at(&url, &self.owner.origins));
        template.starts_with('/') || fill_url(template, self.owner.variables.as_ref()).is_ok_and(|url| own(&url))
    }

    /// That an address which a server named may be asked: what one far away says is no reason to ask the programs of this
    /// machine.
    ///
    /// # Errors
    /// `invalid_input`.
    pub fn may_ask(&self, url: &Url) -> Result<()> {
        let here = |origin: &String| Url::parse(origin).is_ok_and(|origin| is_loopback(&origin));
        if is_loopback(url) && !self.owner.origins.iter().any(here) {
            return Err(Error::new(ErrorCode::InvalidInput, "A server sent to this machine, which is not followed."));
        }
        Ok(())
    }

    /// The way in that was used last.
    pub fn login(&self) -> Option<&Login> {
        self.provider.login(self.connection.login.as_deref()?)
    }

    /// What paths are appended to.
    pub fn base_url(&self) -> &str {
        let of_login = self.login().and_then(|login| login.base_url.as_deref());
        of_login.unwrap_or(&self.provider.api.base_url)
    }

    /// The address of the API, for this connection.
    ///
    /// # Errors
    /// `invalid_input` when it is none.
    pub fn api_url(&self) -> Result<Url> {
        parse_url(&fill_url(self.base_url(), self.owner.variables.as_ref())?)
    }

    /// The forms for that way in.
    pub fn actions(&self) -> impl Iterator<Item = &Action> {
        let login = self.login();
        let own = login.is_some_and(|login| login.base_url.is_some());
        self.provider.actions.iter().filter(move |action| match login {
            _ if action.logins.is_empty() => !own,
            Some(login) => action.logins.contains(&login.id),
            None => false,
        })
    }

    /// How a token set is presented, or would be.
    ///
    /// # Errors
    /// `internal` when the provider file is wrong.
    pub fn presented(&self, set: Option<&TokenSet>) -> Result<Presented> {
        let login = set.and_then(|set| set.login(&self.owner)).or_else(|| self.login());
        let own = login.and_then(|login| login.presentation.as_ref());
        if own.is_none() && login.is_some_and(|login| matches!(login.grant, Grant::Basic(_))) {
            return Ok(Presented::authorization("Basic"));
        }
        let presentation = own.unwrap_or(&self.provider.presentation);
        if presentation.is_fixed() {
            return Presented::of(presentation, &Variables::new());
        }
        match (set, login) {
            (Some(set), Some(login)) => Presented::of(presentation, &set.inputs(&self.owner, login)),
            (None, Some(login)) => {
                Presented::of(presentation, &Inputs::new(&self.owner.variables, &self.provider, login))
            }
            (_, None) => Presented::of(presentation, self.owner.variables.as_ref()),
        }
    }

    /// As part of a run, which keeps its results itself.
    #[must_use]
    pub fn in_run(mut self, run: &str) -> Self {
        self.owner.run = Some(run.to_owned());
        self.owner.told_as = None;
        self
    }

    /// For look-ups that are worth no word.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.owner.quiet = true;
        self.owner.told_as = None;
        self
    }

    /// As part of a check, which is worth no word in the activity each time.
    #[must_use]
    pub fn in_check(mut self) -> Self {
        self.owner.quiet = true;
        self.owner.told_as = Some(ExchangeSource::Check);
        self
    }
}

/// Where the tokens of a way in may be presented: its API, what the provider's file asks elsewhere by a whole URL, and its
/// broker.
fn origins(provider: &Provider, login: Option<&Login>, variables: &Variables) -> Result<Arc<[String]>> {
    let own = login.and_then(|login| login.base_url.as_deref());
    let identity = provider.identity.as_ref().and_then(|identity| identity.request.as_ref());
    let whole = identity.map(|request| request.url.as_str()).filter(|url| own.is_none() && !url.starts_with('/'));
    let mut origins = Vec::new();
    for template in [own.unwrap_or(&provider.api.base_url)].into_iter().chain(whole) {
        let url = parse_url(&fill_url(template, variables)?).map_err(|error| {
            Error::new(ErrorCode::InvalidInput, format!("The address of the API cannot be used. {}", error.message))
        })?;
        origins.push(url.origin().ascii_serialization());
    }
    if let Some(mqtt) = provider.mqtt.as_ref().filter(|_| own.is_none()) {
        origins.push(Broker::parse(&fill(&mqtt.url, variables, Encoding::Plain)?)?.origin());
    }
    origins.sort();
    origins.dedup();
    Ok(origins.into())
}
