//! Debian's mosquitto, a broker that others wrote, on this machine.

use std::net::{Ipv4Addr, TcpStream};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::process::{logged, run};
use crate::wait::wait_blocking;
use crate::{Outcome, Process, free_port};

const LONG: Duration = Duration::from_secs(20);

/// The broker's process. Dropping it ends it.
#[derive(Debug)]
pub struct Mosquitto {
    _process: Process,
    port: u16,
    _home: TempDir,
}

impl Mosquitto {
    /// The password of all its users: it lets nobody in without one.
    pub const PASSWORD: &str = "mosquitto-wants-one";

    /// Starts it on a free port, for these users.
    ///
    /// # Errors
    /// It is not installed, or does not start.
    pub fn start(users: &[&str]) -> Outcome<Self> {
        Self::start_at(free_port()?, users, None)
    }

    /// Starts it on this port; in TLS with a certificate and its key, both in PEM.
    ///
    /// # Errors
    /// As for [`Self::start`].
    pub fn start_at(port: u16, users: &[&str], tls: Option<&(String, String)>) -> Outcome<Self> {
        let home = tempfile::tempdir()?;
        let file = |name: &str| home.path().join(name);
        let users: Vec<String> = users.iter().map(|user| format!("{user}:{}\n", Self::PASSWORD)).collect();
        std::fs::write(file("users"), users.concat())?;
        run(Command::new("mosquitto_passwd").arg("-U").arg(file("users")))?;
        let mut lines = vec![
            format!("listener {port} 127.0.0.1"),
            "allow_anonymous false".to_owned(),
            format!("password_file {}", file("users").display()),
            // As root it would become somebody who cannot read what is here.
            "user root".to_owned(),
        ];
        if let Some((certificate, key)) = tls {
            for (name, pem) in [("certfile", certificate), ("keyfile", key)] {
                std::fs::write(file(name), pem)?;
                lines.push(format!("{name} {}", file(name).display()));
            }
        }
        std::fs::write(file("mosquitto.conf"), lines.join("\n"))?;
        let mut command = Command::new(program());
        command.arg("-c").arg(file("mosquitto.conf"));
        let mut process = Process::start(logged(&mut command, &file("log"))?)?;
        let open = || TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok();
        wait_blocking(|| open().map(drop), LONG, "mosquitto")?;
        process.must_run()?;
        Ok(Self { _process: process, port, _home: home })
    }

    /// The port it listens at.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }
}

/// Debian has it where a person's path often does not lead.
fn program() -> &'static str {
    let system = "/usr/sbin/mosquitto";
    if std::path::Path::new(system).exists() { system } else { "mosquitto" }
}
