//! What is asked for of a file: all of it, or what is missing.

use reqwest::RequestBuilder;
use reqwest::header::{ACCEPT_ENCODING, HeaderValue, IF_RANGE, RANGE};

use crate::exchange::Load;
use crate::transport::Gauge;

/// What is asked for.
#[derive(Default)]
pub struct Ask {
    /// From which byte on, if it is still this file (RFC 9110 section 13.1.5).
    pub from: Option<(u64, HeaderValue)>,
    gauge: Gauge,
}

impl Ask {
    /// What is missing, or all of it.
    pub fn for_the_rest(from: Option<(u64, HeaderValue)>) -> Self {
        Self { from, gauge: Gauge::default() }
    }
}

impl Load for Ask {
    fn put(&self, request: RequestBuilder) -> RequestBuilder {
        let request = request.header(ACCEPT_ENCODING, "identity");
        match &self.from {
            None => request,
            Some((from, validator)) => request.header(RANGE, format!("bytes={from}-")).header(IF_RANGE, validator),
        }
    }

    fn gauge(&self) -> &Gauge {
        &self.gauge
    }
}
