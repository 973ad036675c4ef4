//! How fast the window is there and what it takes, against an empty Tauri window of the same build.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use keydesk_support::{Desktop, DesktopOptions, Failure, Outcome, Process, app_binary, processes_of, wait_until};

use crate::figure::{Figure, median};
use crate::screen::Screen;

const ROUNDS: usize = 7;
const LOOK: Duration = Duration::from_millis(2);
const PATIENCE: Duration = Duration::from_secs(20);
/// Until memory has come to rest.
const REST: Duration = Duration::from_secs(3);
const GOAL: f64 = 1.25;

#[derive(Default)]
struct Samples {
    milliseconds: Vec<f64>,
    mebibytes: Vec<f64>,
}

pub async fn measure() -> Outcome<[Figure; 2]> {
    let ours = app_binary()?;
    let empty = ours.with_file_name("empty-window");
    if !empty.exists() {
        return Err(Failure::new(format!("{} is not built; `./dev bench` builds it", empty.display())));
    }
    let desktop = Desktop::start(DesktopOptions::default())?;
    let display = desktop.variable("DISPLAY").ok_or_else(|| Failure::new("the desktop has no screen"))?;
    let screen = Screen::open(&display)?;
    let (mut app, mut window) = (Samples::default(), Samples::default());
    // The first start of each warms the disk and is not counted.
    start(&desktop, &screen, &ours, &mut Samples::default()).await?;
    start(&desktop, &screen, &empty, &mut Samples::default()).await?;
    for _ in 0..ROUNDS {
        start(&desktop, &screen, &empty, &mut window).await?;
        start(&desktop, &screen, &ours, &mut app).await?;
    }
    Ok([
        Figure::at_most("startup-time", "ms", median(app.milliseconds), median(window.milliseconds), GOAL),
        Figure::at_most("startup-memory", "MiB", median(app.mebibytes), median(window.mebibytes), GOAL),
    ])
}

async fn start(desktop: &Desktop, screen: &Screen, binary: &PathBuf, samples: &mut Samples) -> Outcome {
    let mark = format!("KEYDESK_BENCH_RUN={}", binary.display());
    let (name, value) = mark.split_once('=').unwrap_or_default();
    let begun = Instant::now();
    let mut window = desktop.spawn(desktop.command(binary).env(name, value), "bench")?;
    painted(screen, &mut window, begun).await?;
    samples.milliseconds.push(begun.elapsed().as_secs_f64() * 1000.0);
    tokio::time::sleep(REST).await;
    let bytes: u64 = processes_of(&mark).into_iter().map(proportional_memory).sum();
    samples.mebibytes.push(bytes as f64 / 1024.0 / 1024.0);
    drop(window);
    wait_until(async || processes_of(&mark).is_empty(), PATIENCE, "the window to be gone").await?;
    let cleared = async || screen.is_painted(640, 700).is_ok_and(|painted| !painted);
    wait_until(cleared, PATIENCE, "the screen to be empty").await
}

async fn painted(screen: &Screen, window: &mut Process, begun: Instant) -> Outcome {
    // Below the middle: paper in the app, page in the empty window.
    while !screen.is_painted(640, 700)? {
        window.must_run()?;
        if begun.elapsed() > PATIENCE {
            return Err(Failure::new("the window did not paint"));
        }
        tokio::time::sleep(LOOK).await;
    }
    Ok(())
}

/// Its pages, those shared with others divided among them.
pub fn proportional_memory(process: u32) -> u64 {
    let rollup = Path::new("/proc").join(process.to_string()).join("smaps_rollup");
    let text = std::fs::read_to_string(rollup).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("Pss:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kibibytes.unwrap_or(0) * 1024
}
