//! How fast a run of many goes, and what it takes: `keydesk action` over 10,000 targets, with its marks on the disk, its results
//! kept and its activity told, against oha, which sends the same request as often as it can. Both at the same server on this
//! machine, with the same body and as many at once, and both measured there: from the first request to the last answer.
//!
//! The server takes a millisecond for each, which is less than any network does. One that takes no time at all would measure
//! something else: who does less for a request, and oha neither knows a token nor writes anything down.

use std::io::Write;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use keydesk_support::{Failure, Outcome, target_directory};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::cli::{Cli, succeeds};
use crate::figure::{Figure, median};

const TARGETS: usize = 10_000;
const AT_ONCE: &str = "8";
const ROUNDS: usize = 5;
/// How long the server takes for a request.
const THINKS: Duration = Duration::from_millis(1);
/// Of what oha reaches.
const LEAST: f64 = 0.8;
/// What 10,000 targets may take more than two, in MiB.
const MOST: f64 = 50.0;
/// The path of what is sent, and one request of it.
const TRIGGER: &str = "/ibot/workflow/wf";
const BODY: &str = r#"{"action":"invoke","target_device_ids":["990007560234567"]}"#;

pub async fn measure() -> Outcome<[Figure; 2]> {
    let oha = target_directory().join("tools/bin/oha");
    if !oha.exists() {
        return Err(Failure::new(format!("{} is not there; `./dev bench` installs it", oha.display())));
    }
    let server = Server::start()?;
    let cli = Cli::new()?;
    log_in(&cli, &server).await?;
    let (many, few) = (targets(&cli, TARGETS)?, targets(&cli, 2)?);
    let mut memory = Vec::new();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        server.forget();
        succeeds(load(&oha, &server)).await?;
        theirs.push(server.rate()?);
        server.forget();
        let peak = peak(run(&cli, &many)).await?;
        ours.push(server.rate()?);
        memory.push(peak - self::peak(run(&cli, &few)).await?);
    }
    Ok([
        Figure::at_least("run-throughput", "1/s", median(ours), median(theirs), LEAST),
        Figure::at_most("run-memory", "MiB", median(memory), MOST, 1.0),
    ])
}

/// The same request again and again, as fast as it goes.
fn load(oha: &PathBuf, server: &Server) -> Command {
    let url = format!("{}{TRIGGER}?subscriber_id=s&user_id=990007560234567", server.url);
    let count = TARGETS.to_string();
    let mut command = Command::new(oha);
    command.args(["-n", &count, "-c", AT_ONCE, "--no-tui", "-m", "POST", "-d", BODY]);
    command.args(["-H", "authorization: Bearer an-access-token", "-H", "accept: application/json"]);
    command.args(["-T", "application/json", &url]).stdin(Stdio::null());
    command
}

fn run(cli: &Cli, targets: &str) -> Command {
    let targets = format!("@{targets}");
    let set = ["--set", "workflow=wf", "--targets", &targets, "--at-once", AT_ONCE, "--yes"];
    cli.command(&[&["action", "bench", "send_trigger"], &set[..]].concat())
}

fn targets(cli: &Cli, count: usize) -> Outcome<String> {
    let file = cli.home().join(format!("targets-{count}"));
    let mut list = std::fs::File::create(&file)?;
    (0..count).try_for_each(|number| writeln!(list, "{}", 990_007_560_234_567_usize + number))?;
    Ok(file.display().to_string())
}

async fn log_in(cli: &Cli, server: &Server) -> Outcome {
    let parameters = ["api_url", "auth_url", "legacy_auth_url"].map(|name| format!("{name}={}", server.url));
    let mut connect = vec!["connect", "relay", "--name", "bench"];
    parameters.iter().for_each(|parameter| connect.extend(["--set", parameter]));
    cli.run(&connect).await?;
    let mut login = cli.command(&["login", "bench", "--method", "access_token", "--secret-stdin", "token"]);
    let token = cli.home().join("token");
    std::fs::write(&token, "an-access-token\n")?;
    login.stdin(std::fs::File::open(token)?);
    succeeds(login).await
}

/// The most memory that a command has before it ends, in MiB.
async fn peak(mut command: Command) -> Outcome<f64> {
    const LOOK: Duration = Duration::from_millis(2);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0.0;
    loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kibibytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        peak = kibibytes.map_or(peak, |kibibytes| kibibytes / 1024.0);
        if let Some(ended) = child.try_wait()? {
            return if ended.success() { Ok(peak) } else { Err(Failure::new(format!("a run of the bench: {ended}"))) };
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// When the first request came, when the last was answered, and how many there were.
#[derive(Default)]
struct Seen {
    first: Option<Instant>,
    last: Option<Instant>,
    count: usize,
}

/// Answers everything, on a thread of its own, as a server is. It ends with the program.
struct Server {
    url: String,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    fn start() -> Outcome<Self> {
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

    fn forget(&self) {
        *lock(&self.seen) = Seen::default();
    }

    /// Requests a second.
    fn rate(&self) -> Outcome<f64> {
        let seen = lock(&self.seen);
        let over = seen.first.zip(seen.last).map(|(first, last)| last.duration_since(first).as_secs_f64());
        let over = over.filter(|over| *over > 0.0 && seen.count == TARGETS);
        over.map(|over| seen.count as f64 / over)
            .ok_or_else(|| Failure::new(format!("{} requests came, not {TARGETS}", seen.count)))
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
