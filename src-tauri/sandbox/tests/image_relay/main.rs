//! The sandbox's Image Relay, over real HTTP (providers.md §2).
#![allow(clippy::unwrap_used, missing_docs, reason = "tests may stop at once, and say what they are in their names")]

mod api;
mod client;
mod library;
mod limits;
mod login;
mod paging;
mod resources;
mod upload;
