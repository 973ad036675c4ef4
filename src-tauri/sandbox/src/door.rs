use std::net::SocketAddr;
use std::time::Duration;

use axum::serve::Listener;
use tokio::io;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::spoke_zone::SpokeZone;

/// How long a client may take to begin.
const PATIENCE: Duration = Duration::from_secs(60);
/// The first byte of an MQTT client (MQTT 3.1.1 section 3.1.1). No request of HTTP begins with it.
const CONNECT: u8 = 0x10;

/// The one port of the sandbox: who speaks HTTP is let in, who speaks MQTT goes to Spoke Zone's broker.
pub(crate) struct Door {
    listener: TcpListener,
    spoke_zone: SpokeZone,
    /// Those that have not begun to speak.
    waiting: JoinSet<Option<(TcpStream, SocketAddr, u8)>>,
    /// Those that speak MQTT, and what tells them of the devices. Dropping it ends them.
    messages: JoinSet<()>,
}

impl Door {
    pub(crate) fn new(listener: TcpListener, spoke_zone: SpokeZone) -> Self {
        let mut messages = JoinSet::new();
        messages.spawn(spoke_zone.clone().tell());
        Self { listener, spoke_zone, waiting: JoinSet::new(), messages }
    }

    fn greet(&mut self, stream: TcpStream, from: SocketAddr) {
        self.waiting.spawn(async move {
            let mut first = [0];
            let peek = tokio::time::timeout(PATIENCE, stream.peek(&mut first)).await;
            matches!(peek, Ok(Ok(1))).then_some((stream, from, first[0]))
        });
    }
}

impl Listener for Door {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        loop {
            tokio::select! {
                // What goes wrong with one is waited for as axum does, so that it is not tried without a pause.
                (stream, from) = Listener::accept(&mut self.listener) => self.greet(stream, from),
                Some(begun) = self.waiting.join_next() => match begun {
                    Ok(Some((stream, _, CONNECT))) => _ = self.messages.spawn(self.spoke_zone.clone().serve(stream)),
                    Ok(Some((stream, from, _))) => return (stream, from),
                    Ok(None) | Err(_) => {}
                },
                Some(_) = self.messages.join_next() => {}
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}
