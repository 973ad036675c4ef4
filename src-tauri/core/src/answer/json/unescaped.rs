//! The texts of JSON as people read them (RFC 8259 section 7).

/// The text between the quotes, which is known to be one, decoded. Half of a pair of surrogates becomes a replacement
/// character; so does what was cut off.
pub fn unescaped(text: &[u8]) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.iter().position(|byte| *byte == b'\\') {
        decoded.push_str(&String::from_utf8_lossy(&rest[..at]));
        rest = &rest[at + 1..];
        let Some((kind, after)) = rest.split_first() else { break };
        rest = after;
        decoded.push(match kind {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => by_number(&mut rest),
            other => char::from(*other),
        });
    }
    decoded.push_str(&String::from_utf8_lossy(rest));
    decoded
}

/// The character whose number stands there; of one beyond 16 bits, both halves.
fn by_number(rest: &mut &[u8]) -> char {
    let first = hex(rest);
    *rest = rest.get(4..).unwrap_or_default();
    let second = rest.strip_prefix(b"\\u").and_then(hex);
    let units = [first, second.filter(|_| first.is_some_and(|first| (0xd800..0xdc00).contains(&first)))];
    match char::decode_utf16(units.into_iter().flatten()).next() {
        Some(Ok(character)) => {
            if u32::from(character) > 0xffff {
                *rest = rest.get(6..).unwrap_or_default();
            }
            character
        }
        _ => char::REPLACEMENT_CHARACTER,
    }
}

fn hex(text: &[u8]) -> Option<u16> {
    u16::from_str_radix(std::str::from_utf8(text.get(..4)?).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_decoded_and_what_means_nothing_is_replaced() {
        for (text, wanted) in [
            (r"plain", "plain"),
            (r#"\"\\\/\b\f\n\r\t"#, "\"\\/\u{8}\u{c}\n\r\t"),
            (r"\u00fc \u20AC", "ü €"),
            (r"\ud83d\ude00!", "😀!"),
            (r"\ud83d", "\u{fffd}"),
            (r"\ud83dx\u0041", "\u{fffd}xA"),
            (r"\ude00\ud83d\ude00", "\u{fffd}😀"),
            (r"\ud83d\u0041", "\u{fffd}A"),
            (r"cut \u00", "cut \u{fffd}"),
            (r"cut \", "cut "),
        ] {
            assert_eq!(unescaped(text.as_bytes()), wanted, "{text}");
        }
    }
}
