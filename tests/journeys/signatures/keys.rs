//! Keys in every form that is taken, and those that are refused.

use keydesk_core::{KeyFault, Keys, NotValid, Secret, SecretForm, SignatureVerdict, check_signature};
use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};

use super::signer::{ALGORITHMS, Signer, encode, pem};
use super::{check, reason};

fn header(algorithm: &str) -> String {
    json!({"alg": algorithm, "kid": "k"}).to_string()
}

fn fault(key: &str) -> Option<KeyFault> {
    Keys::of_text(&Secret::new(key)).err()
}

#[test]
fn g2_a_public_key_counts_in_pem_in_der_and_as_a_jwk() {
    for algorithm in ALGORITHMS.iter().filter(|name| !name.starts_with("HS")) {
        let signer = Signer::new(algorithm);
        let token = signer.token(&header(algorithm), algorithm);
        let pem = signer.pem().unwrap();
        let bare: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let in_one_line = format!("-----BEGIN PUBLIC KEY-----\n{bare}\n-----END PUBLIC KEY-----");
        let windows = pem.replace('\n', "\r\n");
        let with_a_word = format!("My key:\n{pem}\nBest regards");
        for key in [&pem, &bare, &in_one_line, &windows, &with_a_word, &signer.jwk().to_string()] {
            assert!(check(&token, key).holds(), "{algorithm}: {key}");
        }
        let other = Signer::new(algorithm).pem().unwrap();
        assert_eq!(reason(&check(&token, &other)), Some(NotValid::BadSignature), "{algorithm}");
    }
}

#[test]
fn g2_a_certificate_counts_by_its_key() {
    for (algorithm, kind) in [
        ("ES256", &rcgen::PKCS_ECDSA_P256_SHA256),
        ("ES384", &rcgen::PKCS_ECDSA_P384_SHA384),
        ("EdDSA", &rcgen::PKCS_ED25519),
    ] {
        let pair = KeyPair::generate_for(kind).unwrap();
        let certificate = CertificateParams::new(vec!["auth.example".to_owned()]).unwrap().self_signed(&pair).unwrap();
        let signer = of_pkcs8(algorithm, &pair.serialize_der());
        let token = signer.token(&header(algorithm), algorithm);
        assert!(check(&token, &certificate.pem()).holds(), "{algorithm}");
        let bare: String = certificate.pem().lines().filter(|line| !line.starts_with('-')).collect();
        assert!(check(&token, &bare).holds(), "{algorithm}, as x5c has it");
    }
}

fn of_pkcs8(algorithm: &str, der: &[u8]) -> Signer {
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING as P256, ECDSA_P384_SHA384_FIXED_SIGNING as P384, EcdsaKeyPair, Ed25519KeyPair,
    };
    match algorithm {
        "ES256" => Signer::Ec("P-256", EcdsaKeyPair::from_pkcs8(&P256, der).unwrap()),
        "ES384" => Signer::Ec("P-384", EcdsaKeyPair::from_pkcs8(&P384, der).unwrap()),
        _ => Signer::Ed(Ed25519KeyPair::from_pkcs8(der).unwrap()),
    }
}

