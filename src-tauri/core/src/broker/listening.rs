//! The broker at work: socket, port where that is wanted, and a look at the programs each second.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::task::JoinSet;

use super::desk::Desk;
use super::socket::{OwnSocket, Place};
use super::view::BrokerSettings;
use crate::error::{Error, ErrorCode, Result};
use crate::event::Signal;
use crate::local_http::{self, Socket};

/// How often it is looked whether the command line has added or removed a program.
const LOOK: Duration = Duration::from_secs(1);
/// The one name on the socket, which needs none.
const LOCALHOST: &str = "localhost";

/// A broker that listens. Dropping it closes everything and deletes its files (security.md I11).
// In this order: nobody is answered any more when the files go, and others may only come when all is gone.
pub(super) struct Listening {
    tasks: JoinSet<()>,
    pub tcp: Option<SocketAddr>,
    pub socket: PathBuf,
    desk: Arc<Desk>,
    _place: Place,
}

impl Listening {
    /// Takes the folder, writes the headers, binds.
    ///
    /// # Errors
    /// `broker_busy` when another Keydesk is there, or another program has the port; `internal`.
    pub async fn start(place: Place, desk: Desk, settings: &BrokerSettings) -> Result<Self> {
        let desk = Arc::new(desk);
        let (socket, mut tasks) = (place.socket(), JoinSet::new());
        let own = OwnSocket::bind(&socket)?;
        let mut tcp = None;
        if settings.tcp {
            let listener = bind(settings.tcp_port).await?;
            let address = listener.local_addr().map_err(|error| Error::internal("read the bound port", error))?;
            tasks.spawn(serve(listener, desk.clone(), address.to_string()));
            tcp = Some(address);
        }
        // Anew each time, whatever an earlier start has left.
        desk.keys.clear();
        desk.keys.follow(&desk.programs.all())?;
        tasks.spawn(serve(own, desk.clone(), LOCALHOST.to_owned()));
        tasks.spawn(follow(desk.clone()));
        Ok(Self { tasks, tcp, socket, desk, _place: place })
    }

    /// Closes it, and returns when that is done.
    pub async fn stop(mut self) {
        self.tasks.shutdown().await;
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.tasks.abort_all();
        self.desk.keys.clear();
        self.desk.asks.clear();
    }
}

fn serve(socket: impl Socket, desk: Arc<Desk>, authority: String) -> impl Future<Output = ()> {
    let authority: Arc<str> = authority.into();
    local_http::serve(socket, move |request, client| {
        let (desk, authority) = (desk.clone(), authority.clone());
        async move { desk.answer(&request, &client, &authority).await }
    })
}

/// Gives programs that the command line has added their headers, and takes those of removed ones away.
async fn follow(desk: Arc<Desk>) {
    loop {
        tokio::time::sleep(LOOK).await;
        let programs = desk.programs.all();
        desk.asks.follow(&programs);
        match desk.keys.follow(&programs) {
            Ok(true) => desk.events.signal(Signal::BrokerChanged),
            Ok(false) => {}
            Err(error) => tracing::warn!(%error, "a program has no header"),
        }
    }
}

async fn bind(port: Option<u16>) -> Result<TcpListener> {
    let port = port.unwrap_or(0);
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => {
            Error::new(ErrorCode::BrokerBusy, format!("Port {port} is in use by another program."))
        }
        _ => Error::internal(&format!("listen at port {port}"), error),
    })
}
