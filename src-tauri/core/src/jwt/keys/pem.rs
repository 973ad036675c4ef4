//! Public keys and certificates in PEM (RFC 7468), or as the base64 without its lines, as some servers show it.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use x509_cert::Certificate;
use x509_cert::der::asn1::{ObjectIdentifier as Oid, UintRef};
use x509_cert::der::{Decode, Reader, SliceReader};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::{Key, KeyFault, Material};
use crate::jwt::algorithm::KeyKind;

/// RFC 3279 section 2.3.
const RSA: Oid = Oid::new_unwrap("1.2.840.113549.1.1.1");
const EC: Oid = Oid::new_unwrap("1.2.840.10045.2.1");
/// RFC 8410 section 3.
const ED25519: Oid = Oid::new_unwrap("1.3.101.112");
/// RFC 5480 section 2.1.1.1.
const CURVES: [(Oid, KeyKind, usize); 3] = [
    (Oid::new_unwrap("1.2.840.10045.3.1.7"), KeyKind::P256, 65),
    (Oid::new_unwrap("1.3.132.0.34"), KeyKind::P384, 97),
    (Oid::new_unwrap("1.3.132.0.35"), KeyKind::P521, 133),
];

/// Reads the first key or certificate of a text. Who signed a certificate, and until when, is not looked at: the person
/// says that this is the key.
pub(super) fn read(text: &str) -> Result<Key, KeyFault> {
    let Some(begin) = text.find("-----BEGIN ") else {
        let der = decode(text).map_err(|_| KeyFault::NotAKey)?;
        return of_info(&der).or_else(|_| of_certificate(&der)).map_err(|fault| match fault {
            KeyFault::UnknownKind => fault,
            _ => KeyFault::NotAKey,
        });
    };
    let (label, rest) = text[begin + "-----BEGIN ".len()..].split_once("-----").ok_or(KeyFault::NotAKey)?;
    let (body, _) = rest.split_once(&format!("-----END {label}-----")).ok_or(KeyFault::Malformed)?;
    if label.ends_with("PRIVATE KEY") {
        return Err(KeyFault::PrivateKey);
    }
    let der = decode(body)?;
    match label {
        "PUBLIC KEY" => of_info(&der),
        "RSA PUBLIC KEY" => rsa(&der).map(Key::alone),
        "CERTIFICATE" => of_certificate(&der),
        _ => Err(KeyFault::NotAKey),
    }
}

fn decode(text: &str) -> Result<Vec<u8>, KeyFault> {
    let whole: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
    STANDARD.decode(whole).map_err(|_| KeyFault::Malformed)
}

fn of_certificate(der: &[u8]) -> Result<Key, KeyFault> {
    let certificate = Certificate::from_der(der).map_err(|_| KeyFault::Malformed)?;
    material(certificate.tbs_certificate().subject_public_key_info()).map(Key::alone)
}

fn of_info(der: &[u8]) -> Result<Key, KeyFault> {
    let info = SubjectPublicKeyInfoOwned::from_der(der).map_err(|_| KeyFault::Malformed)?;
    material(&info).map(Key::alone)
}

fn material(info: &SubjectPublicKeyInfoOwned) -> Result<Material, KeyFault> {
    let bytes = info.subject_public_key.as_bytes().ok_or(KeyFault::Malformed)?;
    let public = |kind: KeyKind, length: usize| {
        if bytes.len() == length { Ok(Material::Public(kind, bytes.to_vec())) } else { Err(KeyFault::Malformed) }
    };
    match info.algorithm.oid {
        RSA => rsa(bytes),
        ED25519 => public(KeyKind::Ed25519, 32),
        EC => {
            let parameters = info.algorithm.parameters.as_ref().ok_or(KeyFault::Malformed)?;
            let curve = parameters.decode_as::<Oid>().map_err(|_| KeyFault::UnknownKind)?;
            let known = CURVES.iter().find(|(oid, ..)| *oid == curve);
            known.ok_or(KeyFault::UnknownKind).and_then(|(_, kind, length)| public(*kind, *length))
        }
        _ => Err(KeyFault::UnknownKind),
    }
}

/// RSAPublicKey (RFC 8017 appendix A.1.1).
fn rsa(der: &[u8]) -> Result<Material, KeyFault> {
    let read = || -> x509_cert::der::Result<Material> {
        let mut reader = SliceReader::new(der)?;
        let material = reader.sequence(|reader| {
            let n = UintRef::decode(reader)?.as_bytes().to_vec();
            let e = UintRef::decode(reader)?.as_bytes().to_vec();
            Ok::<_, x509_cert::der::Error>(Material::Rsa { n, e })
        })?;
        reader.finish()?;
        Ok(material)
    };
    read().map_err(|_| KeyFault::Malformed)
}
