//! A server that takes pieces of files and gives files of any size, and cuts one connection where it is told.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use keydesk_support::{Failure, Outcome};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What is read or written at once.
const BLOCK: usize = 64 * 1024;

#[derive(Default)]
struct State {
    /// Bytes of pieces that came whole.
    taken: u64,
    /// Bytes of files that came over, both ways.
    moved: u64,
    /// Where one connection is to be cut.
    cut_at: Option<u64>,
}

/// On a thread of its own, as a server is. It ends with the program.
pub struct FileServer {
    pub url: String,
    state: Arc<Mutex<State>>,
}

impl FileServer {
    pub fn start() -> Outcome<Self> {
        let state: Arc<Mutex<State>> = Arc::default();
        let shared = state.clone();
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
        Ok(Self { url, state })
    }

    /// Cuts the connection over which this byte comes, once. Forgets what came before.
    pub fn cut_once_at(&self, byte: u64) {
        *lock(&self.state) = State { cut_at: Some(byte), ..State::default() };
    }

    /// That a connection was cut.
    pub fn was_cut(&self) -> Outcome {
        if lock(&self.state).cut_at.is_none() { Ok(()) } else { Err(Failure::new("nothing was cut")) }
    }

    /// That so many bytes came in whole pieces, though one was cut.
    pub fn took(&self, size: u64) -> Outcome {
        self.was_cut()?;
        let taken = lock(&self.state).taken;
        if taken == size { Ok(()) } else { Err(Failure::new(format!("{taken} bytes came, not {size}"))) }
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether the connection is to be cut now.
fn moved(state: &Mutex<State>, bytes: usize) -> bool {
    let mut state = lock(state);
    state.moved += bytes as u64;
    let cut = state.cut_at.is_some_and(|at| state.moved >= at);
    if cut {
        state.cut_at = None;
    }
    cut
}

/// One request after the other. None: the client is gone, or cut off.
async fn serve(mut stream: TcpStream, state: Arc<Mutex<State>>) {
    while one(&mut stream, &state).await.is_some() {}
}

async fn one(stream: &mut TcpStream, state: &Mutex<State>) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
    if let Some(length) = header("content-length:").and_then(|length| length.parse::<usize>().ok()) {
        let mut left = length;
        let mut block = vec![0; BLOCK];
        while left > 0 {
            let some = left.min(BLOCK);
            let read = stream.read(&mut block[..some]).await.ok().filter(|read| *read > 0)?;
            left -= read;
            if moved(state, read) {
                return None;
            }
        }
        lock(state).taken += length as u64;
        return stream.write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n").await.ok();
    }
    let size: u64 = head.split_whitespace().nth(1)?.strip_prefix("/files/")?.parse().ok()?;
    let from = header("range: bytes=").and_then(|range| range.trim_end_matches('-').parse().ok());
    give(stream, state, size, from).await
}

async fn give(stream: &mut TcpStream, state: &Mutex<State>, size: u64, from: Option<u64>) -> Option<()> {
    let start = from.unwrap_or(0);
    let status = match from {
        None => "200 OK".to_owned(),
        Some(from) => format!("206 Partial Content\r\ncontent-range: bytes {from}-{}/{size}", size - 1),
    };
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\netag: \"{size}\"\r\n\r\n", size - start);
    stream.write_all(head.as_bytes()).await.ok()?;
    let (block, mut left) = (vec![7; BLOCK], usize::try_from(size - start).ok()?);
    while left > 0 {
        let some = left.min(BLOCK);
        stream.write_all(&block[..some]).await.ok()?;
        left -= some;
        if moved(state, some) {
            return None;
        }
    }
    Some(())
}
