//! A WebDriver server and a session with it.

use std::process::Command;
use std::time::Duration;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::Value;

use crate::process::Process;
use crate::wait::{SOON, free_port, wait_for};
use crate::{Desktop, Failure, Outcome};

// A session that does not start is hanging (another instance on the bus): say so rather than wait for ever.
const SESSION: Duration = Duration::from_secs(20);

/// The server's process and its port.
#[derive(Debug)]
pub(crate) struct Driver {
    process: Process,
    port: u16,
}

impl Driver {
    /// Starts `command`, which learns its port by `--port=`.
    pub(crate) async fn start(desktop: &Desktop, command: &mut Command, name: &str) -> Outcome<Self> {
        // WebKitWebDriver cannot choose one itself.
        let port = free_port()?;
        command.arg(format!("--port={port}"));
        let mut driver = Self { process: desktop.spawn(command, name)?, port };
        let what = format!("{name} to listen");
        let listens = async || {
            let connected = tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_ok();
            (connected || driver.process.ended().is_some()).then_some(())
        };
        wait_for(listens, SOON, &what).await?;
        driver.process.must_run()?;
        Ok(driver)
    }

    /// The server's process id.
    pub(crate) fn id(&self) -> u32 {
        self.process.id()
    }

    /// Begins a session, which starts the browser or the app.
    pub(crate) async fn session<const N: usize>(&self, capabilities: [(&str, Value); N]) -> Outcome<Client> {
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(capabilities.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
        let url = format!("http://127.0.0.1:{}", self.port);
        let begun = tokio::time::timeout(SESSION, builder.connect(&url)).await;
        let begun = begun.map_err(|_| Failure::new(format!("no window after {} s", SESSION.as_secs())))?;
        begun.map_err(|cause| Failure::from(cause).while_doing("begin a WebDriver session"))
    }
}
