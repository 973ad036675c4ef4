//! The server itself.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use super::{Answer, Received};
use crate::Outcome;

type Maker = Arc<dyn Fn(&Received) -> Answer + Send + Sync>;

/// Listens on this machine until dropped. Each path has a queue of answers, given in order, and one for all that come
/// after; a path without either is answered 404.
pub struct FakeServer {
    address: SocketAddr,
    script: Arc<Mutex<Script>>,
    listening: JoinHandle<()>,
}

#[derive(Default)]
struct Script {
    queued: HashMap<String, VecDeque<Answer>>,
    lasting: HashMap<String, Maker>,
    received: Vec<Received>,
}

impl FakeServer {
    /// Starts on a free port.
    ///
    /// # Errors
    /// No port can be bound.
    pub async fn start() -> Outcome<Self> {
        Self::start_at((Ipv4Addr::LOCALHOST, 0).into()).await
    }

    /// Starts at an address: on IPv6, or where another was before.
    ///
    /// # Errors
    /// It cannot be bound.
    pub async fn start_at(address: SocketAddr) -> Outcome<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let script = Arc::new(Mutex::new(Script::default()));
        let listening = tokio::spawn(listen(listener, Arc::clone(&script)));
        Ok(Self { address, script, listening })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a path on it.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Answers the next unanswered request to `path` with this; call it again for the one after.
    pub fn answer(&self, path: &str, answer: Answer) {
        lock(&self.script).queued.entry(path.into()).or_default().push_back(answer);
    }

    /// Answers all requests to `path` with this, once its queue is empty.
    pub fn always(&self, path: &str, answer: Answer) {
        self.answer_with(path, move |_| answer.clone());
    }

    /// Answers all requests to `path` by what they ask, once its queue is empty.
    pub fn answer_with(&self, path: &str, maker: impl Fn(&Received) -> Answer + Send + Sync + 'static) {
        lock(&self.script).lasting.insert(path.into(), Arc::new(maker));
    }

    /// All that was received, in order.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        lock(&self.script).received.clone()
    }

    /// What was received at `path`.
    #[must_use]
    pub fn received_at(&self, path: &str) -> Vec<Received> {
        self.received().into_iter().filter(|request| request.path == path).collect()
    }
}

impl fmt::Debug for FakeServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "FakeServer({})", self.address)
    }
}

impl Drop for FakeServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(listener: TcpListener, script: Arc<Mutex<Script>>) {
    // Dropped with this task, and all open connections with it.
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(serve(stream, Arc::clone(&script)));
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(mut stream: TcpStream, script: Arc<Mutex<Script>>) {
    let Some(request) = Received::read(&mut stream).await else {
        return;
    };
    let answer = next_answer(&script, &request);
    // A client that went away is none of this server's business.
    let _ = answer.send(&mut stream).await;
}

fn next_answer(script: &Mutex<Script>, request: &Received) -> Answer {
    let (queued, maker) = {
        let mut script = lock(script);
        let queued = script.queued.get_mut(&request.path).and_then(VecDeque::pop_front);
        let maker = script.lasting.get(&request.path).cloned();
        script.received.push(request.clone());
        (queued, maker)
    };
    // Made without the lock: a maker may ask this very server what it received.
    queued.or_else(|| maker.map(|make| make(request))).unwrap_or_else(|| Answer::new(404))
}

fn lock(script: &Mutex<Script>) -> MutexGuard<'_, Script> {
    script.lock().unwrap_or_else(PoisonError::into_inner)
}