#[test]
fn g2_of_a_set_the_key_with_the_tokens_name_counts_and_no_other() {
    let (first, second) = (Signer::new("ES256"), Signer::new("ES256"));
    let named = |signer: &Signer, id: &str| {
        let mut key = signer.jwk();
        key["kid"] = json!(id);
        key
    };
    let set = |keys: &[Value]| json!({ "keys": keys }).to_string();
    let token = first.token(&header("ES256"), "ES256");
    let (own, other) = (named(&first, "k"), named(&second, "j"));
    assert!(check(&token, &set(&[other.clone(), own.clone()])).holds());
    let found = |keys: &[Value]| reason(&check(&token, &set(keys)));
    assert_eq!(found(&[named(&first, "j"), named(&second, "i")]), Some(NotValid::NoKeyWithThatId));
    assert_eq!(found(&[named(&second, "k")]), Some(NotValid::BadSignature));
    assert_eq!(found(&[own.clone(), named(&second, "k")]), Some(NotValid::AmbiguousKey));
    let broken = json!({"kty": "EC", "crv": "P-256", "kid": "k", "x": "AAAA", "y": "AAAA"});
    assert_eq!(found(&[own.clone(), broken]), Some(NotValid::AmbiguousKey));
    // Of another kind it cannot be meant (RFC 7517 section 4.5).
    assert_eq!(found(&[own.clone(), named(&Signer::new("EdDSA"), "k")]), None);
    // What is not understood is left out (RFC 7517 section 5), unless it is meant.
    let odd = json!({"kty": "AKP", "alg": "ML-DSA-44", "kid": "new", "pub": "AAAA"});
    assert_eq!(found(&[odd.clone(), own.clone()]), None);
    assert_eq!(found(&[json!({"kty": "AKP", "kid": "k"})]), Some(NotValid::KeyUnreadable));
    // A token without a name is tried with each.
    let unnamed = first.token(r#"{"alg":"ES256"}"#, "ES256");
    assert!(check(&unnamed, &set(&[other, own])).holds());
    // A single key was chosen by the person, whatever it is called.
    assert!(check(&token, &named(&first, "another").to_string()).holds());
    assert_eq!(fault(r#"{"keys":[]}"#), Some(KeyFault::EmptySet));
    let secret = Signer::new("HS256").jwk();
    assert_eq!(fault(&set(&[secret, named(&first, "k")])), Some(KeyFault::MixedSet));
}

#[test]
fn g2_a_key_for_something_else_is_not_used() {
    let signer = Signer::new("RS256");
    let token = signer.token(&header("RS256"), "RS256");
    for (member, value, expected) in [
        ("use", json!("sig"), None),
        ("use", json!("enc"), Some(NotValid::KeyForOtherUse)),
        ("key_ops", json!(["verify"]), None),
        ("key_ops", json!(["sign"]), Some(NotValid::KeyForOtherUse)),
        ("key_ops", json!(["encrypt", "wrapKey"]), Some(NotValid::KeyForOtherUse)),
        ("alg", json!("RS256"), None),
        ("alg", json!("RSA-OAEP"), Some(NotValid::AlgorithmNotAllowed)),
        ("alg", json!("RS512"), Some(NotValid::AlgorithmNotAllowed)),
        ("kid", json!("k"), None),
        ("x5t", json!("AAAA"), None),
    ] {
        let mut key = signer.jwk();
        key[member] = value;
        assert_eq!(reason(&check(&token, &key.to_string())), expected, "{key}");
    }
}

#[test]
fn g2_a_private_key_is_refused_and_said_to_be_one() {
    for label in ["PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "OPENSSH PRIVATE KEY"] {
        assert_eq!(fault(&pem(label, b"secret")), Some(KeyFault::PrivateKey));
    }
    let mut key = Signer::new("ES256").jwk();
    key["d"] = json!("AAAA");
    assert_eq!(fault(&key.to_string()), Some(KeyFault::PrivateKey));
}

#[test]
fn g2_what_is_no_key_is_refused() {
    for (key, expected) in [
        ("", KeyFault::NotAKey),
        ("hunter2", KeyFault::NotAKey),
        ("AAAA", KeyFault::NotAKey),
        ("{", KeyFault::NotAKey),
        ("{}", KeyFault::NotAKey),
        (r#"{"keys":[1]}"#, KeyFault::NotAKey),
        (r#"{"kty":"RSA"}"#, KeyFault::Malformed),
        (r#"{"kty":"RSA","n":"A=","e":"AQAB"}"#, KeyFault::Malformed),
        (r#"{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}"#, KeyFault::Malformed),
        (r#"{"kty":"EC","crv":"secp256k1","x":"AAAA","y":"AAAA"}"#, KeyFault::UnknownKind),
        (r#"{"kty":"OKP","crv":"X25519","x":"AAAA"}"#, KeyFault::UnknownKind),
        (r#"{"kty":"oct"}"#, KeyFault::Malformed),
        (r#"{"kty":"RSA","kty":"oct","k":"AAAA"}"#, KeyFault::NotAKey),
        ("-----BEGIN PUBLIC KEY-----\nAAAA", KeyFault::Malformed),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", KeyFault::Malformed),
        ("-----BEGIN CERTIFICATE-----\n?\n-----END CERTIFICATE-----", KeyFault::Malformed),
        ("-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----", KeyFault::NotAKey),
    ] {
        assert_eq!(fault(key), Some(expected), "{key}");
    }
}

#[test]
fn g2_a_short_secret_proves_nothing_and_a_wrong_one_is_told_apart() {
    let secret = |text: &str| Keys::of_secret(&Secret::new(text), SecretForm::Text);
    for (algorithm, length) in [("HS256", 32), ("HS384", 48), ("HS512", 64)] {
        for (text, expected) in [("s".repeat(length), None), ("s".repeat(length - 1), Some(NotValid::KeyTooWeak))] {
            let token = Signer::Secret(text.clone().into_bytes()).token(&header(algorithm), algorithm);
            assert_eq!(reason(&check_signature(&token, secret(&text))), expected, "{algorithm}");
            let other = check_signature(&token, secret(&format!("{text}x")));
            assert_eq!(reason(&other), Some(NotValid::BadSignature));
        }
    }
}

#[test]
fn g2_a_point_that_is_not_on_its_curve_checks_nothing() {
    let signer = Signer::new("ES256");
    let token = signer.token(&header("ES256"), "ES256");
    let mut key = signer.jwk();
    key["y"] = json!(encode([7; 32]));
    assert_eq!(reason(&check(&token, &key.to_string())), Some(NotValid::BadSignature));
}

#[test]
fn f9_what_a_check_says_holds_no_secret() {
    let token = Signer::new("HS256").token(&header("HS256"), "HS256");
    let verdict = check_signature(&token, Keys::of_secret(&Secret::new("hunter2-hunter2"), SecretForm::Text));
    let said = format!("{verdict:?} {}", serde_json::to_string(&verdict).unwrap());
    assert!(!said.contains("hunter2") && !said.contains(token.rsplit('.').next().unwrap()));
    assert!(matches!(verdict, SignatureVerdict::Invalid(_)));
}
