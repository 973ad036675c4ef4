//! What happened, as the activity keeps it.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::error::ErrorCode;

/// How a redirect comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ReceiveBy {
    /// By a listener on this machine (RFC 8252 section 7.3).
    Loopback,
    /// By a private-use URI scheme (RFC 8252 section 7.1).
    UriScheme,
    /// By the person, who pastes the address.
    Paste,
}

/// Why a redirect was not taken. It changes nothing and ends no login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Ignored {
    /// Its `state` is missing or not that of a waiting login.
    WrongState,
    /// Its login was already finished.
    AlreadyUsed,
    /// Its login was given up or timed out.
    Expired,
    /// It is no authorization response (RFC 6749 section 4.1.2).
    Malformed,
    /// No login waits at that address.
    NoLoginWaiting,
}

/// Why a token was renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RenewalCause {
    /// Its time was over.
    Expired,
    /// A server refused it.
    Refused,
    /// The person asked for it.
    Asked,
    /// Its time was nearly over, and the app was running.
    Ahead,
}

/// Where tokens are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum KeptIn {
    /// In the system keychain.
    Keychain,
    /// In a file that a passphrase opens.
    File,
    /// In memory, until the app is closed.
    Memory,
}

/// What is copied of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CopyForm {
    /// The access token.
    Token,
    /// The whole header that presents it.
    Header,
}

/// What is ended at the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)] // the names are the facts
pub enum Revoked {
    AccessToken,
    RefreshToken,
    Session,
}

/// For how long a program on this machine may have a connection's access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum GrantFor {
    /// For the one request that waits.
    Once,
    /// For 60 minutes.
    Hour,
    /// For 24 hours.
    Day,
    /// For 30 days.
    Month,
}

/// Why a program on this machine was given no token. It reads the same word in the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum NotHandedOut {
    /// The request cannot be understood.
    Malformed,
    /// It names another host than the one that is listened at.
    WrongHost,
    /// It comes from a page in a browser.
    FromAPage,
    /// It is no GET.
    WrongMethod,
    /// Its secret is missing, or that of no program.
    WrongSecret,
    /// There are too many such requests.
    TooMany,
    /// Nothing is offered at this path.
    UnknownRoute,
    /// No connection has this name.
    UnknownConnection,
    /// Several connections have this name.
    Ambiguous,
    /// The person said no.
    Refused,
    /// The person was asked and did not answer in time.
    NotAnswered,
    /// The place where tokens are kept is locked.
    Locked,
    /// There is none that lives as long as it must.
    NoToken,
}

/// Something that happened. Holds nothing secret; URLs are redacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs)] // the names are the facts
pub enum ActivityEvent {
    ConnectionAdded,
    ConnectionRemoved,
    LoginStarted {
        receive_by: ReceiveBy,
    },
    DeviceLoginStarted,
    LoginCompleted {
        scope: Option<String>,
    },
    LoginFailed {
        code: ErrorCode,
    },
    LoginCancelled,
    LoginExpired,
    RedirectIgnored {
        reason: Ignored,
    },
    TokenImported,
    TokenAtHand {
        seconds_left: Option<i32>,
    },
    TokenRenewed {
        cause: RenewalCause,
        seconds: Option<i32>,
        rotated: bool,
    },
    RenewalFailed {
        cause: RenewalCause,
        code: ErrorCode,
    },
    TokenKept {
        kept_in: KeptIn,
    },
    TokenNotKept {
        code: ErrorCode,
    },
    TokenRefused {
        status: u16,
    },
    RequestSent {
        method: String,
        url: String,
        target: Option<String>,
        status: u16,
        replayed: bool,
    },
    RequestFailed {
        method: String,
        url: String,
        target: Option<String>,
        code: ErrorCode,
    },
    RunFinished {
        action: String,
        total: u32,
        accepted: u32,
        failed: u32,
        #[serde(default)]
        unknown: u32,
        stopped: bool,
    },
    TokenCopied {
        form: CopyForm,
    },
    TokenRevealed,
    TokenRevoked {
        what: Revoked,
    },
    TokenNotRevoked {
        what: Revoked,
        code: ErrorCode,
    },
    LoggedOut,
    TokenHandedOut {
        program: String,
    },
    TokenNotHandedOut {
        program: Option<String>,
        reason: NotHandedOut,
    },
    ProgramGranted {
        program: String,
        grant_for: GrantFor,
    },
    GrantRevoked {
        program: String,
    },
    MqttConnected {
        server: String,
    },
    MqttRefused {
        server: String,
        code: ErrorCode,
    },
    MqttDisconnected {
        server: String,
        code: Option<ErrorCode>,
    },
}

/// Something that happened, and to what.
#[derive(Debug, Clone)]
pub struct Happening {
    /// What.
    pub event: ActivityEvent,
    /// To which connection.
    pub connection: Option<String>,
    /// In which run.
    pub run: Option<String>,
    /// In which chain: a request and what it caused.
    pub chain: Option<String>,
    /// How long it took.
    pub took: Option<Duration>,
}

/// A name for a request and what it causes: a look at the token, its renewal, what was kept, the same once more.
pub fn chain() -> String {
    format!("{:.12}", uuid::Uuid::new_v4().simple().to_string())
}
