//! JSON Web Keys (RFC 7517, RFC 7518 section 6, RFC 8037 section 2), read strictly.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use zeroize::Zeroizing;

use super::{Key, KeyFault, Keys, Material};
use crate::jwt::algorithm::KeyKind;
use crate::secret::Secret;

/// A set of them.
#[derive(Deserialize)]
struct Set<'a> {
    #[serde(borrow)]
    keys: Vec<&'a RawValue>,
}

/// A key. A member that stands twice is an error of the library that reads it.
#[derive(Deserialize)]
struct Jwk {
    kty: String,
    kid: Option<String>,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    n: Option<String>,
    e: Option<String>,
    x: Option<String>,
    y: Option<String>,
    k: Option<Secret>,
    /// What only who signs has.
    d: Option<IgnoredAny>,
}

/// Reads one key or a set.
pub(super) fn read(text: &str) -> Result<Keys, KeyFault> {
    match serde_json::from_str::<Set>(text) {
        Ok(set) => read_set(&set),
        Err(_) => {
            let key = key(text)?;
            // One key that cannot be read says why at once.
            let material = key.material?;
            Ok(Keys::one(Key { material: Ok(material), ..key }))
        }
    }
}

fn read_set(set: &Set) -> Result<Keys, KeyFault> {
    if set.keys.is_empty() {
        return Err(KeyFault::EmptySet);
    }
    // What is not even a key with a type is left out (RFC 7517 section 5).
    let keys: Vec<Key> = set.keys.iter().filter_map(|text| key(text.get()).ok()).collect();
    let kinds = || keys.iter().filter_map(|key| key.material.as_ref().ok()).map(Material::kind);
    if kinds().any(|kind| kind == KeyKind::Secret) && kinds().any(|kind| kind != KeyKind::Secret) {
        return Err(KeyFault::MixedSet);
    }
    if keys.is_empty() { Err(KeyFault::NotAKey) } else { Ok(Keys { keys, by_id: true }) }
}

fn key(text: &str) -> Result<Key, KeyFault> {
    let jwk: Jwk = serde_json::from_str(text).map_err(|_| KeyFault::NotAKey)?;
    let usage = jwk.usage.as_deref().is_none_or(|usage| usage == "sig");
    let operations = jwk.key_ops.as_ref().is_none_or(|operations| operations.iter().any(|it| it == "verify"));
    let material = material(&jwk);
    Ok(Key { id: jwk.kid, algorithm: jwk.alg, checks: usage && operations, material })
}

fn material(jwk: &Jwk) -> Result<Material, KeyFault> {
    if jwk.d.is_some() {
        return Err(KeyFault::PrivateKey);
    }
    match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("RSA", _) => Ok(Material::Rsa { n: unsigned(&jwk.n)?, e: unsigned(&jwk.e)? }),
        ("EC", Some("P-256")) => point(jwk, KeyKind::P256, 32),
        ("EC", Some("P-384")) => point(jwk, KeyKind::P384, 48),
        ("EC", Some("P-521")) => point(jwk, KeyKind::P521, 66),
        ("OKP", Some("Ed25519")) => Ok(Material::Public(KeyKind::Ed25519, octets(&jwk.x, 32)?)),
        ("oct", _) => {
            let secret = jwk.k.as_ref().ok_or(KeyFault::Malformed)?;
            let bytes = URL_SAFE_NO_PAD.decode(secret.expose()).map_err(|_| KeyFault::Malformed)?;
            Ok(Material::Secret(Zeroizing::new(bytes)))
        }
        _ => Err(KeyFault::UnknownKind),
    }
}

/// The uncompressed form of a point (SEC 1 section 2.3.3).
fn point(jwk: &Jwk, kind: KeyKind, length: usize) -> Result<Material, KeyFault> {
    let (x, y) = (octets(&jwk.x, length)?, octets(&jwk.y, length)?);
    Ok(Material::Public(kind, [vec![4], x, y].concat()))
}

/// Of the full length, leading zeros too (RFC 7518 section 6.2.1.2).
fn octets(text: &Option<String>, length: usize) -> Result<Vec<u8>, KeyFault> {
    let bytes = decode(text)?;
    if bytes.len() == length { Ok(bytes) } else { Err(KeyFault::Malformed) }
}

/// An integer. Some write a leading zero, which RFC 7518 section 6.3.1.1 forbids and which means nothing.
fn unsigned(text: &Option<String>) -> Result<Vec<u8>, KeyFault> {
    let bytes = decode(text)?;
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    Ok(bytes[zeros..].to_vec())
}

fn decode(text: &Option<String>) -> Result<Vec<u8>, KeyFault> {
    URL_SAFE_NO_PAD.decode(text.as_deref().ok_or(KeyFault::Malformed)?).map_err(|_| KeyFault::Malformed)
}
