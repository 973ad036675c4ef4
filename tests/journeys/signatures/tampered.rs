//! Tokens that are not what their signature was made for, in each of the ways that RFC 8725 and Wycheproof name.

use keydesk_core::{Keys, NotValid, Secret, SecretForm, SignatureVerdict, check_signature};
use serde_json::json;

use super::signer::{ALGORITHMS, Signer, encode, hmac_of};
use super::{check, reason};

fn header(algorithm: &str) -> String {
    json!({"alg": algorithm, "kid": "k"}).to_string()
}

#[test]
fn g2_a_token_of_each_algorithm_is_valid_and_is_not_when_any_part_of_it_was_changed() {
    for algorithm in ALGORITHMS {
        let signer = Signer::new(algorithm);
        let key = signer.jwk().to_string();
        let token = signer.token(&header(algorithm), algorithm);
        assert!(check(&token, &key).holds(), "{algorithm}");
        assert!(check(&format!("\n {token}\n"), &key).holds(), "white space around it is not the token's");
        let parts: Vec<&str> = token.split('.').collect();
        let with = |at: usize, part: &str| {
            let mut parts = parts.clone();
            parts[at] = part;
            parts.join(".")
        };
        let other_header = encode(header(algorithm).replace("\"k\"", "\"j\""));
        let other_claims = encode(r#"{"sub":"someone else","exp":1}"#);
        let mut bent = signer.sign(algorithm, format!("{}.{}", parts[0], parts[1]).as_bytes());
        bent[20] ^= 1;
        for changed in
            [with(0, &other_header), with(1, &other_claims), with(1, ""), with(2, ""), with(2, &encode(&bent))]
        {
            let found = reason(&check(&changed, &key));
            assert_eq!(found, Some(NotValid::BadSignature), "{algorithm}: {changed}");
        }
        for signature in [&bent[1..], &[&bent[..], &[0]].concat(), &[0; 64], &[]] {
            assert!(!check(&with(2, &encode(signature)), &key).holds(), "{algorithm}");
        }
    }
}

#[test]
fn g3_a_signature_counts_for_one_spelling_of_a_token_only() {
    let signer = Signer::new("ES256");
    let key = signer.jwk().to_string();
    let token = signer.token(&header("ES256"), "ES256");
    let parts: Vec<&str> = token.split('.').collect();
    for at in 0..3 {
        for spelling in ["=", "==", " ", "\n", "+", "/", "#", "?", "é", "A"] {
            let mut changed: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
            changed[at].insert_str(1, spelling);
            assert!(!check(&changed.join("."), &key).holds(), "{at} {spelling:?}");
            let mut changed: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
            changed[at].push_str(spelling);
            let is_around = at == 2 && spelling.trim().is_empty();
            assert_eq!(check(&changed.join("."), &key).holds(), is_around, "{at} {spelling:?}");
        }
    }
    for parts in [&parts[..2], &parts[1..], &parts[..1], &[parts[0], parts[1], parts[2], parts[2]]] {
        assert!(!check(&parts.join("."), &key).holds());
    }
    // What is signed is signed with the spelling, so a signer that spells badly is refused too.
    for (header, claims) in [("eyJhbGciOiJFUzI1NiJ9=", "e30"), ("eyJhbGciOiJFUzI1NiJ9", "AB")] {
        let message = format!("{header}.{claims}");
        let token = format!("{message}.{}", encode(signer.sign("ES256", message.as_bytes())));
        assert_eq!(reason(&check(&token, &key)), Some(NotValid::Malformed), "{token}");
    }
    // RFC 7515 section 7.2: the JSON serialization is another format.
    let json = json!({"payload": parts[1], "protected": parts[0], "signature": parts[2]}).to_string();
    assert_eq!(reason(&check(&json, &key)), Some(NotValid::Opaque));
}

#[test]
fn g2_none_is_never_valid_however_it_is_written() {
    for algorithm in ["HS256", "RS256", "ES256"] {
        let signer = Signer::new(algorithm);
        let key = signer.jwk().to_string();
        for none in ["none", "None", "NONE", "nOnE"] {
            let token = signer.token(&header(none), algorithm);
            assert_eq!(reason(&check(&token, &key)), Some(NotValid::Unsigned));
            let unsigned = &token[..=token.rfind('.').unwrap()];
            assert_eq!(reason(&check(unsigned, &key)), Some(NotValid::Unsigned));
        }
        for odd in ["", " none", "none ", "hs256", "HS1", "ES256K", "RSA1_5", "Ed448", "HS256\0"] {
            let token = signer.token(&header(odd), algorithm);
            assert_eq!(reason(&check(&token, &key)), Some(NotValid::AlgorithmUnknown), "{odd:?}");
        }
        for odd in ["{}", r#"{"alg":null}"#, r#"{"alg":1}"#, r#"{"alg":["HS256"]}"#] {
            let token = signer.token(odd, algorithm);
            assert_eq!(reason(&check(&token, &key)), Some(NotValid::AlgorithmUnknown), "{odd}");
        }
    }
}

#[test]
fn g2_a_public_key_is_never_taken_for_a_shared_secret() {
    for algorithm in ["RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA"] {
        let signer = Signer::new(algorithm);
        let pem = signer.pem().unwrap();
        let jwk = signer.jwk();
        let member = |name: &str| jwk[name].as_str().unwrap_or_default().as_bytes().to_vec();
        let known_to_all = [
            pem.as_bytes().to_vec(),
            pem.trim().as_bytes().to_vec(),
            signer.der().unwrap(),
            jwk.to_string().into(),
            member("n"),
            member("x"),
        ];
        for secret in known_to_all.iter().filter(|secret| !secret.is_empty()) {
            for hmac in ["HS256", "HS384", "HS512"] {
                let message = format!("{}.{}", encode(header(hmac)), encode("{}"));
                let token = format!("{message}.{}", encode(hmac_of(hmac, secret, message.as_bytes())));
                for key in [&pem, &jwk.to_string()] {
                    assert_eq!(reason(&check(&token, key)), Some(NotValid::KeyMismatch), "{algorithm} {hmac}");
                }
                let as_secret = Keys::of_secret(&Secret::new(pem.as_str()), SecretForm::Text);
                assert_eq!(reason(&check_signature(&token, as_secret)), Some(NotValid::KeyUnreadable));
            }
        }
    }
}

#[test]
fn g2_a_key_that_says_its_algorithm_is_used_with_no_other() {
    for of_key in ALGORITHMS {
        let signer = Signer::new(of_key);
        let mut key = signer.jwk();
        key["alg"] = json!(of_key);
        for algorithm in ALGORITHMS {
            let same =
                algorithm == of_key || [algorithm, of_key].iter().all(|name| ["EdDSA", "Ed25519"].contains(name));
            // Signed as the header says, where the key can do that at all.
            let token = signer.token(&header(algorithm), algorithm);
            assert_eq!(check(&token, &key.to_string()).holds(), same, "{of_key} {algorithm}");
            // And as the key says, whatever the header does.
            let token = signer.token(&header(algorithm), of_key);
            assert_eq!(check(&token, &key.to_string()).holds(), same, "{of_key} {algorithm}");
        }
    }
}

#[test]
fn g2_an_algorithm_is_not_valid_for_a_signature_made_by_another() {
    let rsa = Signer::new("RS256");
    let key = rsa.jwk().to_string();
    let names = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
    for said in names {
        for made in names {
            assert_eq!(check(&rsa.token(&header(said), made), &key).holds(), said == made, "{said} {made}");
        }
    }
}

#[test]
fn g2_what_a_token_brings_along_as_its_key_is_not_used() {
    let (owner, attacker) = (Signer::new("ES256"), Signer::new("ES256"));
    for brought in [
        json!({"alg": "ES256", "jwk": attacker.jwk()}),
        json!({"alg": "ES256", "kid": "k", "jku": "https://attacker.example/keys"}),
        json!({"alg": "ES256", "x5u": "https://attacker.example/key.pem"}),
        json!({"alg": "ES256", "x5c": ["AAAA"]}),
    ] {
        let token = attacker.token(&brought.to_string(), "ES256");
        assert_eq!(reason(&check(&token, &owner.jwk().to_string())), Some(NotValid::BadSignature));
        // Its own is valid all the same: what it brings along is not looked at.
        assert!(check(&owner.token(&brought.to_string(), "ES256"), &owner.jwk().to_string()).holds());
    }
}

#[test]
fn g2_g6_a_header_that_is_not_clear_is_refused() {
    let signer = Signer::new("HS256");
    let key = signer.jwk().to_string();
    for (header, expected) in [
        (r#"{"alg":"HS256","alg":"HS256"}"#, NotValid::RepeatedHeader),
        (r#"{"alg":"none","alg":"HS256"}"#, NotValid::RepeatedHeader),
        (r#"{"alg":"HS256","kid":"a","kid":"b"}"#, NotValid::RepeatedHeader),
        (r#"{"alg":"HS256","\u0061lg":"none"}"#, NotValid::RepeatedHeader),
        (r#"{"alg":"HS256","crit":["exp"],"exp":1}"#, NotValid::CriticalHeader),
        (r#"{"alg":"HS256","crit":["b64"],"b64":false}"#, NotValid::CriticalHeader),
        (r#"{"alg":"HS256","crit":[]}"#, NotValid::CriticalHeader),
        (r#"{"alg":"HS256""#, NotValid::Malformed),
        (r#"{"alg":"HS256"}{}"#, NotValid::Malformed),
        (r#"["alg","HS256"]"#, NotValid::Malformed),
        ("", NotValid::Malformed),
    ] {
        assert_eq!(reason(&check(&signer.token(header, "HS256"), &key)), Some(expected), "{header}");
    }
    for header in [r#"{ "alg" : "HS256" , "typ":"JWT"}"#, "{\"typ\":\"JWT\",\r\n\t\"alg\":\"HS256\"}"] {
        assert!(check(&signer.token(header, "HS256"), &key).holds());
    }
}

#[test]
fn g2_numbers_at_the_edge_of_a_curve_are_no_signature() {
    // The orders of P-256, P-384 and P-521 (SEC 2).
    let orders = [
        ("ES256", "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551"),
        ("ES384", "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973"),
        (
            "ES512",
            "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8\
             899C47AEBB6FB71E91386409",
        ),
    ];
    for (algorithm, order) in orders {
        let signer = Signer::new(algorithm);
        let key = signer.jwk().to_string();
        let n = bytes(order);
        let small = |last: u8| [vec![0; n.len() - 1], vec![last]].concat();
        let less = [&n[..n.len() - 1], &[n[n.len() - 1] - 1]].concat();
        let edges = [small(0), small(1), less, n.clone(), vec![0xff; n.len()]];
        let token = signer.token(&header(algorithm), algorithm);
        let message = &token[..token.rfind('.').unwrap()];
        for r in &edges {
            for s in &edges {
                let token = format!("{message}.{}", encode([&r[..], s].concat()));
                assert_eq!(reason(&check(&token, &key)), Some(NotValid::BadSignature), "{algorithm} {r:?} {s:?}");
            }
        }
        // In DER, as TLS has it, it is none either (RFC 7518 section 3.4).
        let token = format!("{message}.{}", encode([&[0x30, 6, 2, 1, 1, 2, 1, 1][..]].concat()));
        assert!(!check(&token, &key).holds());
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    hex.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

#[test]
fn g2_an_old_token_may_be_well_signed_and_its_time_is_told_apart() {
    let signer = Signer::new("HS256");
    let token = signer.token(&header("HS256"), "HS256");
    assert!(matches!(check(&token, &signer.jwk().to_string()), SignatureVerdict::Valid { .. }));
    let time = keydesk_core::DecodedToken::of(&token).time(jiff::Timestamp::now());
    assert_eq!(time.state, keydesk_core::TimeState::Expired);
    assert_eq!(time.expires_at.unwrap().as_second(), 1);
}
