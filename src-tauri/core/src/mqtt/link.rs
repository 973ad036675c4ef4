//! One connection to a broker, from its first packet to its last: MQTT 3.1.1, with the packets of rumqttc. That library's own
//! loop ends at a packet that is too large, and its TLS brings another webpki along, with known holes.

use std::collections::HashMap;
use std::time::Duration;

use bytes::BytesMut;
use rumqttc::{Connect, Packet, PubAck, Publish, QoS, Subscribe, SubscribeReasonCode, Unsubscribe};
use tokio::io::AsyncWriteExt;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout};

use super::frames::{Broken, Came, Frames};
use super::line::Line;
use super::message::Incoming;
use super::view::SubscriptionState;
use crate::dial::Stream;
use crate::error::{Error, ErrorCode, Result};

/// How long the broker may take to answer, and to read what is sent.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// How often it is asked whether it is still there (section 3.1.2.10).
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How many answers are waited for at once.
const MOST_WAITING: usize = 1000;

/// What is wanted of a connection.
pub enum Order {
    /// To hear what a filter means.
    Subscribe(String),
    /// To hear it no more.
    Unsubscribe(String),
    /// To publish a message. The answer comes when the broker has it.
    Publish(Publish, oneshot::Sender<Result<()>>),
}

/// What the broker's answer is waited for.
enum Waiting {
    Subscribe(String),
    Unsubscribe,
    Publish(Publish, oneshot::Sender<Result<()>>),
}

/// A connection to a broker.
pub struct Link {
    stream: Box<dyn Stream>,
    server: String,
    frames: Frames,
    waiting: HashMap<u16, Waiting>,
    last_id: u16,
    /// Whether the broker was asked whether it is there, and has not answered.
    asked: bool,
}

impl Link {
    /// Begins with a packet that presents who connects, and waits for the answer.
    ///
    /// # Errors
    /// `refused` for a user name that is not taken; `server_failed`, `bad_request`, `unexpected_answer`, `no_reply`, `timed_out`.
    pub async fn open(stream: Box<dyn Stream>, server: String, mut connect: Connect) -> Result<Self> {
        connect.keep_alive = u16::try_from(KEEP_ALIVE.as_secs()).unwrap_or(u16::MAX);
        let (waiting, frames) = (HashMap::new(), Frames::default());
        let mut link = Self { stream, server, frames, waiting, last_id: 0, asked: false };
        link.send(Packet::Connect(connect)).await?;
        let came = timeout(PATIENCE, link.frames.first(&mut link.stream)).await;
        let no = |code, what: &str| Error::new(code, format!("{} {what}.", link.server));
        match came.map_err(|_| no(ErrorCode::TimedOut, "did not answer in time"))? {
            Ok(Came::Packet(Packet::ConnAck(answer))) => match code_of(answer.code) {
                None => Ok(link),
                Some((code, why)) => Err(no(code, why)),
            },
            Err(Broken::Ended) => Err(no(ErrorCode::NoReply, "ended the connection without an answer")),
            Ok(_) | Err(Broken::Malformed) => {
                Err(no(ErrorCode::UnexpectedAnswer, "answered something that is no MQTT"))
            }
        }
    }

    /// Carries out orders and takes messages, until nobody gives orders any more.
    ///
    /// # Errors
    /// Why it ended by itself.
    pub async fn serve(&mut self, line: &Line, orders: &mut mpsc::UnboundedReceiver<Order>) -> Result<()> {
        for filter in line.wanted() {
            self.carry_out(Order::Subscribe(filter)).await?;
        }
        let mut ask_at = Instant::now() + KEEP_ALIVE;
        loop {
            let has_room = self.waiting.len() < MOST_WAITING;
            tokio::select! {
                came = self.frames.next(&mut self.stream) => {
                    let came = came.map_err(|broken| self.broken(&broken))?;
                    self.take(came, line).await?;
                }
                order = orders.recv(), if has_room => match order {
                    Some(order) => self.carry_out(order).await?,
                    None => return self.send(Packet::Disconnect).await,
                },
                () = sleep_until(ask_at) => {
                    if self.asked {
                        let what = format!("{} does not answer any more.", self.server);
                        return Err(Error::new(ErrorCode::TimedOut, what));
                    }
                    self.asked = true;
                    self.send(Packet::PingReq).await?;
                    ask_at = Instant::now() + KEEP_ALIVE;
                }
            }
        }
    }

