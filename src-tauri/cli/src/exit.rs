//! What the exit status says: the one table, which --help and docs/command-line.md repeat.

use std::fmt::Write;
use std::process::ExitCode;

use keydesk_core::{Error, ErrorCode};

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    Ok = 0,
    Failed = 1,
    Usage = 2,
    LoginNeeded = 3,
    Refused = 4,
    Network = 5,
    Keychain = 6,
    Answer = 7,
    Interrupted = 130,
}

/// In words.
const TABLE: [(Exit, &str); 9] = [
    (Exit::Ok, "done"),
    (Exit::Failed, "failed for another reason"),
    (Exit::Usage, "used wrongly: an argument, a field, an unknown name"),
    (Exit::LoginNeeded, "a login is needed, or a renewal by you"),
    (Exit::Refused, "refused: credentials or permission"),
    (Exit::Network, "the server was not reached, took too long or is out of order"),
    (Exit::Keychain, "the keychain, or the file of secrets, cannot be used"),
    (Exit::Answer, "the API answered with an error (call, action)"),
    (Exit::Interrupted, "stopped: by Ctrl-C, SIGTERM, or a terminal that was closed"),
];

/// The table, for the help.
pub fn table() -> String {
    let mut text = "Exit status:\n".to_owned();
    for (exit, meaning) in TABLE {
        // Writing to a String does not fail.
        let _ = writeln!(text, "  {:>3}  {meaning}", exit as u8);
    }
    text.trim_end().to_owned()
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Exit {
    /// What an error comes to.
    pub fn of(error: &Error) -> Self {
        use ErrorCode as E;
        match error.code {
            E::InvalidInput | E::UnknownConnection | E::UnknownProvider | E::ConfirmNeeded => Self::Usage,
            E::LoginNeeded | E::TokenRefused | E::RenewalInDoubt => Self::LoginNeeded,
            E::CredentialsRefused
            | E::LoginDenied
            | E::AuthorizationRefused
            | E::ClientRefused
            | E::Refused
            | E::NoPermission => Self::Refused,
            E::Unreachable
            | E::NoReply
            | E::TlsUntrusted
            | E::TlsFailed
            | E::TimedOut
            | E::RateLimited
            | E::DailyLimit
            | E::ServerFailed
            | E::DiscoveryFailed => Self::Network,
            E::KeychainAbsent
            | E::KeychainLocked
            | E::KeychainSilent
            | E::KeychainFailed
            | E::PassphraseNeeded
            | E::PassphraseWrong
            | E::StoreFailed => Self::Keychain,
            _ => Self::Failed,
        }
    }

    /// What the error of an API's own answer comes to: the person asked for it, so a status is told apart from a server
    /// that is out of order while a token is renewed.
    pub fn of_answer(error: &Error) -> Self {
        match Self::of(error) {
            Self::Refused => Self::Refused,
            _ if error.status.is_some() => Self::Answer,
            other => other,
        }
    }
}
