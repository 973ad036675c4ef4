//! Each built-in provider against a server that writes down what it gets: the requests that must be sent, byte for byte
//! where it matters, and the answers that must be understood. A section is one of the project's sheet of facts about
//! the providers; a letter and a number in a name (D4) is a requirement of docs/requirements.md.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test says what is wrong by panicking

mod another_api;
mod another_api_device;
mod endpoints;
mod image_relay;
mod image_relay_forms;
mod relay;
mod spoke_zone;
mod stage;
mod transfers;
mod wanted;
mod wazo;
mod world_of_workflows;
