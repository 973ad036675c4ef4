//! The sandbox's World of Workflows, or one's own API, over real HTTP (providers.md §4).
#![allow(clippy::unwrap_used, missing_docs, reason = "tests may stop at once, and say what they are in their names")]

mod booking;
mod client;
mod login;
mod variant;
