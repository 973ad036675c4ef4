//! Two tokens side by side: what both say, what only one does.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use specta::Type;

use super::claims::ClaimView;
use super::permissions::permissions;
use super::token::DecodedToken;

/// How a claim differs between two tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Difference {
    /// Both say the same.
    Same,
    /// Both have it, with other values.
    Changed,
    /// The first one only has it.
    OnlyFirst,
    /// The second one only has it.
    OnlySecond,
}

/// A claim of either token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct ComparedClaim {
    /// Its name.
    pub name: String,
    /// How it differs.
    pub difference: Difference,
    /// In the first.
    pub first: Option<ClaimView>,
    /// In the second.
    pub second: Option<ClaimView>,
    /// Permissions that the second has beside those of the first.
    pub added: Vec<String>,
    /// Permissions that it has no more.
    pub removed: Vec<String>,
}

/// Two tokens side by side, in the order of the first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
pub struct Comparison {
    /// The members of the JOSE header.
    pub header: Vec<ComparedClaim>,
    /// The claims.
    pub claims: Vec<ComparedClaim>,
}

impl Comparison {
    /// Of these two.
    pub fn of(first: &DecodedToken, second: &DecodedToken) -> Self {
        Self {
            header: side_by_side(&first.header, &second.header),
            claims: side_by_side(&first.claims, &second.claims),
        }
    }
}

/// A name that stands in a token several times is compared in the order in which it stands there.
fn side_by_side(first: &[ClaimView], second: &[ClaimView]) -> Vec<ComparedClaim> {
    let mut left: Vec<Option<&ClaimView>> = second.iter().map(Some).collect();
    let mut take = |name: &str| left.iter_mut().find(|it| it.is_some_and(|it| it.name == name)).and_then(Option::take);
    let mut compared: Vec<ComparedClaim> = first.iter().map(|claim| compare(Some(claim), take(&claim.name))).collect();
    compared.extend(left.into_iter().flatten().map(|claim| compare(None, Some(claim))));
    compared
}

fn compare(first: Option<&ClaimView>, second: Option<&ClaimView>) -> ComparedClaim {
    let [before, after] = [first, second].map(|claim| claim.and_then(value));
    let difference = match (first, second) {
        (Some(_), None) => Difference::OnlyFirst,
        (None, _) => Difference::OnlySecond,
        // As values: the order of members and how a number is written say nothing.
        (Some(first), Some(second)) if first.value == second.value || (before.is_some() && before == after) => {
            Difference::Same
        }
        _ => Difference::Changed,
    };
    let name = first.or(second).map(|claim| claim.name.clone()).unwrap_or_default();
    let [before, after] = [before, after].map(|value| value.map(|value| entries(&name, &value)).unwrap_or_default());
    ComparedClaim {
        added: after.difference(&before).cloned().collect(),
        removed: before.difference(&after).cloned().collect(),
        name,
        difference,
        first: first.cloned(),
        second: second.cloned(),
    }
}

fn value(claim: &ClaimView) -> Option<Value> {
    serde_json::from_str(&claim.value).ok()
}

fn entries(name: &str, value: &Value) -> BTreeSet<String> {
    permissions(name, value).into_iter().flat_map(|list| list.entries).collect()
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn token(claims: &str) -> DecodedToken {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        DecodedToken::of(&format!("{}.{}.AA", part(r#"{"alg":"HS256"}"#), part(claims)))
    }

    #[test]
    fn claims_of_two_tokens_stand_side_by_side_with_what_changed() {
        let first = token(r#"{"sub":"a","exp":10,"scope":"read write","o":{"x":1,"y":2},"gone":1}"#);
        let second = token(r#"{"new":true,"sub":"a","scope":"write admin","o":{"y":2,"x":1},"exp":20}"#);
        let comparison = Comparison::of(&first, &second);
        let flat: Vec<(&str, Difference)> =
            comparison.claims.iter().map(|claim| (claim.name.as_str(), claim.difference)).collect();
        assert_eq!(
            flat,
            [
                ("sub", Difference::Same),
                ("exp", Difference::Changed),
                ("scope", Difference::Changed),
                ("o", Difference::Same),
                ("gone", Difference::OnlyFirst),
                ("new", Difference::OnlySecond),
            ]
        );
        let scope = &comparison.claims[2];
        assert_eq!((&scope.added[..], &scope.removed[..]), (&["admin".to_owned()][..], &["read".to_owned()][..]));
        assert_eq!(comparison.header[0].difference, Difference::Same);
    }

    #[test]
    fn names_that_stand_twice_are_compared_each() {
        let comparison = Comparison::of(&token(r#"{"a":1,"a":2}"#), &token(r#"{"a":1}"#));
        let differences: Vec<Difference> = comparison.claims.iter().map(|claim| claim.difference).collect();
        assert_eq!(differences, [Difference::Same, Difference::OnlyFirst]);
    }
}
