//! Journeys through the core's façade, against real servers on this machine: the sandbox, and one that misbehaves to
//! order. A name or comment with a letter and a number (B7) is a requirement of docs/requirements.md.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what is wrong by panicking

mod actions;
mod canary;
mod certified;
mod house;
mod listener;
mod login;
mod logins;
mod logout;
mod paste;
mod provider_files;
mod renewal;
mod tls;
mod token_endpoint;
