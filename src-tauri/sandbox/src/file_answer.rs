use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// A file as servers of files give it: whole, or from a byte on where it is still the same file (RFC 9110 §13.1.5, §14).
pub(crate) fn file_answer(asked: &HeaderMap, name: &str, tag: &str, bytes: &[u8]) -> Response {
    let tag = format!("\"{tag}\"");
    let text = |name| asked.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let is_same = text(header::IF_RANGE).is_none_or(|wanted| wanted == tag);
    let from = text(header::RANGE).filter(|_| is_same).and_then(first_byte);
    let total = bytes.len();
    let common = [
        (header::CONTENT_TYPE, "application/octet-stream".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::ACCEPT_RANGES, "bytes".to_owned()),
        (header::ETAG, tag),
    ];
    match from {
        None => (common, bytes.to_vec()).into_response(),
        Some(from) if from >= total => {
            let range = [(header::CONTENT_RANGE, format!("bytes */{total}"))];
            (StatusCode::RANGE_NOT_SATISFIABLE, range).into_response()
        }
        Some(from) => {
            let range = [(header::CONTENT_RANGE, format!("bytes {from}-{}/{total}", total - 1))];
            (StatusCode::PARTIAL_CONTENT, common, range, bytes[from..].to_vec()).into_response()
        }
    }
}

/// Of `bytes=5-`. Other ranges are not answered as such, which a server may do.
fn first_byte(range: &str) -> Option<usize> {
    range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok()
}

/// Bytes that are made up, the same for the same number.
pub(crate) fn made_up(length: usize, number: u64) -> Vec<u8> {
    (0..length as u64).map(|index| ((index * number) % 251) as u8).collect()
}
