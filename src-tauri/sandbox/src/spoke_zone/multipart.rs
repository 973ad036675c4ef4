//! As much of multipart/form-data (RFC 7578) as one uploaded file needs.

/// The boundary, if this is the type.
pub(super) fn boundary(content_type: &str) -> Option<&str> {
    let (media_type, parameters) = content_type.split_once(';')?;
    if !media_type.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    let named = parameters.split(';').filter_map(|parameter| parameter.trim().split_once('='));
    let (_, boundary) = named.into_iter().find(|(name, _)| name.eq_ignore_ascii_case("boundary"))?;
    Some(boundary.trim_matches('"'))
}

/// The content of the first part called `name`.
pub(super) fn field<'a>(boundary: &str, body: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let delimiter = format!("--{boundary}");
    let wanted = format!("; name=\"{name}\"");
    let mut rest = after(body, delimiter.as_bytes())?;
    loop {
        let length = find(rest, format!("\r\n{delimiter}").as_bytes())?;
        let part = &rest[..length];
        let head = find(part, b"\r\n\r\n")?;
        if String::from_utf8_lossy(&part[..head]).contains(&wanted) {
            return Some(&part[head + 4..]);
        }
        rest = after(&rest[length..], delimiter.as_bytes())?;
    }
}

fn after<'a>(bytes: &'a [u8], mark: &[u8]) -> Option<&'a [u8]> {
    find(bytes, mark).map(|place| &bytes[place + mark.len()..])
}

fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window == mark)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=\"x-1\"";

    #[test]
    fn the_named_part_is_found_among_others() {
        let body = b"--x-1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x-1\r\n\
            Content-Disposition: form-data; name=\"files\"; filename=\"f\"\r\n\r\n2\r\n3\r\n--x-1--\r\n";
        let boundary = boundary(TYPE).unwrap();
        assert_eq!(field(boundary, body, "files"), Some(&b"2\r\n3"[..]));
        assert_eq!(field(boundary, body, "b"), None);
    }

    #[test]
    fn an_empty_part_is_empty() {
        let body = b"--x-1\r\nContent-Disposition: form-data; name=\"files\"\r\n\r\n\r\n--x-1--\r\n";
        assert_eq!(field("x-1", body, "files"), Some(&b""[..]));
        assert_eq!(boundary("text/plain; boundary=x"), None);
    }
}
