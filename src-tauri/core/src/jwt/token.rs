//! Reads what a token says, without checking its signature.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use specta::Type;

use super::claims::{ClaimView, claims_of, header_of, instant};
use super::fault::{Part, TokenFault, TokenPart, TokenProblem, number};
use super::header::NOT_USED;
use super::masked::Masked;
use super::members::Members;
use super::permissions::{PermissionList, permissions};
use super::validity::TimeVerdict;

/// The longest token that is read, in bytes (security.md G9).
pub const LONGEST: usize = 1024 * 1024;

/// How a token is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// Signed: three parts (RFC 7515 section 7.1).
    Jws,
    /// Encrypted: five parts, only the header can be read (RFC 7516 section 7.1).
    Jwe,
    /// Anything else. No error: many servers give such tokens.
    Opaque,
}

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct DecodedToken {
    /// How it is built.
    pub kind: TokenKind,
    /// Its length in characters.
    pub length: u32,
    /// It, masked.
    pub masked: Masked,
    /// The header's `alg`.
    pub algorithm: Option<String>,
    /// The JOSE header.
    pub header: Vec<ClaimView>,
    /// The claims set.
    pub claims: Vec<ClaimView>,
    /// How many members are not shown, because there are too many.
    pub left_out: u32,
    /// What it permits, as lists.
    pub permissions: Vec<PermissionList>,
    /// The members of the header by which the token says whom to trust. They are not used.
    pub not_used: Vec<String>,
    /// Why it is shown as opaque though it looks like a JWT.
    pub problem: Option<TokenProblem>,
}

impl DecodedToken {
    /// Reads a token. Never fails: what cannot be read is opaque, with the reason where it looks like a JWT.
    pub fn of(given: &str) -> Self {
        let (token, start) = trimmed(given);
        let read = parts_of(token, start).and_then(|parts| read(token, &parts).map_err(Some));
        read.unwrap_or_else(|problem| Self { problem, ..Self::new(TokenKind::Opaque, token, Masked::opaque(token)) })
    }

    /// Nothing is known of it yet but how it looks.
    fn new(kind: TokenKind, token: &str, masked: Masked) -> Self {
        Self {
            kind,
            length: number(token.chars().count()),
            masked,
            algorithm: None,
            header: Vec::new(),
            claims: Vec::new(),
            left_out: 0,
            permissions: Vec::new(),
            not_used: Vec::new(),
            problem: None,
        }
    }

    /// Says what the claims mean in the provider's words.
    #[must_use]
    pub fn explained(mut self, meanings: &BTreeMap<String, String>) -> Self {
        self.claims.iter_mut().for_each(|claim| claim.explain(meanings));
        self
    }

    /// The text of a claim; none where it is absent or no string.
    pub fn text(&self, claim: &str) -> Option<String> {
        let found = self.claims.iter().find(|member| member.name == claim)?;
        serde_json::from_str(&found.value).ok()
    }

    /// The claims set as one JSON object; none for an opaque token.
    pub fn claims_object(&self) -> Option<Value> {
        if self.kind != TokenKind::Jws {
            return None;
        }
        let members = self.claims.iter().map(|claim| {
            let value = serde_json::from_str(&claim.value).unwrap_or(Value::Null);
            (claim.name.clone(), value)
        });
        Some(Value::Object(members.collect()))
    }

    /// When the token says that it ends (`exp`).
    pub fn expires_at(&self) -> Option<Timestamp> {
        instant(&self.claims, "exp")
    }

    /// Whether its time is now.
    pub fn time(&self, now: Timestamp) -> TimeVerdict {
        TimeVerdict::of(&self.claims, now)
    }
}

/// Without the white space around it, and how many characters stood before.
pub(super) fn trimmed(given: &str) -> (&str, usize) {
    let token = given.trim_start();
    (token.trim_end(), given.chars().count() - token.chars().count())
}

