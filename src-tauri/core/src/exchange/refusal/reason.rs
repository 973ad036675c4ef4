//! Why a server refused, as far as its answer, the token and the provider's file say.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use specta::Type;

/// A reason, and what shows it. The words for people stand in the interface and in the command line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// The token is for another server.
    OtherServer {
        /// Where it was sent.
        server: String,
    },
    /// A refresh token was presented. It belongs to the token endpoint only.
    RefreshTokenUsed,
    /// An id token was presented. It says who logged in, and opens nothing.
    IdTokenUsed,
    /// The token had ended.
    Expired {
        /// When.
        #[specta(type = String)]
        ended: Timestamp,
        /// What time it was: for the server, where it said so.
        #[specta(type = String)]
        at: Timestamp,
        /// Whether that is the server's own time.
        by_server: bool,
    },
    /// The token had not begun: a clock is wrong.
    NotYetValid {
        /// When it begins.
        #[specta(type = String)]
        begins: Timestamp,
        /// What time it was: for the server, where it said so.
        #[specta(type = String)]
        at: Timestamp,
        /// Whether that is the server's own time.
        by_server: bool,
    },
    /// The server wants another scheme than the one that was used.
    OtherScheme {
        /// What it wants.
        wanted: Vec<String>,
        /// What was used.
        used: String,
    },
    /// The token lacks what the server names (RFC 6750 section 3: `scope`).
    MissingScope {
        /// What it lacks.
        missing: Vec<String>,
    },
    /// A header that the provider wants was not sent.
    MissingHeader {
        /// Its name.
        name: String,
    },
    /// The token is of another issuer than the connection logs in at: another environment or tenant.
    OtherIssuer {
        /// Who made it.
        issuer: String,
        /// At whom the connection logs in.
        expected: String,
    },
    /// The token is for others than this server.
    OtherAudience {
        /// For whom it is.
        audience: Vec<String>,
        /// Where it was sent.
        server: String,
    },
    /// The server says that the tenant is wrong.
    WrongTenant {
        /// The provider's own headers that were sent.
        headers: Vec<String>,
    },
    /// The server says that this token may not do this.
    NoPermission,
    /// The server says that the token is dead, ended early or unknown.
    DeadToken,
    /// The server names an error of RFC 6750 section 3.1.
    ServerSays {
        /// `invalid_request`, `invalid_token`, `insufficient_scope`, or its own.
        error: String,
        /// In its words.
        description: Option<String>,
    },
    /// Nothing of it says why.
    Unknown,
}
