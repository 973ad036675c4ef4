//! A screen nobody sees.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;

use crate::environment::Environment;
use crate::process::{self, Process, command};
use crate::{Failure, Outcome};

/// An X server without a screen.
#[derive(Debug)]
pub(crate) struct Display {
    _server: Process,
}

impl Display {
    /// Starts Xvfb and lets it choose the display's number, so that parallel tests never meet.
    pub(crate) fn start(environment: &mut Environment, (width, height): (u32, u32)) -> Outcome<Self> {
        let mut xvfb = command("Xvfb", environment.variables());
        xvfb.args(["-displayfd", "1", "-nolisten", "tcp", "-noreset", "-screen", "0", &format!("{width}x{height}x24")]);
        let errors = std::fs::File::create(environment.root().join("log/xvfb.log"))?;
        xvfb.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(errors);
        let mut server = Process::start(&mut xvfb)?;
        let number = first_line(&mut server)?;
        environment.set("DISPLAY", &format!(":{number}"));
        Ok(Self { _server: server })
    }
}

/// A picture of the whole screen.
pub(crate) fn picture(variables: &[(String, String)], path: &Path) -> Outcome {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    process::run(command("import", variables).args(["-window", "root"]).arg(path)).map(drop)
}

fn first_line(server: &mut Process) -> Outcome<String> {
    let output = server.child().stdout.take().ok_or_else(|| Failure::new("Xvfb has no output"))?;
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line)?;
    match line.trim() {
        "" => Err(Failure::new("Xvfb found no free display")),
        number => Ok(number.to_owned()),
    }
}
