//! The real window under Xvfb, with a real keychain and a real browser. A letter and a number (F5) is a requirement of
//! docs/requirements.md.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what is wrong by panicking

mod accessibility;
mod answers;
mod broker_at_work;
mod certified;
mod checks;
mod claims;
mod clipboard;
mod exchanges;
mod explorer;
mod faults;
mod keychain;
mod live;
mod mistakes;
mod notices;
mod passphrase;
mod paste;
mod pictures;
mod places;
mod programs;
mod providers;
mod runs;
mod scheme;
mod secrets;
mod shell;
mod stage;
mod tour;
mod transfers;
mod typing;
mod ways;
