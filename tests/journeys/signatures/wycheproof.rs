//! The vectors of Wycheproof for JWS and JWK. They are not part of this repository; `WYCHEPROOF` names the folder
//! `testvectors_v1` of a copy of C2SP/wycheproof:
//!
//! ```text
//! WYCHEPROOF=…/testvectors_v1 cargo test -p keydesk-core --test journeys wycheproof -- --ignored
//! ```

use std::path::PathBuf;

use serde_json::Value;

use super::check;

/// Vectors that contradict their own description, RFC 7515 or another vector. What is expected of each stands here.
const WRONG: [(u64, bool, &str); 8] = [
    (346, false, "the key is for PS256 and the token PS384: vector 340 demands that this is refused"),
    (347, false, "the key is for “ES521”, which is no algorithm: vector 19 of the keys demands that this is refused"),
    (350, false, "as 346"),
    (351, false, "as 347"),
    (367, true, "“invalidBase64Padding”, and is letter by letter vector 357, which is valid"),
    (370, true, "as 367"),
    (372, false, "“InvalidCharacterInsertedInHeader”: a `?` that is no base64url and was not signed"),
    (373, false, "as 372, in the payload"),
];

fn vectors(file: &str) -> Value {
    let folder = std::env::var_os("WYCHEPROOF").expect("WYCHEPROOF names the folder of the vectors");
    let text = std::fs::read_to_string(PathBuf::from(folder).join(file)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// Group, vector, and what a check says of it.
fn each(vectors: &Value) -> impl Iterator<Item = (&Value, &Value, Value)> {
    let groups = vectors["testGroups"].as_array().unwrap().iter();
    groups.flat_map(|group| {
        let key = group.get("public").unwrap_or(&group["private"]);
        group["tests"].as_array().unwrap().iter().map(move |test| (group, test, key.clone()))
    })
}

fn holds(test: &Value, key: &Value) -> bool {
    // One that is no text is of the JSON serialization.
    let token = test["jws"].as_str().map_or_else(|| test["jws"].to_string(), str::to_owned);
    check(&token, &key.to_string()).holds()
}

#[test]
#[ignore = "needs a copy of C2SP/wycheproof"]
fn g2_g3_wycheproof_every_signature_that_is_valid_passes_and_every_other_one_fails() {
    let vectors = vectors("json_web_signature_test.json");
    let (mut passed, mut failed) = (0, 0);
    for (group, test, key) in each(&vectors) {
        let wrong = WRONG.iter().find(|(id, ..)| test["tcId"] == *id);
        let expected = wrong.map_or(test["result"] == "valid", |(_, expected, _)| *expected);
        assert_eq!(holds(test, &key), expected, "{} {} {}", group["comment"], test["tcId"], test["comment"]);
        if expected { passed += 1 } else { failed += 1 }
    }
    assert_eq!((passed, failed), (42, 359));
    // The four tokens of RFC 7520 are valid with the keys as that document has them: without `alg`.
    let of_rfc = each(&vectors).filter(|(_, test, _)| (346..=351).contains(&test["tcId"].as_u64().unwrap()));
    for (_, test, mut key) in of_rfc {
        key.as_object_mut().unwrap().remove("alg");
        assert!(holds(test, &key), "{}", test["tcId"]);
    }
}

#[test]
#[ignore = "needs a copy of C2SP/wycheproof"]
fn g2_wycheproof_every_set_of_keys_that_is_good_passes_and_every_other_one_fails() {
    let vectors = vectors("json_web_key_test.json");
    for (group, test, key) in each(&vectors) {
        let expected = test["result"] == "valid";
        assert_eq!(holds(test, &key), expected, "{} {} {}", group["comment"], test["tcId"], test["comment"]);
    }
}
