//! Exchanges as an HTTP Archive (HAR 1.2), for other tools. What is handed on holds no more than needed: without the person's word
//! neither bodies nor the values of headers and parameters (security.md F10).

use std::io::{BufWriter, Write};
use std::path::PathBuf;

use serde_json::{Value, json};
use url::Url;

use super::History;
use super::exchange::{ExchangeDetails, ExchangeQuery};
use crate::error::{Error, Result};
use crate::jwt::Member;
use crate::paths::{Paths, write_beside};
use crate::redact::MASK;

/// The most that a file has.
const MOST: usize = 10_000;
/// So many are read at once.
const PAGE: u32 = 200;
/// Headers whose values say nothing of a person.
const PLAIN: [&str; 11] = [
    "accept",
    "accept-encoding",
    "cache-control",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "server",
    "user-agent",
    "vary",
];

impl History {
    /// Writes exchanges into the person's downloads, beside what is there, the newest first, and says where. `whole`: with bodies
    /// and all values; tokens are masked all the same.
    ///
    /// # Errors
    /// `not_saved` when they cannot be read, `not_written` when the disk refuses.
    pub async fn export_har(&self, query: ExchangeQuery, whole: bool, paths: &Paths) -> Result<PathBuf> {
        let folder = paths.exports().map_err(Error::not_written)?;
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(Error::not_written)?;
        self.write(query, whole, &mut BufWriter::new(file.as_file_mut())).await?;
        let day = jiff::Timestamp::now().to_string();
        write_beside(file, folder, &format!("keydesk-{}.har", day.get(..10).unwrap_or_default()))
            .map_err(Error::not_written)
    }

    async fn write(&self, mut query: ExchangeQuery, whole: bool, to: &mut (impl Write + Send)) -> Result<()> {
        let creator = json!({"name": "Keydesk", "version": env!("CARGO_PKG_VERSION")});
        write!(to, "{{\"log\":{{\"version\":\"1.2\",\"creator\":{creator},\"entries\":[")
            .map_err(Error::not_written)?;
        let mut written = 0;
        query.limit = PAGE;
        loop {
            let rows = self.list(query.clone()).await?;
            for row in &rows {
                let entry = entry(&self.read(row.id).await?, whole);
                let comma = if written == 0 { "" } else { "," };
                write!(to, "{comma}\n{entry}").map_err(Error::not_written)?;
                written += 1;
            }
            query.before = rows.last().map(|row| row.id);
            if rows.len() < PAGE as usize || written >= MOST {
                break;
            }
        }
        writeln!(to, "\n]}}}}").and_then(|()| to.flush()).map_err(Error::not_written)
    }
}

fn entry(exchange: &ExchangeDetails, whole: bool) -> Value {
    let row = &exchange.row;
    let url = address(&row.url, whole);
    let query: Vec<_> = Url::parse(&url)
        .map(|url| url.query_pairs().map(|(name, value)| json!({"name": name, "value": value})).collect())
        .unwrap_or_default();
    let kind = |headers: &[Member]| {
        let found = headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-type"));
        found.map_or_else(String::new, |header| header.value.clone())
    };
    let mut request = json!({
        "method": row.method, "url": url, "httpVersion": "HTTP/1.1", "cookies": [],
        "headers": headers(&exchange.sent_headers, whole), "queryString": query, "headersSize": -1,
        "bodySize": exchange.sent_body.as_ref().map_or(0, String::len),
    });
    if let Some(body) = exchange.sent_body.as_ref().filter(|_| whole) {
        request["postData"] = json!({"mimeType": kind(&exchange.sent_headers), "text": body});
    }
    let mut content = json!({"size": row.size.unwrap_or(0), "mimeType": kind(&exchange.headers)});
    if let Some(body) = exchange.body.as_ref().filter(|_| whole) {
        content["text"] = json!(body);
    }
    json!({
        "startedDateTime": row.at, "time": row.duration_ms, "request": request,
        "response": {
            "status": row.status.unwrap_or(0), "statusText": "", "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": headers(&exchange.headers, whole), "content": content, "redirectURL": "", "headersSize": -1,
            "bodySize": row.size.map_or(-1, |size| i64::try_from(size).unwrap_or(i64::MAX)),
        },
        "cache": {}, "timings": {"send": 0, "wait": row.duration_ms, "receive": 0},
    })
}

fn headers(headers: &[Member], whole: bool) -> Vec<Value> {
    let value = |header: &Member| {
        let is_plain = PLAIN.iter().any(|name| header.name.eq_ignore_ascii_case(name));
        if whole || is_plain { header.value.clone() } else { MASK.to_owned() }
    };
    headers.iter().map(|header| json!({"name": header.name, "value": value(header)})).collect()
}

/// Without the values of its parameters.
fn address(url: &str, whole: bool) -> String {
    match Url::parse(url) {
        Ok(mut parsed) if !whole && parsed.query().is_some() => {
            let names: Vec<String> = parsed.query_pairs().map(|(name, _)| name.into_owned()).collect();
            parsed.query_pairs_mut().clear().extend_pairs(names.iter().map(|name| (name, MASK)));
            parsed.into()
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::ExchangeSource;
    use crate::history::ExchangeRow;

    fn exchange() -> ExchangeDetails {
        let header = |name: &str, value: &str| Member { name: name.to_owned(), value: value.to_owned() };
        ExchangeDetails {
            row: ExchangeRow {
                id: 1,
                at: "2026-11-22T10:00:00Z".to_owned(),
                connection: "a".to_owned(),
                source: ExchangeSource::Explorer,
                method: "POST".to_owned(),
                url: "https://a.example/x?person=canary-1&page=2".to_owned(),
                status: Some(200),
                error: None,
                duration_ms: 12,
                size: Some(20),
            },
            sent_headers: vec![header("X-Custom", "canary-2"), header("content-type", "application/json")],
            sent_body: Some("{\"a\":\"canary-3\"}".to_owned()),
            headers: vec![header("set-cookie", "canary-4")],
            body: Some("{\"b\":\"canary-5\"}".to_owned()),
            request: None,
        }
    }

    #[test]
    fn f10_what_is_handed_on_holds_no_bodies_and_no_values_unless_the_person_says_so() {
        let entry = entry(&exchange(), false);
        assert!(!entry.to_string().contains("canary"), "{entry}");
        assert_eq!(entry["request"]["queryString"][0]["name"], "person");
        assert_eq!(entry["request"]["headers"][1]["value"], "application/json");
        assert_eq!(entry["request"]["bodySize"], 16);
        let whole = super::entry(&exchange(), true).to_string();
        for number in 1..=5 {
            assert!(whole.contains(&format!("canary-{number}")), "{number}: {whole}");
        }
    }
}
