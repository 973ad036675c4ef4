//! The keychain of a Linux session: whichever program is its Secret Service, gnome-keyring or KWallet for instance.
//!
//! The client is the one that keyring's own store for Linux stands on, used here without that store, which opens its
//! connection itself: see [`introduce`].

use std::collections::HashMap;

use secret_service::blocking::{Item, SecretService};
use secret_service::{EncryptionType, Error as Answer};
use zbus::blocking::Connection;

use super::{SERVICE, absent, locked, refused, text};
use crate::error::{Error, Result};
use crate::secret::Secret;
use crate::token::store::split::Items;

const BUS_NAME: &str = "org.freedesktop.secrets";
const ROOT: &str = "/org/freedesktop/secrets";
const INTERFACE: &str = "org.freedesktop.Secret.Service";
const CONTENT_TYPE: &str = "application/octet-stream";

pub(in crate::token::store) struct Keyring(SecretService<'static>);

impl Keyring {
    /// Connects to it. What is kept travels over the session bus encrypted.
    pub fn connect() -> Result<Self> {
        let connection = Connection::session().map_err(|error| absent(&error.to_string()))?;
        introduce(&connection).map_err(|error| absent(&error.to_string()))?;
        let service = SecretService::connect_with_existing(EncryptionType::Dh, connection);
        service.map(Self).map_err(|error| absent(&error.to_string()))
    }

    /// The item of this name, unlocked, where there is one.
    fn find(&self, name: &str) -> Result<Option<Item<'_>>> {
        let found = self.0.search_items(attributes(name)).map_err(failed)?;
        if !found.locked.is_empty() {
            let locked: Vec<&Item> = found.locked.iter().collect();
            self.0.unlock_all(&locked).map_err(failed)?;
        }
        let mut items = found.unlocked.into_iter().chain(found.locked);
        match (items.next(), items.next()) {
            (item, None) => Ok(item),
            _ => Err(refused("several items have this name")),
        }
    }

    /// No item was found. A keychain that is locked may say so of what it has, too, such as one that was just started anew:
    /// that must not read as "nothing is kept". Items are kept in the default collection; where none is called so, any may
    /// be meant.
    fn nothing_is_behind_a_lock(&self) -> Result<()> {
        let collections = match self.0.get_default_collection() {
            Ok(default) => Ok(vec![default]),
            Err(Answer::NoResult) => self.0.get_all_collections(),
            Err(error) => Err(error),
        };
        for collection in collections.map_err(failed)? {
            collection.ensure_unlocked().map_err(failed)?;
        }
        Ok(())
    }

    fn create(&self, name: &str, value: &str) -> std::result::Result<(), Answer> {
        let collection = self.0.get_default_collection()?;
        if collection.is_locked()? {
            collection.unlock()?;
        }
        let (label, replace) = (format!("Keydesk, {name}"), true);
        collection.create_item(&label, attributes(name), value.as_bytes(), replace, CONTENT_TYPE).map(drop)
    }
}

impl Items for Keyring {
    fn limit(&self) -> usize {
        usize::MAX
    }

    fn is_locked(&self) -> bool {
        self.0.get_default_collection().and_then(|collection| collection.is_locked()).unwrap_or(true)
    }

    fn get(&self, name: &str) -> Result<Option<Secret>> {
        match self.find(name)? {
            Some(item) => text(item.get_secret().map_err(failed)?).map(Some),
            None => self.nothing_is_behind_a_lock().map(|()| None),
        }
    }

    fn set(&self, name: &str, value: &str) -> Result<()> {
        let written = match self.find(name)? {
            Some(item) => item.set_secret(value.as_bytes(), CONTENT_TYPE),
            None => self.create(name, value),
        };
        written.map_err(failed)
    }

    fn delete(&self, name: &str) -> Result<()> {
        match self.find(name)? {
            Some(item) => item.delete().map_err(failed),
            None => self.nothing_is_behind_a_lock(),
        }
    }
}

fn attributes(name: &str) -> HashMap<&str, &str> {
    HashMap::from([("service", SERVICE), ("username", name)])
}

/// Says one harmless thing before any session is opened. A gnome-keyring that is busy with another program may take up the
/// very first call of a connection before it knows the connection, and opening a session then aborts it: seen with
/// gnome-keyring 42, after some thousand `keydesk token` in two loops, and still reported of 50 (its issues 190, 196, 199).
/// Its list of collections is the same for everybody, and by the time that it is told, we are known.
fn introduce(connection: &Connection) -> zbus::Result<()> {
    let property = (INTERFACE, "Collections");
    connection.call_method(Some(BUS_NAME), ROOT, Some("org.freedesktop.DBus.Properties"), "Get", &property).map(drop)
}

/// Locked and broken are told apart; neither means that nothing is kept.
fn failed(error: Answer) -> Error {
    match error {
        Answer::Locked | Answer::NoResult | Answer::Prompt => locked(),
        other => refused(&other.to_string()),
    }
}
