//! A list that a server gives in pages, and one entry of a list that is meant.

use schemars::JsonSchema;
use serde::Deserialize;

/// How the next page is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageScheme {
    /// The answer holds a cursor for the query; an empty one, or none, is the end.
    Cursor,
    /// The answer holds the number of the next page for the query; null, or none, is the end.
    PageObject,
    /// The answer has a Link header with the whole address of the next page (RFC 8288); none is the end.
    LinkHeader,
    /// The query says how many rows to skip; a page without rows is the end.
    Offset,
    /// The query says the number of the page, from 1; a page without rows, or with fewer than `size`, is the end.
    PageNumber,
}

impl PageScheme {
    /// Where the next page usually stands in an answer, for those that say it there.
    pub fn usual_next(self) -> Option<&'static str> {
        match self {
            Self::Cursor => Some("/cursor"),
            Self::PageObject => Some("/pagination/next"),
            Self::LinkHeader | Self::Offset | Self::PageNumber => None,
        }
    }

    /// The parameter of the query by which a page is usually asked for, for those that ask so.
    pub fn usual_parameter(self) -> Option<&'static str> {
        match self {
            Self::Cursor => Some("cursor"),
            Self::PageObject | Self::PageNumber => Some("page"),
            Self::Offset => Some("offset"),
            Self::LinkHeader => None,
        }
    }
}

/// Asks for all pages, so that the answer is that of one long page.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pages {
    /// How the next page is asked for.
    pub scheme: PageScheme,
    /// Where in an answer the rows stand (RFC 6901).
    pub rows: String,
    /// Where in an answer the next page stands. By default `/cursor`, or `/pagination/next`.
    pub next: Option<String>,
    /// The parameter of the query that asks for a page. By default `cursor`, `page` or `offset`.
    pub parameter: Option<String>,
    /// For `page_number`: how many rows a full page has.
    pub size: Option<u32>,
    /// How many rows are asked for at most; the person is told that there are more.
    #[serde(default = "most")]
    pub most: u32,
}

fn most() -> u32 {
    1000
}

impl Pages {
    /// Where the next page stands.
    pub fn next(&self) -> Option<&str> {
        self.next.as_deref().or(self.scheme.usual_next())
    }

    /// The parameter that asks for a page.
    pub fn parameter(&self) -> Option<&str> {
        self.parameter.as_deref().or(self.scheme.usual_parameter())
    }
}

/// One of the rows of an answer, in place of all: for a server that has no request for one.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Pick {
    /// Where in the answer the rows stand (RFC 6901).
    pub rows: String,
    /// Where in a row stands what tells it from the others.
    pub by: String,
    /// What stands there in the one that is meant.
    pub is: String,
}
