//! Spoke Zone's broker (providers.md §3): MQTT 3.1.1, the token as user name, QoS 1. What a token may hear and publish, and
//! that its end ends the connection, is UNVERIFIED and the sandbox's choice.

mod client;
mod devices;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use rumqttc::{Publish, QoS};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use super::caller::Caller;
use super::{Server, SpokeZone};
use client::Client;

/// What one client may be behind; it misses the rest.
const MOST_BEHIND: usize = 10_000;
/// Bounds for a sandbox left running for days.
const MOST_RETAINED: usize = 10_000;
/// Every so many times that devices tell where they are, they tell their versions: 15 and 60 seconds (providers.md §3).
const VERSIONS: u32 = 4;

/// Who is connected, and what is kept for those who come.
#[derive(Default)]
pub(super) struct Broker {
    clients: Mutex<HashMap<u64, Heard>>,
    retained: Mutex<BTreeMap<String, Publish>>,
}

/// A client, as others see it.
struct Heard {
    caller: Arc<Caller>,
    filters: Vec<String>,
    give: mpsc::Sender<Publish>,
}

impl SpokeZone {
    /// Serves one client until it goes, or its token ends.
    pub(crate) async fn serve(self, stream: TcpStream) {
        if let Some(client) = Client::greet(&self.0, stream).await {
            client.serve(&self.0).await;
        }
    }

    /// Devices tell where they are, as long as somebody listens.
    pub(crate) async fn tell(self) {
        let server = &self.0;
        for round in 0_u32.. {
            if server.mqtt.has_clients() {
                server.tell_of_devices(round.is_multiple_of(VERSIONS));
            }
            tokio::time::sleep(server.shared.options().spoke_zone_tells_every).await;
        }
    }
}

impl Server {
    /// Whose token it is, while it lives.
    pub(super) fn bearer(&self, token: &str) -> Option<Caller> {
        let issued = self.tokens.find(token).filter(|issued| SystemTime::now() < issued.expires_at)?;
        Some(Caller::of(issued.holder))
    }

    /// Hands a message to all who hear it, and keeps it where it says so (MQTT 3.1.1 section 3.3.1.3).
    pub(super) fn hand_out(&self, publish: Publish) {
        if publish.retain {
            self.mqtt.keep(&publish);
        }
        let live = Publish { retain: false, ..publish };
        for client in self.mqtt.clients().values().filter(|it| self.hears(&it.caller, &it.filters, &live.topic)) {
            // Who is too far behind misses it.
            let _ = client.give.try_send(live.clone());
        }
    }

    /// What was kept of the topics that a filter means.
    fn kept(&self, caller: &Caller, filter: &str) -> Vec<Publish> {
        let retained = self.mqtt.retained.lock().unwrap_or_else(PoisonError::into_inner);
        let filters = [filter.to_owned()];
        retained.values().filter(|publish| self.hears(caller, &filters, &publish.topic)).cloned().collect()
    }

    fn hears(&self, caller: &Caller, filters: &[String], topic: &str) -> bool {
        filters.iter().any(|filter| is_meant(topic, filter)) && self.may_use(caller, topic)
    }

    /// A device its own topics, a user those of the devices that it sees.
    fn may_use(&self, caller: &Caller, topic: &str) -> bool {
        let device = topic.strip_prefix("mrs/d/").and_then(|rest| rest.split_once('/')).map(|(id, _)| id);
        let device = device.and_then(|id| self.fleet.named(id).ok());
        device.is_some_and(|device| caller.sees(&device))
    }

    /// A device is refused what is not its own; a user hears of what it asks for what it may.
    fn may_ask(&self, caller: &Caller, filter: &str) -> bool {
        !caller.is_device() || self.may_use(caller, filter)
    }
}

impl Broker {
    fn has_clients(&self) -> bool {
        !self.clients().is_empty()
    }

    fn keep(&self, publish: &Publish) {
        let mut retained = self.retained.lock().unwrap_or_else(PoisonError::into_inner);
        if publish.payload.is_empty() {
            retained.remove(&publish.topic);
        } else if retained.len() < MOST_RETAINED || retained.contains_key(&publish.topic) {
            retained.insert(publish.topic.clone(), publish.clone());
        }
    }

    fn clients(&self) -> MutexGuard<'_, HashMap<u64, Heard>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The library takes the first byte of a topic for a letter. A slash before both changes nothing, and is one.
fn is_meant(topic: &str, filter: &str) -> bool {
    rumqttc::matches(&format!("/{topic}"), &format!("/{filter}"))
}

/// How often it is looked whether the token of a client still lives.
const LOOK: Duration = Duration::from_millis(500);

fn message(topic: String, payload: String) -> Publish {
    Publish::new(topic, QoS::AtLeastOnce, payload)
}
