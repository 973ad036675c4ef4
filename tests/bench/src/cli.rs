//! The command line, in a home and a session of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use keydesk_support::{Desktop, DesktopOptions, Failure, Outcome, app_binary};
use tempfile::TempDir;

pub struct Cli {
    pub desktop: Desktop,
    program: PathBuf,
    home: TempDir,
}

impl Cli {
    pub fn new() -> Outcome<Self> {
        let program = app_binary()?.with_file_name("keydesk");
        Ok(Self { desktop: Desktop::start(DesktopOptions::default())?, program, home: tempfile::tempdir()? })
    }

    pub fn program(&self) -> &Path {
        &self.program
    }

    pub fn home(&self) -> &Path {
        self.home.path()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.desktop.command(&self.program);
        command.args(arguments).env("KEYDESK_HOME", self.home()).stdin(Stdio::null());
        command
    }

    /// Runs a command to its end, and lets this thread's servers answer it meanwhile.
    pub async fn run(&self, arguments: &[&str]) -> Outcome {
        succeeds(self.command(arguments)).await
    }
}

/// That a command ends well.
pub async fn succeeds(mut command: Command) -> Outcome {
    let run = tokio::task::spawn_blocking(move || command.output());
    let output = run.await.map_err(|error| Failure::new(error.to_string()))??;
    if output.status.success() {
        return Ok(());
    }
    Err(Failure::new(String::from_utf8_lossy(&output.stderr).into_owned()))
}
