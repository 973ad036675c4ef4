//! The quoted strings of headers (RFC 9110 section 5.6.4). Text from outside.

/// What stands before the closing quote, and what follows it; all of the text where that quote is missing. The text begins
/// after the opening one.
pub fn unquoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '"' => return (value, &text[at + 1..]),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            c => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_string_ends_at_its_quote_and_a_backslash_takes_the_next_character_as_it_is() {
        for (text, value, rest) in [
            (r#"a; b"; c"#, "a; b", "; c"),
            (r#"""#, "", ""),
            (r#"a\"b\\" c"#, r#"a"b\"#, " c"),
            (r#"\ü" ü"#, "ü", " ü"),
            ("never closed", "never closed", ""),
            ("a\\", "a", ""),
            ("", "", ""),
        ] {
            assert_eq!(unquoted(text), (value.to_owned(), rest), "{text}");
        }
    }
}
