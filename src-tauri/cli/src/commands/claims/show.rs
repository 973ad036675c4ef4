//! A token as it is printed: for people, and for programs.

use keydesk_core::{ClaimView, DecodedToken, Introspection, TokenKind, TokenProblem, VerifiedToken, visible};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use super::words;
use crate::table::table;
use crate::times;

/// A token for programs: the members as JSON has them, in their order.
#[derive(Serialize)]
pub struct Claims<'a> {
    kind: TokenKind,
    header: Members<'a>,
    claims: Members<'a>,
    problem: Option<&'a TokenProblem>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verified: Option<&'a VerifiedToken>,
}

impl<'a> Claims<'a> {
    pub fn of(token: &'a DecodedToken, verified: Option<&'a VerifiedToken>) -> Self {
        Self {
            kind: token.kind,
            header: Members(&token.header),
            claims: Members(&token.claims),
            problem: token.problem.as_ref(),
            verified,
        }
    }
}

struct Members<'a>(&'a [ClaimView]);

impl Serialize for Members<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Exact: big numbers, and names that stand there twice.
        let exact = |value: &str| RawValue::from_string(value.to_owned()).map_err(serde::ser::Error::custom);
        let members: Result<Vec<_>, _> = self.0.iter().map(|it| Ok((it.name.as_str(), exact(&it.value)?))).collect();
        serializer.collect_map(members?)
    }
}

/// Its members in rows.
pub fn token(token: &DecodedToken) -> String {
    if token.kind == TokenKind::Opaque {
        let problem =
            token.problem.as_ref().map(|problem| format!(" It looks like a JWT, but {}.", words::fault(problem)));
        return format!("Opaque, {} characters.{}", token.length, problem.unwrap_or_default());
    }
    let header = token.header.iter().map(|member| row(member, Some("(header)")));
    let mut rows: Vec<Vec<String>> = header.chain(token.claims.iter().map(|claim| row(claim, None))).collect();
    if token.kind == TokenKind::Jwe {
        rows.push(vec!["(encrypted: only the header can be read)".to_owned()]);
    }
    if token.left_out > 0 {
        rows.push(vec![format!("(and {} more)", token.left_out)]);
    }
    table(&rows)
}

/// What a server says of a token.
pub fn introspection(introspection: &Introspection) -> String {
    let said = if introspection.active { "is good" } else { "is not good" };
    let rows: Vec<Vec<String>> = introspection.members.iter().map(|member| row(member, None)).collect();
    format!("{} says that the token {said}.\n{}", introspection.endpoint, table(&rows))
}

fn row(claim: &ClaimView, place: Option<&str>) -> Vec<String> {
    let instant = claim.instant.as_deref().map(|instant| format!("{instant}{}", distance(&claim.value)));
    let hints = claim.hints.iter().map(|hint| words::hint(*hint).to_owned());
    let said = [place.map(str::to_owned), instant, claim.meaning.clone()].into_iter().flatten().chain(hints);
    vec![visible(&claim.name), plain(&claim.value), said.collect::<Vec<_>>().join("; ")]
}

/// A text without its quotes; anything else as JSON. Nothing in it is hidden.
pub fn plain(json: &str) -> String {
    visible(&serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned()))
}

/// How far a time in seconds is from now.
fn distance(value: &str) -> String {
    let seconds = value.parse::<i64>().ok().filter(|seconds| *seconds < 95_000_000_000);
    let left = seconds.map(|seconds| seconds - times::now());
    left.map(|left| format!(", {}", times::from_now(left))).unwrap_or_default()
}
