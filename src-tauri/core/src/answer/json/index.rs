//! Where what is large stands, and every n-th member of it: from there a window is a few steps away. What is small is
//! not noted; it is walked along when somebody looks.

use std::collections::HashMap;

/// What is at least so long is noted when it ends.
const LARGE: u64 = 8 * 1024;
/// How far apart the members are that are noted.
const APART: u64 = 256;
/// How much is noted at most. Beyond that it takes longer to look.
const MOST: usize = 1_000_000;

/// The notes of one text.
#[derive(Default)]
pub struct Index {
    /// Where the outermost value begins: an object or array that has begun, or another one that is complete.
    root: Option<u64>,
    /// What has begun and not ended, from the outermost inwards: by where it begins, too.
    open: Vec<Open>,
    /// What was large, by where it begins.
    large: HashMap<u64, Large>,
}

struct Open {
    begins: u64,
    is_object: bool,
    count: u64,
    marks: Vec<u64>,
}

struct Large {
    end: u64,
    count: u64,
    marks: Vec<u64>,
}

/// What is known of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Where it ends; none: it has not.
    pub end: Option<u64>,
    /// How many members it has, so far.
    pub count: u64,
}

impl Index {
    /// Whether the innermost that has begun is an object.
    pub fn in_object(&self) -> bool {
        self.open.last().is_some_and(|open| open.is_object)
    }

    /// How many have begun and not ended.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// A member begins: its name, or in an array its value.
    pub fn member_at(&mut self, at: u64) {
        if let Some(open) = self.open.last_mut()
            && open.count > 0
            && open.count.is_multiple_of(APART)
        {
            open.marks.push(at);
        }
    }

    /// An object or array begins.
    pub fn container_begins(&mut self, at: u64, is_object: bool) {
        self.count(at);
        self.open.push(Open { begins: at, is_object, count: 0, marks: Vec::new() });
    }

    /// The innermost ends.
    pub fn container_ends(&mut self, end: u64) {
        if let Some(Open { begins, count, marks, .. }) = self.open.pop() {
            self.note(begins, Large { end, count, marks });
        }
    }

    /// A value without members has ended.
    pub fn scalar(&mut self, begins: u64, end: u64) {
        self.count(begins);
        self.note(begins, Large { end, count: 0, marks: Vec::new() });
    }

    fn count(&mut self, begins: u64) {
        match self.open.last_mut() {
            Some(open) => open.count += 1,
            None => self.root = Some(begins),
        }
    }

    fn note(&mut self, begins: u64, large: Large) {
        if large.end - begins >= LARGE && self.large.len() < MOST {
            self.large.insert(begins, large);
        }
    }

    /// Where the outermost value begins; none where nothing of it can be shown yet.
    pub fn root(&self) -> Option<u64> {
        self.root
    }

    /// What is known of the value that begins here. Nothing: it is small, and has ended.
    pub fn known(&self, begins: u64) -> Option<Known> {
        match self.open(begins) {
            Some(open) => Some(Known { end: None, count: open.count }),
            None => self.large.get(&begins).map(|large| Known { end: Some(large.end), count: large.count }),
        }
    }

    /// The last member noted that has at most this number: its own, and where it begins.
    pub fn before_number(&self, container: u64, number: u64) -> Option<(u64, u64)> {
        let marks = self.marks(container);
        let at = usize::try_from(number / APART).unwrap_or(usize::MAX).min(marks.len());
        marked(marks, at)
    }

    /// The last member noted that does not begin behind this place.
    pub fn before_place(&self, container: u64, place: u64) -> Option<(u64, u64)> {
        let marks = self.marks(container);
        marked(marks, marks.partition_point(|mark| *mark <= place))
    }

    fn marks(&self, container: u64) -> &[u64] {
        let open = self.open(container).map(|open| &open.marks);
        open.or_else(|| self.large.get(&container).map(|large| &large.marks)).map_or(&[], Vec::as_slice)
    }

    fn open(&self, begins: u64) -> Option<&Open> {
        let at = self.open.binary_search_by_key(&begins, |open| open.begins).ok()?;
        self.open.get(at)
    }
}

fn marked(marks: &[u64], many: usize) -> Option<(u64, u64)> {
    let last = many.checked_sub(1)?;
    Some((many as u64 * APART, marks[last]))
}
