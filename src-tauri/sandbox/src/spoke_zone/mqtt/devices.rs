//! What devices tell: where they are, and what runs on them (providers.md §3).

use std::f64::consts::TAU;
use std::time::{SystemTime, UNIX_EPOCH};

use rumqttc::Publish;
use serde_json::json;

use super::super::Server;
use super::super::device::{place, versions};
use super::message;

/// A round about its place, in seconds and in degrees.
const ROUND: f64 = 180.0;
const RADIUS: f64 = 0.002;

impl Server {
    /// All that were ever online.
    pub(super) fn tell_of_devices(&self, with_versions: bool) {
        for id in self.fleet.all().into_iter().filter(|device| device.seen).map(|device| device.id) {
            self.hand_out(location(id));
            if with_versions {
                let payload = versions(id).to_string();
                self.hand_out(message(format!("mrs/d/{id}/mon/versions"), payload));
            }
        }
    }
}

/// Retained, so that who comes later knows it (providers.md §3). The unit of its speed is UNVERIFIED.
fn location(id: u64) -> Publish {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let at = (now / ROUND + id as f64 / 41.0).fract() * TAU;
    let (lat, long) = place(id);
    let payload = json!({
        "lat": rounded(lat + RADIUS * at.sin()),
        "lon": rounded(long + RADIUS * at.cos()),
        // Against the clock, seen from above.
        "heading": (360.0 - at.to_degrees()).round() % 360.0,
        "speed": 12 + id % 9,
    });
    Publish { retain: true, ..message(format!("mrs/d/{id}/mon/location"), payload.to_string()) }
}

fn rounded(degrees: f64) -> f64 {
    (degrees * 1e6).round() / 1e6
}
