//! The providers on this machine, for trying and testing.
//!
//! One server on loopback answers as the real providers do, each under a path of its own. What it
//! does is written down in `providers.md`; a comment beside each behaviour names the section. Where
//! that page says UNVERIFIED, or says nothing, the comment says what was chosen.
//!
//! Nothing here guards anything of worth: the one account is printed on the front page.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may stop at once"))]

mod account;
mod fault;
mod home;
mod oauth;
mod offer;
mod options;
mod page;
mod random;
mod record;
mod relay;
mod server;
mod shared;
mod watch;

pub use account::{PASSWORD, USERNAME};
pub use offer::{Offer, offers};
pub use options::Options;
pub use record::Trigger;
pub use server::Sandbox;
