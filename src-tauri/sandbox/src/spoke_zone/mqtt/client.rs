use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::BytesMut;
use rumqttc::mqttbytes::Error as Malformed;
use rumqttc::{ConnAck, ConnectReturnCode, Packet, PubAck, Publish, QoS, SubAck, SubscribeReasonCode, UnsubAck};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use super::super::Server;
use super::super::caller::Caller;
use super::{Heard, LOOK, MOST_BEHIND};

/// The largest packet that is taken.
const LARGEST: usize = 1024 * 1024;
/// How long a client may take for its first packet.
const PATIENCE: Duration = Duration::from_secs(10);

/// A client that was let in.
pub(super) struct Client {
    wire: Wire,
    id: u64,
    token: String,
    caller: Arc<Caller>,
    take: mpsc::Receiver<Publish>,
    last_id: u16,
}

impl Client {
    /// Lets in who has a live token.
    pub(super) async fn greet(server: &Server, stream: TcpStream) -> Option<Self> {
        static CLIENTS: AtomicU64 = AtomicU64::new(0);
        let mut wire = Wire { stream, buffer: BytesMut::new() };
        let first = tokio::time::timeout(PATIENCE, wire.read()).await;
        let Ok(Some(Packet::Connect(connect))) = first else { return None };
        server.shared.record.request("/spoke-zone/mqtt");
        let token = connect.login.map(|login| login.username).unwrap_or_default();
        let Some(caller) = server.bearer(&token) else {
            let refusal = ConnAck::new(ConnectReturnCode::BadUserNamePassword, false);
            wire.write(Packet::ConnAck(refusal)).await?;
            return None;
        };
        if !server.mqtt.has_clients() {
            // Who comes first finds where the devices are.
            server.tell_of_devices(true);
        }
        wire.write(Packet::ConnAck(ConnAck::new(ConnectReturnCode::Success, false))).await?;
        let (id, caller) = (CLIENTS.fetch_add(1, Ordering::Relaxed), Arc::new(caller));
        let (give, take) = mpsc::channel(MOST_BEHIND);
        server.mqtt.clients().insert(id, Heard { caller: caller.clone(), filters: Vec::new(), give });
        Some(Self { wire, id, token, caller, take, last_id: 0 })
    }

    pub(super) async fn serve(mut self, server: &Server) {
        // Entered before, and taken out also when the sandbox ends this.
        let _entered = Entered(server, self.id);
        let mut look = tokio::time::interval(LOOK);
        loop {
            let went_on = tokio::select! {
                packet = self.wire.read() => match packet {
                    Some(packet) => self.answer(server, packet).await,
                    None => None,
                },
                publish = self.take.recv() => match publish {
                    Some(publish) => self.give(publish).await,
                    None => None,
                },
                _ = look.tick() => server.bearer(&self.token).map(drop),
            };
            if went_on.is_none() {
                return;
            }
        }
    }

    async fn answer(&mut self, server: &Server, packet: Packet) -> Option<()> {
        match packet {
            Packet::Publish(publish) => {
                let id = publish.pkid;
                // Section 3.3.5.2: one that is not allowed is acknowledged, and handed to nobody.
                if server.may_use(&self.caller, &publish.topic) {
                    server.hand_out(publish);
                }
                if id == 0 { Some(()) } else { self.wire.write(Packet::PubAck(PubAck::new(id))).await }
            }
            Packet::Subscribe(subscribe) => {
                let mut codes = Vec::new();
                let mut kept = Vec::new();
                for filter in subscribe.filters.into_iter().map(|filter| filter.path) {
                    if !rumqttc::valid_filter(&filter) || !server.may_ask(&self.caller, &filter) {
                        codes.push(SubscribeReasonCode::Failure);
                        continue;
                    }
                    codes.push(SubscribeReasonCode::Success(QoS::AtLeastOnce));
                    kept.extend(server.kept(&self.caller, &filter));
                    self.hears(server, |filters| filters.push(filter));
                }
                self.wire.write(Packet::SubAck(SubAck::new(subscribe.pkid, codes))).await?;
                for publish in kept {
                    self.give(publish).await?;
                }
                Some(())
            }
            Packet::Unsubscribe(unsubscribe) => {
                self.hears(server, |filters| filters.retain(|filter| !unsubscribe.topics.contains(filter)));
                self.wire.write(Packet::UnsubAck(UnsubAck::new(unsubscribe.pkid))).await
            }
            Packet::PingReq => self.wire.write(Packet::PingResp).await,
            Packet::PubAck(_) => Some(()),
            _ => None,
        }
    }

    fn hears(&self, server: &Server, change: impl FnOnce(&mut Vec<String>)) {
        if let Some(heard) = server.mqtt.clients().get_mut(&self.id) {
            change(&mut heard.filters);
        }
    }

    async fn give(&mut self, publish: Publish) -> Option<()> {
        self.last_id = self.last_id.checked_add(1).unwrap_or(1);
        self.wire.write(Packet::Publish(Publish { pkid: self.last_id, qos: QoS::AtLeastOnce, ..publish })).await
    }
}

/// Takes a client out when it goes.
struct Entered<'a>(&'a Server, u64);

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        self.0.mqtt.clients().remove(&self.1);
    }
}

/// Packets on a stream.
struct Wire {
    stream: TcpStream,
    buffer: BytesMut,
}

impl Wire {
    /// None at its end, or where it is no MQTT.
    async fn read(&mut self) -> Option<Packet> {
        loop {
            match Packet::read(&mut self.buffer, LARGEST) {
                Ok(packet) => return Some(packet),
                Err(Malformed::InsufficientBytes(_)) => {}
                Err(_) => return None,
            }
            if self.stream.read_buf(&mut self.buffer).await.ok()? == 0 {
                return None;
            }
        }
    }

    async fn write(&mut self, packet: Packet) -> Option<()> {
        let mut bytes = BytesMut::new();
        packet.write(&mut bytes, usize::MAX).ok()?;
        self.stream.write_all(&bytes).await.ok()
    }
}
