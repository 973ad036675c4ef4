//! What the desktop tests, the tour and the bench stand on.
//!
//! A [`Desktop`] is a private screen, session bus and keychain. In it runs an [`App`], driven as a person would by what
//! its parts are called, and a [`SystemBrowser`] that logs in. [`FakeServer`] misbehaves to order, and [`Canary`] finds
//! a secret that went where it should not. [`Certified`] is a certified authorization server, and a [`Visitor`] clicks
//! through its pages without a screen. All that is started here is stopped here, by process id.
// Test support: a failure to set the scene is best told where it happens.
#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used))]

mod app;
mod authority;
mod axe;
mod bus;
mod canary;
mod certified;
mod desktop;
mod disk;
mod display;
pub mod drive;
mod driver;
mod environment;
mod evidence;
mod failure;
mod fake;
mod keychain;
mod keys;
mod mosquitto;
mod notifications;
mod page;
mod paths;
mod process;
mod query;
mod reaper;
mod shim;
mod system_browser;
pub mod tour;
mod tray;
mod visitor;
mod wait;
mod wrong_clock;

pub use app::{App, AppOptions};
pub use authority::Authority;
pub use axe::Violation;
pub use canary::{Canary, Leak};
pub use certified::Certified;
pub use desktop::{Desktop, DesktopOptions};
pub use disk::Disk;
pub use failure::{Failure, Outcome};
pub use fake::{Answer, FakeServer, Received};
pub use keychain::Keychain;
pub use mosquitto::Mosquitto;
pub use notifications::{Notifications, Told};
pub use page::Page;
pub use paths::{app_binary, repository, target_directory};
pub use process::{Process, ports_of, processes_of};
pub use query::{Query, Role};
pub use shim::BrowserShim;
pub use system_browser::SystemBrowser;
pub use tray::Tray;
pub use visitor::Visitor;
pub use wait::{SOON, free_port, wait_for, wait_until};
pub use wrong_clock::WrongClock;
