//! `WWW-Authenticate` (RFC 9110 section 11.6.1): what a server wants instead, in its own words. Text from outside.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::quoted_string::unquoted;
use crate::redact::one_line;

/// A parameter of a challenge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct ChallengeParameter {
    /// Its name, in lower case.
    pub name: String,
    /// Its value, without quotes.
    pub value: String,
}

/// A way in that a server names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Challenge {
    /// The scheme, as the server writes it: `Bearer`, `Basic`, `DPoP`.
    pub scheme: String,
    /// Its parameters, in their order.
    pub parameters: Vec<ChallengeParameter>,
}

/// The most of a header that is read, and the most of a value that is shown.
const LONGEST: usize = 8 * 1024;
const SHOWN: usize = 300;

impl Challenge {
    /// The challenges of a header. What cannot be read ends it: what was read before counts.
    pub fn read(header: &str) -> Vec<Self> {
        let mut rest = &header[..header.floor_char_boundary(LONGEST)];
        let mut challenges: Vec<Self> = Vec::new();
        loop {
            // A list may have empty elements (section 5.6.1).
            rest = rest.trim_start_matches([',', ' ', '\t']);
            let (word, after) = token(rest);
            if word.is_empty() {
                return challenges;
            }
            match (value(after), challenges.last_mut()) {
                (Some((value, after)), Some(challenge)) => {
                    let name = word.to_ascii_lowercase();
                    challenge.parameters.push(ChallengeParameter { name, value: one_line(&value, SHOWN) });
                    rest = after;
                }
                // A parameter of no scheme.
                (Some((_, after)), None) => rest = after,
                (None, _) => {
                    challenges.push(Self { scheme: one_line(word, SHOWN), parameters: Vec::new() });
                    rest = without_token68(after);
                }
            }
        }
    }

    /// Whether it is of this scheme, whose case does not matter (section 11.1).
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// The value of a parameter; the first, where it stands there twice.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|it| it.name == name).map(|it| it.value.as_str())
    }
}

/// A token (section 5.6.2), and what follows.
fn token(text: &str) -> (&str, &str) {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    text.split_at(text.find(|c| !is_part(c)).unwrap_or(text.len()))
}

/// The value after a `=`, a token or a quoted string, and what follows; none where there is no `=`, or nothing after it.
fn value(text: &str) -> Option<(String, &str)> {
    let after = text.trim_start_matches([' ', '\t']).strip_prefix('=')?.trim_start_matches([' ', '\t']);
    if let Some(quoted) = after.strip_prefix('"') {
        return Some(unquoted(quoted));
    }
    // Some leave the quotes away where they are needed, as in a URL.
    let (word, rest) = after.split_at(after.find([',', ' ', '\t']).unwrap_or(after.len()));
    (!word.is_empty() && !word.starts_with('=')).then(|| (word.to_owned(), rest))
}

/// Leaves out a token68 (section 11.2), as `Negotiate` has it: it ends at a comma, and is no parameter.
fn without_token68(text: &str) -> &str {
    let after = text.trim_start_matches([' ', '\t']);
    let is_part = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
    let end = after.find(|c| !is_part(c)).unwrap_or(after.len());
    let rest = after[end..].trim_start_matches('=').trim_start_matches([' ', '\t']);
    if end > 0 && (rest.is_empty() || rest.starts_with(',')) { rest } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(header: &str) -> Vec<String> {
        let one = |challenge: Challenge| {
            let pair = |it: &ChallengeParameter| format!("{}={}", it.name, it.value);
            let parameters: Vec<String> = challenge.parameters.iter().map(pair).collect();
            format!("{} {}", challenge.scheme, parameters.join("|")).trim().to_owned()
        };
        Challenge::read(header).into_iter().map(one).collect()
    }

    #[test]
    fn challenges_are_read_as_rfc_9110_writes_them() {
        for (header, expected) in [
            ("", &[][..]),
            ("Bearer", &["Bearer"]),
            (r#"Bearer realm="example""#, &["Bearer realm=example"]),
            // RFC 6750 section 3.
            (
                "Bearer realm=\"example\",\r\n error=\"invalid_token\", error_description=\"The access token expired\"",
                &["Bearer realm=example"],
            ),
            (
                r#"Bearer realm="example", error="invalid_token", error_description="The access token expired""#,
                &["Bearer realm=example|error=invalid_token|error_description=The access token expired"],
            ),
            // RFC 9110 section 11.6.1.
            (
                r#"Basic realm="simple", Newauth realm="apps", type=1, title="Login to \"apps\"""#,
                &["Basic realm=simple", r#"Newauth realm=apps|type=1|title=Login to "apps""#],
            ),
            ("Negotiate, NTLM", &["Negotiate", "NTLM"]),
            ("Negotiate YWJj/ZGVm==, Bearer scope=\"a, b\"", &["Negotiate", "Bearer scope=a, b"]),
            ("Negotiate YWJj", &["Negotiate"]),
            (", ,Bearer  error = \"x\" ,, Basic", &["Bearer error=x", "Basic"]),
            (
                r#"Bearer authorization_uri=https://a.example/x?y, error=e"#,
                &["Bearer authorization_uri=https://a.example/x?y|error=e"],
            ),
            (r#"bearer ERROR="Insufficient_scope""#, &["bearer error=Insufficient_scope"]),
            (r#"Bearer error="never closed"#, &["Bearer error=never closed"]),
            (r#"error="of no scheme", Bearer"#, &["Bearer"]),
            (r#"Bearer a="1" "#, &["Bearer a=1"]),
            ("Bearer =", &["Bearer"]),
            ("\"", &[]),
        ] {
            assert_eq!(flat(header), expected, "{header}");
        }
    }

    #[test]
    fn what_is_hostile_ends_and_stays_on_its_line() {
        for odd in
            ["Bearer x=\"\\", "é", "Bearer é=1", &"Bearer a=1, ".repeat(10_000), &"=".repeat(10_000), "Bearer \u{0}"]
        {
            flat(odd);
        }
        assert_eq!(flat("Bearer error=\"a\u{1b}[2Jb\""), ["Bearer error=a [2Jb"]);
    }
}
