//! A desktop's tray (StatusNotifierItem), as far as a program sees it: it takes icons, reads their menus and clicks in them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;
use zbus::zvariant::{OwnedValue, Structure, Value};

use crate::desktop::Desktop;
use crate::{Failure, Outcome};

const MENU: &str = "com.canonical.dbusmenu";

/// A node of a menu: its number, its properties, what is below it.
type Node = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// The tray, as long as it is there.
#[derive(Debug)]
pub struct Tray {
    items: Arc<Mutex<Vec<String>>>,
    connection: Connection,
}

impl Tray {
    /// Serves this desktop.
    ///
    /// # Errors
    /// It has no session bus, or another tray.
    pub fn serve(desktop: &Desktop) -> Outcome<Self> {
        let items = Arc::<Mutex<Vec<String>>>::default();
        let address = desktop.variable("DBUS_SESSION_BUS_ADDRESS").unwrap_or_default();
        let connection = Builder::address(address.as_str())?
            .serve_at("/StatusNotifierWatcher", Watcher { items: items.clone() })?
            .name("org.kde.StatusNotifierWatcher")?
            .build()?;
        Ok(Self { items, connection })
    }

    /// What the menu of the last icon offers: number and label of each.
    ///
    /// # Errors
    /// There is no icon, or it answers nothing that is a menu.
    pub fn menu(&self) -> Outcome<Vec<(i32, String)>> {
        let asked = (0_i32, -1_i32, Vec::<String>::new());
        let item = self.item()?;
        let answer = self.connection.call_method(Some(item.as_str()), "/MenuBar", Some(MENU), "GetLayout", &asked)?;
        let (_, (_, _, items)): (u32, Node) = answer.body().deserialize()?;
        Ok(items.iter().filter_map(entry).collect())
    }

    /// Clicks what is called so.
    ///
    /// # Errors
    /// It is not offered.
    pub fn click(&self, label: &str) -> Outcome {
        let offered = self.menu()?;
        let found = offered.iter().find(|(_, known)| known == label);
        let (number, _) =
            found.ok_or_else(|| Failure::new(format!("the tray offers no {label:?}, but {offered:?}")))?;
        let click = (*number, "clicked", Value::from(0_i32), 0_u32);
        self.connection.call_method(Some(self.item()?.as_str()), "/MenuBar", Some(MENU), "Event", &click)?;
        Ok(())
    }

    fn item(&self) -> Outcome<String> {
        let items = self.items.lock().unwrap_or_else(PoisonError::into_inner);
        items.last().cloned().ok_or_else(|| Failure::new("the tray has no icon"))
    }
}

/// A line of the menu: its number and its label; none for a separator.
fn entry(item: &OwnedValue) -> Option<(i32, String)> {
    let fields = item.downcast_ref::<Structure<'_>>().ok()?;
    let [number, properties, _] = fields.fields() else { return None };
    let number = i32::try_from(number).ok()?;
    let Value::Dict(properties) = properties else { return None };
    let label: String = properties.get(&Value::from("label")).ok()??;
    Some((number, label))
}

struct Watcher {
    items: Arc<Mutex<Vec<String>>>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Watcher {
    fn register_status_notifier_item(&self, service: String) {
        self.items.lock().unwrap_or_else(PoisonError::into_inner).push(service);
    }

    fn register_status_notifier_host(&self, _service: String) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        self.items.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}
