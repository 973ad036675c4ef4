//! Pictures that come from elsewhere. What a server says of one is not believed: a picture is what begins as one.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// It as a `data:` URL, where it is one that a window can show.
pub fn data_url(body: &[u8]) -> Option<String> {
    kind(body).map(|kind| format!("data:{kind};base64,{}", BASE64_STANDARD.encode(body)))
}

/// By how it begins. An SVG is a document that can do more than show something, and is none of these.
fn kind(body: &[u8]) -> Option<&'static str> {
    match body {
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_what_begins_as_one() {
        for (body, wanted) in [
            (&b"\x89PNG\r\n\x1a\n"[..], Some("image/png")),
            (b"\xff\xd8\xff\xe0", Some("image/jpeg")),
            (b"GIF89a", Some("image/gif")),
            (b"RIFF\x10\0\0\0WEBPVP8 ", Some("image/webp")),
            (b"RIFF\x10\0\0\0WAVE", None),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", None),
            (b"<!doctype html>", None),
            (b"", None),
        ] {
            assert_eq!(kind(body), wanted, "{body:?}");
        }
    }
}
