//! How a token is presented, with its placeholders filled.

use super::schema::Presentation;
use super::template::{Encoding, Lookup, fill};
use crate::error::Result;

const AUTHORIZATION: &str = "Authorization";

/// How a token is presented.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Presented {
    /// In a header, after a word where there is one.
    Header {
        /// The header.
        name: String,
        /// The word.
        prefix: Option<String>,
    },
    /// As a parameter of the query.
    Query(String),
}

impl Presentation {
    /// Whether it holds no placeholder: then nothing need be gathered to fill it.
    pub fn is_fixed(&self) -> bool {
        [&self.header, &self.prefix, &self.query].into_iter().flatten().all(|text| !text.contains('{'))
    }
}

impl Presented {
    /// Fills a presentation; `Authorization: Bearer` where it says nothing (RFC 6750 section 2.1).
    ///
    /// # Errors
    /// As for [`fill`].
    pub fn of(presentation: &Presentation, values: &impl Lookup) -> Result<Self> {
        let text = |template: &str| fill(template, values, Encoding::Plain);
        if let Some(query) = &presentation.query {
            return Ok(Self::Query(text(query)?));
        }
        if presentation.header.is_none() && presentation.prefix.is_none() {
            return Ok(Self::authorization("Bearer"));
        }
        let header = presentation.header.as_deref().unwrap_or(AUTHORIZATION);
        let prefix = presentation.prefix.as_deref().map(text).transpose()?;
        Ok(Self::Header { name: text(header)?, prefix: prefix.filter(|prefix| !prefix.trim().is_empty()) })
    }

    /// `Authorization` with a scheme (RFC 9110 section 11.6.2).
    pub fn authorization(scheme: &str) -> Self {
        Self::Header { name: AUTHORIZATION.to_owned(), prefix: Some(scheme.to_owned()) }
    }

    /// The header.
    pub fn header(&self) -> Option<&str> {
        match self {
            Self::Header { name, .. } => Some(name),
            Self::Query(_) => None,
        }
    }

    /// What stands before the token in the header.
    pub fn prefix(&self) -> Option<&str> {
        match self {
            Self::Header { prefix, .. } => prefix.as_deref(),
            Self::Query(_) => None,
        }
    }

    /// The parameter of the query.
    pub fn query(&self) -> Option<&str> {
        match self {
            Self::Header { .. } => None,
            Self::Query(name) => Some(name),
        }
    }
}