    async fn carry_out(&mut self, order: Order) -> Result<()> {
        let id = self.free_id();
        let (packet, waiting) = match order {
            Order::Subscribe(filter) => {
                let mut subscribe = Subscribe::new(&filter, QoS::AtLeastOnce);
                subscribe.pkid = id;
                (Packet::Subscribe(subscribe), Waiting::Subscribe(filter))
            }
            Order::Unsubscribe(filter) => {
                let mut unsubscribe = Unsubscribe::new(filter);
                unsubscribe.pkid = id;
                (Packet::Unsubscribe(unsubscribe), Waiting::Unsubscribe)
            }
            Order::Publish(mut publish, done) => {
                publish.pkid = id;
                (Packet::Publish(publish.clone()), Waiting::Publish(publish, done))
            }
        };
        self.waiting.insert(id, waiting);
        self.send(packet).await
    }

    async fn take(&mut self, came: Came, line: &Line) -> Result<()> {
        match came {
            Came::Packet(Packet::Publish(publish)) if publish.qos != QoS::ExactlyOnce => {
                let (payload, size) = (Some(publish.payload.as_ref()), publish.payload.len());
                line.take(&Incoming { topic: &publish.topic, payload, size, retained: publish.retain, own: false });
                self.acknowledge(&publish).await
            }
            Came::TooLarge(publish, size) => {
                let (topic, retained) = (publish.topic.as_str(), publish.retain);
                line.take(&Incoming { topic, payload: None, size, retained, own: false });
                self.acknowledge(&publish).await
            }
            Came::Packet(Packet::PubAck(answer)) => match self.waiting.remove(&answer.pkid) {
                Some(Waiting::Publish(publish, done)) => {
                    let (payload, size) = (Some(publish.payload.as_ref()), publish.payload.len());
                    line.take(&Incoming { topic: &publish.topic, payload, size, retained: publish.retain, own: true });
                    // Who asked may have gone.
                    let _ = done.send(Ok(()));
                    Ok(())
                }
                _ => Err(self.broken(&Broken::Malformed)),
            },
            Came::Packet(Packet::SubAck(answer)) => match self.waiting.remove(&answer.pkid) {
                Some(Waiting::Subscribe(filter)) => {
                    let granted = answer.return_codes.iter().all(|code| *code != SubscribeReasonCode::Failure);
                    line.answered(
                        &filter,
                        if granted { SubscriptionState::Granted } else { SubscriptionState::Refused },
                    );
                    Ok(())
                }
                _ => Err(self.broken(&Broken::Malformed)),
            },
            Came::Packet(Packet::UnsubAck(answer)) => {
                self.waiting.remove(&answer.pkid);
                Ok(())
            }
            Came::Packet(Packet::PingResp) => {
                self.asked = false;
                Ok(())
            }
            // Nothing else is a server's to send to who asks for QoS 1 at most.
            Came::Packet(_) => Err(self.broken(&Broken::Malformed)),
        }
    }

    /// Section 4.3.2.
    async fn acknowledge(&mut self, publish: &Publish) -> Result<()> {
        match publish.qos {
            QoS::AtMostOnce => Ok(()),
            _ => self.send(Packet::PubAck(PubAck::new(publish.pkid))).await,
        }
    }

    async fn send(&mut self, packet: Packet) -> Result<()> {
        let mut bytes = BytesMut::new();
        // The packets made here are within the limits of the standard.
        packet.write(&mut bytes, usize::MAX).map_err(|error| Error::internal("write a packet", error))?;
        let sent = timeout(PATIENCE, async {
            self.stream.write_all(&bytes).await?;
            self.stream.flush().await
        });
        match sent.await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(self.broken(&Broken::Ended)),
        }
    }

    /// An id that nothing is waited for under (section 2.3.1).
    fn free_id(&mut self) -> u16 {
        loop {
            self.last_id = self.last_id.checked_add(1).unwrap_or(1);
            if !self.waiting.contains_key(&self.last_id) {
                return self.last_id;
            }
        }
    }

    fn broken(&self, broken: &Broken) -> Error {
        let what = match broken {
            Broken::Ended => "ended the connection",
            Broken::Malformed => "sent something that is no MQTT",
        };
        Error::new(ErrorCode::NoReply, format!("{} {what}.", self.server))
    }
}

/// What a return code of section 3.2.2.3 means.
fn code_of(code: rumqttc::ConnectReturnCode) -> Option<(ErrorCode, &'static str)> {
    use rumqttc::ConnectReturnCode as Code;
    match code {
        Code::Success => None,
        Code::BadUserNamePassword | Code::NotAuthorized => Some((ErrorCode::Refused, "does not accept the token")),
        Code::ServiceUnavailable => Some((ErrorCode::ServerFailed, "is not available")),
        Code::RefusedProtocolVersion => Some((ErrorCode::BadRequest, "does not speak MQTT 3.1.1")),
        Code::BadClientId => Some((ErrorCode::BadRequest, "does not accept the client identifier")),
    }
}
