//! Reads what a token says, on this machine and without checking its signature (RFC 7515, 7516, 7519).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use specta::Type;

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

/// A member of a JOSE header or claims set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its value as exact JSON text, so that big numbers and the order of members stay.
    pub value: String,
}

/// A claim, with what can be said of it without knowing the issuer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ClaimView {
    /// Its name.
    pub name: String,
    /// What the provider's file says it means.
    pub meaning: Option<String>,
    /// Its value as exact JSON text.
    pub value: String,
    /// Where the claim is a time (RFC 7519 section 4.1): RFC 3339.
    pub instant: Option<String>,
    /// What is odd about it.
    pub hint: Option<String>,
}

/// A token in three colours, with the part that makes it usable hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Masked {
    /// The JOSE header, or the first characters of an opaque token.
    pub header: String,
    /// The beginning of the claims set.
    pub payload: String,
    /// Dots.
    pub signature: String,
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
    pub header: Vec<Member>,
    /// The claims set.
    pub claims: Vec<ClaimView>,
    /// Why it is shown as opaque though it looks like a JWT.
    pub problem: Option<String>,
}

/// The claims that are times (RFC 7519 section 4.1; `auth_time` and `updated_at` are OpenID's).
const TIMES: [&str; 5] = ["exp", "nbf", "iat", "auth_time", "updated_at"];

impl DecodedToken {
    /// Reads a token. Never fails: what cannot be read is opaque, with the reason where it looks like a JWT.
    pub fn of(token: &str) -> Self {
        let token = token.trim();
        let parts: Vec<&str> = token.split('.').collect();
        let read = match parts.len() {
            3 => read_jws(&parts),
            5 => read_jwe(&parts),
            _ => return Self::opaque(token, None),
        };
        match read {
            Ok((kind, header, claims)) => Self {
                kind,
                length: length(token),
                masked: mask_parts(&parts),
                algorithm: text_of(&header, "alg"),
                header,
                claims,
                problem: None,
            },
            Err(problem) => Self::opaque(token, Some(problem)),
        }
    }

    fn opaque(token: &str, problem: Option<String>) -> Self {
        Self {
            kind: TokenKind::Opaque,
            length: length(token),
            masked: mask_opaque(token),
            algorithm: None,
            header: Vec::new(),
            claims: Vec::new(),
            problem,
        }
    }

    /// The text of a claim; none where it is absent or no string.
    pub fn text(&self, claim: &str) -> Option<String> {
        let found = self.claims.iter().find(|member| member.name == claim)?;
        serde_json::from_str(&found.value).ok()
    }

    /// The claims set as one JSON object; none for an opaque token.
    pub fn claims_object(&self) -> Option<serde_json::Value> {
        if self.kind != TokenKind::Jws {
            return None;
        }
        let members = self.claims.iter().map(|claim| {
            let value = serde_json::from_str(&claim.value).unwrap_or(serde_json::Value::Null);
            (claim.name.clone(), value)
        });
        Some(serde_json::Value::Object(members.collect()))
    }

    /// When the token says that it ends (`exp`).
    pub fn expires_at(&self) -> Option<Timestamp> {
        let claim = self.claims.iter().find(|claim| claim.name == "exp")?;
        claim.instant.as_ref()?.parse().ok()
    }
}

type Read = (TokenKind, Vec<Member>, Vec<ClaimView>);

fn read_jws(parts: &[&str]) -> Result<Read, String> {
    let header = members(parts[0], "header")?;
    if !parts[2].is_empty() {
        decode(parts[2], "signature")?;
    }
    let names = members(parts[1], "claims set")?;
    let claims = names.iter().map(|member| claim(member, &names)).collect();
    Ok((TokenKind::Jws, header, claims))
}

fn read_jwe(parts: &[&str]) -> Result<Read, String> {
    Ok((TokenKind::Jwe, members(parts[0], "header")?, Vec::new()))
}

/// Strict base64url without padding (RFC 7515 section 2).
fn decode(part: &str, what: &str) -> Result<Vec<u8>, String> {
    URL_SAFE_NO_PAD.decode(part).map_err(|error| format!("its {what} is not base64url: {error}"))
}

fn members(part: &str, what: &str) -> Result<Vec<Member>, String> {
    let bytes = decode(part, what)?;
    let text = String::from_utf8(bytes).map_err(|error| format!("its {what} is not UTF-8: {error}"))?;
    let members: Members =
        serde_json::from_str(&text).map_err(|error| format!("its {what} is no JSON object: {error}"))?;
    Ok(members.0)
}

/// A JSON object as it stands: order, duplicates and numbers kept.
struct Members(Vec<Member>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
        let mut members = Vec::new();
        while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
            members.push(Member { name, value: value.get().to_owned() });
        }
        Ok(Members(members))
    }
}

fn claim(member: &Member, all: &[Member]) -> ClaimView {
    let (instant, oddity) = if TIMES.contains(&member.name.as_str()) { time(&member.value) } else { (None, None) };
    // RFC 7519 section 4: names must be unique.
    let twice = all.iter().filter(|other| other.name == member.name).count() > 1;
    let hint = if twice { Some("This name stands here more than once.".to_owned()) } else { oddity };
    ClaimView { name: member.name.clone(), meaning: None, value: member.value.clone(), instant, hint }
}

