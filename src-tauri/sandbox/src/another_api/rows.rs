use std::io::{Read, Write};
use std::time::Duration;

use axum::body::Body;
use axum::extract::RawQuery;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use super::answers::number;
use super::things::THINGS;
use crate::drip::drip;

/// About ten gigabytes.
const MOST: u64 = 100_000_000;
/// What is packed is made before it is sent.
const MOST_PACKED: u64 = 1_000_000;
const A_PART: u64 = 1000;

/// A list of so many rows in one line, made while it is sent.
pub(super) async fn rows(RawQuery(query): RawQuery) -> impl IntoResponse {
    let rows = number(query.as_deref(), "rows", 1000, MOST);
    (JSON, Body::from_stream(drip(Duration::ZERO, move |number| part(number, rows))))
}

/// The same, packed; with `zeros` instead so many bytes of nothing, which packs to a thousandth.
pub(super) async fn gzip(RawQuery(query): RawQuery) -> Response {
    let zeros = number(query.as_deref(), "zeros", 0, MOST_PACKED * 1000);
    let rows = number(query.as_deref(), "rows", 1000, MOST_PACKED);
    let packed = if zeros > 0 { pack(std::io::repeat(0).take(zeros)) } else { pack(&*list(rows)) };
    (JSON, [(header::CONTENT_ENCODING, "gzip")], packed.unwrap_or_default()).into_response()
}

const JSON: [(header::HeaderName, &str); 1] = [(header::CONTENT_TYPE, "application/json")];

fn pack(mut content: impl Read) -> std::io::Result<Vec<u8>> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::fast());
    std::io::copy(&mut content, &mut packer)?;
    packer.flush()?;
    packer.finish()
}

fn list(rows: u64) -> Vec<u8> {
    (0..).map_while(|number| part(number, rows)).flatten().collect()
}

/// The bracket at the beginning, a thousand rows, and the bracket at the end.
fn part(number: u64, rows: u64) -> Option<Bytes> {
    let from = number * A_PART;
    if from > rows || (from == rows && rows > 0) {
        return None;
    }
    let to = (from + A_PART).min(rows);
    let mut text = String::new();
    for index in from..to {
        text.push(if index == 0 { '[' } else { ',' });
        text.push_str(&row(index));
    }
    if rows == 0 {
        text.push('[');
    }
    if to == rows {
        text.push(']');
    }
    Some(text.into())
}

fn row(index: u64) -> String {
    let (name, place) = THINGS[usize::try_from(index % THINGS.len() as u64).unwrap_or_default()];
    let (euros, cents) = (index * 7 % 900, index * 13 % 100);
    json!({
        "id": index + 1,
        "name": name,
        "place": place,
        "price": format!("{euros}.{cents:02}"),
        "lent": index.is_multiple_of(3),
        "note": index.is_multiple_of(5).then_some("to be repaired"),
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_any_length_is_one() {
        for rows in [0, 1, 999, 1000, 1001, 2000] {
            let list: serde_json::Value = serde_json::from_slice(&list(rows)).unwrap();
            assert_eq!(list.as_array().unwrap().len() as u64, rows);
        }
    }
}
