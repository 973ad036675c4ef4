//! The shell without a display: bindings, configuration, versions, who names a provider, and which room uses which.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what is wrong by panicking

mod bindings;
mod configuration;
mod house_rules;
mod rooms;
mod versions;
