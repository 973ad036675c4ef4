//! Files that are sent and fetched.

mod chunks;
mod download;
mod form;
mod names;
mod people;
mod sandbox;
mod stage;
