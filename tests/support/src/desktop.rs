//! A desktop of its own for one test: home, screen, session bus, keychain, and a shim for the browser.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tempfile::TempDir;

use crate::bus::{self, Bus};
use crate::display::{self, Display};
use crate::environment::Environment;
use crate::evidence::Camera;
use crate::keychain::{Keychain, KeychainService};
use crate::reaper::Reaper;
use crate::shim::{self, BrowserShim};
use crate::wait::wait_for;
use crate::{Failure, Outcome, process};

/// How a desktop is to be.
#[derive(Clone, Copy, Debug)]
pub struct DesktopOptions {
    /// What a program finds that looks for the keychain.
    pub keychain: Keychain,
    /// What happens when a program opens an address.
    pub browser: BrowserShim,
    /// Width and height in pixels.
    pub screen: (u32, u32),
}

impl Default for DesktopOptions {
    fn default() -> Self {
        Self { keychain: Keychain::default(), browser: BrowserShim::default(), screen: (1280, 800) }
    }
}

impl DesktopOptions {
    /// The usual desktop with another keychain.
    #[must_use]
    pub fn with_keychain(keychain: Keychain) -> Self {
        Self { keychain, ..Self::default() }
    }
}

/// A running desktop. Dropping it ends all that runs in it, and removes its directory.
// The order of the fields is the order of ending: the reaper last of the processes, the directory after it.
#[derive(Debug)]
pub struct Desktop {
    keychain: Option<KeychainService>,
    bus: Option<Bus>,
    _display: Display,
    environment: Environment,
    opened_before: AtomicUsize,
    _reaper: Reaper,
    _root: TempDir,
}

impl Desktop {
    /// Starts everything and returns when it is ready: some 0.3 s.
    ///
    /// # Errors
    /// A program is missing or did not become ready; the message says which.
    pub fn start(options: DesktopOptions) -> Outcome<Self> {
        let root = tempfile::Builder::new().prefix("keydesk-desktop-").tempdir()?;
        let mut environment = Environment::create(root.path())?;
        let reaper = Reaper::start(environment.mark(), root.path())?;
        shim::put(options.browser, &mut environment)?;
        let display = Display::start(&mut environment, options.screen)?;
        let (bus, keychain) = start_session(options.keychain, &mut environment)?;
        Ok(Self {
            keychain,
            bus,
            _display: display,
            environment,
            opened_before: AtomicUsize::new(0),
            _reaper: reaper,
            _root: root,
        })
    }

    /// A command that runs in this desktop and sees nothing of the person's own.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        process::command(program, self.environment.variables())
    }

    /// Starts a command made by [`Self::command`]; its output goes to the log of this `name`.
    ///
    /// # Errors
    /// It could not be started.
    pub fn spawn(&self, command: &mut Command, name: &str) -> Outcome<process::Process> {
        process::Process::start(process::logged(command, &self.log(name))?)
    }

    /// The directory that holds everything this desktop's programs wrote: what a canary test searches.
    #[must_use]
    pub fn root(&self) -> &Path {
        self.environment.root()
    }

    /// The home directory.
    #[must_use]
    pub fn home(&self) -> PathBuf {
        self.root().join("home")
    }

    /// Where a program's output is kept: `app`, `chromedriver`, `dbus` and so on.
    #[must_use]
    pub fn log(&self, name: &str) -> PathBuf {
        self.root().join(format!("log/{name}.log"))
    }

    /// A variable of its environment: `DISPLAY`, say.
    #[must_use]
    pub fn variable(&self, name: &str) -> Option<String> {
        let variables = self.environment.variables().iter();
        variables.rev().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }

    /// `NAME=value` that all processes of this desktop carry in their environment, for [`crate::processes_of`].
    #[must_use]
    pub fn mark(&self) -> String {
        self.environment.mark().to_owned()
    }

    /// A picture of the whole screen.
    ///
    /// # Errors
    /// ImageMagick's `import` is missing or failed.
    pub fn picture(&self, path: &Path) -> Outcome {
        display::picture(self.environment.variables(), path)
    }

    /// Every address a program opened so far, in order, as the one argument it was given.
    ///
    /// # Errors
    /// A program gave more or fewer arguments than one: that itself is a finding.
    pub fn opened_urls(&self) -> Outcome<Vec<String>> {
        let record = std::fs::read_to_string(shim::record_of(&self.environment))?;
        record.lines().map(only_argument).collect()
    }

    /// The next address a program opens (or has opened since the last call).
    ///
    /// # Errors
    /// Nothing was opened within `timeout`.
    pub async fn opened_url(&self, timeout: Duration) -> Outcome<String> {
        let next = self.opened_before.load(Ordering::Relaxed);
        let ask = async || self.opened_urls().map(|urls| urls.into_iter().nth(next)).transpose();
        let url = wait_for(ask, timeout, "an address to be opened in the browser").await??;
        self.opened_before.store(next + 1, Ordering::Relaxed);
        Ok(url)
    }

    /// Locks the keychain while programs use it.
    ///
    /// # Errors
    /// This desktop has no real keychain.
    pub fn lock_keychain(&self) -> Outcome {
        self.keychain()?.lock()
    }

    /// Unlocks it again.
    ///
    /// # Errors
    /// This desktop has no real keychain.
    pub fn unlock_keychain(&self) -> Outcome {
        self.keychain()?.unlock()
    }

    /// Kills the keychain's daemon with `SIGKILL`. The next who asks finds a new one, which is locked.
    ///
    /// # Errors
    /// This desktop has no real keychain.
    pub fn kill_keychain(&self) -> Outcome {
        self.keychain()?.kill(&self.environment)
    }

    /// The address of the session bus, where there is one.
    #[must_use]
    pub fn bus_address(&self) -> Option<&str> {
        self.bus.as_ref().map(Bus::address)
    }

    pub(crate) fn camera(&self) -> Camera {
        Camera::Screen(self.environment.variables().to_vec())
    }

    fn keychain(&self) -> Outcome<&KeychainService> {
        self.keychain.as_ref().ok_or_else(|| Failure::new("this desktop has no session bus"))
    }
}

fn start_session(keychain: Keychain, environment: &mut Environment) -> Outcome<(Option<Bus>, Option<KeychainService>)> {
    if keychain == Keychain::NoBus {
        bus::forbid(environment)?;
        return Ok((None, None));
    }
    let bus = Bus::start(environment)?;
    let service = KeychainService::start(keychain, &bus, environment)?;
    Ok((Some(bus), Some(service)))
}

fn only_argument(line: &str) -> Outcome<String> {
    match line.split_once(' ') {
        Some(("1", url)) => Ok(url.to_owned()),
        _ => Err(Failure::new(format!("the browser was not given exactly one argument: {line}"))),
    }
}
