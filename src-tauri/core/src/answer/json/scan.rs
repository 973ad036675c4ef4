//! Reads JSON through once, strictly (RFC 8259), as it comes: no recursion, nothing of it kept but where what is large begins
//! and ends, and every n-th member of it.

use super::digits::Digits;
use super::index::Index;
use crate::answer::view::JsonFaultReason as Wrong;

/// How many levels are read. What each costs is kept until it ends.
const MOST_LEVELS: usize = 1_000_000;

/// A reader in the middle of a text.
pub struct Scan {
    state: State,
    /// How far it has read: to here it is JSON.
    at: u64,
    /// Where the value begins that it is in.
    begins: u64,
    /// What it noted.
    pub index: Index,
}

/// What may stand next.
#[derive(Debug, Clone, Copy)]
enum State {
    /// The rest of a byte order mark, which need not be there (RFC 8259 section 8.1).
    Mark(&'static [u8]),
    Value,
    ValueOrEnd,
    Name,
    NameOrEnd,
    Colon,
    CommaOrEnd,
    Text(Part, Inside),
    Number(Digits),
    /// The rest of `true`, `false` or `null`.
    Word(&'static [u8]),
    /// Nothing but space.
    End,
}

/// Whether a text is a name or a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Name,
    Value,
}

/// Where in a text.
#[derive(Debug, Clone, Copy)]
enum Inside {
    Plain,
    Escape,
    /// So many hexadecimal digits.
    Hex(u8),
    /// So many bytes of a character, the first of them between these two (RFC 3629 section 4).
    Utf8(u8, u8, u8),
}

type Step<T> = Result<T, Wrong>;

impl Default for Scan {
    fn default() -> Self {
        Self { state: State::Value, at: 0, begins: 0, index: Index::default() }
    }
}

impl Scan {
    /// How far it has read: to here it is JSON.
    pub fn at(&self) -> u64 {
        self.at
    }

    /// Reads on. After an error it must not be fed any more; [`Self::at`] then says where it is.
    ///
    /// # Errors
    /// Why it is no JSON.
    pub fn feed(&mut self, block: &[u8]) -> Step<()> {
        let base = self.at;
        let mut here = 0;
        while here < block.len() {
            let read = match self.state {
                State::Text(part, inside) => self.text(block, &mut here, base, part, inside),
                State::Number(digits) => self.number(block, &mut here, base, digits),
                _ => self.byte(block[here], base + here as u64).map(|()| here += 1),
            };
            if let Err(wrong) = read {
                self.at = base + here as u64;
                return Err(wrong);
            }
        }
        self.at = base + block.len() as u64;
        Ok(())
    }

    /// There is no more.
    ///
    /// # Errors
    /// It is not complete.
    pub fn finish(&mut self) -> Step<()> {
        if let State::Number(digits) = self.state
            && digits.is_whole()
        {
            self.scalar_ends(self.at);
        }
        if matches!(self.state, State::End) { Ok(()) } else { Err(Wrong::UnexpectedEnd) }
    }

    fn byte(&mut self, byte: u8, at: u64) -> Step<()> {
        if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') && !matches!(self.state, State::Word(_) | State::Mark(_)) {
            return Ok(());
        }
        match (self.state, byte) {
            (State::Word([next, rest @ ..]), _) if *next == byte => {
                self.state = State::Word(rest);
                if rest.is_empty() {
                    self.scalar_ends(at + 1);
                }
            }
            (State::Mark([next, rest @ ..]), _) if *next == byte => {
                self.state = if rest.is_empty() { State::Value } else { State::Mark(rest) };
            }
            (State::Value, 0xef) if at == 0 => self.state = State::Mark(b"\xbb\xbf"),
            (State::ValueOrEnd, b']') | (State::NameOrEnd, b'}') => self.container_ends(at + 1),
            (State::CommaOrEnd, b']') if !self.index.in_object() => self.container_ends(at + 1),
            (State::CommaOrEnd, b'}') if self.index.in_object() => self.container_ends(at + 1),
            (State::CommaOrEnd, b',') => {
                self.state = if self.index.in_object() { State::Name } else { State::Value };
            }
            (State::Name | State::NameOrEnd, b'"') => {
                self.index.member_at(at);
                self.state = State::Text(Part::Name, Inside::Plain);
            }
            (State::Colon, b':') => self.state = State::Value,
            (State::Value | State::ValueOrEnd, _) => return self.value(byte, at),
            (State::End, _) => return Err(Wrong::AfterEnd),
            _ => return Err(Wrong::UnexpectedCharacter),
        }
        Ok(())
    }

