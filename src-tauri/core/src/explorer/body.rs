//! What a request carries: text at once, files as they leave.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::stream;
use hyper::body::Bytes;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderValue};
use reqwest::{Body, RequestBuilder};
use serde::de::IgnoredAny;
use url::form_urlencoded::Serializer;

use super::fill::Filler;
use super::request::{BodyPart, RequestBody};
use crate::error::{Error, Result};
use crate::exchange::Load;
use crate::transfer::{ChosenFile, ChosenFiles, Source, quoted, whole_file};
use crate::transport::Gauge;

/// How much of a body is shown, in bytes.
pub const SHOWN: usize = 64 * 1024;

/// What a request carries. Put on a request anew each time.
#[derive(Default)]
pub struct Carried {
    pieces: Vec<Piece>,
    said: Vec<Said>,
    /// None where there is no body, or the person says it in a header.
    media_type: Option<HeaderValue>,
    gauge: Arc<Gauge>,
}

enum Piece {
    Text(Bytes),
    File(Arc<Source>),
}

/// What a body says, for who writes it down in another way.
pub enum Said {
    Text(String),
    /// Nothing but a file, by its name.
    Whole(String),
    Field {
        name: String,
        value: String,
    },
    File {
        name: String,
        file: String,
    },
}

impl Carried {
    /// Fills a body.
    ///
    /// # Errors
    /// `invalid_input` of `body`, or of `file` when none was chosen.
    pub fn of(body: &RequestBody, filler: &Filler, chosen: &ChosenFiles) -> Result<Self> {
        match body {
            RequestBody::None => Ok(Self::default()),
            RequestBody::Json { text } => {
                let text = filler.text(text)?;
                check_json(&text)?;
                Self::text(text, "application/json")
            }
            RequestBody::Form { rows } => {
                let form = Serializer::new(String::new()).extend_pairs(filler.rows(rows)?).finish();
                Self::text(form, "application/x-www-form-urlencoded")
            }
            RequestBody::Text { text, media_type } => Self::text(filler.text(text)?, media_type),
            RequestBody::Multipart { parts } => Self::multipart(parts, filler, chosen),
            RequestBody::File { file, media_type } => {
                let source = source(file.as_ref(), chosen)?;
                let media_type = if media_type.trim().is_empty() { "application/octet-stream" } else { media_type };
                let said = vec![Said::Whole(source.name.clone())];
                Self::new(vec![Piece::File(source)], said, media_type)
            }
        }
    }

    fn new(pieces: Vec<Piece>, said: Vec<Said>, media_type: &str) -> Result<Self> {
        let media_type = (!media_type.trim().is_empty()).then(|| HeaderValue::from_str(media_type.trim())).transpose();
        let media_type = media_type.map_err(|_| Error::input("body", "Its media type cannot be sent in a header."))?;
        let is_file = pieces.iter().any(|piece| matches!(piece, Piece::File(_)));
        let gauge = if is_file { Gauge::of_whole(files(&pieces)) } else { Gauge::default() };
        Ok(Self { pieces, said, media_type, gauge: Arc::new(gauge) })
    }

    /// One without a text is none.
    fn text(text: String, media_type: &str) -> Result<Self> {
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        Self::new(vec![Piece::Text(text.clone().into())], vec![Said::Text(text)], media_type)
    }

    fn multipart(parts: &[BodyPart], filler: &Filler, chosen: &ChosenFiles) -> Result<Self> {
        let boundary = format!("keydesk-{}", uuid::Uuid::new_v4().simple());
        let (mut pieces, mut said) = (Vec::new(), Vec::new());
        for part in parts.iter().filter(|part| part.on && !part.name.trim().is_empty()) {
            let name = filler.text(part.name.trim())?;
            let head = format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{}\"", quoted(&name));
            if part.file.is_some() {
                let source = source(part.file.as_ref(), chosen)?;
                let file = quoted(&source.name);
                let head = format!("{head}; filename=\"{file}\"\r\nContent-Type: application/octet-stream\r\n\r\n");
                said.push(Said::File { name, file: source.name.clone() });
                pieces.extend([Piece::Text(head.into()), Piece::File(source), Piece::Text("\r\n".into())]);
            } else {
                let value = filler.text(&part.value)?;
                pieces.push(Piece::Text(format!("{head}\r\n\r\n{value}\r\n").into()));
                said.push(Said::Field { name, value });
            }
        }
        pieces.push(Piece::Text(format!("--{boundary}--\r\n").into()));
        Self::new(pieces, said, &format!("multipart/form-data; boundary={boundary}"))
    }

    /// What it says.
    pub fn said(&self) -> &[Said] {
        &self.said
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Its media type, where there is one to be said.
    pub fn media_type(&self) -> Option<&HeaderValue> {
        self.media_type.as_ref()
    }

    /// The person says in a header what it is.
    pub fn say_no_type(&mut self) {
        self.media_type = None;
    }

    /// As it is shown: text, cut where it is long, and the names of files.
    pub fn shown(&self) -> Option<String> {
        let mut shown = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => shown.push_str(&String::from_utf8_lossy(text)),
                Piece::File(source) => shown.push_str(&format!("({}, {} bytes)", source.name, source.size)),
            }
            if shown.len() > SHOWN {
                shown.truncate(shown.floor_char_boundary(SHOWN));
                shown.push('…');
                break;
            }
        }
        (!self.pieces.is_empty()).then_some(shown)
    }
}

impl Load for Carried {
    fn put(&self, request: RequestBuilder) -> RequestBuilder {
        let request = match &self.media_type {
            Some(media_type) => request.header(CONTENT_TYPE, media_type),
            None => request,
        };
        match &self.pieces[..] {
            [] => request,
            [Piece::Text(text)] => request.body(text.clone()),
            pieces => {
                let streams = pieces.iter().map(|piece| match piece {
                    Piece::Text(text) => stream::iter([Ok(text.clone())]).boxed(),
                    Piece::File(source) => whole_file(source.clone(), self.gauge.clone()).boxed(),
                });
                let streams: Vec<_> = streams.collect();
                let body = Body::wrap_stream(stream::iter(streams).flatten());
                request.header(CONTENT_LENGTH, length(pieces)).body(body)
            }
        }
    }

    fn gauge(&self) -> &Gauge {
        &self.gauge
    }
}

fn length(pieces: &[Piece]) -> u64 {
    let texts = pieces.iter().map(|piece| match piece {
        Piece::Text(text) => text.len() as u64,
        Piece::File(_) => 0,
    });
    texts.sum::<u64>() + files(pieces)
}

fn files(pieces: &[Piece]) -> u64 {
    let files = pieces.iter().map(|piece| match piece {
        Piece::Text(_) => 0,
        Piece::File(source) => source.size,
    });
    files.sum()
}

fn source(file: Option<&ChosenFile>, chosen: &ChosenFiles) -> Result<Arc<Source>> {
    chosen.get(file.map_or("", |file| file.id.as_str())).map(Arc::new)
}

/// That it is JSON, of whatever depth. It is sent as it was typed: numbers, order and names that stand twice stay. What is to
/// be sent all the same is sent as text.
fn check_json(text: &str) -> Result<()> {
    if text.trim().is_empty() {
        return Ok(());
    }
    serde_json::from_str::<IgnoredAny>(text).map(drop).map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        Error::input("body", format!("This is not valid JSON: {place}. As text it can be sent all the same."))
    })
}
