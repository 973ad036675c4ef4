//! The real window under Xvfb, with a real keychain and a real browser. A letter and a number (F5) is a requirement of
//! docs/requirements.md.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what is wrong by panicking

mod accessibility;
mod broker_at_work;
mod certified;
mod clipboard;
mod faults;
mod keychain;
mod mistakes;
mod notices;
mod passphrase;
mod paste;
mod pictures;
mod programs;
mod providers;
mod scheme;
mod secrets;
mod shell;
mod stage;
mod tour;
mod ways;
