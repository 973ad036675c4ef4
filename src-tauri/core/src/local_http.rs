//! A small HTTP server for this machine alone: what the loopback listener and the broker have in common. A client that is
//! slow, large or one of many takes little and keeps nobody waiting.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::HOST;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

/// The most of a request's header that is taken, in bytes.
pub const LONGEST: usize = 16 * 1024;
/// A client that sends its header more slowly is cut off.
const HEADER_TIME: Duration = Duration::from_secs(10);
/// Past this many connections the oldest is cut off, so that slow clients never delay the one that counts.
const CONNECTIONS: usize = 128;

/// What a client is answered.
pub type Reply = Response<Full<Bytes>>;

/// Where clients come in.
pub trait Socket: Send + Sync + 'static {
    /// What is spoken over.
    type Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static;

    /// The next one.
    fn accept(&self) -> impl Future<Output = io::Result<Self::Stream>> + Send;
}

impl Socket for TcpListener {
    type Stream = TcpStream;

    async fn accept(&self) -> io::Result<TcpStream> {
        TcpListener::accept(self).await.map(|(stream, _)| stream)
    }
}

/// Who has connected.
#[derive(Clone, Default)]
pub struct Client {
    known: Arc<AtomicBool>,
}

impl Client {
    /// It has shown who it is: it is not cut off any more for others that come.
    pub fn know(&self) {
        self.known.store(true, Ordering::Relaxed);
    }

    fn is_known(&self) -> bool {
        self.known.load(Ordering::Relaxed)
    }
}

/// Answers until it is dropped, and all connections with it.
pub async fn serve<S, A, F>(socket: S, answer: A)
where
    S: Socket,
    A: Fn(Request<Incoming>, Client) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Reply> + Send + 'static,
{
    let mut connections = JoinSet::new();
    let mut oldest_first: VecDeque<(AbortHandle, Client)> = VecDeque::new();
    loop {
        // An accept may fail for a moment (too many files): the next one is tried.
        let Ok(stream) = socket.accept().await else {
            tokio::time::sleep(Duration::from_millis(20)).await;
            continue;
        };
        while connections.try_join_next().is_some() {}
        oldest_first.retain(|(connection, client)| !connection.is_finished() && !client.is_known());
        if oldest_first.len() >= CONNECTIONS
            && let Some((oldest, _)) = oldest_first.pop_front()
        {
            oldest.abort();
        }
        let client = Client::default();
        let connection = connections.spawn(talk(stream, answer.clone(), client.clone()));
        oldest_first.push_back((connection, client));
    }
}

async fn talk<T, A, F>(stream: T, answer: A, client: Client)
where
    T: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    A: Fn(Request<Incoming>, Client) -> F + Send + Sync + 'static,
    F: Future<Output = Reply> + Send + 'static,
{
    let answer = service_fn(move |request| {
        let reply = answer(request, client.clone());
        async move { Ok::<_, Infallible>(reply.await) }
    });
    let talk = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(LONGEST)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), answer);
    // A client that breaks off or sends no HTTP is no concern of the others.
    let _ = talk.await;
}

/// Whom a request says that it is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeantFor {
    /// One `Host`, and it is ours.
    Us,
    /// One `Host`, and it is another's: a page that has rebound its name to this machine, say.
    Another,
    /// No `Host`, several, or an absolute address in place of a path (RFC 9112 section 3.2).
    Unclear,
}

impl MeantFor {
    /// Reads it, where `authority` is ours.
    pub fn of<B>(request: &Request<B>, authority: &str) -> Self {
        let mut hosts = request.headers().get_all(HOST).iter();
        let (Some(host), None, None) = (hosts.next(), hosts.next(), request.uri().authority()) else {
            return Self::Unclear;
        };
        if host.to_str().is_ok_and(|host| host.eq_ignore_ascii_case(authority)) { Self::Us } else { Self::Another }
    }
}
