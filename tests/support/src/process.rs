//! A program that ends with the value that stands for it.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::{Failure, Outcome};

/// A running program and all of its process group. Dropping it ends them: politely first, then not.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
}

impl Process {
    /// Starts `command` as the head of a process group of its own.
    ///
    /// # Errors
    /// It could not be started; a missing program is named.
    pub fn start(command: &mut Command) -> Outcome<Self> {
        let name = command.get_program().to_string_lossy().into_owned();
        let child = command.process_group(0).spawn().map_err(|cause| {
            Failure::new(format!("{name} could not be started ({cause}); `./dev prepare` installs what is missing"))
        })?;
        Ok(Self { name, child })
    }

    /// The process id, which is also its group's.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The handle, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// The exit status, once it has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Says that the program has ended where it should be running.
    ///
    /// # Errors
    /// It has ended.
    pub fn must_run(&mut self) -> Outcome {
        match self.ended() {
            Some(status) => Err(Failure::new(format!("{} ended with {status}", self.name))),
            None => Ok(()),
        }
    }

    fn signal_group(&self, signal: Signal) {
        if let Some(group) = Pid::from_raw(self.child.id().cast_signed()) {
            // An error means that nothing of the group is left.
            let _ = kill_process_group(group, signal);
        }
    }

    fn ends_within(&mut self, limit: Duration) -> bool {
        let end = Instant::now() + limit;
        while self.ended().is_none() {
            if Instant::now() >= end {
                return false;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        true
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Once reaped, the id may belong to somebody else: signal only what has not been waited for.
        if self.ended().is_some() {
            return;
        }
        self.signal_group(Signal::TERM);
        if !self.ends_within(Duration::from_secs(2)) {
            self.signal_group(Signal::KILL);
            let _ = self.child.wait();
        }
    }
}

/// Output goes to the end of this file, errors too.
pub(crate) fn logged<'c>(command: &'c mut Command, log: &Path) -> Outcome<&'c mut Command> {
    let file = std::fs::File::options().create(true).append(true).open(log)?;
    Ok(command.stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file))
}

/// Runs a short command to its end and returns what it printed.
pub(crate) fn run(command: &mut Command) -> Outcome<Vec<u8>> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.stdin(Stdio::null()).output().map_err(|cause| Failure::new(format!("{name}: {cause}")))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(Failure::new(format!("{name}: {}: {}", output.status, String::from_utf8_lossy(&output.stderr).trim())))
}

/// Process ids of the living children of `parent`.
pub(crate) fn children_of(parent: u32) -> Vec<u32> {
    let is_child = |id: &u32| living_parent_of(*id) == Some(parent);
    all_processes().into_iter().filter(is_child).collect()
}

/// Process ids whose environment holds exactly this `NAME=value`, whoever their parent is by now.
#[must_use]
pub fn processes_of(variable: &str) -> Vec<u32> {
    let holds = |id: &u32| {
        std::fs::read(format!("/proc/{id}/environ"))
            .is_ok_and(|all| all.split(|byte| *byte == 0).any(|one| one == variable.as_bytes()))
    };
    all_processes().into_iter().filter(holds).collect()
}

/// How many ports a process listens at: its sockets among those that the system lists as listening.
#[must_use]
pub fn ports_of(process: u32) -> usize {
    const LISTENING: &str = "0A";
    let listed = ["/proc/net/tcp", "/proc/net/tcp6"].map(|file| std::fs::read_to_string(file).unwrap_or_default());
    let rows = listed.iter().flat_map(|table| table.lines()).map(|row| row.split_whitespace().collect::<Vec<_>>());
    let listening = rows.filter(|row| row.get(3) == Some(&LISTENING)).filter_map(|row| row.get(9).copied());
    let sockets: Vec<String> = listening.map(|inode| format!("socket:[{inode}]")).collect();
    let opened = std::fs::read_dir(format!("/proc/{process}/fd")).into_iter().flatten().flatten();
    let opened = opened.filter_map(|entry| std::fs::read_link(entry.path()).ok());
    opened.filter(|target| sockets.iter().any(|socket| target.as_os_str() == socket.as_str())).count()
}

fn all_processes() -> Vec<u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str().and_then(|name| name.parse().ok())).collect()
}

/// The parent of a process that has not ended (a zombie has).
fn living_parent_of(id: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name in parentheses may hold spaces: count from behind it.
    let mut after = stat.rsplit_once(')')?.1.split_whitespace();
    let state = after.next()?;
    let parent = after.next()?.parse().ok()?;
    (state != "Z").then_some(parent)
}

/// A command that starts from this environment and nothing else.
pub(crate) fn command(program: impl AsRef<OsStr>, environment: &[(String, String)]) -> Command {
    let mut command = Command::new(program);
    command.env_clear().envs(environment.iter().map(|(name, value)| (name, value)));
    command
}
