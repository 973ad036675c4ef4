//! Masks the live secrets in bytes that come in pieces, also where one lies across two.

use std::borrow::Cow;
use std::sync::Arc;

use zeroize::Zeroizing;

use super::Redactor;
use super::secrets::{Secrets, masked};

/// Masks what passes through it. What may be the beginning of a secret is held back until the next piece tells.
pub struct Masking {
    redactor: Arc<Redactor>,
    /// As of which change of the redactor.
    as_of: u64,
    secrets: Arc<Secrets>,
    held: Zeroizing<Vec<u8>>,
}

impl Masking {
    /// By the secrets of a redactor, as they are when each piece comes.
    pub fn new(redactor: &Arc<Redactor>) -> Self {
        let (as_of, secrets) = redactor.now();
        Self { redactor: redactor.clone(), as_of, secrets, held: Zeroizing::default() }
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
        if let Some(now) = self.redactor.since(self.as_of) {
            (self.as_of, self.secrets) = now;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

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
    fn f9_a_secret_that_is_written_otherwise_is_masked_wherever_the_pieces_are_cut() {
        let redactor = redactor(&["canary+/é<0123='5'&"]);
        let text = concat!(
            r#"{"a":"canary+\/\u00e9<0123='5'&","b":"canary\u002B/\u00E9\u003C0123=\u00275\u0027\u0026","#,
            r#""c":"canary+/\u00e9\u003c0123\u003d\u00275\u0027\u0026","#,
            r#""d":"canary%2b%2f%c3%a9%3c0123%3d%275%27%26","e":"canary%2B%2F%C3%A9%3C0123%3D'5'%26","f":"canary+\/\u00e9"}"#
        );
        let wanted = r#"{"a":"•••","b":"•••","c":"•••","d":"•••","e":"•••","f":"canary+\/\u00e9"}"#;
        assert_eq!(redactor.mask(text), wanted);
        let text = text.as_bytes();
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
