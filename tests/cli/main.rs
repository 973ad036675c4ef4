//! The command line as it is used: the real binary, a real keychain, and the sandbox.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what is wrong by panicking

mod actions;
mod broker;
mod browser;
mod calls;
mod claims;
mod curl;
mod faults;
mod house;
mod login;
mod mistakes;
mod mqtt;
mod providers;
mod ran;
mod recipes;
mod runs;
mod secrets;
mod shells;
mod store;
mod terminal;
mod tokens;
mod transfers;
mod waiting;
