//! Secrets, found in text wherever they stand.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, Input, MatchKind, PatternID};

use super::{MASK, SHORTEST};
use crate::secret::Secret;

/// Secrets by how they begin. Only their beginnings are searched for at once: tokens are long, and what searches for many
/// long texts is large and slow to make.
pub(super) struct Secrets {
    /// Finds one of the beginnings. It is made when it is needed: a process that asks for one token does without.
    finder: OnceLock<Option<AhoCorasick>>,
    /// Those with each beginning, the longest first.
    by_beginning: Vec<(Vec<u8>, Vec<Secret>)>,
}

/// What stands at a place.
enum Stands {
    Secret(usize),
    /// A secret, as far as it goes.
    Perhaps,
    Nothing,
}

impl Secrets {
    pub fn new(secrets: impl Iterator<Item = Secret>) -> Self {
        let mut by_beginning: HashMap<Vec<u8>, Vec<Secret>> = HashMap::new();
        for secret in secrets {
            let beginning = secret.expose().as_bytes()[..SHORTEST].to_vec();
            by_beginning.entry(beginning).or_default().push(secret);
        }
        let mut by_beginning: Vec<_> = by_beginning.into_iter().collect();
        for (_, secrets) in &mut by_beginning {
            secrets.sort_by_key(|secret| Reverse(secret.expose().len()));
        }
        Self { finder: OnceLock::new(), by_beginning }
    }

    fn finder(&self) -> Option<&AhoCorasick> {
        let make = || {
            let beginnings = self.by_beginning.iter().map(|(beginning, _)| beginning);
            // It fails for more than two thousand million states only.
            let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(beginnings).ok();
            finder.filter(|_| !self.by_beginning.is_empty())
        };
        self.finder.get_or_init(make).as_ref()
    }

    /// The text with each of them masked.
    pub fn mask(&self, text: &str) -> String {
        let mut all = self.by_beginning.iter().flat_map(|(_, secrets)| secrets);
        // As mostly.
        if !all.any(|secret| text.contains(secret.expose())) {
            return text.to_owned();
        }
        let (found, _) = self.look(text.as_bytes(), true);
        String::from_utf8_lossy(&masked(text.as_bytes(), &found)).into_owned()
    }

    /// Where they stand, and from where on more must come to tell.
    pub fn look(&self, text: &[u8], last: bool) -> (Vec<Range<usize>>, usize) {
        let Some(finder) = self.finder() else { return (Vec::new(), text.len()) };
        let (mut found, mut at) = (Vec::new(), 0);
        while let Some(beginning) = finder.find(Input::new(text).range(at..)) {
            let start = beginning.start();
            at = match self.stands(beginning.pattern(), &text[start..], last) {
                Stands::Secret(length) => {
                    found.push(start..start + length);
                    start + length
                }
                Stands::Perhaps => return (found, start),
                Stands::Nothing => start + 1,
            };
        }
        let may_begin = |at: &usize| self.by_beginning.iter().any(|(beginning, _)| beginning.starts_with(&text[*at..]));
        let tail = at.max(text.len().saturating_sub(SHORTEST - 1))..text.len();
        let end = if last { None } else { tail.into_iter().find(may_begin) };
        (found, end.unwrap_or(text.len()))
    }

    fn stands(&self, beginning: PatternID, text: &[u8], last: bool) -> Stands {
        for secret in &self.by_beginning[beginning].1 {
            let secret = secret.expose().as_bytes();
            if text.starts_with(secret) {
                return Stands::Secret(secret.len());
            }
            if !last && secret.starts_with(text) {
                return Stands::Perhaps;
            }
        }
        Stands::Nothing
    }
}

/// A text with what was found in it masked.
pub(super) fn masked(text: &[u8], found: &[Range<usize>]) -> Vec<u8> {
    let mut masked = Vec::with_capacity(text.len());
    let mut from = 0;
    for secret in found {
        masked.extend_from_slice(&text[from..secret.start]);
        masked.extend_from_slice(MASK.as_bytes());
        from = secret.end;
    }
    masked.extend_from_slice(&text[from..]);
    masked
}