    fn value(&mut self, byte: u8, at: u64) -> Step<()> {
        let state = match byte {
            b'"' => State::Text(Part::Value, Inside::Plain),
            b'-' => State::Number(Digits::Minus),
            b'0' => State::Number(Digits::Zero),
            b'1'..=b'9' => State::Number(Digits::Whole),
            b't' => State::Word(b"rue"),
            b'f' => State::Word(b"alse"),
            b'n' => State::Word(b"ull"),
            b'{' => State::NameOrEnd,
            b'[' => State::ValueOrEnd,
            _ => return Err(Wrong::UnexpectedCharacter),
        };
        if !self.index.in_object() {
            self.index.member_at(at);
        }
        self.begins = at;
        self.state = state;
        if matches!(byte, b'{' | b'[') {
            if self.index.depth() == MOST_LEVELS {
                return Err(Wrong::TooDeep);
            }
            self.index.container_begins(at, byte == b'{');
        }
        Ok(())
    }

    fn text(&mut self, block: &[u8], here: &mut usize, base: u64, part: Part, mut inside: Inside) -> Step<()> {
        loop {
            if let Inside::Plain = inside {
                *here += plain(&block[*here..]);
            }
            let Some(byte) = block.get(*here).copied() else { break };
            inside = match (inside, byte) {
                (Inside::Plain, b'"') => {
                    *here += 1;
                    match part {
                        Part::Name => self.state = State::Colon,
                        Part::Value => self.scalar_ends(base + *here as u64),
                    }
                    return Ok(());
                }
                (Inside::Plain, b'\\') => Inside::Escape,
                (Inside::Plain, _) => character(byte)?,
                (Inside::Escape, b'u') => Inside::Hex(4),
                (Inside::Escape, b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Inside::Plain,
                (Inside::Hex(left), _) if byte.is_ascii_hexdigit() => {
                    if left == 1 {
                        Inside::Plain
                    } else {
                        Inside::Hex(left - 1)
                    }
                }
                (Inside::Escape | Inside::Hex(_), _) => return Err(Wrong::BadEscape),
                (Inside::Utf8(left, lowest, highest), _) if (lowest..=highest).contains(&byte) => {
                    if left == 1 {
                        Inside::Plain
                    } else {
                        Inside::Utf8(left - 1, 0x80, 0xbf)
                    }
                }
                (Inside::Utf8(..), _) => return Err(Wrong::InvalidUtf8),
            };
            *here += 1;
        }
        self.state = State::Text(part, inside);
        Ok(())
    }

    fn number(&mut self, block: &[u8], here: &mut usize, base: u64, mut digits: Digits) -> Step<()> {
        while let Some(byte) = block.get(*here).copied() {
            match digits.with(byte) {
                Some(more) => digits = more,
                // No zero before other digits.
                None if digits.is_whole() && !byte.is_ascii_digit() => {
                    self.scalar_ends(base + *here as u64);
                    return Ok(());
                }
                None => return Err(Wrong::BadNumber),
            }
            *here += 1;
        }
        self.state = State::Number(digits);
        Ok(())
    }

    fn scalar_ends(&mut self, end: u64) {
        self.index.scalar(self.begins, end);
        self.after_value();
    }

    fn container_ends(&mut self, end: u64) {
        self.index.container_ends(end);
        self.after_value();
    }

    fn after_value(&mut self) {
        self.state = if self.index.depth() == 0 { State::End } else { State::CommaOrEnd };
    }
}

/// What follows the first byte of a character (RFC 3629 section 4), or why none may begin so.
fn character(byte: u8) -> Step<Inside> {
    Ok(match byte {
        ..0x20 => return Err(Wrong::ControlCharacter),
        0xc2..=0xdf => Inside::Utf8(1, 0x80, 0xbf),
        0xe0 => Inside::Utf8(2, 0xa0, 0xbf),
        0xed => Inside::Utf8(2, 0x80, 0x9f),
        0xe1..=0xef => Inside::Utf8(2, 0x80, 0xbf),
        0xf0 => Inside::Utf8(3, 0x90, 0xbf),
        0xf1..=0xf3 => Inside::Utf8(3, 0x80, 0xbf),
        0xf4 => Inside::Utf8(3, 0x80, 0x8f),
        _ => return Err(Wrong::InvalidUtf8),
    })
}

/// How many bytes mean nothing but themselves: no quote, backslash, control character or byte beyond ASCII. Eight at once,
/// each in its part of a number: the lowest part whose highest bit is set at the end is the first that means something.
fn plain(text: &[u8]) -> usize {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    const HIGHEST: u64 = ONES * 0x80;
    let (eights, rest) = text.as_chunks::<8>();
    for (number, eight) in eights.iter().enumerate() {
        let eight = u64::from_le_bytes(*eight);
        let zero = |it: u64| it.wrapping_sub(ONES) & !it;
        let quote = zero(eight ^ (ONES * u64::from(b'"')));
        let backslash = zero(eight ^ (ONES * u64::from(b'\\')));
        let control = eight.wrapping_sub(ONES * 0x20) & !eight;
        let means = (quote | backslash | control | eight) & HIGHEST;
        if means != 0 {
            return number * 8 + means.trailing_zeros() as usize / 8;
        }
    }
    let means = |byte: &u8| !(0x20..0x80).contains(byte) || matches!(byte, b'"' | b'\\');
    eights.len() * 8 + rest.iter().position(means).unwrap_or(rest.len())
}
