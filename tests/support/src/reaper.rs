//! The last resort: ends what is left of a desktop, also when the test itself was killed.
//!
//! `Drop` does not run on Ctrl+C or SIGKILL, and some of what a desktop starts (WebKit's helpers, services the bus
//! activates) leaves its process group. Both carry the desktop's mark in their environment, and a shell that waits for
//! the end of its standard input outlives the test by just long enough to end them, one by one, by process id. Chromium
//! writes over its environment and is known by its profile: left alone it would put that back after all was removed.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Outcome, process::Process};

const SCRIPT: &str = r#"
cat > /dev/null
for round in 1 2 3; do
  left=$({
    grep -lszxF "$1" /proc/[0-9]*/environ
    printf %s "--user-data-dir=$2/" | grep -lsF -f - /proc/[0-9]*/cmdline
  } | sed 's|^/proc/\([0-9]*\)/.*|\1|')
  [ -n "$left" ] || break
  kill -KILL $left 2> /dev/null
  sleep 0.05
done
rm -rf -- "$2"
"#;

/// Waits for the test to end, then tidies up.
#[derive(Debug)]
pub(crate) struct Reaper {
    shell: Process,
}

impl Reaper {
    /// `mark` is the `NAME=value` that all processes of the desktop carry, `directory` what to remove.
    pub(crate) fn start(mark: &str, directory: &Path) -> Outcome<Self> {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", SCRIPT, "reaper", mark]).arg(directory);
        command.env_clear().env("PATH", "/usr/bin:/bin");
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(Self { shell: Process::start(&mut command)? })
    }
}

impl Drop for Reaper {
    fn drop(&mut self) {
        // Closing its input sets it off; waiting here makes "gone after drop" true.
        drop(self.shell.child().stdin.take());
        let _ = self.shell.child().wait();
    }
}
