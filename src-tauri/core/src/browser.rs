//! The door to the person's own browser.

use url::Url;

use crate::error::{Error, ErrorCode, Result};
use crate::transport::check_url;

/// Opens addresses for the person.
pub trait Browser: Send + Sync {
    /// Opens one. May take as long as the browser runs.
    ///
    /// # Errors
    /// `browser_failed`.
    fn open(&self, url: &Url) -> Result<()>;
}

/// The browser that the system names.
pub struct SystemBrowser;

impl Browser for SystemBrowser {
    fn open(&self, url: &Url) -> Result<()> {
        // Parsed, https or loopback, written anew, and one argument without a shell (security.md A10).
        check_url(url)?;
        // The kind only: the words of the error repeat the address, which holds the login's `state`.
        open::that(url.as_str()).map_err(|error| {
            Error::new(ErrorCode::BrowserFailed, format!("The browser could not be started ({}).", error.kind()))
        })
    }
}
