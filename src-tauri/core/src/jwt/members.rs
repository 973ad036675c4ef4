//! A JSON object as it stands: the order of its members, the exact text of their values, and names that stand twice.

use std::collections::HashMap;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use specta::Type;

use super::fault::{Part, TokenFault, TokenProblem};

/// A member of a JOSE header or claims set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize, Type)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its value as exact JSON text, so that big numbers and the order of members stay.
    pub value: String,
}

/// How many members are kept. No token has as many; one that was made to hurt has more.
const MOST: usize = 2000;

/// A JSON object.
#[derive(Debug, Default)]
pub(crate) struct Members {
    /// Its members, the first of them.
    pub list: Vec<Member>,
    /// How often each name stands in it.
    counts: HashMap<String, usize>,
    /// How many members are not in the list.
    pub left_out: usize,
}

impl Members {
    /// The object that a part of a token stands for.
    pub(super) fn of(part: &Part) -> Result<Self, TokenProblem> {
        let bytes = part.decode()?;
        let text =
            std::str::from_utf8(&bytes).map_err(|error| part.inside(TokenFault::NotUtf8, error.valid_up_to()))?;
        serde_json::from_str(text).map_err(|error| {
            let fault = if is_json(text) { TokenFault::NotAnObject } else { TokenFault::NotJson };
            part.inside(fault, place(text, &error))
        })
    }

    /// Whether a name stands in it more than once. RFC 7515 section 4 and RFC 7519 section 4 forbid it.
    pub fn repeats(&self, name: &str) -> bool {
        self.counts.get(name).is_some_and(|count| *count > 1)
    }

    /// Whether any does.
    pub fn any_repeats(&self) -> bool {
        self.counts.values().any(|count| *count > 1)
    }

    /// The value of a member; none where it stands there twice: nobody can say which counts.
    pub fn value(&self, name: &str) -> Option<serde_json::Value> {
        let found = self.list.iter().find(|member| member.name == name && !self.repeats(name))?;
        serde_json::from_str(&found.value).ok()
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}

/// The byte that an error is at.
fn place(text: &str, error: &serde_json::Error) -> usize {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    (before + error.column().saturating_sub(1)).min(text.len())
}

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
        let mut members = Members::default();
        while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
            *members.counts.entry(name.clone()).or_default() += 1;
            if members.list.len() == MOST {
                members.left_out += 1;
            } else {
                members.list.push(Member { name, value: value.get().to_owned() });
            }
        }
        Ok(members)
    }
}
