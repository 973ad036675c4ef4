//! A session bus of its own.

use std::os::unix::net::UnixStream;
use std::path::Path;

use zbus::blocking::Connection;
use zbus::blocking::connection::Builder;

use crate::environment::Environment;
use crate::process::{Process, command, logged};
use crate::wait::{SOON, wait_blocking};
use crate::{Failure, Outcome};

/// A D-Bus session daemon that starts no service by itself but those put in its folder.
#[derive(Debug)]
pub(crate) struct Bus {
    daemon: Process,
    address: String,
}

impl Bus {
    /// Starts the daemon and tells the environment its address.
    pub(crate) fn start(environment: &mut Environment) -> Outcome<Self> {
        let socket = environment.root().join("run/bus");
        let address = format!("unix:path={}", socket.display());
        let configuration = environment.root().join("run/bus.conf");
        std::fs::write(&configuration, configuration_text(&address, &environment.root().join("run/services")))?;
        environment.set("DBUS_SESSION_BUS_ADDRESS", &address);
        let mut program = command("dbus-daemon", environment.variables());
        program.arg(format!("--config-file={}", configuration.display())).args(["--nofork", "--nopidfile"]);
        let daemon = Process::start(logged(&mut program, &environment.root().join("log/dbus.log"))?)?;
        let mut bus = Self { daemon, address };
        bus.answers(&socket)?;
        Ok(bus)
    }

    /// A connection of the harness's own.
    pub(crate) fn connect(&self) -> Outcome<Connection> {
        Ok(Builder::address(self.address.as_str())?.build()?)
    }

    /// Where programs reach it.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    // Not merely that the socket is there: it is made a moment before anybody listens on it.
    fn answers(&mut self, socket: &Path) -> Outcome {
        wait_blocking(
            || {
                let ended = self.daemon.ended().is_some();
                (ended || UnixStream::connect(socket).is_ok()).then_some(())
            },
            SOON,
            "the session bus",
        )?;
        self.daemon.must_run()
    }
}

/// Whether somebody owns `name` on this bus.
pub(crate) fn has_owner(connection: &Connection, name: &str) -> bool {
    let asked = connection.call_method(
        Some("org.freedesktop.DBus"),
        "/org/freedesktop/DBus",
        Some("org.freedesktop.DBus"),
        "NameHasOwner",
        &(name),
    );
    asked.is_ok_and(|reply| reply.body().deserialize().unwrap_or(false))
}

/// Lets the bus start what the system has installed for `name`, when somebody calls it.
pub(crate) fn put_system_service(environment: &Environment, name: &str) -> Outcome {
    let folder = environment.root().join("run/services");
    std::fs::create_dir_all(&folder)?;
    let file = format!("{name}.service");
    let installed = Path::new("/usr/share/dbus-1/services").join(&file);
    let copied = std::fs::copy(&installed, folder.join(file));
    copied.map(drop).map_err(|cause| Failure::new(format!("{}: {cause}", installed.display())))
}

/// No bus at all: also none that GLib would start by itself through `dbus-launch`.
pub(crate) fn forbid(environment: &Environment) -> Outcome {
    environment.put_program("dbus-launch", "#!/bin/sh\nexit 1\n")
}

fn configuration_text(address: &str, services: &Path) -> String {
    // Not the system's session.conf: that would activate the real keyring, portals and accessibility services.
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>{address}</listen>
  <auth>EXTERNAL</auth>
  <servicedir>{}</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
        services.display()
    )
}
