//! The providers on this machine, for trying and testing.
//!
//! One server on loopback answers as the real providers do, each under a path of its own. What it
//! does is written down in `providers.md`; a comment beside each behaviour names the section. Where
//! that page says UNVERIFIED, or says nothing, the comment says what was chosen.
//!
//! Nothing here guards anything of worth: the one account is printed on the front page.

#![cfg_attr(test, allow(clippy::unwrap_used, reason = "a test may stop at once"))]

mod account;
mod another_api;
mod credentials;
mod door;
mod drip;
mod fault;
mod file_answer;
mod home;
mod image_relay;
mod oauth;
mod offer;
mod options;
mod own_api;
mod page;
mod png;
mod providers;
mod random;
mod record;
mod relay;
mod server;
mod settings;
mod shared;
mod spoke_zone;
mod watch;
mod wazo;

pub use account::{PASSWORD, USERNAME};
pub use another_api::{
    ANOTHER_API_CLIENT_ID, ANOTHER_API_CLIENT_SECRET, ANOTHER_API_CONFIDENTIAL_CLIENT_ID, ANOTHER_API_KEY,
};
pub use image_relay::{IMAGE_RELAY_CLIENT_ID, IMAGE_RELAY_CLIENT_SECRET, IMAGE_RELAY_KEY, IMAGE_RELAY_VIEWER_KEY};
pub use offer::{Offer, offers};
pub use options::Options;
pub use record::Trigger;
pub use relay::{RELAY_ADMIN_TOKEN, RELAY_API_KEY};
pub use server::Sandbox;
