use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;

use super::fixtures::DEMO_DEVICE;
use super::token::device_claims;
use crate::oauth::Signer;

const DAY: u64 = 24 * 60 * 60;

/// The one device token that is not asked for: it stands for the one a person finds in
/// `/etc/spoke-zone/spoke-zone.conf` on a device (seed 2).
///
/// The same all day long, and good for six to seven days: a running sandbox and whoever asks for its
/// offers need not talk to each other. So its key is no secret, and nothing else is signed with it.
pub(super) fn demo_token() -> String {
    let today = since_epoch(SystemTime::now()) / DAY;
    let mut claims = device_claims(DEMO_DEVICE, (today + 7) * DAY);
    claims["demo_serial"] = json!("demo");
    signer().sign(&claims)
}

/// When a demo token ends, if it is one.
pub(super) fn expiry(token: &str) -> Option<SystemTime> {
    let exp = signer().verify(token)?["exp"].as_u64()?;
    Some(UNIX_EPOCH + Duration::from_secs(exp))
}

fn signer() -> Signer {
    Signer::with_key([0x5a; 64])
}

fn since_epoch(at: SystemTime) -> u64 {
    at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
