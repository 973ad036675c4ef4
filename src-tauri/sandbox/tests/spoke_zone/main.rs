//! The sandbox's Spoke Zone, over real HTTP (providers.md §3).
#![allow(clippy::unwrap_used, missing_docs, reason = "tests may stop at once, and say what they are in their names")]

mod client;
mod data_file;
mod device;
mod hooks;
mod login;
mod login_device;
mod mqtt;
mod ota_file;
mod v1;
