//! Journeys through the core's façade, against real servers on this machine: the sandbox, and one that misbehaves to
//! order. A name or comment with a letter and a number (B7) is a requirement of docs/requirements.md.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what is wrong by panicking

mod acme;
mod actions;
mod broker;
mod canary;
mod catalogue;
mod certified;
mod checks;
mod disk;
mod explorer;
mod faults;
mod files;
mod forms;
mod history;
mod house;
mod images;
mod listener;
mod login;
mod logins;
mod logout;
mod mqtt;
mod offline;
mod pages;
mod paste;
mod processes;
mod provider_files;
mod refusals;
mod renewal;
mod runs;
mod signatures;
mod store;
mod tls;
mod token_endpoint;
mod transfers;
mod verify;
mod waits;
