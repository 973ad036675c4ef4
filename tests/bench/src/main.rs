//! Measures what is promised of speed and memory, and prints it: a table, or with `--json` one object a line. Each figure
//! is measured against something in the same run, the median of several where one varies.
// Printing is what it is for.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod answer_window;
mod cli;
mod cli_token;
mod figure;
mod file_memory;
mod file_server;
mod history;
mod json_answer;
mod layout;
mod renewal_storm;
mod request_overhead;
mod rotation;
mod run_throughput;
mod run_window;
mod screen;
mod startup;
mod trigger_server;

use std::process::ExitCode;
use std::time::Duration;

use figure::{Figure, HEAD};
use keydesk_support::{Failure, Outcome};

/// The figures that can be asked for.
const NAMES: [&str; 19] = [
    "startup-time",
    "startup-memory",
    "cli-token",
    "cli-token-memory",
    "request-overhead",
    "renewal-storm",
    "renewal-storm-requests",
    "run-throughput",
    "run-memory",
    "run-window",
    "upload-memory",
    "download-memory",
    "rotation-two-processes",
    "json-100mb-first-rows",
    "json-100mb-read",
    "json-100mb-longest-block",
    "json-100mb-memory",
    "history-search",
    "history-send",
];

/// What was asked for on the command line.
struct Asked {
    json: bool,
    /// How long two processes share a login.
    minutes: f64,
    names: Vec<String>,
}

impl Asked {
    fn of(words: impl Iterator<Item = String>) -> Outcome<Self> {
        let mut asked = Self { json: false, minutes: 10.0, names: Vec::new() };
        let mut words = words;
        while let Some(word) = words.next() {
            let mut minutes = || words.next()?.parse().ok().filter(|minutes: &f64| *minutes > 0.0);
            match word.as_str() {
                "--json" => asked.json = true,
                "--minutes" => asked.minutes = minutes().ok_or_else(|| Failure::new("--minutes wants a number"))?,
                name if NAMES.contains(&name) || name == "layout" => asked.names.push(word),
                _ => {
                    let names = NAMES.join(", ");
                    return Err(Failure::new(format!("There is no figure or option {word}. Figures: {names}")));
                }
            }
        }
        Ok(asked)
    }

    fn wants(&self, names: &[&str]) -> bool {
        self.names.is_empty() || self.names.iter().any(|asked| names.contains(&asked.as_str()))
    }

    fn tell(&self, figures: impl IntoIterator<Item = Figure>) -> bool {
        let mut hold = true;
        for figure in figures.into_iter().filter(|figure| self.wants(&[figure.name])) {
            println!("{}", if self.json { serde_json::json!(figure).to_string() } else { figure.line() });
            hold &= figure.holds;
        }
        hold
    }
}

fn main() -> ExitCode {
    let outcome = match renewal_storm::inside() {
        Some(server) => renewal_storm::measure_inside(&server).map(|()| true),
        None => Asked::of(std::env::args().skip(1)).and_then(|asked| measure(&asked)),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Measures what was asked for. Gives whether all of it holds.
#[tokio::main(flavor = "current_thread")]
async fn measure(asked: &Asked) -> Outcome<bool> {
    if asked.names == ["layout"] {
        return layout::print().await.map(|()| true);
    }
    if !asked.json {
        println!("{HEAD}");
    }
    let mut hold = true;
    if asked.wants(&NAMES[..2]) {
        hold &= asked.tell(startup::measure().await?);
    }
    if asked.wants(&NAMES[2..4]) {
        hold &= asked.tell(cli_token::measure().await?);
    }
    if asked.wants(&NAMES[4..5]) {
        hold &= asked.tell([request_overhead::measure().await?]);
    }
    if asked.wants(&NAMES[5..7]) {
        hold &= asked.tell(renewal_storm::measure().await?);
    }
    if asked.wants(&NAMES[7..9]) {
        hold &= asked.tell(run_throughput::measure().await?);
    }
    if asked.wants(&["run-window"]) {
        hold &= asked.tell([run_window::measure().await?]);
    }
    if asked.wants(&["upload-memory", "download-memory"]) {
        hold &= asked.tell(file_memory::measure().await?);
    }
    if asked.wants(&["json-100mb-first-rows", "json-100mb-read"]) {
        hold &= asked.tell(json_answer::measure().await?);
    }
    if asked.wants(&["json-100mb-longest-block", "json-100mb-memory"]) {
        hold &= asked.tell(answer_window::measure().await?);
    }
    if asked.wants(&["history-search", "history-send"]) {
        hold &= asked.tell(history::measure().await?);
    }
    if asked.wants(&["rotation-two-processes"]) {
        hold &= asked.tell([rotation::measure(Duration::from_secs_f64(asked.minutes * 60.0)).await?]);
    }
    Ok(hold)
}
