//! Takes the tour through the app as built, and ends with an error if a step failed.
// Printing is what it is for.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::process::ExitCode;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match keydesk_support::tour::take(|line| println!("{line}")).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(why) => {
            eprintln!("FAILED to start: {why}");
            ExitCode::FAILURE
        }
    }
}
