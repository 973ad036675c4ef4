//! Characters that cannot be seen, or that turn the text around, made visible (security.md G7). A claim is text from outside.

use std::fmt::Write;

/// The text with its invisible characters as `\u{202e}`. Line breaks are among them: a claim is one line.
pub fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            // Writing to a String does not fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Whether a text has characters that cannot be seen.
pub(super) fn has_hidden(text: &str) -> bool {
    text.chars().any(is_hidden)
}

/// Controls, marks of direction (Unicode UAX 9 section 2), characters without a width or a sign, and those that only tag
/// others (UTS 39, UAX 31).
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g7_what_cannot_be_seen_is_shown_and_all_else_stays_as_it_is() {
        assert_eq!(visible("a\u{202e}b\u{0}\u{200b}\n\u{1b}[2J\u{9b}"), r"a\u{202e}b\u{0}\u{200b}\u{a}\u{1b}[2J\u{9b}");
        for plain in ["<img src=x onerror=alert(1)>", "שלום", "日本語", "ñ 🙂", "{\"a\": 1}"] {
            assert_eq!(visible(plain), plain);
        }
        assert!(has_hidden("a\u{feff}") && !has_hidden("a b"));
    }
}
