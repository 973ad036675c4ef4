//! Names of members, and values, as they are shown; and which names stand in an object more than once.

use std::hash::{BuildHasher, RandomState};

use super::unescaped::unescaped;
use super::walk::Json;
use crate::error::Result;

/// What has more members is not searched for names that stand twice.
const MOST_NAMES: u64 = 4_000_000;
/// Of a longer name, only so many bytes tell it from others.
const LONGEST_NAME: usize = 64 * 1024;

/// A name, decoded, at most so many characters of it.
pub fn name_of(json: &mut Json, (begins, end): (u64, u64), most: usize) -> Result<String> {
    // The longest way to write a character has six bytes.
    let bytes = json.bytes().between(begins + 1, end - 1, most.saturating_mul(6))?;
    Ok(unescaped(&bytes).chars().take(most).collect())
}

/// What stands between two places, at most so many characters of it, and whether there is more.
pub fn shown(json: &mut Json, from: u64, to: u64, most: usize) -> Result<(String, bool)> {
    let bytes = json.bytes().between(from, to, most.saturating_mul(4))?;
    let is_cut = (bytes.len() as u64) < to.saturating_sub(from);
    let text = String::from_utf8_lossy(&bytes);
    match text.char_indices().nth(most) {
        Some((end, _)) => Ok((text[..end].to_owned(), true)),
        None => Ok((text.into_owned(), is_cut)),
    }
}

/// The names that stand in an object more than once, by their hashes, in order.
pub fn repeated(json: &mut Json, container: u64, hashes_of: &RandomState) -> Result<Vec<u64>> {
    let mut hashes = Vec::new();
    let mut cursor = json.members(container)?;
    while let Some(member) = json.next(&mut cursor)?.filter(|member| member.index < MOST_NAMES) {
        hashes.extend(member.name.map(|name| hash(json, name, hashes_of)).transpose()?);
        json.skip(&mut cursor, &member)?;
    }
    hashes.sort_unstable();
    let mut repeated: Vec<u64> = hashes.windows(2).filter(|two| two[0] == two[1]).map(|two| two[0]).collect();
    repeated.dedup();
    Ok(repeated)
}

/// A name is the same however it is escaped.
pub fn hash(json: &mut Json, (begins, end): (u64, u64), hashes: &RandomState) -> Result<u64> {
    let name = json.bytes().between(begins + 1, end - 1, LONGEST_NAME)?;
    Ok(hashes.hash_one((unescaped(&name), end - begins > LONGEST_NAME as u64)))
}
