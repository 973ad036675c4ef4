//! How fast a run of many goes, and what it takes: `keydesk action` over 10,000 targets, with its marks on the disk, its results
//! kept and its activity told, against oha, which sends the same request as often as it can. Both at the same server on this
//! machine, with the same body and as many at once, and both measured there: from the first request to the last answer.
//!
//! The server takes a millisecond for each, which is less than any network does. One that takes no time at all would measure
//! something else: who does less for a request, and oha neither knows a token nor writes anything down.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use keydesk_support::{Failure, Outcome, target_directory};

use crate::cli::{Cli, succeeds};
use crate::figure::{Figure, median};
use crate::trigger_server::{TRIGGER, TriggerServer};

const TARGETS: usize = 10_000;
const AT_ONCE: &str = "8";
const ROUNDS: usize = 5;
/// Of what oha reaches.
const LEAST: f64 = 0.8;
/// What 10,000 targets may take more than two, in MiB.
const MOST: f64 = 50.0;
/// One request of it.
const BODY: &str = r#"{"action":"invoke","target_device_ids":["990007560234567"]}"#;

pub async fn measure() -> Outcome<[Figure; 2]> {
    let oha = target_directory().join("tools/bin/oha");
    if !oha.exists() {
        return Err(Failure::new(format!("{} is not there; `./dev bench` installs it", oha.display())));
    }
    let server = TriggerServer::start()?;
    let cli = Cli::new()?;
    log_in(&cli, &server).await?;
    let (many, few) = (targets(&cli, TARGETS)?, targets(&cli, 2)?);
    let mut memory = Vec::new();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        server.forget();
        succeeds(load(&oha, &server)).await?;
        theirs.push(server.rate(TARGETS)?);
        server.forget();
        let peak = peak(run(&cli, &many)).await?;
        ours.push(server.rate(TARGETS)?);
        memory.push(peak - self::peak(run(&cli, &few)).await?);
    }
    Ok([
        Figure::at_least("run-throughput", "1/s", median(ours), median(theirs), LEAST),
        Figure::at_most("run-memory", "MiB", median(memory), MOST, 1.0),
    ])
}

/// The same request again and again, as fast as it goes.
fn load(oha: &PathBuf, server: &TriggerServer) -> Command {
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

pub async fn log_in(cli: &Cli, server: &TriggerServer) -> Outcome {
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
pub async fn peak(mut command: Command) -> Outcome<f64> {
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