/// The parts of a compact form; an error for anything else, with a problem where it begins like a JWT.
pub(super) fn parts_of(token: &str, start: usize) -> Result<Vec<Part<'_>>, Option<TokenProblem>> {
    use TokenPart as P;
    const JWS: [TokenPart; 3] = [P::Header, P::Payload, P::Signature];
    const JWE: [TokenPart; 5] =
        [P::Header, P::EncryptedKey, P::InitializationVector, P::Ciphertext, P::AuthenticationTag];
    let count = token.split('.').count();
    let names: &[TokenPart] = match count {
        3 => &JWS,
        5 => &JWE,
        // The first characters of `{"` in base64url.
        _ if token.starts_with("eyJ") => {
            return Err(Some(TokenProblem {
                fault: TokenFault::PartCount,
                part: None,
                at: None,
                inside: None,
                found: None,
                parts: Some(number(count)),
            }));
        }
        _ => return Err(None),
    };
    let mut at = start;
    let part = |(what, text): (&TokenPart, _)| {
        let part = Part { what: *what, text, start: at };
        at += text.chars().count() + 1;
        part
    };
    Ok(names.iter().zip(token.split('.')).map(part).collect())
}

fn read(token: &str, parts: &[Part]) -> Result<DecodedToken, TokenProblem> {
    let header = Members::of(&parts[0])?;
    let kind = if parts.len() == 3 { TokenKind::Jws } else { TokenKind::Jwe };
    let claims = match kind {
        TokenKind::Jws => Members::of(&parts[1])?,
        _ => Members::default(),
    };
    parts[1..].iter().try_for_each(|part| part.decode().map(drop))?;
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let not_used = NOT_USED.into_iter().filter(|name| header.list.iter().any(|member| member.name == *name));
    Ok(DecodedToken {
        algorithm: header.list.iter().find(|member| member.name == "alg").and_then(|it| text_of(&it.value)),
        header: header_of(&header),
        left_out: number(header.left_out + claims.left_out),
        permissions: claims.list.iter().flat_map(|claim| permissions(&claim.name, &value(&claim.value))).collect(),
        claims: claims_of(&claims),
        not_used: not_used.map(str::to_owned).collect(),
        ..DecodedToken::new(kind, token, Masked::of(parts))
    })
}

