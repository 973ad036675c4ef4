//! The one way to a server: a parsed URL, a deadline, a cap on the body, no redirects, no `Referer`, no cookies.

mod measured;
mod opened;
mod phases;
pub(crate) mod tls;

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use reqwest::header::{DATE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use tokio_rustls::rustls::client::danger::ServerCertVerifier;
use url::{Host, Url};

use crate::clock::seconds_between;
use crate::error::{Error, ErrorCode, Result};
use crate::secret::Secret;

pub use opened::{Gauge, Opened};
pub use phases::{Phases, Stopwatch};

/// Sent with every request: name and contact. Some servers refuse one without (providers.md sections 1.3 and 2.2,
/// security.md D14).
pub const USER_AGENT: &str = concat!("Keydesk/", env!("CARGO_PKG_VERSION"), " (+https://keydesk.dev)");

/// How much of an answer is taken, and for how long.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// From the first byte sent to the last byte read.
    pub time: Duration,
    /// Bytes of the body after decompression.
    pub body: usize,
}

impl Limits {
    /// For token requests (security.md D6).
    pub const TOKEN: Self = Self { time: Duration::from_secs(30), body: 1024 * 1024 };
    /// For API requests.
    pub const API: Self = Self { time: Duration::from_secs(60), body: 8 * 1024 * 1024 };
}

/// What a server answered.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The headers as they came.
    pub headers: HeaderMap,
    /// The body, decompressed, up to the cap.
    pub body: Vec<u8>,
    /// Whether the cap cut the body short.
    pub truncated: bool,
    /// From sending to the last byte.
    pub took: Duration,
}

impl Answer {
    /// The media type without its parameters, in lower case; empty where the server names none.
    pub fn media_type(&self) -> String {
        let value = self.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// What time it is for the server (RFC 9110 section 6.6.1).
    pub fn date(&self) -> Option<Timestamp> {
        let date = self.headers.get(DATE)?.to_str().ok()?;
        rfc2822::parse(date).ok().map(|date| date.timestamp())
    }

    /// How long the server asks to wait, in seconds or until a date, capped at an hour (RFC 9110 section 10.2.3).
    pub fn retry_after(&self) -> Option<Duration> {
        let value = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        let until = || {
            let date = rfc2822::parse(value).ok()?.timestamp();
            // By the server's own clock, where it shows it.
            let now = self.date().unwrap_or_else(Timestamp::now);
            u64::try_from(seconds_between(now, date)).ok()
        };
        let seconds = value.parse().ok().or_else(until)?;
        Some(Duration::from_secs(seconds.min(3600)))
    }
}

/// Pools of connections to servers. One is made when a request needs it: reading the authorities of this machine takes
/// longer than most commands do.
#[derive(Clone, Default)]
pub struct Transport {
    /// The authority in PEM that is trusted beside those of this machine.
    ca: Option<Arc<str>>,
    /// The pools, by what they are for.
    pools: Arc<Mutex<HashMap<Pool, reqwest::Client>>>,
    /// Who is trusted where no connection is kept, by the authority that is trusted too.
    verifiers: Arc<Mutex<Verifiers>>,
}

type Verifiers = HashMap<Option<Arc<str>>, Arc<dyn ServerCertVerifier>>;

/// What a pool is for.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Pool {
    ca: Option<Arc<str>>,
    /// Whether its servers are on this machine. No proxy is between: what is sent here without TLS must not leave it.
    here: bool,
    /// Whether bodies stay as they were sent.
    as_sent: bool,
}

impl Transport {
    /// The same, trusting a certificate authority too: for a server with a certificate of its own (security.md D1).
    ///
    /// # Errors
    /// `invalid_input` of `ca` when it is no certificate in PEM.
    pub fn trusting(&self, ca: Option<&str>) -> Result<Self> {
        let trusting = Self { ca: ca.map(Arc::from), ..self.clone() };
        if trusting.ca.is_some() {
            // Only who uses it finds out that it is none.
            trusting.client(false, false)?;
        }
        Ok(trusting)
    }

    /// Closes the connections that are kept open. Their buffers hold what was sent last, tokens too.
    pub fn hang_up(&self) {
        self.pools().clear();
    }

