//! The loopback listener (RFC 8252 sections 7.3 and 8.3): bound first, open only while a login waits, and deaf to
//! everything but a GET of its one path under its one name.

use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION, REFERRER_POLICY};
use hyper::{Method, Request, Response, StatusCode};
use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinSet};
use url::{Host, Url};

use crate::error::{Error, ErrorCode, Result};
use crate::event::Ignored;
use crate::local_http::{self, MeantFor, Reply as Page};

/// How long the listener stays after success, for the browser to fetch the page that says so.
const LINGER: Duration = Duration::from_millis(900);

/// Longer than [`LINGER`], and within the two seconds in which a busy port is to be named (security.md B4).
const HANDOVER: Duration = Duration::from_millis(1500);

const RECEIVED: &str = "/keydesk/received";

/// Sockets that are bound, and the redirect URI that leads to them.
pub struct Listener {
    sockets: Vec<TcpListener>,
    redirect_uri: Url,
}

/// What is done with a redirect; the outcome decides which page the browser shows.
pub type Receive = Arc<dyn Fn(&Url) -> std::result::Result<(), Ignored> + Send + Sync>;

/// A listener at work. Dropping it closes it at once.
pub struct Listening {
    task: AbortHandle,
}

impl Listener {
    /// Binds the port of the redirect URI, or any free one where it names none, and only on this machine.
    ///
    /// A name, `localhost` above all, may mean either address family: both are held, so that no other program can
    /// take the redirect on the one that we do not hold (security.md B3).
    ///
    /// # Errors
    /// `port_busy` that names the port.
    pub async fn bind(mut redirect_uri: Url) -> Result<Self> {
        let addresses = addresses(&redirect_uri)?;
        let sockets = match redirect_uri.port() {
            Some(port) => bind_fixed(&addresses, port).await?,
            None => bind_any(&addresses).await?,
        };
        let bound = sockets[0].local_addr().map_err(|error| Error::internal("read the bound port", error))?;
        redirect_uri
            .set_port(Some(bound.port()))
            .map_err(|()| Error::new(ErrorCode::Internal, "The redirect URI takes no port."))?;
        Ok(Self { sockets, redirect_uri })
    }

    /// The redirect URI with the port that is bound.
    pub fn redirect_uri(&self) -> &Url {
        &self.redirect_uri
    }

    /// Answers until stopped or dropped.
    pub fn listen(self, receive: Receive) -> Listening {
        let desk = Arc::new(Desk { redirect_uri: self.redirect_uri, receive });
        Listening { task: tokio::spawn(serve(self.sockets, desk)).abort_handle() }
    }
}

