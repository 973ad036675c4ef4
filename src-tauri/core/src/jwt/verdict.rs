//! What a check of a signature comes to.

use serde::Serialize;
use specta::Type;

use super::fault::TokenProblem;
use super::keys::KeyFault;
use crate::error::Error;

/// Whether a token's signature holds. That is all it says: whether the token's time is over is another verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SignatureVerdict {
    /// The token was signed with that key, and nothing in it was changed since.
    Valid {
        /// The algorithm.
        algorithm: String,
        /// The name of the key, where it has one.
        key_id: Option<String>,
    },
    /// It was not, or that cannot be known.
    Invalid(Unproven),
}

/// Why a signature does not count, and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Unproven {
    /// Why.
    pub reason: NotValid,
    /// The algorithm that the token names.
    pub algorithm: Option<String>,
    /// The key that it names.
    pub key_id: Option<String>,
    /// For `malformed`: what is wrong with the token, and where.
    pub problem: Option<Box<TokenProblem>>,
    /// For `key_unreadable`: what is wrong with the key.
    pub key_fault: Option<KeyFault>,
    /// For `issuer_unreachable`: why the keys could not be had.
    pub error: Option<Box<Error>>,
}

impl Unproven {
    /// For this reason; nothing else is known.
    pub fn of(reason: NotValid) -> Self {
        Self { reason, algorithm: None, key_id: None, problem: None, key_fault: None, error: None }
    }
}

impl From<NotValid> for Unproven {
    fn from(reason: NotValid) -> Self {
        Self::of(reason)
    }
}

impl From<TokenProblem> for Unproven {
    fn from(problem: TokenProblem) -> Self {
        Self { problem: Some(Box::new(problem)), ..Self::of(NotValid::Malformed) }
    }
}

impl From<KeyFault> for Unproven {
    fn from(fault: KeyFault) -> Self {
        Self { key_fault: Some(fault), ..Self::of(NotValid::KeyUnreadable) }
    }
}

impl From<Error> for Unproven {
    fn from(because: Error) -> Self {
        Self { error: Some(Box::new(because)), ..Self::of(NotValid::IssuerUnreachable) }
    }
}

/// Why a signature does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum NotValid {
    /// It is not made with this key, or the token was changed.
    BadSignature,
    /// The token says itself that it is not signed (`alg` is `none`). Never valid (RFC 8725 section 3.2).
    Unsigned,
    /// It names no algorithm, or none that is checked here.
    AlgorithmUnknown,
    /// The key is for another algorithm than the token names (RFC 8725 section 3.1).
    AlgorithmNotAllowed,
    /// The key is of a kind that the algorithm cannot be checked with: a shared secret for a public key, another curve.
    KeyMismatch,
    /// The key is for encryption, or for signing only.
    KeyForOtherUse,
    /// The key is too short or too weak to say anything (RFC 7518 sections 3.2 and 3.3). With a shared secret: the signature
    /// is made with it all the same.
    KeyTooWeak,
    /// Among the keys none has the name that the token gives.
    NoKeyWithThatId,
    /// Several keys have that name.
    AmbiguousKey,
    /// The key cannot be read.
    KeyUnreadable,
    /// It is no text of three parts that are base64url of what they must be.
    Malformed,
    /// A member of the header stands there twice.
    RepeatedHeader,
    /// The header has `crit`: it wants something understood that is not.
    CriticalHeader,
    /// It is encrypted: who can read it can check it.
    Encrypted,
    /// It is no JWT. Only the server that gave it can say whether it is good.
    Opaque,
    /// It names no issuer, so nobody knows whom to ask for keys.
    IssuerUnknown,
    /// It names another issuer than the one whose keys were asked for (RFC 8725 section 3.8).
    IssuerMismatch,
    /// The issuer's keys could not be had.
    IssuerUnreachable,
}

impl SignatureVerdict {
    /// Whether it holds.
    pub fn holds(&self) -> bool {
        matches!(self, Self::Valid { .. })
    }
}
