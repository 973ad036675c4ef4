//! Searches an answer, block by block.

use aho_corasick::{AhoCorasick, MatchKind};

use super::blocks::{not_read, read_at};
use crate::error::{Error, Result};

/// How many places are kept.
const MOST: usize = 100_000;
/// What is searched at once.
const BLOCK: usize = 256 * 1024;
/// The longest text that is searched for, in bytes.
const LONGEST: usize = 4096;

/// What a search found: where each begins.
#[derive(Debug, Default)]
pub struct Found {
    /// The places, in order; no two overlap.
    pub places: Vec<u64>,
    /// Whether there are more.
    pub cut: bool,
}

/// Searches all of a file up to an end; none where somebody no longer wants it.
///
/// # Errors
/// `invalid_input` when the text cannot be searched for; or when the disk refuses.
pub fn search(
    file: &std::fs::File,
    end: u64,
    text: &str,
    match_case: bool,
    is_wanted: impl Fn() -> bool,
) -> Result<Option<Found>> {
    if text.is_empty() {
        return Ok(Some(Found::default()));
    }
    if text.len() > LONGEST {
        return Err(Error::input("text", format!("At most {LONGEST} characters can be searched for.")));
    }
    let (finder, longest) = finder(text, match_case)?;
    let mut found = Found::default();
    let mut block = Vec::new();
    let (mut at, mut kept) = (0, 0);
    while at < end {
        if !is_wanted() {
            return Ok(None);
        }
        block.resize(kept + BLOCK, 0);
        let read = read_at(file, &mut block[kept..], at).map_err(not_read)?;
        block.truncate(kept + read);
        let begins = at - kept as u64;
        at += read as u64;
        if read == 0 {
            break;
        }
        let mut past = 0;
        for place in finder.find_iter(&block) {
            if found.places.len() == MOST {
                found.cut = true;
                return Ok(Some(found));
            }
            found.places.push(begins + place.start() as u64);
            past = place.end();
        }
        // What may begin at the end and go on in the next block.
        let from = past.max(block.len().saturating_sub(longest - 1));
        block.copy_within(from.., 0);
        kept = block.len() - from;
    }
    Ok(Some(found))
}

/// What finds it, and how long what it finds can be. Without regard to case: in ASCII; beyond it, all letters small or all large
/// as they stand in the text, which finds what people search for.
fn finder(text: &str, match_case: bool) -> Result<(AhoCorasick, usize)> {
    let mut forms = vec![text.to_owned()];
    if !match_case {
        forms.extend([text.to_lowercase(), text.to_uppercase()]);
        forms.sort();
        forms.dedup();
    }
    let longest = forms.iter().map(String::len).max().unwrap_or(1);
    let builder =
        AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).ascii_case_insensitive(!match_case).build(forms);
    Ok((builder.map_err(|error| Error::internal("search", error))?, longest))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn places(content: &[u8], text: &str, match_case: bool) -> Vec<u64> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content).unwrap();
        search(&file, content.len() as u64, text, match_case, || true).unwrap().unwrap().places
    }

    #[test]
    fn a_text_is_found_with_and_without_regard_to_case() {
        let content = "Über über ÜBER uber Token tOKEN".as_bytes();
        assert_eq!(places(content, "Über", true).len(), 1);
        assert_eq!(places(content, "über", false).len(), 3);
        assert_eq!(places(content, "TOKEN", false).len(), 2);
        assert_eq!(places(content, "TOKEN", true).len(), 0);
        assert_eq!(places(content, "", true).len(), 0);
        assert_eq!(places(b"aaaa", "aa", true), [0, 2], "none overlaps another");
    }

    #[test]
    fn it_is_found_where_two_blocks_meet_and_once_only() {
        for place in BLOCK - 7..BLOCK + 2 {
            let mut content = vec![b'.'; BLOCK * 2 + 100];
            content[place..place + 6].copy_from_slice(b"needle");
            assert_eq!(places(&content, "needle", true), [place as u64]);
        }
        let all = places("ab".repeat(BLOCK).as_bytes(), "ab", true);
        assert!(all.iter().enumerate().all(|(number, place)| *place == number as u64 * 2));
    }

    #[test]
    fn so_many_are_kept_and_a_search_that_nobody_wants_any_more_ends() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&vec![b'a'; MOST + 1]).unwrap();
        let found = search(&file, MOST as u64 + 1, "a", true, || true).unwrap().unwrap();
        assert_eq!((found.places.len(), found.cut), (MOST, true));
        assert!(search(&file, 10, "a", true, || false).unwrap().is_none());
        assert!(search(&file, 10, &"a".repeat(LONGEST + 1), true, || true).is_err());
    }
}
