use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use super::demo_token::{self, demo_token};
use super::fixtures::DEMO_DEVICE;
use super::user::User;
use crate::oauth::Signer;
use crate::random::Random;
use crate::shared::Shared;

/// How long a device token lives (providers.md §3).
const DEVICE_LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// How long before and after its end a device token can be renewed (providers.md §3, seed 2).
const RENEWAL_WINDOW: Duration = Duration::from_secs(12 * 60 * 60);
/// A sandbox told to give shorter lives than this gives them to devices too.
const USER_LIFETIME: Duration = Duration::from_secs(2 * 60 * 60);

/// Whose a token is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Holder {
    User(&'static User),
    Device(u64),
}

/// A token that was given.
#[derive(Debug, Clone, Copy)]
pub(super) struct Issued {
    pub(super) holder: Holder,
    pub(super) expires_at: SystemTime,
}

/// The tokens that were given: JWTs (providers.md §3), signed as [`Signer`] says.
pub(super) struct Tokens {
    signer: Signer,
    entries: Mutex<Entries>,
}

struct Entries {
    issued: HashMap<String, Issued>,
    /// Whether the demo token is still worth something.
    demo: bool,
}

impl Tokens {
    pub(super) fn new(random: &Random) -> Self {
        let tokens =
            Self { signer: Signer::new(random), entries: Mutex::new(Entries { issued: HashMap::new(), demo: true }) };
        // Entered now, so that it can be ended before it was ever seen.
        tokens.find(&demo_token());
        tokens
    }

    /// A user's token, and when it ends. How long the real ones live is UNVERIFIED: the sandbox's
    /// live as long as its access tokens do.
    pub(super) fn give_user(&self, shared: &Shared, user: &'static User) -> (String, u64) {
        let expires_at = SystemTime::now() + shared.access_token_lifetime();
        let exp = seconds(expires_at);
        let claims = json!({
            "exp": exp,
            "demo_username": user.username,
            "demo_permissions": user.role.permissions(),
            "demo_organization_id": user.customer,
        });
        (self.give(shared, claims, Issued { holder: Holder::User(user), expires_at }), exp)
    }

    pub(super) fn give_device(&self, shared: &Shared, id: u64) -> String {
        let expires_at = SystemTime::now() + device_lifetime(shared);
        let claims = device_claims(id, seconds(expires_at));
        self.give(shared, claims, Issued { holder: Holder::Device(id), expires_at })
    }

    fn give(&self, shared: &Shared, mut claims: Value, issued: Issued) -> String {
        // No two alike, even within a second.
        claims["demo_serial"] = json!(shared.random.uuid());
        let token = self.signer.sign(&claims);
        self.entries().issued.insert(token.clone(), issued);
        token
    }

    /// What a token was given for, expired or not.
    pub(super) fn find(&self, token: &str) -> Option<Issued> {
        let mut entries = self.entries();
        if let Some(issued) = entries.issued.get(token) {
            return Some(*issued);
        }
        let expires_at = demo_token::expiry(token).filter(|_| entries.demo)?;
        let issued = Issued { holder: Holder::Device(DEMO_DEVICE), expires_at };
        entries.issued.insert(token.to_owned(), issued);
        Some(issued)
    }

    /// As if all ended just now: a device can renew its token yet.
    pub(super) fn expire_all(&self) {
        let now = SystemTime::now();
        for issued in self.entries().issued.values_mut() {
            issued.expires_at = issued.expires_at.min(now);
        }
    }

    pub(super) fn revoke_all(&self) {
        let mut entries = self.entries();
        entries.issued.clear();
        entries.demo = false;
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// `exp` is the one confirmed claim (providers.md §3). That there is a device id and an MQTT
/// publishing prefix is said (seed 2), their names are not: these are the sandbox's.
pub(super) fn device_claims(id: u64, exp: u64) -> Value {
    json!({ "exp": exp, "demo_device_id": id, "demo_mqtt_prefix": format!("mrs/d/{id}/mon") })
}

/// Seven days, or what the sandbox was told if that is short.
fn device_lifetime(shared: &Shared) -> Duration {
    let told = shared.access_token_lifetime();
    if told < USER_LIFETIME { told } else { DEVICE_LIFETIME }
}

/// Twelve hours, but no more than half a life: so a sandbox that gives lives of 30 seconds shows a
/// token that is still good, one that is renewed before its end or soon after, and one that came too late.
pub(super) fn renewal_window(shared: &Shared) -> Duration {
    RENEWAL_WINDOW.min(device_lifetime(shared) / 2)
}

fn seconds(at: SystemTime) -> u64 {
    at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