    fn client(&self, here: bool, as_sent: bool) -> Result<reqwest::Client> {
        let pool = Pool { ca: self.ca.clone(), here, as_sent };
        let mut pools = self.pools();
        if let Some(client) = pools.get(&pool) {
            return Ok(client.clone());
        }
        let client = connect(&pool)?;
        pools.insert(pool, client.clone());
        Ok(client)
    }

    fn pools(&self) -> MutexGuard<'_, HashMap<Pool, reqwest::Client>> {
        self.pools.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a request.
    ///
    /// # Errors
    /// `internal` when the TLS library cannot be set up.
    pub fn request(&self, method: reqwest::Method, url: Url) -> Result<reqwest::RequestBuilder> {
        Ok(self.client(is_loopback(&url), false)?.request(method, url))
    }

    /// Sends a request and reads the answer within the limits.
    ///
    /// # Errors
    /// `unreachable`, `tls_failed` or `timed_out`; an HTTP status is an answer, not an error.
    pub async fn send(&self, request: reqwest::Request, limits: Limits) -> Result<Answer> {
        check_url(request.url())?;
        let host = authority(request.url());
        let client = self.client(is_loopback(request.url()), false)?;
        let begun = Instant::now();
        let exchange = async {
            let response = client.execute(request).await.map_err(|error| failure(&host, &error))?;
            Opened::new(host.clone(), begun, response).up_to(limits.body).await
        };
        let exchange = tokio::time::timeout(limits.time, exchange).await;
        exchange.unwrap_or_else(|_| Err(too_slow(&host)))
    }
}

fn connect(pool: &Pool) -> Result<reqwest::Client> {
    let certificates = certificates(pool.ca.as_deref())?;
    let mut builder = reqwest::Client::builder();
    if !certificates.is_empty() {
        builder = builder.tls_certs_merge(certificates);
    }
    if pool.here {
        builder = builder.no_proxy();
    }
    if pool.as_sent {
        builder = builder.no_gzip();
    }
    ours(builder).build().map_err(|error| {
        if pool.ca.is_some() { no_certificate() } else { Error::internal("set up the HTTP client", error) }
    })
}

/// What holds for every client.
fn ours(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    let patience = Duration::from_secs(15);
    builder.redirect(Policy::none()).referer(false).user_agent(USER_AGENT).connect_timeout(patience)
}

/// The certificates in a PEM text.
fn certificates(ca: Option<&str>) -> Result<Vec<reqwest::Certificate>> {
    let Some(ca) = ca else { return Ok(Vec::new()) };
    let certificates = reqwest::Certificate::from_pem_bundle(ca.as_bytes()).map_err(|_| no_certificate())?;
    if certificates.is_empty() { Err(no_certificate()) } else { Ok(certificates) }
}

pub(crate) fn no_certificate() -> Error {
    Error::input("ca", "This is not a certificate in PEM: it begins with -----BEGIN CERTIFICATE-----.")
}

fn too_slow(host: &str) -> Error {
    Error::new(ErrorCode::TimedOut, format!("{host} did not answer in time."))
}

/// Says what happened without the URL, which may hold what must not be shown.
fn failure(host: &str, error: &reqwest::Error) -> Error {
    // A connection that does not come about in time: nothing was sent.
    if error.is_timeout() && !error.is_connect() {
        return too_slow(host);
    }
    let causes = causes(error);
    // Past the handshake, what speaks of TLS is a connection that was cut.
    if error.is_connect()
        && let Some(error) = certificate_fault(host, &causes)
    {
        return error;
    }
    let code = if error.is_connect() { ErrorCode::Unreachable } else { ErrorCode::NoReply };
    Error::new(code, format!("No answer from {host}: {causes}."))
}

