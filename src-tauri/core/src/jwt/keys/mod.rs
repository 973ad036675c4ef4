//! Keys that a person or an issuer gives: a JWK, a set of them, a public key or certificate in PEM, a shared secret. What is
//! given decides what it is, never the token.

mod jwk;
mod pem;
mod weak;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use specta::Type;
use zeroize::Zeroizing;

use super::algorithm::KeyKind;
use crate::secret::Secret;

pub(super) use weak::is_weak;

/// What is wrong with a text that should be a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum KeyFault {
    /// It is no PEM, certificate, JWK or set of JWKs.
    NotAKey,
    /// It is a private key. Nobody needs it to check, so it is better kept to oneself.
    PrivateKey,
    /// It is a PEM, which is no shared secret (RFC 8725 section 2.1).
    NotASecret,
    /// It is of a kind or curve that is not checked here.
    UnknownKind,
    /// Something in it is missing, of another length, or not base64.
    Malformed,
    /// Shared secrets and public keys stand in one set: one could be taken for the other.
    MixedSet,
    /// The set has no key.
    EmptySet,
}

/// How a shared secret is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SecretForm {
    /// As it is.
    #[default]
    Text,
    /// In base64.
    Base64,
    /// In base64url.
    Base64url,
}

/// What a signature is checked with.
pub(super) enum Material {
    Secret(Zeroizing<Vec<u8>>),
    /// Modulus and exponent, without leading zeros.
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// A point of a curve, or an Ed25519 key, as it is checked with.
    Public(KeyKind, Vec<u8>),
}

impl Material {
    pub fn kind(&self) -> KeyKind {
        match self {
            Self::Secret(_) => KeyKind::Secret,
            Self::Rsa { .. } => KeyKind::Rsa,
            Self::Public(kind, _) => *kind,
        }
    }
}

/// A key.
pub(super) struct Key {
    /// Its name.
    pub id: Option<String>,
    /// The one algorithm that it is for, where it says so.
    pub algorithm: Option<String>,
    /// Whether signatures may be checked with it.
    pub checks: bool,
    /// It itself, or what is wrong with it: a set may hold keys that are not understood (RFC 7517 section 5).
    pub material: Result<Material, KeyFault>,
}

impl Key {
    /// One that says nothing of itself.
    fn alone(material: Material) -> Self {
        Self { id: None, algorithm: None, checks: true, material: Ok(material) }
    }
}

/// The keys that a token is checked with.
pub struct Keys {
    pub(super) keys: Vec<Key>,
    /// Whether the token's `kid` chooses among them. A single key was chosen by the person.
    pub(super) by_id: bool,
}

impl Keys {
    /// Reads a JWK, a set of them (RFC 7517), a PEM (RFC 7468), or the base64 of one without its lines.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of_text(text: &Secret) -> Result<Self, KeyFault> {
        let text = text.expose().trim();
        if text.starts_with('{') {
            return jwk::read(text);
        }
        pem::read(text).map(Self::one)
    }

    /// Takes a shared secret.
    ///
    /// # Errors
    /// `malformed` when it is not of its form, `not_a_secret` when it is a PEM: a public key is known to all.
    pub fn of_secret(secret: &Secret, form: SecretForm) -> Result<Self, KeyFault> {
        let text = secret.expose();
        if text.contains("-----BEGIN") {
            return Err(KeyFault::NotASecret);
        }
        let bytes = match form {
            SecretForm::Text => Ok(text.as_bytes().to_vec()),
            SecretForm::Base64 => STANDARD.decode(text.trim()),
            SecretForm::Base64url => URL_SAFE_NO_PAD.decode(text.trim().trim_end_matches('=')),
        };
        let bytes = Zeroizing::new(bytes.map_err(|_| KeyFault::Malformed)?);
        Ok(Self::one(Key::alone(Material::Secret(bytes))))
    }

    /// Those of them that an issuer can publish: a shared secret that everybody can read proves nothing (RFC 8725 section 3.1).
    #[must_use]
    pub fn published(mut self) -> Self {
        self.keys.retain(|key| !matches!(key.material, Ok(Material::Secret(_))));
        self
    }

    /// No key at all: what is wrong with a token whatever the key is.
    pub fn none() -> Self {
        Self { keys: Vec::new(), by_id: true }
    }

    fn one(key: Key) -> Self {
        Self { keys: vec![key], by_id: false }
    }
}
