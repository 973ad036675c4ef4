//! A QR code for a terminal: two rows of modules in one line of half blocks.

/// The quiet zone around it, in modules (ISO/IEC 18004 wants four).
const MARGIN: usize = 4;

/// Draws rows of “0” and “1”. Black on white whatever the terminal's colours are, because few cameras read the reverse;
/// without colours where the person wants none (no-color.org).
pub fn draw(rows: &[String]) -> String {
    let colours = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let (begin, end) = if colours { ("\x1b[30;107m", "\x1b[0m") } else { ("", "") };
    lines(rows, colours).into_iter().map(|line| format!("  {begin}{line}{end}\n")).collect()
}

/// The lines, with dark modules drawn, or else the light ones.
fn lines(rows: &[String], dark_is_drawn: bool) -> Vec<String> {
    if rows.is_empty() {
        return Vec::new();
    }
    let size = rows.len() + 2 * MARGIN;
    let dark = |row: usize, column: usize| {
        let row = row.checked_sub(MARGIN).and_then(|row| rows.get(row));
        let module = column.checked_sub(MARGIN).and_then(|column| row?.as_bytes().get(column));
        module == Some(&b'1')
    };
    let drawn = |row: usize, column: usize| row < size && dark(row, column) == dark_is_drawn;
    let half = |upper: bool, lower: bool| match (upper, lower) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    };
    let line = |row: usize| (0..size).map(|column| half(drawn(row, column), drawn(row + 1, column))).collect();
    (0..size).step_by(2).map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_become_half_blocks_within_a_quiet_zone() {
        let rows = ["10".to_owned(), "11".to_owned()];
        let drawn = lines(&rows, true);
        assert_eq!(drawn.len(), 5);
        assert_eq!(drawn[2], format!("    {}{}    ", '█', '▄'));
        assert_eq!(lines(&rows, false)[0], "█".repeat(10));
        assert!(lines(&[], true).is_empty());
    }
}
