//! Walks along text that is known to be JSON, from one member to the next. What is large is stepped over by what was noted of
//! it; what is small is read.

use std::fs::File;
use std::sync::{Mutex, MutexGuard, PoisonError};

use memchr::memchr2;

use super::index::Known;
use super::member::{Cursor, Member, kind};
use super::scan::Scan;
use crate::answer::blocks::Walk;
use crate::answer::view::JsonKind;
use crate::error::Result;

/// In the place of where an object or array begins: what the outermost value is the only member of.
pub const DOCUMENT: u64 = u64::MAX;

/// A text, as far as it is known to be JSON: what is counted has been read.
pub struct Json<'a> {
    walk: Walk<'a>,
    scan: &'a Mutex<Scan>,
}

impl<'a> Json<'a> {
    /// That of a file, by what was noted of it.
    pub fn new(file: &'a File, scan: &'a Mutex<Scan>) -> Self {
        Self { walk: Walk::new(file, u64::MAX), scan }
    }

    /// The bytes themselves.
    pub fn bytes(&mut self) -> &mut Walk<'a> {
        &mut self.walk
    }

    /// Where the outermost value begins.
    pub fn root(&self) -> Option<u64> {
        self.lock().index.root()
    }

    /// What was noted of a value; nothing: it is small, and has ended.
    pub fn known(&self, begins: u64) -> Option<Known> {
        self.lock().index.known(begins)
    }

    /// How many members one has, so far.
    pub fn count(&mut self, container: u64) -> Result<u64> {
        match self.known(container) {
            _ if container == DOCUMENT => Ok(u64::from(self.root().is_some())),
            Some(known) => Ok(known.count),
            None => Ok(self.small(container)?.1),
        }
    }

    /// The beginning of one.
    pub fn members(&mut self, container: u64) -> Result<Cursor> {
        if container == DOCUMENT {
            let at = self.root().unwrap_or(DOCUMENT);
            return Ok(Cursor { at, index: 0, is_object: false, most: Some(1), end: None });
        }
        let is_object = self.walk.byte(container)? == Some(b'{');
        let most = self.known(container).filter(|known| known.end.is_none()).map(|known| known.count);
        Ok(Cursor { at: container + 1, index: 0, is_object, most, end: None })
    }

    /// One before the member of this number.
    pub fn member_number(&mut self, container: u64, number: u64) -> Result<Cursor> {
        let mark = self.lock().index.before_number(container, number);
        let mut cursor = self.at_mark(container, mark)?;
        while cursor.index < number
            && let Some(member) = self.next(&mut cursor)?
        {
            self.skip(&mut cursor, &member)?;
        }
        Ok(cursor)
    }

    /// The member at a place: the one that stands there, or after which it is. None before the first.
    pub fn member_at(&mut self, container: u64, place: u64) -> Result<Option<Member>> {
        let mark = self.lock().index.before_place(container, place);
        let mut cursor = self.at_mark(container, mark)?;
        let mut found = None;
        while let Some(member) = self.next(&mut cursor)?.filter(|member| member.begins() <= place) {
            self.skip(&mut cursor, &member)?;
            found = Some(member);
            if place < cursor.at {
                break;
            }
        }
        Ok(found)
    }

    fn at_mark(&mut self, container: u64, mark: Option<(u64, u64)>) -> Result<Cursor> {
        let cursor = self.members(container)?;
        Ok(mark.map_or(cursor, |(index, at)| Cursor { at, index, ..cursor }))
    }

    /// The next member; the cursor then stands before its value's end: [`Self::skip`] leads past it.
    pub fn next(&mut self, cursor: &mut Cursor) -> Result<Option<Member>> {
        if cursor.most.is_some_and(|most| cursor.index >= most) {
            return Ok(None);
        }
        let mut at = self.space(cursor.at)?;
        if self.walk.byte(at)? == Some(b',') {
            at = self.space(at + 1)?;
        }
        let mut name = None;
        if cursor.is_object && self.walk.byte(at)? == Some(b'"') {
            let end = self.text(at)?;
            name = Some((at, end));
            // Past the colon.
            at = self.space(end)? + 1;
            at = self.space(at)?;
        }
        let kind = match self.walk.byte(at)? {
            Some(b']' | b'}') => {
                cursor.end = Some(at + 1);
                return Ok(None);
            }
            Some(byte) => kind(byte),
            None => return Ok(None),
        };
        let index = cursor.index;
        (cursor.at, cursor.index) = (at, index + 1);
        Ok(Some(Member { index, name, at, kind }))
    }

    /// Leads the cursor past a member.
    pub fn skip(&mut self, cursor: &mut Cursor, member: &Member) -> Result<()> {
        cursor.at = self.end(member)?;
        Ok(())
    }

    /// Leads a cursor past the member whose value ends here.
    pub fn after(&mut self, container: u64, number: u64, end: u64) -> Result<Cursor> {
        Ok(Cursor { at: end, index: number + 1, ..self.members(container)? })
    }

    /// Where a value ends; beyond everything when it has not.
    pub fn end(&mut self, member: &Member) -> Result<u64> {
        match member.kind {
            JsonKind::Object | JsonKind::Array => self.end_of_container(member.at),
            JsonKind::String => match self.known(member.at) {
                Some(known) => Ok(known.end.unwrap_or(DOCUMENT)),
                None => self.text(member.at),
            },
            _ => self.word(member.at),
        }
    }

    /// Where an object or array ends; beyond everything when it has not.
    pub fn end_of_container(&mut self, container: u64) -> Result<u64> {
        match self.known(container) {
            Some(known) => Ok(known.end.unwrap_or(DOCUMENT)),
            None => Ok(self.small(container)?.0),
        }
    }

    /// Reads a small one: where it ends, and how many members it has.
    fn small(&mut self, container: u64) -> Result<(u64, u64)> {
        let (mut at, mut tally) = (container, Tally::default());
        loop {
            let block = self.walk.from(at)?;
            let read = block.iter().position(|byte| tally.stops(*byte));
            at += read.unwrap_or(block.len()) as u64;
            match read {
                Some(_) if tally.depth > 0 => at = self.text(at)?,
                Some(_) => return Ok((at + 1, tally.members())),
                None if block.is_empty() => return Ok((at, tally.members())),
                None => {}
            }
        }
    }

    fn space(&mut self, at: u64) -> Result<u64> {
        self.until(at, |block| block.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\n' | b'\r')))
    }

    fn word(&mut self, at: u64) -> Result<u64> {
        let ends = |byte: &u8| matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r');
        self.until(at, |block| block.iter().position(ends))
    }

    /// Past the quote that ends the text which begins here.
    fn text(&mut self, at: u64) -> Result<u64> {
        let mut at = at + 1;
        loop {
            at = self.until(at, |block| memchr2(b'"', b'\\', block))?;
            match self.walk.byte(at)? {
                Some(b'\\') => at += 2,
                Some(_) => return Ok(at + 1),
                None => return Ok(at),
            }
        }
    }

    /// The first place from one on at which `find` finds something, or the end.
    fn until(&mut self, at: u64, find: impl Fn(&[u8]) -> Option<usize>) -> Result<u64> {
        let mut at = at;
        loop {
            let block = self.walk.from(at)?;
            if block.is_empty() {
                return Ok(at);
            }
            if let Some(found) = find(block) {
                return Ok(at + found as u64);
            }
            at += block.len() as u64;
        }
    }

    fn lock(&self) -> MutexGuard<'_, Scan> {
        self.scan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What was read of an object or array.
#[derive(Default)]
struct Tally {
    depth: u64,
    commas: u64,
    /// Whether anything stands in it.
    is_filled: bool,
}

impl Tally {
    /// Counts a byte. Stops where a text begins, and at the end.
    fn stops(&mut self, byte: u8) -> bool {
        match byte {
            b'"' => {
                self.is_filled = true;
                return true;
            }
            b'[' | b'{' => {
                self.is_filled |= self.depth > 0;
                self.depth += 1;
            }
            b']' | b'}' => {
                self.depth = self.depth.saturating_sub(1);
                return self.depth == 0;
            }
            b',' => self.commas += u64::from(self.depth == 1),
            b' ' | b'\t' | b'\n' | b'\r' => {}
            _ => self.is_filled = true,
        }
        false
    }

    fn members(&self) -> u64 {
        if self.is_filled { self.commas + 1 } else { 0 }
    }
}
