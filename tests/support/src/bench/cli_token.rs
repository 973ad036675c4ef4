//! What a script pays for a live token: `keydesk token` as a whole process, against `secret-tool lookup`, which reads the same
//! kind of item from the same keychain and knows nothing of tokens.

use std::io::{PipeWriter, Read, Write, pipe};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use super::{Figure, median};
use crate::{Answer, Desktop, DesktopOptions, Failure, FakeServer, Outcome, app_binary};

const ROUNDS: usize = 25;
const SLOWER: f64 = 1.5;
/// What a process may take, in MiB.
const MOST: f64 = 10.0;
/// What fits into a pipe that nobody reads (pipe(7)).
const PIPE: usize = 64 * 1024;
/// Until a process that waits for its reader has come to rest.
const REST: Duration = Duration::from_millis(400);

pub(super) async fn measure() -> Outcome<[Figure; 2]> {
    let keydesk = app_binary()?.with_file_name("keydesk");
    let desktop = Desktop::start(DesktopOptions::default())?;
    let home = tempfile::tempdir()?;
    log_in(&desktop, &keydesk, home.path()).await?;
    let lookup = ["lookup", "keydesk-bench", "token"];
    store(&desktop)?;
    let ours = || command(&desktop, &keydesk, home.path(), &["token", "bench"]);
    let theirs = || {
        let mut command = desktop.command("secret-tool");
        command.args(lookup);
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
async fn log_in(desktop: &Desktop, keydesk: &Path, home: &Path) -> Outcome {
    let server = FakeServer::start().await?;
    server.always("/auth", Answer::json(200, &json!({"authToken": "t".repeat(800), "expiresInMinutes": 600})));
    let url = server.url("").trim_end_matches('/').to_owned();
    let address = format!("base_url={url}");
    let connect = ["connect", "world-of-workflows", "--name", "bench", "--set", &address];
    succeeds(command(desktop, keydesk, home, &connect))?;
    let login = ["login", "bench", "--method", "request", "--set", "username=someone"];
    // The server answers on this thread's runtime.
    let mut login = command(desktop, keydesk, home, &login);
    tokio::task::spawn_blocking(move || succeeds_now(&mut login))
        .await
        .map_err(|error| Failure::new(error.to_string()))?
}

fn command(desktop: &Desktop, keydesk: &Path, home: &Path, arguments: &[&str]) -> Command {
    let mut command = desktop.command(keydesk);
    command.args(arguments).env("KEYDESK_HOME", home).stdin(Stdio::null());
    command
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

fn succeeds(mut command: Command) -> Outcome {
    succeeds_now(&mut command)
}

fn succeeds_now(command: &mut Command) -> Outcome {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(Failure::new(String::from_utf8_lossy(&output.stderr).into_owned()))
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
