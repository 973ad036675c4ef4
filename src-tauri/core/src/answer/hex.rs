//! Answers as bytes.

use std::fmt::Write;

use super::blocks::Walk;
use super::view::HexRow;
use crate::error::Result;

/// How many bytes a row has.
pub const WIDTH: u64 = 16;

/// The rows from one on.
///
/// # Errors
/// When the disk refuses.
pub fn rows(walk: &mut Walk, from: u64, count: u32) -> Result<Vec<HexRow>> {
    let begins = from.saturating_mul(WIDTH);
    let bytes = walk.between(begins, begins.saturating_add(u64::from(count) * WIDTH), usize::MAX)?;
    let rows = bytes.chunks(WIDTH as usize).enumerate();
    Ok(rows.map(|(at, bytes)| row(begins + at as u64 * WIDTH, bytes)).collect())
}

fn row(offset: u64, bytes: &[u8]) -> HexRow {
    let mut hex = String::with_capacity(bytes.len() * 3);
    for (at, byte) in bytes.iter().enumerate() {
        let _ = write!(hex, "{}{byte:02x}", if at == 0 { "" } else { " " });
    }
    let sign = |byte: &u8| if byte.is_ascii_graphic() || *byte == b' ' { char::from(*byte) } else { '.' };
    HexRow { offset, hex, text: bytes.iter().map(sign).collect() }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_row_has_sixteen_bytes_and_the_last_one_what_is_left() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"0123456789abcdef\x00 \xffA").unwrap();
        let rows = rows(&mut Walk::new(&file, 20), 0, 9).unwrap();
        assert_eq!(rows[0].hex, "30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66");
        assert_eq!(rows[1], HexRow { offset: 16, hex: "00 20 ff 41".to_owned(), text: ". .A".to_owned() });
        assert_eq!(rows.len(), 2);
        assert!(super::rows(&mut Walk::new(&file, 20), 2, 9).unwrap().is_empty());
    }
}
