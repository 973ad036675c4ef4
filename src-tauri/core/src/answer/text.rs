//! Answers as text: lines, long ones in rows of 1,000 characters.

use std::fs::File;

use memchr::memchr;

use super::blocks::Walk;
use super::view::TextRow;
use crate::error::Result;

/// How long a row is at most, in characters.
const LONGEST: usize = 1000;
/// And in bytes: what is no UTF-8 has few beginnings of characters.
const LONGEST_IN_BYTES: usize = LONGEST * 4;
/// Every n-th row is noted.
const APART: u64 = 512;
/// How much tells whether it is text.
const HEAD: usize = 8192;
const MARK: char = '\u{feff}';

/// Whether it begins like text: no zero byte, and nearly all of it UTF-8.
pub fn is_text(head: &[u8]) -> bool {
    let head = &head[..head.len().min(HEAD)];
    let broken: usize = head.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
    memchr(0, head).is_none() && broken * 10 <= head.len()
}

/// Where rows begin, as far as it was read.
#[derive(Debug, Clone, Default)]
pub struct Text {
    at: At,
    /// How many rows have ended.
    rows: u64,
    /// Where every n-th row begins.
    marks: Vec<At>,
}

/// A place in a row.
#[derive(Debug, Clone, Copy)]
struct At {
    /// Where the row begins, and whether a line does.
    begins: u64,
    begins_line: bool,
    line: u64,
    /// What of the row was read.
    bytes: usize,
    characters: usize,
}

impl Default for At {
    fn default() -> Self {
        Self { begins: 0, begins_line: true, line: 1, bytes: 0, characters: 0 }
    }
}

impl At {
    /// Reads on to the end of the row, or of what there is. Gives how much was read, and whether the row ended.
    fn read(&mut self, text: &[u8]) -> (usize, bool) {
        let near = &text[..text.len().min(LONGEST_IN_BYTES + 1)];
        let line = memchr(b'\n', near);
        let content = &near[..line.unwrap_or(near.len())];
        let (bytes, characters) = self.fits(content);
        self.characters += characters;
        let ends_line = bytes == content.len() && line.is_some();
        let bytes = bytes + usize::from(ends_line);
        self.bytes += bytes;
        (bytes, ends_line || bytes < content.len())
    }

    /// How much of a line still goes into the row: bytes, and characters by how many begin in them.
    fn fits(&self, content: &[u8]) -> (usize, usize) {
        let (room, room_in_bytes) = (LONGEST - self.characters, LONGEST_IN_BYTES - self.bytes);
        let plain = content.len().min(room).min(room_in_bytes);
        if content[..plain].is_ascii() && content.get(plain).is_none_or(u8::is_ascii) {
            return (plain, plain);
        }
        let mut characters = 0;
        for (at, byte) in content.iter().enumerate() {
            let begins = byte & 0xc0 != 0x80;
            if (begins && characters == room) || at == room_in_bytes {
                return (at, characters);
            }
            characters += usize::from(begins);
        }
        (content.len(), characters)
    }

    /// The beginning of the next row.
    fn next(&self, begins_line: bool) -> Self {
        let line = self.line + u64::from(begins_line);
        Self { begins: self.begins + self.bytes as u64, begins_line, line, bytes: 0, characters: 0 }
    }
}

impl Text {
    /// Reads on.
    pub fn feed(&mut self, block: &[u8]) {
        let mut rest = block;
        while !rest.is_empty() {
            let (read, ended) = self.at.read(rest);
            if ended {
                if self.rows.is_multiple_of(APART) {
                    self.marks.push(At { bytes: 0, characters: 0, ..self.at });
                }
                self.rows += 1;
                self.at = self.at.next(read > 0 && rest[read - 1] == b'\n');
            }
            rest = &rest[read..];
        }
    }

    /// How many rows there are. An empty one behind the last line is none.
    pub fn rows(&self) -> u64 {
        self.rows + u64::from(self.at.bytes > 0)
    }

    /// The rows of a file from one on.
    pub fn along<'a>(&self, file: &'a File, from: u64) -> Along<'a> {
        let mark = usize::try_from(from / APART).unwrap_or(usize::MAX);
        self.along_from(file, mark)
    }

    /// The rows of a file from one that is not behind this place.
    pub fn near<'a>(&self, file: &'a File, place: u64) -> Along<'a> {
        self.along_from(file, self.marks.partition_point(|mark| mark.begins <= place).saturating_sub(1))
    }

    fn along_from<'a>(&self, file: &'a File, mark: usize) -> Along<'a> {
        let mark = mark.min(self.marks.len().saturating_sub(1));
        let at = self.marks.get(mark).copied().unwrap_or_default();
        let end = self.at.begins + self.at.bytes as u64;
        Along { walk: Walk::new(file, end), at, row: mark as u64 * APART }
    }
}

