//! RFC 7515 appendix A, RFC 7520 section 4, RFC 8037 appendix A.

use keydesk_core::{DecodedToken, Keys, NotValid, Secret, SecretForm, SignatureVerdict, TokenKind, check_signature};
use serde_json::Value;

use super::{check, reason};

fn examples() -> Vec<Value> {
    serde_json::from_str(include_str!("../examples/signatures.json")).unwrap()
}

#[test]
fn g2_every_signed_example_of_the_rfcs_is_valid_and_with_another_ones_key_it_is_not() {
    let examples = examples();
    for example in &examples {
        let (token, algorithm) = (example["token"].as_str().unwrap(), example["alg"].as_str().unwrap());
        let SignatureVerdict::Valid { algorithm: found, key_id } = check(token, &example["key"].to_string()) else {
            panic!("{}: {:?}", example["from"], check(token, &example["key"].to_string()));
        };
        assert_eq!(found, algorithm);
        assert_eq!(key_id.as_deref(), example["key"]["kid"].as_str());
        for other in examples.iter().filter(|other| other["key"] != example["key"]) {
            let found = reason(&check(token, &other["key"].to_string()));
            let same_kind = ["kty", "crv"].iter().all(|name| other["key"][name] == example["key"][name]);
            let expected = if same_kind { NotValid::BadSignature } else { NotValid::KeyMismatch };
            let declared = other["key"]["alg"].as_str().is_some_and(|alg| alg != algorithm);
            assert!(found == Some(expected) || (declared && found == Some(NotValid::AlgorithmNotAllowed)), "{found:?}");
        }
    }
}

#[test]
fn g2_the_unsecured_example_is_never_valid() {
    // RFC 7515 appendix A.5.
    let token = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.";
    for example in examples() {
        assert_eq!(reason(&check(token, &example["key"].to_string())), Some(NotValid::Unsigned));
    }
}

#[test]
fn g4_an_encrypted_example_shows_its_header_and_is_no_signature() {
    // The beginning of RFC 7516 appendix A.1, with shorter contents.
    let token = "eyJhbGciOiJSU0EtT0FFUCIsImVuYyI6IkEyNTZHQ00ifQ.OKOawDo13gRp2ojaHV7LFpZcgV7T6DVZKTyKOMTYUmKoTCVJRgckCL9k\
                 iMT03JGe.48V1_ALb6US04U3b.5eym8TW_c8SuK0ltJ3rpYIzOeDQz7TALvtu6UG9oMo4vpzs9tX_EFShS8iB7j6ji.XFBoMYUZod\
                 etZdvTiFvSkQ";
    let decoded = DecodedToken::of(token);
    assert_eq!((decoded.kind, decoded.problem), (TokenKind::Jwe, None));
    let header: Vec<(&str, &str)> =
        decoded.header.iter().map(|member| (member.name.as_str(), member.value.as_str())).collect();
    assert_eq!(header, [("alg", "\"RSA-OAEP\""), ("enc", "\"A256GCM\"")]);
    assert_eq!(reason(&check(token, &examples()[0]["key"].to_string())), Some(NotValid::Encrypted));
}

#[test]
fn g2_a_shared_secret_is_taken_in_each_of_its_forms() {
    let example = &examples()[0];
    let (token, base64url) = (example["token"].as_str().unwrap(), example["key"]["k"].as_str().unwrap());
    let base64 = base64url.replace('-', "+").replace('_', "/") + "==";
    let check = |secret: &str, form| reason(&check_signature(token, Keys::of_secret(&Secret::new(secret), form)));
    assert_eq!(check(base64url, SecretForm::Base64url), None);
    assert_eq!(check(&format!("{base64url}==\n"), SecretForm::Base64url), None);
    assert_eq!(check(&base64, SecretForm::Base64), None);
    assert_eq!(check(base64url, SecretForm::Text), Some(NotValid::BadSignature));
    assert_eq!(check("?", SecretForm::Base64), Some(NotValid::KeyUnreadable));
}
