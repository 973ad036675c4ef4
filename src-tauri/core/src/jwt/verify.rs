//! Checks a signature (RFC 7515 section 5.2, RFC 8725 section 3). The token is read and the key is chosen here, strictly; the
//! library is asked only whether these bytes are signed with that key.

use aws_lc_rs::signature::{ECDSA_P521_SHA512_FIXED, VerificationAlgorithm};
use jsonwebtoken::DecodingKey;

use super::algorithm::{Algorithm, KeyKind};
use super::header::Header;
use super::keys::{Key, KeyFault, Keys, Material, is_weak};
use super::token::{parts_of, trimmed};
use super::verdict::{NotValid, SignatureVerdict, Unproven};

/// Whether a token is signed with one of these keys, or what is wrong with what was given as such.
pub fn check_signature(token: &str, keys: Result<Keys, KeyFault>) -> SignatureVerdict {
    match keys {
        Ok(keys) => check(token, &keys),
        Err(fault) => SignatureVerdict::Invalid(fault.into()),
    }
}

fn check(token: &str, keys: &Keys) -> SignatureVerdict {
    let signed = match Signed::read(token) {
        Ok(signed) => signed,
        Err(unproven) => return SignatureVerdict::Invalid(unproven),
    };
    let Header { algorithm, key_id } = &signed.header;
    match signed.check(keys) {
        Ok((algorithm, key)) => SignatureVerdict::Valid {
            algorithm: algorithm.name.to_owned(),
            key_id: key.id.clone().or_else(|| key_id.clone()),
        },
        Err(unproven) => SignatureVerdict::Invalid(Unproven {
            algorithm: Some(algorithm.clone()).filter(|name| !name.is_empty()),
            key_id: key_id.clone(),
            ..unproven
        }),
    }
}

/// A signed token in its parts.
struct Signed<'a> {
    header: Header,
    /// What is signed: the first two parts as they stand there.
    message: &'a [u8],
    /// Strict base64url.
    signature: &'a str,
}

impl<'a> Signed<'a> {
    fn read(token: &'a str) -> Result<Self, Unproven> {
        let (token, start) = trimmed(token);
        let parts = parts_of(token, start)
            .map_err(|problem| problem.map_or_else(|| NotValid::Opaque.into(), Unproven::from))?;
        let header = Header::of(&parts[0])?;
        if parts.len() == 5 {
            return Err(NotValid::Encrypted.into());
        }
        parts[1..].iter().try_for_each(|part| part.decode().map(drop))?;
        let signature = parts[2].text;
        let message = &token.as_bytes()[..token.len() - signature.len() - 1];
        Ok(Self { header: header?, message, signature })
    }

    fn check<'k>(&self, keys: &'k Keys) -> Result<(Algorithm, &'k Key), Unproven> {
        let algorithm = self.algorithm()?;
        for (key, material) in self.choose(keys, algorithm)? {
            if self.is_by(algorithm, material) {
                return match material {
                    Material::Secret(secret) if secret.len() < algorithm.shortest_secret => {
                        Err(NotValid::KeyTooWeak.into())
                    }
                    _ => Ok((algorithm, key)),
                };
            }
        }
        Err(NotValid::BadSignature.into())
    }

    fn algorithm(&self) -> Result<Algorithm, NotValid> {
        let name = &self.header.algorithm;
        if name.eq_ignore_ascii_case("none") {
            return Err(NotValid::Unsigned);
        }
        Algorithm::named(name).ok_or(NotValid::AlgorithmUnknown)
    }

    /// The keys that may be tried. By name it is one, or none.
    fn choose<'k>(&self, keys: &'k Keys, algorithm: Algorithm) -> Result<Vec<(&'k Key, &'k Material)>, Unproven> {
        let name = self.header.key_id.as_ref().filter(|_| keys.by_id);
        let named: Vec<&Key> = keys.keys.iter().filter(|key| name.is_none() || key.id.as_ref() == name).collect();
        let fitting: Vec<_> = named.iter().filter_map(|key| Some((*key, fits(key, algorithm).ok()?))).collect();
        let broken = named.iter().filter(|key| matches!(&key.material, Err(fault) if *fault != KeyFault::UnknownKind));
        match (fitting.len(), name) {
            (0, _) => {
                let first = named.first().ok_or(NotValid::NoKeyWithThatId)?;
                // Why that one does not.
                fits(first, algorithm).map(|_| Vec::new())
            }
            (found, Some(_)) if found + broken.count() > 1 => Err(NotValid::AmbiguousKey.into()),
            _ => Ok(fitting),
        }
    }

    fn is_by(&self, algorithm: Algorithm, material: &Material) -> bool {
        let Some(library) = algorithm.library else {
            // The library has no P-521; what it stands on has.
            let Material::Public(KeyKind::P521, point) = material else { return false };
            let signature = super::fault::strict(self.signature);
            return signature.is_ok_and(|it| ECDSA_P521_SHA512_FIXED.verify_sig(point, self.message, &it).is_ok());
        };
        let key = match material {
            Material::Secret(secret) => DecodingKey::from_secret(secret),
            Material::Rsa { n, e } => DecodingKey::from_rsa_raw_components(n, e),
            Material::Public(KeyKind::Ed25519, key) => DecodingKey::from_ed_der(key),
            Material::Public(_, point) => DecodingKey::from_ec_der(point),
        };
        jsonwebtoken::crypto::verify(self.signature, self.message, &key, library).unwrap_or(false)
    }
}

/// Whether an algorithm may be checked with a key: the key says what it is for, and the token only picks (RFC 8725
/// sections 3.1 and 3.2).
fn fits(key: &Key, algorithm: Algorithm) -> Result<&Material, Unproven> {
    let material = key.material.as_ref().map_err(|fault| Unproven::from(*fault))?;
    let reason = match &key.algorithm {
        _ if !key.checks => NotValid::KeyForOtherUse,
        _ if material.kind() != algorithm.key => NotValid::KeyMismatch,
        Some(own) if !algorithm.is_also(own) => NotValid::AlgorithmNotAllowed,
        _ if is_weak(material) => NotValid::KeyTooWeak,
        _ => return Ok(material),
    };
    Err(reason.into())
}
