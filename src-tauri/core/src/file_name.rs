//! File names from servers: a name, never a place, and nothing that another system or a reader takes for something else.

use percent_encoding::percent_decode_str;

use crate::quoted_string::unquoted;
use crate::redact::steers;

/// What a name may have at most, in bytes: room for a number and `.part` beside it.
const LONGEST: usize = 200;
/// Names that Windows keeps for devices, whatever stands after a dot.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The name that `Content-Disposition` gives (RFC 6266); the extended one first (RFC 8187).
pub fn named(disposition: &str) -> Option<String> {
    let extended = parameter(disposition, "filename*").and_then(|value| {
        let (charset, rest) = value.split_once('\'')?;
        let (_, name) = rest.split_once('\'')?;
        let bytes: Vec<u8> = percent_decode_str(name).collect();
        match charset.to_ascii_lowercase().as_str() {
            "utf-8" => String::from_utf8(bytes).ok(),
            "iso-8859-1" => Some(bytes.into_iter().map(char::from).collect()),
            _ => None,
        }
    });
    extended.or_else(|| parameter(disposition, "filename")).filter(|name| !name.trim().is_empty())
}

/// A parameter, unquoted.
fn parameter(text: &str, wanted: &str) -> Option<String> {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(';') {
        let (name, value) = after.split_once('=')?;
        let value = value.trim_start();
        let (value, left) = match value.strip_prefix('"') {
            Some(quoted) => unquoted(quoted),
            None => {
                let end = value.find(';').unwrap_or(value.len());
                (value[..end].trim().to_owned(), &value[end..])
            }
        };
        if name.trim().eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = left;
    }
    None
}

/// A name that is safe to give to a file in any folder on any system.
pub fn sanitised(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String =
        last.chars().filter(|c| !steers(*c)).map(|c| if r#"<>:"|?*"#.contains(c) { '_' } else { c }).collect();
    // A dot before it would hide it; Windows drops dots and spaces after it.
    let clean = clean.trim().trim_start_matches('.').trim_end_matches(['.', ' ']).trim_start();
    let short = shortened(clean);
    let stem = short.split('.').next().unwrap_or_default().trim_end().to_ascii_lowercase();
    let port = |kind: &str| stem.strip_prefix(kind).is_some_and(|rest| matches!(rest.as_bytes(), [b'1'..=b'9']));
    if DEVICES.contains(&stem.as_str()) || port("com") || port("lpt") {
        return format!("_{short}");
    }
    if short.is_empty() { "download".to_owned() } else { short }
}

/// A long one without its middle, so that its ending stays.
fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let ending = name.rfind('.').map(|at| &name[at..]).filter(|ending| ending.len() <= 20).unwrap_or_default();
    let stem = name.floor_char_boundary(LONGEST - ending.len());
    format!("{}{ending}", &name[..stem])
}

/// A name with a number before its ending: `a-1.5.bin` is the second as `a-1.5-2.bin`.
pub fn numbered(name: &str, number: u32) -> String {
    if number < 2 {
        return name.to_owned();
    }
    match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() => format!("{stem}-{number}.{ending}"),
        _ => format!("{name}-{number}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_from_a_server_is_a_name_and_never_a_place() {
        for (given, wanted) in [
            ("report.pdf", "report.pdf"),
            ("../../etc/passwd", "passwd"),
            (r"..\..\Windows\system.ini", "system.ini"),
            ("/etc/cron.d/job", "job"),
            ("..", "download"),
            ("", "download"),
            ("a/", "download"),
            (".bashrc", "bashrc"),
            ("a\r\nb\0c\u{1b}.txt", "abc.txt"),
            ("invoice\u{202e}fdp.exe", "invoicefdp.exe"),
            ("C:evil.txt", "C_evil.txt"),
            ("con.txt", "_con.txt"),
            ("LPT1", "_LPT1"),
            ("name. . ", "name"),
            ("Zimmer 7 – Süd.jpg", "Zimmer 7 – Süd.jpg"),
        ] {
            assert_eq!(sanitised(given), wanted, "{given:?}");
        }
        let long = sanitised(&format!("{}.jpg", "ü".repeat(400)));
        assert!(long.len() <= LONGEST && long.ends_with("ü.jpg"), "{long}");
    }

    #[test]
    fn the_name_in_a_header_is_read_as_it_may_be_written() {
        for (header, wanted) in [
            ("attachment; filename=a.bin", Some("a.bin")),
            ("attachment; filename=\"a; b\\\".bin\"; size=3", Some("a; b\".bin")),
            ("attachment; filename=\"plain.txt\"; filename*=UTF-8''S%C3%BCd%2F..%2Fx.txt", Some("Süd/../x.txt")),
            ("attachment; FILENAME*=iso-8859-1'de'S%FCd.txt", Some("Süd.txt")),
            ("attachment; filename*=koi8-r''x; filename=y", Some("y")),
            ("attachment", None),
            ("attachment; filename=\"\"", None),
            ("attachment; filename", None),
        ] {
            assert_eq!(named(header).as_deref(), wanted, "{header}");
        }
    }

    #[test]
    fn the_second_of_a_name_has_a_number_before_its_ending() {
        assert_eq!(numbered("a-1.5.bin", 1), "a-1.5.bin");
        assert_eq!(numbered("a-1.5.bin", 2), "a-1.5-2.bin");
        assert_eq!(numbered("readme", 3), "readme-3");
    }
}