fn text_of(json: &str) -> Option<String> {
    serde_json::from_str(json).ok()
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::super::claims::ClaimHint;
    use super::*;

    fn part(text: impl AsRef<[u8]>) -> String {
        URL_SAFE_NO_PAD.encode(text)
    }

    fn jws(claims: &str) -> String {
        format!("{}.{}.{}", part(br#"{"alg":"HS256","typ":"JWT"}"#), part(claims), part(b"signature"))
    }

    fn hints(claims: &str) -> Vec<ClaimHint> {
        DecodedToken::of(&jws(claims)).claims.iter().flat_map(|claim| claim.hints.clone()).collect()
    }

    #[test]
    fn g4_the_example_of_rfc_7519_is_read() {
        let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6\
                     Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let decoded = DecodedToken::of(token);
        assert_eq!(decoded.kind, TokenKind::Jws);
        assert_eq!(decoded.algorithm.as_deref(), Some("HS256"));
        assert_eq!(decoded.text("iss").as_deref(), Some("joe"));
        assert_eq!(decoded.expires_at().unwrap().as_second(), 1_300_819_380);
        let issuer = &decoded.claims[0];
        assert_eq!(issuer.standard.as_deref(), Some("RFC 7519"));
        assert!(issuer.meaning.as_ref().unwrap().starts_with("Issuer"));
    }

    #[test]
    fn g4_five_parts_show_the_header_and_three_show_the_claims_and_the_rest_is_opaque_without_a_problem() {
        let header = part(br#"{"alg":"dir","enc":"A128GCM"}"#);
        let encrypted = DecodedToken::of(&format!("{header}..AAAA.AAAA.AAAA"));
        assert_eq!((encrypted.kind, encrypted.header.len()), (TokenKind::Jwe, 2));
        assert!(encrypted.claims.is_empty());
        for opaque in ["3c388bb1e69244ec2fc5e2209df3d1cc", "98071da3-572b-4552-be88-8907a9ad03ef", "", "a.b", "a.b.c.d"]
        {
            let decoded = DecodedToken::of(opaque);
            assert_eq!((decoded.kind, decoded.problem), (TokenKind::Opaque, None), "{opaque}");
        }
    }

    #[test]
    fn g3_g4_a_malformed_token_is_told_with_the_reason_the_part_and_the_character() {
        use TokenFault as F;
        use TokenPart as P;
        let header = part(br#"{"alg":"HS256"}"#);
        let at = |more: &str| u32::try_from(header.len() + more.len()).unwrap();
        let [not_utf8, not_json, no_object] = [&b"{\"a\":\"\xff\"}"[..], b"{\"a\":}", b"[1]"].map(part);
        for (rest, fault, part, place, inside) in [
            (".e30.AA=".to_owned(), F::Padding, P::Signature, at(".e30.AA"), None),
            (".e3 0.AA".to_owned(), F::Character, P::Payload, at(".e3"), None),
            ("=.e30.AA".to_owned(), F::Padding, P::Header, at(""), None),
            (".e30.AB".to_owned(), F::UnusedBits, P::Signature, at(".e30.A"), None),
            (".e30.A".to_owned(), F::Length, P::Signature, at(".e30.A"), None),
            (format!(".{not_utf8}.AA"), F::NotUtf8, P::Payload, at(".") + 8, Some(6)),
            (format!(".{not_json}.AA"), F::NotJson, P::Payload, at(".") + 6, Some(5)),
            (format!(".{no_object}.AA"), F::NotAnObject, P::Payload, at("."), Some(0)),
            ("..AA".to_owned(), F::NotJson, P::Payload, at("."), Some(0)),
        ] {
            // White space before it counts, so that the place can be shown in what was pasted.
            let problem = DecodedToken::of(&format!(" \n{header}{rest}")).problem.expect(&rest);
            let found = (problem.fault, problem.part, problem.at, problem.inside);
            assert_eq!(found, (fault, Some(part), Some(place + 2), inside), "{rest}");
        }
        let problem = DecodedToken::of(&format!("{header}.e30")).problem.unwrap();
        assert_eq!((problem.fault, problem.parts, problem.at), (F::PartCount, Some(2), None));
    }

    #[test]
    fn g5_a_token_that_ends_before_it_begins_is_odd() {
        assert_eq!(hints(r#"{"exp":10,"iat":20}"#), [ClaimHint::EndsBeforeItBegins]);
        assert_eq!(hints(r#"{"iat":5,"nbf":20,"exp":10}"#), [ClaimHint::EndsBeforeItBegins]);
        assert_eq!(hints(r#"{"iat":5,"exp":10}"#), []);
    }

    #[test]
    fn g6_members_that_stand_twice_are_all_shown_and_flagged() {
        let decoded = DecodedToken::of(&jws(r#"{"sub":"a","sub":"b"}"#));
        let values: Vec<&str> = decoded.claims.iter().map(|claim| claim.value.as_str()).collect();
        assert_eq!(values, ["\"a\"", "\"b\""]);
        assert!(decoded.claims.iter().all(|claim| claim.hints == [ClaimHint::Repeated]));
        let header = part(br#"{"alg":"none","alg":"HS256"}"#);
        let decoded = DecodedToken::of(&format!("{header}.e30.AA"));
        assert!(decoded.header.iter().all(|member| member.hints == [ClaimHint::Repeated]));
    }

    #[test]
    fn g7_what_cannot_be_seen_is_said_however_it_is_written() {
        for claims in ["{\"a\":\"x\u{202e}y\"}", r#"{"a":"x\u202ey"}"#, r#"{"a":"\u0000"}"#, "{\"\u{200b}\":1}"] {
            assert_eq!(hints(claims), [ClaimHint::HiddenCharacters], "{claims}");
        }
        assert_eq!(hints(r#"{"a":"<img src=x onerror=alert(1)>"}"#), []);
        assert_eq!(hints("{\"a\":{\n\t\"b\": 1\r\n}}"), []);
    }

    #[test]
    fn g9_a_token_of_a_mebibyte_is_read_whatever_is_in_it() {
        let many: Vec<String> = (0..60_000).map(|number| format!("\"c{number}\":1")).collect();
        let decoded = DecodedToken::of(&jws(&format!("{{{}}}", many.join(","))));
        assert_eq!((decoded.claims.len(), decoded.left_out), (2000, 58_000));
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(300_000), "]".repeat(300_000));
        assert!(DecodedToken::of(&jws(&deep)).length > 0);
        let long = DecodedToken::of(&jws(&format!("{{\"a\":\"{}\"}}", "x".repeat(700_000))));
        assert_eq!(long.claims.len(), 1);
    }

    #[test]
    fn big_numbers_and_order_are_kept() {
        let decoded = DecodedToken::of(&jws(r#"{"z":12345678901234567890123,"a":1.10}"#));
        assert_eq!(decoded.claims[0].value, "12345678901234567890123");
        assert_eq!(decoded.claims[1].value, "1.10");
    }
}
