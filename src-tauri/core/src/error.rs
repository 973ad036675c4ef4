//! What can go wrong, with a code where it is known. The words for people stand in the interface, keyed by the code.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use specta::Type;

/// The outcome of everything in this crate that can fail.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something failed. A code is added only where the interface treats it differently.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// Something that was typed cannot be used; `field` names it.
    InvalidInput,
    /// No connection has this id.
    UnknownConnection,
    /// No provider has this id.
    UnknownProvider,
    /// The redirect URI's port is held by another program.
    PortBusy,
    /// Tokens for other programs are served by another Keydesk already, or another program has the port.
    BrokerBusy,
    /// The system browser could not be started.
    BrowserFailed,
    /// The login attempt is over: expired, cancelled, already used, or unknown.
    LoginEnded,
    /// A pasted address belongs to no waiting login.
    NotOurRedirect,
    /// The person or the server answered `access_denied` (RFC 6749 section 4.1.2.1).
    LoginDenied,
    /// Any other error in the authorization response.
    AuthorizationRefused,
    /// There is no token that can be used or renewed: log in.
    LoginNeeded,
    /// `invalid_grant` (RFC 6749 section 5.2): the code or refresh token is no longer good.
    TokenRefused,
    /// The answer to a renewal was lost: the refresh token may be spent, and only the person sends it again.
    RenewalInDoubt,
    /// What was typed for a login, a password or a device's secret, was not accepted.
    CredentialsRefused,
    /// The id token is not for this login (OpenID Connect Core section 3.1.3.7).
    IdTokenWrong,
    /// The authorization server names itself otherwise than expected (RFC 8414 section 3.3, RFC 9207 section 2.4).
    IssuerWrong,
    /// The issuer's metadata cannot be had or used.
    DiscoveryFailed,
    /// `invalid_client` or `unauthorized_client`: the client registration is wrong.
    ClientRefused,
    /// The token endpoint answered something that is no token answer.
    NotATokenAnswer,
    /// The token endpoint answered a token answer with a blank token in it.
    BlankToken,
    /// A `token_type` that cannot be presented as a bearer token (RFC 6749 section 7.1).
    TokenTypeUnknown,
    /// This machine has no keychain.
    KeychainAbsent,
    /// The keychain is locked.
    KeychainLocked,
    /// The keychain does not answer.
    KeychainSilent,
    /// The keychain refused for another reason.
    KeychainFailed,
    /// The passphrase of the file of secrets is needed.
    PassphraseNeeded,
    /// It is not the passphrase of the file of secrets.
    PassphraseWrong,
    /// The file of secrets cannot be read or written, or was damaged.
    StoreFailed,
    /// No connection to the server could be made: nothing was sent.
    Unreachable,
    /// The connection ended before an answer came: what was sent may have been done.
    NoReply,
    /// The server's certificate is by an authority that this machine does not know.
    TlsUntrusted,
    /// The server's certificate is wrong in another way.
    TlsFailed,
    /// The server took too long.
    TimedOut,
    /// 401, also with a token that was just renewed.
    Refused,
    /// 403.
    NoPermission,
    /// 404.
    NotFound,
    /// 429.
    RateLimited,
    /// 429, and no more is taken today.
    DailyLimit,
    /// 5xx.
    ServerFailed,
    /// Any other 4xx.
    BadRequest,
    /// The answer is not of the form that was expected.
    UnexpectedAnswer,
    /// More targets than the person lets go without a word.
    ConfirmNeeded,
    /// A request leads to another server than the connection's, which the person has not said yes to.
    OtherOrigin,
    /// A provider file has mistakes.
    ProviderFaulty,
    /// A provider is used by connections.
    ProviderInUse,
    /// A file could not be written: the disk is full, or does not let it.
    NotWritten,
    /// The sandbox could not be started.
    SandboxFailed,
    /// The clipboard could not be written.
    ClipboardFailed,
    /// What is done next cannot be written to the disk, and so is not done.
    NotSaved,
    /// A fault of Keydesk.
    Internal,
}

/// What an OAuth server said of it (RFC 6749 sections 4.1.2.1 and 5.2). Text from outside: data, never markup.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OAuthError {
    /// The `error` member.
    pub error: String,
    /// The `error_description` member, shortened.
    pub error_description: Option<String>,
}

/// An error as it crosses to the interface. Holds nothing secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, Type)]
#[error("{message}")]
#[serde(rename = "ErrorView")]
pub struct Error {
    /// What kind it is.
    pub code: ErrorCode,
    /// What exactly: the host, the port, the field. Safe to show.
    pub message: String,
    /// For `invalid_input`: the id of the field.
    pub field: Option<String>,
    /// The HTTP status, where there was one.
    pub status: Option<u16>,
    /// What the OAuth server said, where it did.
    pub oauth: Option<OAuthError>,
    /// Whether the same again may succeed without a change.
    pub retryable: bool,
    /// How many seconds to wait before: the server asks for it, or a renewal waits after failures.
    pub retry_after: Option<u32>,
}

impl Error {
    /// An error of this kind.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        let retryable = matches!(
            code,
            ErrorCode::Unreachable
                | ErrorCode::NoReply
                | ErrorCode::TimedOut
                | ErrorCode::RateLimited
                | ErrorCode::ServerFailed
                | ErrorCode::KeychainSilent
                | ErrorCode::KeychainLocked
                | ErrorCode::PassphraseNeeded
                | ErrorCode::StoreFailed
                | ErrorCode::PortBusy
                | ErrorCode::BrokerBusy
        );
        Self { code, message: message.into(), field: None, status: None, oauth: None, retryable, retry_after: None }
    }

    /// Something typed into `field` cannot be used.
    pub fn input(field: &str, message: impl Into<String>) -> Self {
        Self { field: Some(field.to_owned()), ..Self::new(ErrorCode::InvalidInput, message) }
    }

    /// A fault of Keydesk: what was being done, and the cause.
    pub fn internal(doing: &str, cause: impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::Internal, format!("{doing}: {cause}"))
    }

    /// A file that the disk does not take.
    pub fn not_written(why: impl std::fmt::Display) -> Self {
        Self::new(ErrorCode::NotWritten, format!("The file could not be written: {why}."))
    }

    /// A task that ended in a fault of ours. Its last words are not told: they may hold a secret (security.md J9).
    pub fn of_task(doing: &str, fault: &tokio::task::JoinError) -> Self {
        Self::internal(doing, if fault.is_panic() { "a fault ended it" } else { "it was ended" })
    }

    /// The error that an HTTP status stands for, or none for 2xx and 3xx.
    pub fn of_status(status: u16) -> Option<Self> {
        let code = match status {
            ..=399 => return None,
            401 => ErrorCode::Refused,
            403 => ErrorCode::NoPermission,
            404 | 410 => ErrorCode::NotFound,
            408 => ErrorCode::TimedOut,
            429 => ErrorCode::RateLimited,
            500.. => ErrorCode::ServerFailed,
            _ => ErrorCode::BadRequest,
        };
        Some(Self { status: Some(status), ..Self::new(code, format!("The server answered {status}.")) })
    }

    /// Adds how long the server asks to wait (`Retry-After`).
    #[must_use]
    pub fn with_wait(mut self, wait: Option<Duration>) -> Self {
        if let Some(wait) = wait {
            self.retry_after = u32::try_from(wait.as_secs()).ok();
            self.message = format!("{} It asks to wait {} s.", self.message, wait.as_secs());
        }
        self
    }

    /// Adds the HTTP status.
    #[must_use]
    pub fn with_status(self, status: u16) -> Self {
        Self { status: Some(status), ..self }
    }
}
