//! Keeps a value that is longer than one item may be in several. The parts are written first, under names of their
//! own, and the header last: whoever is interrupted leaves the old value whole.

use sha2::{Digest, Sha256};

use crate::error::{Error, ErrorCode, Result};
use crate::secret::Secret;

/// Items by name, each no longer than a limit.
pub(super) trait Items {
    /// The most bytes that an item may have.
    fn limit(&self) -> usize;
    /// Whether reading would ask the person to unlock it. Asks nobody.
    fn is_locked(&self) -> bool {
        false
    }
    fn get(&self, name: &str) -> Result<Option<Secret>>;
    fn set(&self, name: &str, value: &str) -> Result<()>;
    fn delete(&self, name: &str) -> Result<()>;
}

/// What a header begins with; no value of ours, which are JSON or UUIDs, does.
const HEADER: &str = "keydesk-parts";
/// No token set is longer; what is would fill the keychain.
const LONGEST: usize = 1024 * 1024;

/// Where the parts of a value are: `keydesk-parts <set> <count> <SHA-256>`.
struct Header {
    set: String,
    count: usize,
    digest: String,
}

impl Header {
    fn of(value: &str) -> Option<Self> {
        let mut words = value.split(' ');
        let (name, set, count, digest) = (words.next()?, words.next()?, words.next()?, words.next()?);
        (name == HEADER).then_some(())?;
        Some(Self { set: set.to_owned(), count: count.parse().ok()?, digest: digest.to_owned() })
    }

    fn part(&self, name: &str, number: usize) -> String {
        format!("{name}.{}.{number}", self.set)
    }

    fn parts(&self, name: &str) -> impl Iterator<Item = String> {
        (0..self.count).map(move |number| self.part(name, number))
    }
}

pub(super) fn read(items: &dyn Items, name: &str) -> Result<Option<Secret>> {
    let Some(first) = items.get(name)? else { return Ok(None) };
    let Some(header) = Header::of(first.expose()) else { return Ok(Some(first)) };
    let mut whole = String::new();
    for part in header.parts(name) {
        whole.push_str(items.get(&part)?.ok_or_else(damaged)?.expose());
    }
    let whole = Secret::new(whole);
    if digest(whole.expose()) == header.digest { Ok(Some(whole)) } else { Err(damaged()) }
}

pub(super) fn write(items: &dyn Items, name: &str, value: &Secret) -> Result<()> {
    let text = value.expose();
    if text.len() > LONGEST {
        return Err(Error::new(ErrorCode::KeychainFailed, "The token is too long to keep."));
    }
    let before = items.get(name)?.and_then(|value| Header::of(value.expose()));
    if text.len() <= items.limit() {
        items.set(name, text)?;
    } else {
        let parts = cut(text, items.limit());
        let set = uuid::Uuid::new_v4().simple().to_string();
        let header = Header { set, count: parts.len(), digest: digest(text) };
        if let Err(error) = write_parts(items, name, &header, &parts) {
            // Nobody would find them again.
            let _ = delete_parts(items, name, Some(&header));
            return Err(error);
        }
    }
    delete_parts(items, name, before.as_ref())
}

pub(super) fn delete(items: &dyn Items, name: &str) -> Result<()> {
    let header = items.get(name)?.and_then(|value| Header::of(value.expose()));
    // The header last: interrupted, what is left is found again.
    delete_parts(items, name, header.as_ref())?;
    items.delete(name)
}

fn write_parts(items: &dyn Items, name: &str, header: &Header, parts: &[&str]) -> Result<()> {
    for (number, part) in parts.iter().enumerate() {
        items.set(&header.part(name, number), part)?;
    }
    items.set(name, &format!("{HEADER} {} {} {}", header.set, header.count, header.digest))
}

fn delete_parts(items: &dyn Items, name: &str, header: Option<&Header>) -> Result<()> {
    header.into_iter().flat_map(|header| header.parts(name)).try_for_each(|part| items.delete(&part))
}

/// Pieces of at most `limit` bytes, cut between characters.
fn cut(text: &str, limit: usize) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let mut end = rest.len().min(limit);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (part, after) = rest.split_at(end);
        parts.push(part);
        rest = after;
    }
    parts
}

fn digest(text: &str) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(Sha256::digest(text))
}

fn damaged() -> Error {
    Error::new(ErrorCode::KeychainFailed, "What the keychain holds for this connection is damaged: log in again.")
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::collections::HashMap;

    use super::*;

    /// Like the Windows Credential Manager: an item has a limit. Fails after so many writes, as if killed.
    struct Small {
        items: RefCell<HashMap<String, String>>,
        writes_left: Cell<usize>,
    }

    impl Small {
        fn new() -> Self {
            Self { items: RefCell::default(), writes_left: Cell::new(usize::MAX) }
        }
    }

    impl Items for Small {
        fn limit(&self) -> usize {
            2560
        }

        fn get(&self, name: &str) -> Result<Option<Secret>> {
            Ok(self.items.borrow().get(name).map(Secret::new))
        }

        fn set(&self, name: &str, value: &str) -> Result<()> {
            assert!(value.len() <= self.limit());
            if self.writes_left.get() == 0 {
                return Err(Error::new(ErrorCode::KeychainFailed, "killed"));
            }
            self.writes_left.set(self.writes_left.get() - 1);
            self.items.borrow_mut().insert(name.to_owned(), value.to_owned());
            Ok(())
        }

        fn delete(&self, name: &str) -> Result<()> {
            self.items.borrow_mut().remove(name);
            Ok(())
        }
    }

    fn long(letter: &str) -> Secret {
        Secret::new(letter.repeat(8192))
    }

    #[test]
    fn f6_a_long_value_comes_back_whole_and_leaves_nothing_when_deleted() {
        let items = Small::new();
        for value in [long("a"), long("ä"), Secret::new("short"), long("b")] {
            write(&items, "c", &value).unwrap();
            assert!(read(&items, "c").unwrap().unwrap().same_as(value.expose()));
        }
        assert_eq!(items.items.borrow().len(), 5, "the parts of earlier values are gone");
        delete(&items, "c").unwrap();
        assert!(items.items.borrow().is_empty());
    }

    #[test]
    fn f6_killed_between_any_two_parts_the_old_value_is_whole() {
        for writes in 0..5 {
            let items = Small::new();
            write(&items, "c", &long("a")).unwrap();
            items.writes_left.set(writes);
            let outcome = write(&items, "c", &long("b"));
            let expected = if outcome.is_ok() { long("b") } else { long("a") };
            assert!(read(&items, "c").unwrap().unwrap().same_as(expected.expose()), "after {writes} writes");
        }
    }
}
