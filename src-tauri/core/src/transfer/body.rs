//! A file, or a piece of one, as the body of a request: read as it leaves, so that no more than a little is in memory.

use std::io::{self, SeekFrom};
use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream::{self, Stream};
use hyper::body::Bytes;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE};
use reqwest::{Body, RequestBuilder};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use super::chosen::Source;
use super::live::Live;
use crate::exchange::Load;
use crate::transport::Gauge;

/// How much is read at once.
const PIECE: u64 = 64 * 1024;

/// A file, or a piece of one.
pub struct FileBody {
    source: Arc<Source>,
    live: Arc<Live>,
    gauge: Arc<Gauge>,
    from: u64,
    length: u64,
    /// What stands before and after it, where it is a part of a form.
    form: Option<Form>,
}

/// A form with one part (RFC 7578).
struct Form {
    content_type: String,
    before: String,
    after: String,
}

impl FileBody {
    /// So many bytes from there on.
    pub fn piece(source: &Source, live: &Arc<Live>, from: u64, length: u64) -> Self {
        let (source, gauge) = (Arc::new(source.clone()), Arc::default());
        Self { source, live: live.clone(), gauge, from, length, form: None }
    }

    /// All of it, as the part of this name.
    pub fn form(source: &Source, live: &Arc<Live>, field: &str) -> Self {
        let boundary = format!("keydesk-{}", uuid::Uuid::new_v4().simple());
        let (field, name) = (quoted(field), quoted(&source.name));
        let form = Form {
            before: format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n"
            ),
            after: format!("\r\n--{boundary}--\r\n"),
            content_type: format!("multipart/form-data; boundary={boundary}"),
        };
        let gauge = Arc::new(Gauge::of_whole(source.size));
        Self { form: Some(form), gauge, ..Self::piece(source, live, 0, source.size) }
    }

    fn stream(&self) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        let reading = Reading {
            source: self.source.clone(),
            live: Some(self.live.clone()),
            gauge: self.gauge.clone(),
            file: None,
            at: self.from,
            end: self.from + self.length,
        };
        stream::try_unfold(reading, Reading::next)
    }
}

impl Load for FileBody {
    fn put(&self, request: RequestBuilder) -> RequestBuilder {
        let once = |text: &str| stream::iter([Ok(Bytes::from(text.to_owned()))]);
        match &self.form {
            None => request
                .header(CONTENT_TYPE, "application/octet-stream")
                .header(CONTENT_LENGTH, self.length)
                .body(Body::wrap_stream(self.stream())),
            Some(form) => {
                let body = once(&form.before).chain(self.stream()).chain(once(&form.after));
                let length = form.before.len() as u64 + self.length + form.after.len() as u64;
                request
                    .header(CONTENT_TYPE, &form.content_type)
                    .header(CONTENT_LENGTH, length)
                    .body(Body::wrap_stream(body))
            }
        }
    }

    fn gauge(&self) -> &Gauge {
        &self.gauge
    }
}

/// All of a file, read as it leaves.
pub fn whole_file(source: Arc<Source>, gauge: Arc<Gauge>) -> impl Stream<Item = io::Result<Bytes>> + Send {
    let end = source.size;
    stream::try_unfold(Reading { source, live: None, gauge, file: None, at: 0, end }, Reading::next)
}

/// How far a file is read.
struct Reading {
    source: Arc<Source>,
    /// Who is told how far it is.
    live: Option<Arc<Live>>,
    gauge: Arc<Gauge>,
    file: Option<File>,
    at: u64,
    end: u64,
}

impl Reading {
    async fn next(mut self) -> io::Result<Option<(Bytes, Self)>> {
        // Asked for more: what was read before has left.
        if let Some(live) = &self.live {
            live.reached(self.at);
        }
        let left = (self.end - self.at).min(PIECE);
        if left == 0 {
            return Ok(None);
        }
        let mut file = match self.file.take() {
            Some(file) => file,
            None => {
                let mut file = File::open(&self.source.path).await?;
                file.seek(SeekFrom::Start(self.at)).await?;
                file
            }
        };
        let mut bytes = vec![0; usize::try_from(left).unwrap_or(usize::MAX)];
        file.read_exact(&mut bytes).await?;
        self.at += left;
        self.gauge.add(left);
        // Before the last byte leaves: what is no longer the file that was chosen is never whole at the server.
        if self.at == self.end && !self.source.is(&file.metadata().await?) {
            return Err(io::Error::other("the file has changed"));
        }
        self.file = Some(file);
        Ok(Some((bytes.into(), self)))
    }
}

/// As the form encodings of browsers write names (the HTML standard, “multipart/form-data encoding algorithm”).
pub fn quoted(text: &str) -> String {
    text.replace('\r', "%0D").replace('\n', "%0A").replace('"', "%22")
}
