//! An error of a command, with what it comes to.

use std::io;

use keydesk_core::{Error, ErrorCode};

use crate::exit::Exit;

/// What a command comes to.
pub type Outcome = Result<Exit, Failure>;

/// An error, and the exit status for it.
#[derive(Debug)]
pub struct Failure {
    pub error: Error,
    pub exit: Exit,
}

impl Failure {
    /// Something that was typed cannot be used.
    pub fn usage(field: &str, message: impl Into<String>) -> Self {
        Error::input(field, message).into()
    }

    /// Stopped: by Ctrl-C, the system, or the end of its terminal.
    pub fn interrupted() -> Self {
        Self { error: Error::new(ErrorCode::LoginEnded, "Stopped."), exit: Exit::Interrupted }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { exit: Exit::of(&error), error }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        // rpassword's word for Ctrl-C at a prompt.
        if error.kind() == io::ErrorKind::Interrupted {
            return Self::interrupted();
        }
        Error::new(ErrorCode::Internal, error.to_string()).into()
    }
}
