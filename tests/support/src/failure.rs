//! Why something of the harness could not be done, in a sentence.

use std::fmt;

/// A sentence for the person who reads the test's output.
#[derive(Clone, PartialEq, Eq)]
pub struct Failure(String);

/// What every step of the harness returns.
pub type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// Says what went wrong.
    pub fn new(why: impl Into<String>) -> Self {
        Self(why.into())
    }

    /// Puts before the cause what was being done.
    #[must_use]
    pub fn while_doing(self, what: &str) -> Self {
        Self(format!("{what}: {}", self.0))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

// A test that returns `Outcome` prints the error by Debug: make that the sentence as well.
impl fmt::Debug for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Failure {}

macro_rules! failure_from {
    ($($cause:ty),* $(,)?) => {
        $(impl From<$cause> for Failure {
            fn from(cause: $cause) -> Self {
                Self::new(cause.to_string())
            }
        })*
    };
}

failure_from!(
    std::io::Error,
    std::num::ParseIntError,
    serde_json::Error,
    url::ParseError,
    fantoccini::error::NewSessionError,
    zbus::Error,
    reqwest::Error,
    rcgen::Error,
    tokio_rustls::rustls::Error,
);

impl From<fantoccini::error::CmdError> for Failure {
    fn from(cause: fantoccini::error::CmdError) -> Self {
        // WebKitWebDriver often sends no message: the kind of error is all there is.
        match cause {
            fantoccini::error::CmdError::Standard(standard) => {
                Self::new(format!("{} {}", standard.error(), standard.message).trim_end())
            }
            other => Self::new(other.to_string()),
        }
    }
}