impl Listening {
    /// Closes it when the browser has had time to fetch the page that says so.
    pub async fn finish(self) {
        tokio::time::sleep(LINGER).await;
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn addresses(redirect_uri: &Url) -> Result<Vec<IpAddr>> {
    match redirect_uri.host() {
        Some(Host::Ipv4(address)) if address.is_loopback() => Ok(vec![address.into()]),
        Some(Host::Ipv6(address)) if address.is_loopback() => Ok(vec![address.into()]),
        Some(Host::Domain(_)) => Ok(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]),
        _ => Err(Error::new(ErrorCode::InvalidInput, "The redirect URI does not lead to this machine.")),
    }
}

fn busy(port: u16) -> Error {
    Error::new(ErrorCode::PortBusy, format!("Port {port} is in use by another program."))
}

/// How often another free port is tried where one is free on the first address only.
const TRIES: usize = 10;

/// Binds one port on every address; 0 lets the system choose it on the first. A machine without IPv6 has one address
/// less; a port that is taken on any of them is an error.
async fn bind_all(addresses: &[IpAddr], mut port: u16) -> std::io::Result<Vec<TcpListener>> {
    let mut sockets: Vec<TcpListener> = Vec::new();
    for address in addresses {
        match TcpListener::bind(SocketAddr::new(*address, port)).await {
            Ok(socket) => sockets.push(socket),
            // Only a port that somebody holds is in the way; the other family may not be there at all.
            Err(error) if !sockets.is_empty() && error.kind() != ErrorKind::AddrInUse => {}
            Err(error) => return Err(error),
        }
        port = sockets[0].local_addr()?.port();
    }
    Ok(sockets)
}

/// A fixed port may still be held for a moment by a login of ours that was just given up.
async fn bind_fixed(addresses: &[IpAddr], port: u16) -> Result<Vec<TcpListener>> {
    let until = Instant::now() + HANDOVER;
    loop {
        match bind_all(addresses, port).await {
            Ok(sockets) => return Ok(sockets),
            Err(error) if error.kind() != ErrorKind::AddrInUse => {
                return Err(Error::internal("listen on this machine", error));
            }
            Err(_) if Instant::now() >= until => return Err(busy(port)),
            Err(_) => tokio::time::sleep(Duration::from_millis(25)).await,
        }
    }
}

async fn bind_any(addresses: &[IpAddr]) -> Result<Vec<TcpListener>> {
    let mut outcome = bind_all(addresses, 0).await;
    for _ in 1..TRIES {
        if outcome.is_ok() {
            break;
        }
        outcome = bind_all(addresses, 0).await;
    }
    outcome.map_err(|error| Error::internal("listen on this machine", error))
}

async fn serve(sockets: Vec<TcpListener>, desk: Arc<Desk>) {
    let mut loops = JoinSet::new();
    for socket in sockets {
        let desk = desk.clone();
        loops.spawn(local_http::serve(socket, move |request, _| {
            let desk = desk.clone();
            async move { desk.answer(&request) }
        }));
    }
    loops.join_all().await;
}

/// Knows what to answer.
struct Desk {
    redirect_uri: Url,
    receive: Receive,
}

impl Desk {
    fn answer(&self, request: &Request<Incoming>) -> Page {
        if !self.is_for_us(request) {
            return page(StatusCode::BAD_REQUEST, "Not for this address", "Keydesk answers under its own name only.");
        }
        let path = request.uri().path();
        if path == RECEIVED && request.method() == Method::GET {
            return page(
                StatusCode::OK,
                "Keydesk has the answer",
                "You can close this page and go back to Keydesk. Never give this page’s address to anybody.",
            );
        }
        if path != self.redirect_uri.path() {
            return page(StatusCode::NOT_FOUND, "Nothing here", "Keydesk waits at another path.");
        }
        if request.method() != Method::GET {
            let mut refused = page(StatusCode::METHOD_NOT_ALLOWED, "Not this way", "The redirect comes by GET.");
            refused.headers_mut().insert(ALLOW, hyper::header::HeaderValue::from_static("GET"));
            return refused;
        }
        let mut redirect = self.redirect_uri.clone();
        redirect.set_query(request.uri().query());
        match (self.receive)(&redirect) {
            // To a clean address, so that the code does not stay in the browser's bar and history.
            Ok(()) => redirect_to(RECEIVED),
            Err(reason) => ignored(reason),
        }
    }

    /// One `Host` header that names the bound authority, and a path, not an absolute URL: a page that rebinds its
    /// name to this machine gets nothing (security.md B12).
    fn is_for_us(&self, request: &Request<Incoming>) -> bool {
        MeantFor::of(request, &crate::transport::authority(&self.redirect_uri)) == MeantFor::Us
    }
}

fn ignored(reason: Ignored) -> Page {
    let (status, text) = match reason {
        Ignored::AlreadyUsed => (StatusCode::CONFLICT, "This login was already finished."),
        Ignored::Expired => (StatusCode::GONE, "This login has expired. Start it again in Keydesk."),
        Ignored::WrongState | Ignored::Malformed | Ignored::NoLoginWaiting => {
            (StatusCode::BAD_REQUEST, "This does not belong to a login that Keydesk waits for. Nothing was changed.")
        }
    };
    page(status, "Not taken", text)
}

fn redirect_to(path: &'static str) -> Page {
    let mut response = page(StatusCode::FOUND, "Keydesk has the answer", "You can close this page.");
    response.headers_mut().insert(LOCATION, hyper::header::HeaderValue::from_static(path));
    response
}

/// A page of our own words only: nothing of the request is in it.
fn page(status: StatusCode, title: &str, text: &str) -> Page {
    let body = include_str!("page.html").replace("{title}", title).replace("{text}", text);
    let mut response = Response::new(Full::new(Bytes::from(body)));
    *response.status_mut() = status;
    for (name, value) in [
        (CONTENT_TYPE.as_str(), "text/html; charset=utf-8"),
        (CACHE_CONTROL.as_str(), "no-store"),
        (REFERRER_POLICY.as_str(), "no-referrer"),
        (CONTENT_SECURITY_POLICY.as_str(), "default-src 'none'; style-src 'unsafe-inline'"),
        ("x-content-type-options", "nosniff"),
    ] {
        response.headers_mut().insert(name, hyper::header::HeaderValue::from_static(value));
    }
    response
}
