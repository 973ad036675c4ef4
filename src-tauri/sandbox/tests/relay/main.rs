//! The sandbox's Relay, over real HTTP (providers.md §1).
#![allow(clippy::unwrap_used, missing_docs, reason = "tests may stop at once, and say what they are in their names")]

mod alerts;
mod api;
mod client;
mod current;
mod hotel;
mod legacy;
mod sandbox;
mod settings;
mod tasks;
