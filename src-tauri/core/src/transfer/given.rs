//! What the head of an answer says of a file.

use jiff::fmt::rfc2822;
use reqwest::header::{
    CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_RANGE, DATE, ETAG, HeaderMap, HeaderValue,
    LAST_MODIFIED,
};
use url::Url;

use crate::file_name::{named, sanitised};

/// What the head says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// From which byte on it comes.
    pub from: u64,
    /// How many bytes the whole file has, where it is said.
    pub total: Option<u64>,
    /// What tells whether it is still the same file.
    pub validator: Option<HeaderValue>,
    /// Whether the bytes are not those of the file but compressed.
    pub is_compressed: bool,
}

impl Head {
    /// Of an answer that gives the file, or of one that gives a part of it. None where the part is not understood.
    pub fn of(status: u16, headers: &HeaderMap) -> Option<Self> {
        let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let (from, total) = match status {
            206 => range(text(CONTENT_RANGE)?)?,
            _ => (0, text(CONTENT_LENGTH).and_then(|length| length.trim().parse().ok())),
        };
        let encoding = text(CONTENT_ENCODING).unwrap_or("identity").trim();
        let is_compressed = !encoding.is_empty() && !encoding.eq_ignore_ascii_case("identity");
        Some(Self { from, total, validator: validator(headers), is_compressed })
    }

    /// Whether it is of the file of which this is known; what is not said is not held against it.
    pub fn is_of(&self, validator: Option<&HeaderValue>, total: Option<u64>) -> bool {
        let same_file = self.validator.is_none() || self.validator.as_ref() == validator;
        same_file && (self.total.is_none() || total.is_none() || self.total == total)
    }
}

/// The first byte of `bytes 5-9/10`, and the length of the whole (RFC 9110 section 14.4).
fn range(text: &str) -> Option<(u64, Option<u64>)> {
    let (span, total) = text.trim().strip_prefix("bytes")?.trim().split_once('/')?;
    let (from, _) = span.split_once('-')?;
    Some((from.trim().parse().ok()?, total.trim().parse().ok()))
}

/// The whole length that a server names which has no such range: `bytes */10`.
pub fn length_of_unsatisfied(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_RANGE)?.to_str().ok()?.trim().strip_prefix("bytes */")?.trim().parse().ok()
}

/// A strong one, the only kind that a range may be asked by (RFC 9110 sections 8.8 and 13.1.5).
fn validator(headers: &HeaderMap) -> Option<HeaderValue> {
    if let Some(tag) = headers.get(ETAG) {
        return tag.as_bytes().starts_with(b"\"").then(|| tag.clone());
    }
    let date = |name| rfc2822::parse(headers.get(name)?.to_str().ok()?).ok();
    let changed = headers.get(LAST_MODIFIED)?;
    let is_strong = date(LAST_MODIFIED)?.timestamp() < date(DATE)?.timestamp();
    is_strong.then(|| changed.clone())
}

/// What the file is to be called here: as the answer says, as the provider's file says, or as it is called in the address.
pub fn name_of(headers: &HeaderMap, given: Option<&str>, url: &Url) -> String {
    let said = headers.get(CONTENT_DISPOSITION).and_then(|value| named(&String::from_utf8_lossy(value.as_bytes())));
    let in_address = || {
        let last = url.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default();
        percent_encoding::percent_decode_str(last).decode_utf8_lossy().into_owned()
    };
    let given = given.map(str::to_owned).filter(|given| !given.trim().is_empty());
    sanitised(&said.or(given).unwrap_or_else(in_address))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(pairs: &[(&str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in pairs {
            map.insert(reqwest::header::HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
        }
        map
    }

    #[test]
    fn a_part_says_where_it_begins_and_how_long_the_whole_is() {
        let of = |value| Head::of(206, &headers(&[("content-range", value)])).map(|head| (head.from, head.total));
        assert_eq!(of("bytes 5-9/10"), Some((5, Some(10))));
        assert_eq!(of("bytes 5-9/*"), Some((5, None)));
        for none in ["bytes */10", "items 5-9/10", "bytes 5", ""] {
            assert_eq!(of(none), None, "{none}");
        }
        assert_eq!(length_of_unsatisfied(&headers(&[("content-range", "bytes */10")])), Some(10));
    }

    #[test]
    fn only_a_strong_validator_tells_that_it_is_the_same_file() {
        let of = |pairs: &[_]| Head::of(200, &headers(pairs)).unwrap().validator.is_some();
        let (then, now) = ("Sun, 22 Nov 2026 10:00:00 GMT", "Sun, 22 Nov 2026 11:00:00 GMT");
        assert!(of(&[("etag", "\"a\"")]));
        assert!(of(&[("last-modified", then), ("date", now)]));
        assert!(!of(&[("etag", "W/\"a\""), ("last-modified", then), ("date", now)]));
        assert!(!of(&[("last-modified", now), ("date", now)]));
        assert!(!of(&[("last-modified", then)]));
    }
}
