//! What a script pays for a live token: `keydesk token` as a whole process, against `secret-tool lookup`, which reads the
//! same kind of item from the same keychain and knows nothing of tokens.

use std::io::{PipeWriter, Read, Write, pipe};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use keydesk_support::{Answer, Desktop, Failure, FakeServer, Outcome};
use serde_json::json;

use crate::cli::Cli;
use crate::figure::{Figure, median};

const ROUNDS: usize = 25;
const SLOWER: f64 = 1.5;
/// What a process may take, in MiB.
const MOST: f64 = 10.0;
/// What fits into a pipe that nobody reads (pipe(7)).
const PIPE: usize = 64 * 1024;
/// Until a process that waits for its reader has come to rest.
const REST: Duration = Duration::from_millis(400);

pub async fn measure() -> Outcome<[Figure; 2]> {
    let cli = Cli::new()?;
    log_in(&cli).await?;
    store(&cli.desktop)?;
    let ours = || cli.command(&["token", "bench"]);
    let theirs = || {
        let mut command = cli.desktop.command("secret-tool");
        command.args(["lookup", "keydesk-bench", "token"]);
        command
    };
    let (mut our_times, mut their_times) = (Vec::new(), Vec::new());
    for round in 0..=ROUNDS {
        let (their_time, our_time) = (time(theirs())?, time(ours())?);
        // The first of each warms the disk.
        if round > 0 {
            their_times.push(their_time);
            our_times.push(our_time);
        }
    }
    let memory = memory(ours())?;
    Ok([
        Figure::at_most("cli-token", "ms", median(our_times), median(their_times), SLOWER),
        Figure::at_most("cli-token-memory", "MiB", memory, MOST, 1.0),
    ])
}

/// A connection with a token that lives for hours.
pub async fn log_in(cli: &Cli) -> Outcome {
    let server = FakeServer::start().await?;
    server.always("/auth", Answer::json(200, &json!({"authToken": "t".repeat(800), "expiresInMinutes": 600})));
    let address = format!("base_url={}", server.url(""));
    cli.run(&["connect", "world-of-workflows", "--name", "bench", "--set", &address]).await?;
    cli.run(&["login", "bench", "--method", "request", "--set", "username=someone"]).await
}

fn store(desktop: &Desktop) -> Outcome {
    let mut command = desktop.command("secret-tool");
    command.args(["store", "--label=bench", "keydesk-bench", "token"]).stdin(Stdio::piped()).stdout(Stdio::null());
    let mut child = command.spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(&[b't'; 800])?;
    }
    if child.wait()?.success() { Ok(()) } else { Err(Failure::new("secret-tool stored nothing")) }
}

/// Milliseconds from start to end.
fn time(mut command: Command) -> Outcome<f64> {
    command.stdout(Stdio::null());
    let begun = Instant::now();
    let status = command.status()?;
    let took = begun.elapsed().as_secs_f64() * 1000.0;
    if status.success() { Ok(took) } else { Err(Failure::new("a command of the bench failed")) }
}

/// The most memory that a process had, in MiB: read while it waits for somebody to take what it prints.
fn memory(mut command: Command) -> Outcome<f64> {
    let (mut reader, mut writer): (_, PipeWriter) = pipe()?;
    writer.write_all(&[b'.'; PIPE])?;
    let mut child = command.stdout(writer).spawn()?;
    drop(command);
    std::thread::sleep(REST);
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()))?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes: Option<f64> = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok());
    let mut printed = Vec::new();
    reader.read_to_end(&mut printed)?;
    child.wait()?;
    kibibytes.map(|kibibytes| kibibytes / 1024.0).ok_or_else(|| Failure::new("the process had ended already"))
}
