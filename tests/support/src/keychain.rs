//! The keychain of a desktop: a real gnome-keyring, or one of the ways in which there is none.

use std::io::Write;
use std::process::Stdio;
use std::sync::{Mutex, PoisonError};

use zbus::blocking::Connection;
use zbus::zvariant::{ObjectPath, OwnedObjectPath, OwnedValue, Value};

use crate::bus::{Bus, has_owner, put_system_service};
use crate::environment::Environment;
use crate::process::{Process, command};
use crate::wait::{SOON, wait_blocking};
use crate::{Failure, Outcome};

const SERVICE: &str = "org.freedesktop.secrets";
const ROOT: &str = "/org/freedesktop/secrets";
const COLLECTION: &str = "/org/freedesktop/secrets/collection/login";
const PASSWORD: &[u8] = b"harness";
const PROMPTERS: [&str; 2] = ["org.gnome.keyring.SystemPrompter", "org.gnome.keyring.PrivatePrompter"];

/// What a program finds that looks for the system keychain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keychain {
    /// A real one, ready to use.
    #[default]
    Unlocked,
    /// A real one, locked, and nothing that could ask for its password: refused at once.
    Locked,
    /// A real one, locked, that asks for its password in a dialog and waits for as long as it takes.
    Prompting,
    /// A session bus, and no keychain on it.
    Absent,
    /// Not even a session bus.
    NoBus,
    /// Somebody who owns the keychain's name and never answers.
    Silent,
}

/// Keeps the keychain there for as long as it lives.
#[derive(Debug)]
pub(crate) struct KeychainService {
    daemon: Mutex<Option<Process>>,
    connection: Connection,
}

impl KeychainService {
    /// Puts `keychain` on the bus.
    pub(crate) fn start(keychain: Keychain, bus: &Bus, environment: &Environment) -> Outcome<Self> {
        let service = Self { daemon: Mutex::default(), connection: bus.connect()? };
        match keychain {
            Keychain::Unlocked => service.start_daemon(environment)?,
            Keychain::Locked => {
                service.start_daemon(environment)?;
                service.lock()?;
            }
            Keychain::Prompting => {
                put_prompters(environment)?;
                service.start_daemon(environment)?;
                service.lock()?;
            }
            // Owned by a connection that has no objects and therefore answers nothing.
            Keychain::Silent => service.connection.request_name(SERVICE)?,
            Keychain::Absent | Keychain::NoBus => {}
        }
        Ok(service)
    }

    /// Locks what is in the keychain.
    pub(crate) fn lock(&self) -> Outcome {
        let collection = ObjectPath::try_from(COLLECTION).map_err(|cause| Failure::new(cause.to_string()))?;
        self.call("org.freedesktop.Secret.Service", "Lock", &(vec![collection],)).map(drop)
    }

    /// Unlocks it as the person would who types the password.
    pub(crate) fn unlock(&self) -> Outcome {
        let opened = self.call("org.freedesktop.Secret.Service", "OpenSession", &("plain", Value::from("")))?;
        let (_, session): (OwnedValue, OwnedObjectPath) = opened.body().deserialize()?;
        let collection = ObjectPath::try_from(COLLECTION).map_err(|cause| Failure::new(cause.to_string()))?;
        let secret = (session, Vec::<u8>::new(), PASSWORD.to_vec(), "text/plain");
        let interface = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface";
        self.call(interface, "UnlockWithMasterPassword", &(collection, secret)).map(drop)
    }

    /// Kills its daemon. The bus starts another one when somebody calls it, and that one is locked.
    pub(crate) fn kill(&self, environment: &Environment) -> Outcome {
        put_system_service(environment, SERVICE)?;
        let mut daemon = self.daemon.lock().unwrap_or_else(PoisonError::into_inner);
        let mut daemon = daemon.take().ok_or_else(|| Failure::new("this desktop has no real keychain"))?;
        daemon.child().kill()?;
        daemon.child().wait()?;
        wait_blocking(
            || (!has_owner(&self.connection, SERVICE)).then_some(()),
            SOON,
            "nobody to own org.freedesktop.secrets",
        )
    }

    fn start_daemon(&self, environment: &Environment) -> Outcome {
        let mut keyring = command("gnome-keyring-daemon", environment.variables());
        keyring.args(["--unlock", "--foreground", "--components=secrets"]);
        let log = std::fs::File::create(environment.root().join("log/keyring.log"))?;
        keyring.stdin(Stdio::piped()).stdout(log.try_clone()?).stderr(log);
        let mut daemon = Process::start(&mut keyring)?;
        if let Some(mut input) = daemon.child().stdin.take() {
            input.write_all(PASSWORD)?;
        }
        *self.daemon.lock().unwrap_or_else(PoisonError::into_inner) = Some(daemon);
        wait_blocking(
            || has_owner(&self.connection, SERVICE).then_some(()),
            SOON,
            "gnome-keyring to own org.freedesktop.secrets",
        )
    }

    fn call<B>(&self, interface: &str, method: &str, body: &B) -> Outcome<zbus::Message>
    where
        B: serde::Serialize + zbus::zvariant::DynamicType,
    {
        Ok(self.connection.call_method(Some(SERVICE), ROOT, Some(interface), method, body)?)
    }
}

fn put_prompters(environment: &Environment) -> Outcome {
    PROMPTERS.iter().try_for_each(|name| put_system_service(environment, name))
}
