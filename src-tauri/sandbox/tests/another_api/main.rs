//! The sandbox's OAuth 2 server and the API beside it, over real HTTP.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests may stop at once, and say what they are in their names")]

mod answers;
mod api;
mod browser;
mod client;
mod device;
mod metadata;
mod token;
