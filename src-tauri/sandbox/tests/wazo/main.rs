//! The sandbox's Wazo, over real HTTP (providers.md §5).
#![allow(clippy::unwrap_used, missing_docs, reason = "tests may stop at once, and say what they are in their names")]

mod administration;
mod client;
mod daemons;
mod failures;
mod hooks;
mod login;
mod refresh;
mod refresh_tokens;
mod sessions;
mod token;
mod users;
