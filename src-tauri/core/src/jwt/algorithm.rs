//! The algorithms that are checked, each tied to one kind of key (RFC 8725 section 3.1). `none` is not among them, and no
//! name stands for two kinds: a public key can never be taken for a shared secret.

use jsonwebtoken::Algorithm as Library;

/// A kind of key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum KeyKind {
    Secret,
    Rsa,
    P256,
    P384,
    P521,
    Ed25519,
}

/// An algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Algorithm {
    /// As a header names it.
    pub name: &'static str,
    /// As the library names it; none for the one that it does not have.
    pub library: Option<Library>,
    /// What it is checked with.
    pub key: KeyKind,
    /// The shortest secret in bytes (RFC 7518 section 3.2: as long as the hash).
    pub shortest_secret: usize,
}

/// RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 9864 section 2.2.
const ALGORITHMS: [Algorithm; 14] = [
    of("HS256", Some(Library::HS256), KeyKind::Secret, 32),
    of("HS384", Some(Library::HS384), KeyKind::Secret, 48),
    of("HS512", Some(Library::HS512), KeyKind::Secret, 64),
    of("RS256", Some(Library::RS256), KeyKind::Rsa, 0),
    of("RS384", Some(Library::RS384), KeyKind::Rsa, 0),
    of("RS512", Some(Library::RS512), KeyKind::Rsa, 0),
    of("PS256", Some(Library::PS256), KeyKind::Rsa, 0),
    of("PS384", Some(Library::PS384), KeyKind::Rsa, 0),
    of("PS512", Some(Library::PS512), KeyKind::Rsa, 0),
    of("ES256", Some(Library::ES256), KeyKind::P256, 0),
    of("ES384", Some(Library::ES384), KeyKind::P384, 0),
    of("ES512", None, KeyKind::P521, 0),
    of("EdDSA", Some(Library::EdDSA), KeyKind::Ed25519, 0),
    of("Ed25519", Some(Library::EdDSA), KeyKind::Ed25519, 0),
];

const fn of(name: &'static str, library: Option<Library>, key: KeyKind, shortest_secret: usize) -> Algorithm {
    Algorithm { name, library, key, shortest_secret }
}

impl Algorithm {
    /// The algorithm of this name, letter by letter.
    pub fn named(name: &str) -> Option<Self> {
        ALGORITHMS.into_iter().find(|algorithm| algorithm.name == name)
    }

    /// Whether two names mean the same: `EdDSA` with this curve is `Ed25519`.
    pub fn is_also(&self, name: &str) -> bool {
        Self::named(name).is_some_and(|other| (other.key, other.library) == (self.key, self.library))
    }
}
