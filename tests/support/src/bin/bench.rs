//! Measures what is promised of speed and memory, and prints it: a table, or with `--json` one object a line.
// Printing is what it is for.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

use keydesk_support::bench::{HEAD, NAMES, measure};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let (options, names): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|word| word.starts_with('-'));
    let json = options.iter().any(|option| option == "--json");
    let unknown = names.iter().find(|name| !NAMES.contains(&name.as_str()));
    if let Some(unknown) = unknown.or_else(|| options.iter().find(|option| *option != "--json")) {
        eprintln!("There is no figure or option {unknown}. Figures: {}", NAMES.join(", "));
        return ExitCode::FAILURE;
    }
    match measure(&names).await {
        Ok(figures) => {
            if !json {
                println!("{HEAD}");
            }
            for figure in &figures {
                println!("{}", if json { serde_json::json!(figure).to_string() } else { figure.line() });
            }
            if figures.iter().all(|figure| figure.holds) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(why) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}
