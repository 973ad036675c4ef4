//! The directories and variables of one desktop, apart from the person's own.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::Outcome;

/// What is passed on from outside: tools and how talkative they are, never proxies, displays or buses.
const PASSED_ON: [&str; 6] = ["RUSTUP_HOME", "CARGO_HOME", "RUST_LOG", "RUST_BACKTRACE", "TZ", "KEYDESK_LOG"];

/// Variables and directories of one desktop.
#[derive(Debug)]
pub(crate) struct Environment {
    root: PathBuf,
    variables: Vec<(String, String)>,
    mark: String,
}

impl Environment {
    /// Makes the directories under `root`.
    pub(crate) fn create(root: &Path) -> Outcome<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let mark = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let mut own = Self { root: root.to_path_buf(), variables: Vec::new(), mark: format!("KEYDESK_DESKTOP={mark}") };
        own.pass_on();
        own.set("KEYDESK_DESKTOP", &mark);
        own.set("LANG", "C.UTF-8");
        own.set("GSETTINGS_BACKEND", "memory");
        for (variable, folder) in [
            ("HOME", "home"),
            ("XDG_CONFIG_HOME", "home/.config"),
            ("XDG_DATA_HOME", "home/.local/share"),
            ("XDG_CACHE_HOME", "home/.cache"),
            ("XDG_STATE_HOME", "home/.local/state"),
            ("XDG_RUNTIME_DIR", "run"),
            ("TMPDIR", "tmp"),
        ] {
            let folder = own.folder(folder)?;
            own.set(variable, &folder.to_string_lossy());
        }
        let programs = own.folder("bin")?;
        let others = std::env::var("PATH").unwrap_or_else(|_| "/usr/local/bin:/usr/bin:/bin".into());
        own.set("PATH", &format!("{}:{others}", programs.display()));
        own.folder("log")?;
        Ok(own)
    }

    /// Sets or replaces a variable for all that starts from now on.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.into(), value.into()));
    }

    pub(crate) fn variables(&self) -> &[(String, String)] {
        &self.variables
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// `NAME=value` that every process of this desktop carries.
    pub(crate) fn mark(&self) -> &str {
        &self.mark
    }

    /// A program in this desktop that goes before the system's of the same name.
    pub(crate) fn put_program(&self, name: &str, script: &str) -> Outcome {
        let path = self.root.join("bin").join(name);
        fs::write(&path, script)?;
        Ok(fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?)
    }

    fn folder(&self, name: &str) -> Outcome<PathBuf> {
        let path = self.root.join(name);
        fs::create_dir_all(&path)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o700))?;
        Ok(path)
    }

    fn pass_on(&mut self) {
        for name in PASSED_ON {
            if let Ok(value) = std::env::var(name) {
                self.set(name, &value);
            }
        }
        // The toolchain stays where it is though HOME moves.
        if let Some(home) = std::env::home_dir() {
            for (name, folder) in [("CARGO_HOME", ".cargo"), ("RUSTUP_HOME", ".rustup")] {
                if !self.variables.iter().any(|(known, _)| known == name) {
                    self.set(name, &home.join(folder).to_string_lossy());
                }
            }
        }
    }
}
