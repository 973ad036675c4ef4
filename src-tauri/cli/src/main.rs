//! Keydesk on the command line: a second face on the same core. docs/command-line.md is its manual.

mod advice;
mod arguments;
mod commands;
mod confirm;
mod context;
mod exit;
mod failure;
mod find;
mod follow;
mod interrupt;
mod output;
mod pairs;
mod passphrase;
mod qr;
mod refusal;
mod secrets;
mod table;
mod times;

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;

use arguments::Arguments;
use context::Context;
use exit::Exit;
use failure::Failure;
use output::Output;

/// Memory is wiped when it is given back, so that no token stays behind in a buffer of a library (security.md F7).
#[global_allocator]
static ALLOCATOR: zeroizing_alloc::ZeroAlloc<std::alloc::System> = zeroizing_alloc::ZeroAlloc(std::alloc::System);

fn main() -> ExitCode {
    keydesk_core::tell_faults_by_place();
    let arguments = match Arguments::try_parse_from(arguments::given()) {
        Ok(arguments) => arguments,
        Err(error) => return misused(&error).into(),
    };
    let output = Output::new(arguments.json);
    // Few threads: they are started before anything is done.
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => return output.failure(&Failure::from(error)).into(),
    };
    let exit = runtime.block_on(async {
        let context = Context::new(output);
        let outcome = commands::run(&context, arguments.command).await;
        context.close().await;
        outcome.unwrap_or_else(|failure| output.failure(&failure))
    });
    // Not waited for: some systems' openers run as long as the browser does.
    runtime.shutdown_background();
    exit.into()
}

/// Help and version are no errors; the rest is, in JSON too where that was asked for.
fn misused(error: &clap::Error) -> Exit {
    let asked = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    let json = std::env::args_os().any(|argument| argument == "--json");
    if json && !asked {
        let text = error.render().to_string();
        // What follows is the usage.
        let what = text.split("\n\n").next().unwrap_or_default().trim_start_matches("error: ").trim();
        return Output::new(true).failure(&Failure::usage("arguments", what));
    }
    // A closed pipe is nobody's fault.
    let _ = error.print();
    if asked { Exit::Ok } else { Exit::Usage }
}
