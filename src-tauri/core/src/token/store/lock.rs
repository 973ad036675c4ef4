//! Whether the keychain is locked, which the Secret Service says and its client does not pass on.

use std::sync::OnceLock;

use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::OwnedObjectPath;

use crate::error::{Error, ErrorCode, Result};

const SERVICE: &str = "org.freedesktop.secrets";
const ROOT: &str = "/org/freedesktop/secrets";

/// The way to ask; a connection of its own, made when it is first needed.
#[derive(Default)]
pub(super) struct Lock(OnceLock<Connection>);

impl Lock {
    /// Whether what we keep may be behind a lock. Items are kept in the default collection; where none is called so, any
    /// may be meant.
    pub fn is_locked(&self) -> Result<bool> {
        self.ask().map_err(|error| {
            let cause = crate::redact::one_line(&error.to_string(), 160);
            Error::new(ErrorCode::KeychainFailed, format!("The keychain does not say whether it is locked ({cause})."))
        })
    }

    fn ask(&self) -> zbus::Result<bool> {
        let connection = self.connection()?;
        let service = Proxy::new(connection, SERVICE, ROOT, "org.freedesktop.Secret.Service")?;
        let default: OwnedObjectPath = service.call("ReadAlias", &("default",))?;
        let collections = if default.as_str() == "/" { service.get_property("Collections")? } else { vec![default] };
        for path in collections {
            let collection = Proxy::new(connection, SERVICE, path, "org.freedesktop.Secret.Collection")?;
            if collection.get_property("Locked")? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn connection(&self) -> zbus::Result<&Connection> {
        if let Some(connection) = self.0.get() {
            return Ok(connection);
        }
        let connection = Connection::session()?;
        Ok(self.0.get_or_init(|| connection))
    }
}