/// A walk along rows.
pub struct Along<'a> {
    walk: Walk<'a>,
    at: At,
    row: u64,
}

impl Along<'_> {
    /// The rows from one on.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn rows(&mut self, from: u64, count: u32) -> Result<Vec<TextRow>> {
        let mut rows = Vec::new();
        while rows.len() < count as usize
            && let Some((row, at)) = self.next()?
        {
            if row < from {
                continue;
            }
            let bytes = self.walk.between(at.begins, at.begins + at.bytes as u64, at.bytes)?;
            let text = bytes.strip_suffix(b"\n").map(|line| line.strip_suffix(b"\r").unwrap_or(line)).unwrap_or(&bytes);
            let text = String::from_utf8_lossy(text);
            // A byte order mark is no part of the text.
            let text = if row == 0 { text.trim_start_matches(MARK) } else { &text }.to_owned();
            rows.push(TextRow { row, line: at.line, begins_line: at.begins_line, text });
        }
        Ok(rows)
    }

    /// The row at a place.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn row_at(&mut self, place: u64) -> Result<Option<u64>> {
        while let Some((row, at)) = self.next()? {
            if place < at.begins + at.bytes as u64 {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// The next row, read to its end.
    fn next(&mut self) -> Result<Option<(u64, At)>> {
        let mut last = None;
        loop {
            let text = self.walk.from(self.at.begins + self.at.bytes as u64)?;
            if text.is_empty() && self.at.bytes == 0 {
                return Ok(None);
            }
            let (read, ended) = self.at.read(text);
            last = text[..read].last().copied().or(last);
            if ended || text.is_empty() {
                let (row, at) = (self.row, self.at);
                self.row += 1;
                self.at = self.at.next(last == Some(b'\n'));
                return Ok(Some((row, at)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn text(content: &[u8], piece: usize) -> (Text, File) {
        let mut text = Text::default();
        content.chunks(piece).for_each(|piece| text.feed(piece));
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(content).unwrap();
        (text, file)
    }

    fn all(content: &[u8], piece: usize) -> Vec<(u64, bool, String)> {
        let (text, file) = text(content, piece);
        let rows = text.along(&file, 0).rows(0, u32::MAX).unwrap();
        assert_eq!(rows.len() as u64, text.rows());
        assert!(rows.iter().enumerate().all(|(at, row)| row.row == at as u64));
        rows.into_iter().map(|row| (row.line, row.begins_line, row.text)).collect()
    }

    #[test]
    fn lines_are_rows_and_long_ones_are_broken_at_a_thousand_characters() {
        let long = "ü".repeat(2500);
        let ascii = "x".repeat(1000);
        let content = format!("\u{feff}one\r\n\n{long}\n{ascii}\n{ascii}y\nlast");
        let row = |line, begins, text: &str| (line, begins, text.to_owned());
        let wanted = [
            row(1, true, "one"),
            row(2, true, ""),
            row(3, true, &long[..2000]),
            row(3, false, &long[2000..4000]),
            row(3, false, &long[4000..]),
            row(4, true, &ascii),
            row(5, true, &ascii),
            row(5, false, "y"),
            row(6, true, "last"),
        ];
        for piece in [1, 2, 3, 7, 999, 1001, 100_000] {
            assert_eq!(all(content.as_bytes(), piece), wanted, "pieces of {piece}");
        }
        assert_eq!(all(b"a\n", 1).len(), 1);
        assert!(all(b"", 1).is_empty());
    }

    #[test]
    fn what_is_no_utf8_has_rows_too_and_they_end() {
        let rows = all(&[0x80; 10_001], 10_001);
        assert_eq!(rows.len(), 3);
        assert!(rows[0].2.chars().all(|c| c == char::REPLACEMENT_CHARACTER));
        assert!(is_text("Zimmer ü\n".as_bytes()) && is_text(b"caf\xe9, latin") && !is_text(b"a\0b"));
        assert!(!is_text(b"\x89PNG\r\n\x1a\n\xff\xfe\xfd"));
    }

    #[test]
    fn a_row_far_down_is_found_by_its_number_and_by_its_place() {
        let content: Vec<u8> = (0..5000).flat_map(|line| format!("line {line}\n").into_bytes()).collect();
        let (text, file) = text(&content, 4096);
        let rows = text.along(&file, 4321).rows(4321, 2).unwrap();
        assert_eq!((rows[0].row, rows[0].line, rows[0].text.as_str()), (4321, 4322, "line 4321"));
        let place = content.windows(9).position(|it| it == b"line 3210").unwrap() as u64;
        assert_eq!(text.near(&file, place + 3).row_at(place + 3).unwrap(), Some(3210));
        let end = content.len() as u64;
        assert_eq!(text.near(&file, end).row_at(end).unwrap(), None);
    }
}
