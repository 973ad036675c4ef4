//! Reads an answer's file by position, so that many can read it at once.

use std::fs::File;
use std::io;

use crate::error::{Error, Result};

/// What is read at once where somebody walks along.
const BLOCK: usize = 64 * 1024;

/// Fills the buffer from a position on, as far as there is something.
///
/// # Errors
/// When the disk refuses.
pub fn read_at(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match once(file, &mut buffer[filled..], at + filled as u64) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

#[cfg(unix)]
fn once(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, at)
}

#[cfg(windows)]
fn once(file: &File, buffer: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, at)
}

/// Why a file could not be read.
pub fn not_read(why: impl std::fmt::Display) -> Error {
    Error::internal("read an answer", why)
}

/// A walk along a file, up to an end: one block of it is at hand.
pub struct Walk<'a> {
    file: &'a File,
    end: u64,
    block: Vec<u8>,
    begins: u64,
}

impl<'a> Walk<'a> {
    /// Up to `end`, and not beyond, whatever comes behind it meanwhile.
    pub fn new(file: &'a File, end: u64) -> Self {
        Self { file, end, block: Vec::new(), begins: 0 }
    }

    /// What there is from a position on: at least one byte, and nothing at the end.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn from(&mut self, at: u64) -> Result<&[u8]> {
        let ends = self.begins + self.block.len() as u64;
        if !(self.begins..ends).contains(&at) {
            let wanted = usize::try_from(self.end.saturating_sub(at)).unwrap_or(BLOCK).min(BLOCK);
            self.block.resize(wanted, 0);
            let filled = read_at(self.file, &mut self.block, at).map_err(not_read)?;
            self.block.truncate(filled);
            self.begins = at;
        }
        Ok(self.block.get((at - self.begins) as usize..).unwrap_or_default())
    }

    /// The byte at a position; none at the end.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn byte(&mut self, at: u64) -> Result<Option<u8>> {
        Ok(self.from(at)?.first().copied())
    }

    /// What stands between two positions, at most `most` bytes of it.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn between(&mut self, from: u64, to: u64, most: usize) -> Result<Vec<u8>> {
        let wanted = usize::try_from(to.min(self.end).saturating_sub(from)).unwrap_or(most).min(most);
        let mut bytes = Vec::with_capacity(wanted);
        while bytes.len() < wanted {
            let there = self.from(from + bytes.len() as u64)?;
            if there.is_empty() {
                break;
            }
            let more = there.len().min(wanted - bytes.len());
            bytes.extend_from_slice(&there[..more]);
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_walk_sees_the_file_up_to_its_end_and_not_beyond() {
        let mut file = tempfile::tempfile().unwrap();
        let content: Vec<u8> = (0..BLOCK * 2 + 10).map(|at| (at % 251) as u8).collect();
        file.write_all(&content).unwrap();
        let end = content.len() - 3;
        let mut walk = Walk::new(&file, end as u64);
        assert_eq!(walk.between(5, u64::MAX, usize::MAX).unwrap(), content[5..end]);
        assert_eq!(walk.between(BLOCK as u64 - 2, u64::MAX, 4).unwrap(), content[BLOCK - 2..BLOCK + 2]);
        assert_eq!(walk.byte(7).unwrap(), Some(7));
        assert_eq!(walk.byte(end as u64).unwrap(), None);
        assert!(walk.from(u64::MAX).unwrap().is_empty());
    }
}
