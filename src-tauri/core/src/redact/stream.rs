//! Masks the live secrets in bytes that come in pieces, also where one lies across two.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::{AhoCorasick, Input, MatchKind, PatternID};
use zeroize::Zeroizing;

use super::{MASK, Redactor, SHORTEST};
use crate::secret::Secret;

/// Masks what passes through it. What may be the beginning of a secret is held back until the next piece tells.
pub struct Masking {
    redactor: Arc<Redactor>,
    /// As of which change of the redactor.
    as_of: u64,
    secrets: Secrets,
    held: Zeroizing<Vec<u8>>,
}

impl Masking {
    /// By the secrets of a redactor, as they are when each piece comes.
    pub fn new(redactor: &Arc<Redactor>) -> Self {
        let (as_of, secrets) = redactor.now();
        let (redactor, secrets) = (redactor.clone(), Secrets::new(secrets));
        Self { redactor, as_of, secrets, held: Zeroizing::default() }
    }

    /// What of all pieces so far can be let go.
    pub fn piece<'a>(&mut self, piece: &'a [u8]) -> Cow<'a, [u8]> {
        self.pass(piece, false)
    }

    /// What was held back, after the last piece.
    pub fn rest(&mut self) -> Vec<u8> {
        self.pass(&[], true).into_owned()
    }

    fn pass<'a>(&mut self, piece: &'a [u8], last: bool) -> Cow<'a, [u8]> {
        if let Some((as_of, secrets)) = self.redactor.since(self.as_of) {
            (self.as_of, self.secrets) = (as_of, Secrets::new(secrets));
        }
        if self.held.is_empty() {
            let (found, end) = self.secrets.look(piece, last);
            self.held.extend_from_slice(&piece[end..]);
            return if found.is_empty() { Cow::Borrowed(&piece[..end]) } else { masked(&piece[..end], &found).into() };
        }
        let mut text = std::mem::take(&mut self.held);
        text.extend_from_slice(piece);
        let (found, end) = self.secrets.look(&text, last);
        self.held.extend_from_slice(&text[end..]);
        masked(&text[..end], &found).into()
    }
}

fn masked(text: &[u8], found: &[Range<usize>]) -> Vec<u8> {
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

/// Secrets by how they begin. Only their beginnings are searched for at once: tokens are long, and what searches for many
/// long texts is large and slow to make.
struct Secrets {
    /// Finds one of the beginnings.
    finder: Option<AhoCorasick>,
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
    fn new(secrets: Vec<Secret>) -> Self {
        let mut by_beginning: Vec<(Vec<u8>, Vec<Secret>)> = Vec::new();
        for secret in secrets {
            let beginning = &secret.expose().as_bytes()[..SHORTEST];
            match by_beginning.iter_mut().find(|(known, _)| known == beginning) {
                Some((_, others)) => others.push(secret),
                None => by_beginning.push((beginning.to_vec(), vec![secret])),
            }
        }
        for (_, secrets) in &mut by_beginning {
            secrets.sort_by_key(|secret| Reverse(secret.expose().len()));
        }
        let beginnings = by_beginning.iter().map(|(beginning, _)| beginning);
        // It fails for more than two thousand million states only.
        let finder = AhoCorasick::builder().match_kind(MatchKind::LeftmostFirst).build(beginnings).ok();
        Self { finder: finder.filter(|_| !by_beginning.is_empty()), by_beginning }
    }

    /// Where secrets stand, and from where on more must come to tell.
    fn look(&self, text: &[u8], last: bool) -> (Vec<Range<usize>>, usize) {
        let Some(finder) = &self.finder else { return (Vec::new(), text.len()) };
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

#[cfg(test)]
mod tests {
    use super::*;

    fn redactor(secrets: &[&str]) -> Arc<Redactor> {
        let redactor = Arc::new(Redactor::default());
        secrets.iter().for_each(|secret| redactor.add("a", &Secret::new(*secret)));
        redactor
    }

    fn passed(redactor: &Arc<Redactor>, pieces: &[&[u8]]) -> String {
        let mut masking = Masking::new(redactor);
        let mut all: Vec<u8> = pieces.iter().flat_map(|piece| masking.piece(piece).into_owned()).collect();
        all.extend(masking.rest());
        String::from_utf8(all).unwrap()
    }

    #[test]
    fn f9_a_secret_is_masked_wherever_the_pieces_are_cut() {
        let redactor = redactor(&["canary-0123456789", "canary-0123/x", "canary-01234567890-longer"]);
        let text =
            b"{\"a\": \"canary-0123456789\", \"b\": \"canary-0123\\/x\", c: canary-012 canary-01234567890-longer";
        let wanted = "{\"a\": \"•••\", \"b\": \"•••\", c: canary-012 •••";
        assert_eq!(passed(&redactor, &[text]), wanted);
        for one in 0..text.len() {
            assert_eq!(passed(&redactor, &[&text[..one], &text[one..]]), wanted, "cut at {one}");
        }
        let bytes: Vec<&[u8]> = text.chunks(1).collect();
        assert_eq!(passed(&redactor, &bytes), wanted);
    }

    #[test]
    fn what_only_begins_like_a_secret_passes_whole_and_at_once_when_it_cannot_be_one() {
        let redactor = redactor(&["canary-0123456789"]);
        assert_eq!(passed(&redactor, &[b"a canary-0123456", b"x canary-01"]), "a canary-0123456x canary-01");
        let mut masking = Masking::new(&redactor);
        assert_eq!(&*masking.piece(b"nothing"), b"nothing");
        assert_eq!(&*masking.piece(b" can"), b" ", "it may begin one");
        assert_eq!(&*masking.piece(b"not"), b"cannot");
    }

    #[test]
    fn f9_a_secret_that_becomes_known_meanwhile_is_masked_from_then_on() {
        let redactor = redactor(&[]);
        let mut masking = Masking::new(&redactor);
        assert_eq!(&*masking.piece(b"canary-0123456789 "), b"canary-0123456789 ");
        redactor.add("a", &Secret::new("canary-0123456789"));
        assert_eq!(&*masking.piece(b"canary-0123456789 "), "••• ".as_bytes());
        redactor.forget("a");
        assert_eq!(&*masking.piece(b"canary-0123456789 "), b"canary-0123456789 ");
    }
}
