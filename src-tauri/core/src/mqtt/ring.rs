//! The last messages.

use std::collections::VecDeque;

use super::topic::{is_filter, matches};
use super::view::{MessagePage, MessageQuery, MessageRow};
use crate::error::{Error, Result};

/// How many are kept, and how many bytes of them.
const MOST: usize = 10_000;
const MOST_BYTES: usize = 32 * 1024 * 1024;
/// How many are read at once.
const MOST_READ: usize = 1000;

/// The last messages, the oldest first.
#[derive(Default)]
pub struct Ring {
    rows: VecDeque<MessageRow>,
    bytes: usize,
    /// The number of the last one.
    last: u32,
}

impl Ring {
    /// The number of the next one.
    pub fn next(&self) -> u32 {
        self.last.wrapping_add(1)
    }

    /// Keeps a message, and no more of the oldest than there is room for.
    pub fn push(&mut self, row: MessageRow) {
        self.last = row.number;
        self.bytes += weight(&row);
        self.rows.push_back(row);
        while self.rows.len() > MOST || self.bytes > MOST_BYTES {
            let Some(oldest) = self.rows.pop_front() else { return };
            self.bytes -= weight(&oldest);
        }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Forgets them. Their numbers are not given again.
    pub fn clear(&mut self) {
        (self.rows, self.bytes) = (VecDeque::new(), 0);
    }

    /// Those that are asked for, the newest first.
    ///
    /// # Errors
    /// `invalid_input` of `filter` when it is none.
    pub fn read(&self, query: &MessageQuery) -> Result<MessagePage> {
        let filter = query.filter.as_deref().map(str::trim).filter(|filter| !filter.is_empty());
        if filter.is_some_and(|filter| !is_filter(filter)) {
            return Err(Error::input("filter", "This is not a topic filter."));
        }
        let search = query.search.as_deref().map(str::to_lowercase).filter(|search| !search.is_empty());
        let found = |row: &&MessageRow| {
            filter.is_none_or(|filter| matches(&row.topic, filter))
                && search.as_ref().is_none_or(|search| holds(&row.topic, search) || holds(&row.payload, search))
        };
        let all: Vec<&MessageRow> = self.rows.iter().rev().filter(found).collect();
        let older = all.iter().filter(|row| query.before.is_none_or(|before| row.number < before));
        let limit = usize::try_from(query.limit).unwrap_or(MOST_READ).min(MOST_READ);
        Ok(MessagePage {
            messages: older.take(limit).map(|row| (*row).clone()).collect(),
            total: u32::try_from(all.len()).unwrap_or(u32::MAX),
        })
    }
}

fn holds(text: &str, search: &str) -> bool {
    text.to_lowercase().contains(search)
}

fn weight(row: &MessageRow) -> usize {
    row.topic.len() + row.payload.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u32, topic: &str, payload: &str) -> MessageRow {
        MessageRow {
            number,
            at: String::new(),
            topic: topic.to_owned(),
            payload: payload.to_owned(),
            binary: false,
            size: 0,
            retained: false,
            own: false,
            place: None,
        }
    }

    fn filled(count: u32, payload: &str) -> Ring {
        let mut ring = Ring::default();
        for _ in 0..count {
            ring.push(row(ring.next(), "a/b", payload));
        }
        ring
    }

    #[test]
    fn the_last_ten_thousand_are_kept_and_no_more_than_32_mb_of_them() {
        let ring = filled(10_005, "x");
        assert_eq!((ring.len(), ring.rows[0].number), (10_000, 6));
        let large = filled(600, &"x".repeat(64 * 1024));
        assert!(large.bytes <= MOST_BYTES, "{}", large.bytes);
        assert_eq!(large.len(), 511);
    }

    #[test]
    fn messages_are_read_newest_first_by_topic_by_text_and_page_by_page() {
        let mut ring = Ring::default();
        for (topic, payload) in [("a/1", "one"), ("a/2", "TWO"), ("b/1", "three"), ("a/3", "two more")] {
            ring.push(row(ring.next(), topic, payload));
        }
        let read = |filter: Option<&str>, search: Option<&str>, before, limit| {
            let (filter, search) = (filter.map(str::to_owned), search.map(str::to_owned));
            let page = ring.read(&MessageQuery { filter, search, before, limit }).unwrap();
            (page.messages.iter().map(|row| row.number).collect::<Vec<_>>(), page.total)
        };
        assert_eq!(read(None, None, None, 2), (vec![4, 3], 4));
        assert_eq!(read(None, None, Some(3), 2), (vec![2, 1], 4));
        assert_eq!(read(Some("a/+"), None, None, 9), (vec![4, 2, 1], 3));
        assert_eq!(read(None, Some("two"), None, 9), (vec![4, 2], 2));
        assert_eq!(read(Some("b/#"), Some("two"), None, 9), (vec![], 0));
        let bad = MessageQuery { filter: Some("a#".to_owned()), ..MessageQuery::default() };
        assert_eq!(ring.read(&bad).unwrap_err().field.as_deref(), Some("filter"));
    }

    #[test]
    fn numbers_are_not_given_again_when_messages_are_cleared() {
        let mut ring = filled(3, "x");
        ring.clear();
        assert_eq!((ring.len(), ring.bytes, ring.next()), (0, 0, 4));
    }
}
