//! The shell without a display: bindings, configuration, versions, and who names a provider.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what is wrong by panicking

mod bindings;
mod configuration;
mod house_rules;
mod versions;
