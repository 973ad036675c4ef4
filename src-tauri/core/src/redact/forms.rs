//! The forms in which what a server repeats of a secret may be written: as it is, in a text of JSON, in a URL.

use std::collections::HashSet;

use crate::secret::Secret;

/// What encoders of JSON write by its number though they need not (RFC 8259 section 7): none of it, what means something in
/// HTML, and so on up to all that any of them does.
const BY_NUMBER: [&str; 8] = ["", "<>&", "<>&'", "<>&'=", "<>&'+=", "<>&'\"", "<>&'\"+`", "<>&'\"+=`"];
/// How they write a slash; none: by its number.
const SLASHES: [Option<&str>; 3] = [Some("/"), Some("\\/"), None];
/// What encoders of URLs leave as it is beside letters and digits: in forms, in one part of a URL, in a path, in a whole one, in
/// a query that was typed.
const LEFT: [&str; 8] =
    ["-._", "-._*", "-._~", "-._!*()", "-._~!*'()", "-._~/", "-._~!*'();,/?:@&=+$#", "-._~!*();,/?:@&=+$%[]\\^`{|}"];
/// How they write a space.
const SPACES: [&str; 2] = ["%20", "+"];

/// How digits above nine are written.
#[derive(Clone, Copy)]
enum Hex {
    Lower,
    Upper,
}

const HEX: [Hex; 2] = [Hex::Lower, Hex::Upper];

/// All forms of a secret, itself first. Most tokens have this one only.
pub fn forms(secret: &str) -> Vec<Secret> {
    let mut forms = vec![secret.to_owned()];
    let is_the_same_everywhere = |byte: u8| byte.is_ascii_alphanumeric() || LEFT[0].as_bytes().contains(&byte);
    if !secret.bytes().all(is_the_same_everywhere) {
        forms.extend(in_json(secret));
        forms.extend(in_urls(secret));
    }
    let mut seen = HashSet::new();
    forms.retain(|form| seen.insert(form.clone()));
    forms.into_iter().map(Secret::new).collect()
}

fn in_json(secret: &str) -> impl Iterator<Item = String> {
    let each = BY_NUMBER.into_iter().flat_map(|set| SLASHES.map(|slash| (set, slash)));
    let each = each.flat_map(|(set, slash)| HEX.map(|hex| (set, slash, hex)));
    each.flat_map(move |(set, slash, hex)| [true, false].map(|ascii| json(secret, set, slash, hex, ascii)))
}

/// `ascii`: what is beyond ASCII is written by its number too.
fn json(secret: &str, by_number: &str, slash: Option<&str>, hex: Hex, ascii: bool) -> String {
    let mut text = String::new();
    for c in secret.chars() {
        let short = match c {
            _ if by_number.contains(c) => None,
            '/' => slash,
            '"' => Some("\\\""),
            '\\' => Some("\\\\"),
            '\n' => Some("\\n"),
            '\r' => Some("\\r"),
            '\t' => Some("\\t"),
            '\u{8}' => Some("\\b"),
            '\u{c}' => Some("\\f"),
            _ => None,
        };
        let must = c < ' ' || (ascii && c > '~') || by_number.contains(c) || c == '/';
        match short {
            Some(short) => text.push_str(short),
            None if must => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| text.push_str(&number(*unit, hex))),
            None => text.push(c),
        }
    }
    text
}

fn number(unit: u16, hex: Hex) -> String {
    match hex {
        Hex::Lower => format!("\\u{unit:04x}"),
        Hex::Upper => format!("\\u{unit:04X}"),
    }
}

fn in_urls(secret: &str) -> impl Iterator<Item = String> {
    let each = LEFT.into_iter().flat_map(|left| SPACES.map(|space| (left, space)));
    each.flat_map(move |(left, space)| HEX.map(|hex| percent(secret, left, space, hex)))
}

fn percent(secret: &str, left: &str, space: &str, hex: Hex) -> String {
    let mut text = String::new();
    for byte in secret.bytes() {
        match (byte, hex) {
            (b' ', _) => text.push_str(space),
            _ if byte.is_ascii_alphanumeric() || left.as_bytes().contains(&byte) => text.push(char::from(byte)),
            (_, Hex::Lower) => text.push_str(&format!("%{byte:02x}")),
            (_, Hex::Upper) => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn has(secret: &str, form: &str) {
        assert!(forms(secret).iter().any(|one| one.same_as(form)), "{form}");
    }

    #[test]
    fn f9_a_secret_is_known_as_each_encoder_of_json_writes_it() {
        let secret = "ab+/=<é>&'\"\\\u{1f600}";
        // Each as what it is named after writes it by itself, or asked to.
        for form in [
            "ab+/=<é>&'\\\"\\\\😀",                                                // ECMAScript, serde_json
            "ab+/=<\\u00e9>&'\\\"\\\\\\ud83d\\ude00",                              // Python
            "ab+\\/=<\\u00e9>&'\\\"\\\\\\ud83d\\ude00",                            // PHP
            "ab+\\/=\\u003C\\u00E9\\u003E\\u0026\\u0027\\u0022\\\\\\uD83D\\uDE00", // one that writes digits in upper case
            "ab+/=\\u003cé\\u003e\\u0026'\\\"\\\\😀",                              // Go
            "ab+/\\u003d\\u003cé\\u003e\\u0026\\u0027\\\"\\\\😀",                  // Gson
            "ab\\u002B/=\\u003C\\u00E9\\u003E\\u0026\\u0027\\u0022\\\\\\uD83D\\uDE00", // System.Text.Json
            "ab\\u002b\\u002f\\u003d\\u003c\\u00e9\\u003e\\u0026\\u0027\\u0022\\\\\\ud83d\\ude00",
        ] {
            has(secret, form);
            assert_eq!(serde_json::from_str::<String>(&format!("\"{form}\"")).unwrap(), secret);
        }
        has("a\tb\u{1}c/", "a\\tb\\u0001c\\/");
    }

    #[test]
    fn f9_a_secret_is_known_as_each_encoder_of_urls_writes_it() {
        let secret = "a b/c+d=é*~'(";
        for form in [
            "a+b%2Fc%2Bd%3D%C3%A9*%7E%27%28",
            "a%20b%2Fc%2Bd%3D%C3%A9%2A~%27%28",
            "a%20b%2fc%2bd%3d%c3%a9%2a~%27%28",
            "a%20b%2Fc%2Bd%3D%C3%A9*~'(",
            "a+b%2fc%2bd%3d%c3%a9*%7e%27(",
            "a%20b/c%2Bd%3D%C3%A9%2A~%27%28",
            "a%20b/c+d=%C3%A9*~'(",
        ] {
            has(secret, form);
        }
        let mut typed = url::Url::parse("https://a.example/").unwrap();
        typed.set_query(Some("a\"b<c>d'e/f^g{h|i`j\\k%l"));
        has("a\"b<c>d'e/f^g{h|i`j\\k%l", typed.query().unwrap());
    }

    #[test]
    fn what_every_encoder_writes_the_same_has_one_form() {
        assert_eq!(forms("eyJhbGciOi.eyJzdWIi_-.c2ln").len(), 1);
        assert!(forms("c2VjcmV0/c2VjcmV0+c2VjcmV0==").len() < 64);
    }
}