/// What is wrong with a certificate, in words (security.md D1). The names are those of rustls.
pub(crate) fn certificate_fault(host: &str, cause: &str) -> Option<Error> {
    let (code, why) = if ["UnknownIssuer", "CaUsedAsEndEntity", "BadSignature"].iter().any(|name| cause.contains(name))
    {
        (ErrorCode::TlsUntrusted, "is by an authority that this machine does not know")
    } else if cause.contains("Expired") || cause.contains("expired") {
        (ErrorCode::TlsFailed, "has expired")
    } else if cause.contains("NotValidForName") || cause.contains("not valid for name") {
        (ErrorCode::TlsFailed, "is for another name")
    } else if cause.contains("NotValidYet") || cause.contains("not valid yet") {
        (ErrorCode::TlsFailed, "is not valid yet")
    } else if cause.contains("certificate") || cause.contains("TLS") {
        return Some(Error::new(ErrorCode::TlsFailed, format!("The certificate of {host} was not accepted: {cause}.")));
    } else {
        return None;
    };
    Some(Error::new(code, format!("The certificate of {host} {why}.")))
}

/// The innermost cause, which is the one that says something, and whether it is about this machine's proxy.
fn causes(error: &reqwest::Error) -> String {
    let mut cause = std::error::Error::source(error);
    let mut said = "the connection failed".to_owned();
    let mut by_proxy = false;
    while let Some(source) = cause {
        said = source.to_string();
        // hyper-util's words: a way through a proxy is a tunnel, as TLS is all that goes there.
        by_proxy |= said.starts_with(TUNNEL);
        cause = source.source();
    }
    let said = said.trim_start_matches(TUNNEL);
    if by_proxy { format!("this machine’s proxy did not let it through ({said})") } else { said.to_owned() }
}

const TUNNEL: &str = "tunnel error: ";

/// A header's value that no log shows.
///
/// # Errors
/// `not_a_token_answer` when no header can carry it.
pub fn sensitive(value: &Secret) -> Result<HeaderValue> {
    let unusable = || Error::new(ErrorCode::NotATokenAnswer, "It holds characters that no header can carry.");
    let mut value = HeaderValue::from_str(value.expose()).map_err(|_| unusable())?;
    value.set_sensitive(true);
    Ok(value)
}

/// Host and port, as a person would name the server.
pub fn authority(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Whether the host is this machine, by a literal address or as `localhost`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::V4(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::V6(address).is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

/// Lets through `https`, and `http` to this machine, without a user name in the URL (security.md A10, H3).
///
/// # Errors
/// `invalid_input` that names the host, not the URL.
pub fn check_url(url: &Url) -> Result<()> {
    let allowed = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url));
    if !allowed {
        let what = format!("{} addresses are not used: it must be https, or http on this machine.", url.scheme());
        return Err(Error::new(ErrorCode::InvalidInput, what));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Error::new(ErrorCode::InvalidInput, "An address must not hold a user name or password."));
    }
    Ok(())
}

/// Whether a URL is of one of these origins: scheme, host and port, each compared whole (RFC 6454 section 4, security.md H2).
pub fn is_at(url: &Url, origins: &[String]) -> bool {
    origins.contains(&url.origin().ascii_serialization())
}

/// Parses an address and checks it by [`check_url`].
///
/// # Errors
/// `invalid_input`.
pub fn parse_url(text: &str) -> Result<Url> {
    // The parser would leave them out, and what was meant would be another address (security.md H4).
    if text.trim().contains(char::is_control) {
        return Err(Error::new(
            ErrorCode::InvalidInput,
            "An address holds no line breaks or other control characters.",
        ));
    }
    // The parser would take the first part of the path for the host.
    if text.contains(":///") {
        return Err(Error::new(ErrorCode::InvalidInput, "This address names no host."));
    }
    let url = Url::parse(text.trim())
        .map_err(|error| Error::new(ErrorCode::InvalidInput, format!("This is not an address ({error}).")))?;
    check_url(&url)?;
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a10_only_https_and_loopback_http_are_let_through() {
        for good in ["https://auth.example/x", "http://127.0.0.1:8079/", "http://[::1]/", "http://localhost:1/"] {
            assert!(parse_url(good).is_ok(), "{good}");
        }
        for bad in [
            "file:///etc/passwd",
            "javascript:alert(1)",
            "http://api.example/",
            "http://127.0.0.1.evil.test/",
            "https://user:pass@api.example/",
            "https://api.example@evil.test/",
            "https://api.example/a\r\nX: y",
            "https://api.example/\0",
            "https:///v1",
            "--proxy-server=x",
            "",
        ] {
            assert!(parse_url(bad).is_err(), "{bad}");
        }
    }
}
