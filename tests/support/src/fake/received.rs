//! A request as it arrived.

use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt};
use url::Url;
use url::form_urlencoded;

// More than any test sends, less than hurts.
const LARGEST: usize = 8 << 20;

/// What a client sent.
#[derive(Clone, Debug, Default)]
pub struct Received {
    /// `GET`, `POST` and so on.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query as sent, without `?`; empty if there is none.
    pub query: String,
    /// Header names (in lower case) and values, in order.
    pub headers: Vec<(String, String)>,
    /// The body as sent.
    pub body: Vec<u8>,
}

impl Received {
    /// The first header of this name.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// A parameter of the query, decoded.
    #[must_use]
    pub fn query_parameter(&self, name: &str) -> Option<String> {
        parameter(self.query.as_bytes(), name)
    }

    /// A field of a form body, decoded.
    #[must_use]
    pub fn form_field(&self, name: &str) -> Option<String> {
        parameter(&self.body, name)
    }

    /// The body as JSON; `null` where it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Reads one request; `None` if the client went away or sent none.
    pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Self> {
        let mut bytes = Vec::new();
        let head_end = loop {
            if let Some(at) = memchr::memmem::find(&bytes, b"\r\n\r\n") {
                break at;
            }
            more(stream, &mut bytes).await?;
        };
        let mut request = Self::parse(&bytes[..head_end])?;
        let mut body = bytes.split_off(head_end + 4);
        let length = request.header("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        while body.len() < length {
            more(stream, &mut body).await?;
        }
        request.body = body;
        Some(request)
    }

    fn parse(head: &[u8]) -> Option<Self> {
        let head = String::from_utf8_lossy(head);
        let mut lines = head.split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, target) = (first.next()?, first.next()?);
        // Clients may send the absolute form; only path and query matter here.
        let target =
            Url::parse(target).map_or_else(|_| target.to_owned(), |url| url[url::Position::BeforePath..].into());
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let headers = lines.filter_map(|line| line.split_once(':'));
        let headers = headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned()));
        Some(Self {
            method: method.into(),
            path: path.into(),
            query: query.into(),
            headers: headers.collect(),
            body: Vec::new(),
        })
    }
}

async fn more(stream: &mut (impl AsyncRead + Unpin), bytes: &mut Vec<u8>) -> Option<()> {
    let read = stream.read_buf(bytes).await.ok()?;
    (read > 0 && bytes.len() <= LARGEST).then_some(())
}

fn parameter(encoded: &[u8], name: &str) -> Option<String> {
    form_urlencoded::parse(encoded).find(|(own, _)| own == name).map(|(_, value)| value.into_owned())
}
