//! Descriptions of an API as endpoints: OpenAPI 3.0 and 3.1, and Swagger 2, in JSON or YAML. A document is read and nothing else:
//! it runs no code, and no address in it is asked (security.md H7). Documents are read by roas, which brings older versions to 3.1.

mod document;
mod endpoints;
mod schema;
#[cfg(test)]
mod tests;

use crate::error::{Error, Result};
use crate::provider::Endpoint;

/// What a document describes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// As it calls itself.
    pub title: String,
    /// The addresses that it names, as they stand: they may have no host, or `{placeholders}`.
    pub servers: Vec<String>,
    /// What can be called.
    pub endpoints: Vec<Endpoint>,
}

/// Reads a document. It takes its time, and a stack that is deep: not on a thread that others wait for.
///
/// # Errors
/// `invalid_input` of `text`: what it is instead.
pub fn read(text: &str) -> Result<Imported> {
    let spec = document::read(text)?;
    let endpoints = endpoints::of(&spec);
    if endpoints.is_empty() {
        return Err(none("This document describes no call."));
    }
    let servers = spec.servers.iter().flatten().map(|server| server.url.clone()).collect();
    Ok(Imported { title: line(&spec.info.title, 80), servers, endpoints })
}

fn none(what: impl Into<String>) -> Error {
    Error::input("text", what)
}

/// The first line of what a document says, which is another person's text (security.md F11).
fn line(text: &str, most: usize) -> String {
    crate::redact::one_line(text.trim().lines().next().unwrap_or_default(), most)
}