/// A NumericDate (RFC 7519 section 2), with what is odd about it.
fn time(value: &str) -> (Option<String>, Option<String>) {
    let (text, quoted) = match serde_json::from_str::<String>(value) {
        Ok(text) => (text, true),
        Err(_) => (value.to_owned(), false),
    };
    let Ok(number) = text.trim().parse::<f64>() else {
        return (None, Some("This should be a number of seconds since 1970.".to_owned()));
    };
    // After the year 5000 in seconds, or a date of our days in milliseconds: the latter is what happens.
    let milliseconds = number.abs() > 95e9;
    let seconds = if milliseconds { number / 1000.0 } else { number };
    let instant = instant_of(seconds);
    let hint = match (&instant, milliseconds, quoted) {
        (None, ..) => Some("No time can be made of this.".to_owned()),
        (_, true, _) => Some("Read as milliseconds; the standard says seconds.".to_owned()),
        (_, _, true) => Some("Text; the standard says a number.".to_owned()),
        _ => None,
    };
    (instant, hint)
}

fn instant_of(seconds: f64) -> Option<String> {
    let duration = jiff::SignedDuration::try_from_secs_f64(seconds.trunc()).ok()?;
    Timestamp::from_duration(duration).ok().map(|instant| instant.to_string())
}

fn text_of(members: &[Member], name: &str) -> Option<String> {
    let member = members.iter().find(|member| member.name == name)?;
    serde_json::from_str(&member.value).ok()
}

fn length(token: &str) -> u32 {
    u32::try_from(token.chars().count()).unwrap_or(u32::MAX)
}

fn mask_parts(parts: &[&str]) -> Masked {
    let shown: String = parts[1].chars().take(64).collect();
    Masked {
        header: parts[0].to_owned(), payload: format!("{shown}••••••••"), signature: "••••••••••••".to_owned()
    }
}

/// At most the first four characters, and never a third of it.
fn mask_opaque(token: &str) -> Masked {
    let shown = (token.chars().count() / 3).min(4);
    let start: String = token.chars().take(shown).collect();
    Masked { header: format!("{start}••••••••"), payload: String::new(), signature: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jws(claims: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", part(r#"{"alg":"HS256","typ":"JWT"}"#), part(claims), part("signature"))
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
    }

    #[test]
    fn g4_five_parts_show_the_header_and_three_show_the_claims_and_the_rest_is_opaque_without_a_problem() {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"dir","enc":"A128GCM"}"#);
        assert_eq!(DecodedToken::of(&format!("{header}..a.b.c")).kind, TokenKind::Jwe);
        let uuid = DecodedToken::of("3c388bb1e69244ec2fc5e2209df3d1cc");
        assert_eq!((uuid.kind, uuid.problem), (TokenKind::Opaque, None));
        assert_eq!(DecodedToken::of("").kind, TokenKind::Opaque);
    }

    #[test]
    fn g3_base64url_is_read_strictly() {
        let good = jws("{}");
        for bad in [format!("{good}="), good.replace('.', "=."), format!("{good}+"), format!("{good}/")] {
            let decoded = DecodedToken::of(&bad);
            assert_eq!(decoded.kind, TokenKind::Opaque, "{bad}");
            assert!(decoded.problem.is_some());
        }
    }

    #[test]
    fn g5_times_of_every_form_are_shown_raw_and_never_panic() {
        for (value, instant, hint) in [
            ("1300819380", true, false),
            ("1300819380.5", true, false),
            ("\"1300819380\"", true, true),
            ("-1", true, false),
            ("1300819380000", true, true),
            ("1e30", false, true),
            ("\"soon\"", false, true),
            ("null", false, true),
        ] {
            let decoded = DecodedToken::of(&jws(&format!(r#"{{"exp":{value}}}"#)));
            let claim = &decoded.claims[0];
            assert_eq!(claim.value, value);
            assert_eq!(claim.instant.is_some(), instant, "{value}");
            assert_eq!(claim.hint.is_some(), hint, "{value}");
        }
        // 1e400 is more than a double holds: the parser's limit, not ours to guess at.
        assert_eq!(DecodedToken::of(&jws(r#"{"exp":1e400}"#)).claims[0].instant, None);
    }

    #[test]
    fn g6_members_that_stand_twice_are_all_shown_and_flagged() {
        let decoded = DecodedToken::of(&jws(r#"{"sub":"a","sub":"b"}"#));
        let values: Vec<&str> = decoded.claims.iter().map(|claim| claim.value.as_str()).collect();
        assert_eq!(values, ["\"a\"", "\"b\""]);
        assert!(decoded.claims.iter().all(|claim| claim.hint.is_some()));
    }

    #[test]
    fn big_numbers_and_order_are_kept() {
        let decoded = DecodedToken::of(&jws(r#"{"z":12345678901234567890123,"a":1.10}"#));
        assert_eq!(decoded.claims[0].value, "12345678901234567890123");
        assert_eq!(decoded.claims[1].value, "1.10");
    }

    #[test]
    fn f8_the_masked_form_holds_neither_the_signature_nor_an_opaque_token() {
        let token = jws(r#"{"sub":"someone","permissions":["a-long-list-of-them","so-that-it-does-not-fit"]}"#);
        let signature = token.rsplit('.').next().unwrap().to_owned();
        let shown = format!("{:?}", DecodedToken::of(&token).masked);
        assert!(!shown.contains(&signature));
        assert!(!format!("{:?}", DecodedToken::of("3c388bb1e69244ec2fc5e2209df3d1cc").masked).contains("3c388bb1e"));
        assert!(!format!("{:?}", DecodedToken::of("abc").masked).contains("ab"));
    }
}
