//! A desktop's notification service (freedesktop.org's Desktop Notifications 1.2) that shows nothing and remembers all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::zvariant::OwnedValue;

use crate::Outcome;
use crate::desktop::Desktop;

/// What a program told the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The program.
    pub program: String,
    /// The first line.
    pub summary: String,
    /// The rest.
    pub body: String,
}

/// The service, as long as it is there.
#[derive(Debug)]
pub struct Notifications {
    told: Arc<Mutex<Vec<Told>>>,
    _connection: Connection,
}

impl Notifications {
    /// Serves this desktop.
    ///
    /// # Errors
    /// It has no session bus, or another service.
    pub fn serve(desktop: &Desktop) -> Outcome<Self> {
        let told = Arc::<Mutex<Vec<Told>>>::default();
        let address = desktop.variable("DBUS_SESSION_BUS_ADDRESS").unwrap_or_default();
        let connection = Builder::address(address.as_str())?
            .name("org.freedesktop.Notifications")?
            .serve_at("/org/freedesktop/Notifications", Service { told: told.clone() })?
            .build()?;
        Ok(Self { told, _connection: connection })
    }

    /// All so far.
    #[must_use]
    pub fn told(&self) -> Vec<Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

struct Service {
    told: Arc<Mutex<Vec<Told>>>,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Service {
    #[allow(clippy::too_many_arguments)] // as the specification has it
    fn notify(
        &self,
        program: String,
        _replaces: u32,
        _icon: String,
        summary: String,
        body: String,
        _actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        told.push(Told { program, summary, body });
        u32::try_from(told.len()).unwrap_or(u32::MAX)
    }

    fn close_notification(&self, _id: u32) {}

    fn get_capabilities(&self) -> Vec<String> {
        ["body", "actions"].map(str::to_owned).to_vec()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("test".to_owned(), "Keydesk".to_owned(), "1".to_owned(), "1.2".to_owned())
    }
}
