//! A server that takes triggers, and knows how fast they came.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use keydesk_support::{Failure, Outcome};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// How long the server takes for a request.
const THINKS: Duration = Duration::from_millis(1);
/// The path of what is sent.
pub const TRIGGER: &str = "/ibot/workflow/wf";

/// When the first request came, when the last was answered, and how many there were.
#[derive(Default)]
struct Seen {
    first: Option<Instant>,
    last: Option<Instant>,
    count: usize,
}

/// Answers everything, on a thread of its own, as a server is. It ends with the program.
pub struct TriggerServer {
    pub url: String,
    seen: Arc<Mutex<Seen>>,
}

impl TriggerServer {
    pub fn start() -> Outcome<Self> {
        let seen: Arc<Mutex<Seen>> = Arc::default();
        let shared = seen.clone();
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        std::thread::spawn(move || {
            runtime.block_on(async {
                let Ok(listener) = TcpListener::from_std(listener) else { return };
                while let Ok((stream, _)) = listener.accept().await {
                    tokio::spawn(serve(stream, shared.clone()));
                }
            });
        });
        Ok(Self { url, seen })
    }

    pub fn forget(&self) {
        *lock(&self.seen) = Seen::default();
    }

    /// Requests a second.
    pub fn rate(&self, count: usize) -> Outcome<f64> {
        let seen = lock(&self.seen);
        let over = seen.first.zip(seen.last).map(|(first, last)| last.duration_since(first).as_secs_f64());
        let over = over.filter(|over| *over > 0.0 && seen.count == count);
        over.map(|over| seen.count as f64 / over)
            .ok_or_else(|| Failure::new(format!("{} requests came, not {count}", seen.count)))
    }
}

fn lock(seen: &Mutex<Seen>) -> MutexGuard<'_, Seen> {
    seen.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One request after the other, as long as the client likes. An error means that it is gone.
async fn serve(mut stream: TcpStream, seen: Arc<Mutex<Seen>>) {
    let _ = stream.set_nodelay(true);
    let mut bytes = Vec::with_capacity(4096);
    while let Ok(Some(length)) = whole(&mut stream, &mut bytes).await {
        let is_trigger = bytes.windows(TRIGGER.len()).take(100).any(|at| at == TRIGGER.as_bytes());
        if is_trigger {
            lock(&seen).first.get_or_insert_with(Instant::now);
            tokio::time::sleep(THINKS).await;
        }
        if stream.write_all(answer(is_trigger).as_bytes()).await.is_err() {
            return;
        }
        if is_trigger {
            let mut seen = lock(&seen);
            (seen.last, seen.count) = (Some(Instant::now()), seen.count + 1);
        }
        bytes.drain(..length);
    }
}

/// Reads until a whole request is there; how long it is.
async fn whole(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> std::io::Result<Option<usize>> {
    loop {
        if let Some(head) = bytes.windows(4).position(|end| end == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
            let whole = head + 4 + length.unwrap_or(0);
            if bytes.len() >= whole {
                return Ok(Some(whole));
            }
        }
        if stream.read_buf(bytes).await? == 0 {
            return Ok(None);
        }
    }
}

fn answer(is_trigger: bool) -> String {
    let body = if is_trigger { r#"{"result":"success"}"# } else { r#"[{"subscriber_id":"s"}]"# };
    let length = body.len();
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
}
