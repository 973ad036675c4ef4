//! The explorer: any request, against servers that misbehave to order.

mod curl;
mod docs;
mod elsewhere;
mod kept;
mod large;
mod pages;
mod phases;
mod redirects;
mod sending;
pub mod stage;
