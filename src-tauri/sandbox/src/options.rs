use std::time::Duration;

/// What a sandbox can be told, before it starts and while it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The loopback port to listen at; 0 takes any free one.
    pub port: u16,
    /// How long an access token lives. Relay's live two hours (seed 0).
    pub access_token_lifetime: Duration,
    /// How long every answer is held back.
    pub latency: Duration,
    /// Whether Relay's current authorization server and "any OAuth 2 server" give a new refresh
    /// token at each refresh.
    pub rotate: bool,
    /// How long a device that waits for its person leaves between two polls (RFC 8628 §3.2).
    pub device_interval: Duration,
    /// How long a device code, and the user code with it, can be used.
    pub device_code_lifetime: Duration,
    /// How many requests Image Relay's API takes in a second; `None` lifts the rule.
    pub image_relay_rate: Option<u32>,
    /// How many requests Image Relay's API takes in a day (UTC); `None` for no end.
    pub image_relay_daily_limit: Option<u32>,
    /// Whether Image Relay's token endpoint says how long an access token lives.
    pub image_relay_expires_in: bool,
    /// Whether Image Relay's token endpoint gives refresh tokens.
    pub image_relay_refresh_token: bool,
    /// How many devices Relay's hotel has; the first 34 are of people and places, the others in rooms.
    pub trigger_devices: u64,
    /// Whether Relay answers its groups as a JSON-encoded string.
    pub relay_groups_as_text: bool,
    /// Whether one's own API answers a login with a blank token.
    pub own_api_blank_token: bool,
    /// How often Spoke Zone's devices tell where they are, while somebody listens.
    pub spoke_zone_tells_every: Duration,
    /// How many sessions a user of Wazo can have at once.
    pub wazo_session_cap: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            access_token_lifetime: Duration::from_secs(2 * 60 * 60),
            latency: Duration::ZERO,
            rotate: true,
            // What a device assumes where nothing is said (RFC 8628 §3.5).
            device_interval: Duration::from_secs(5),
            device_code_lifetime: Duration::from_secs(10 * 60),
            // providers.md §2.2.
            image_relay_rate: Some(5),
            image_relay_daily_limit: None,
            // providers.md §2.1: nothing in the vendor's documents mentions an expiry.
            image_relay_expires_in: false,
            image_relay_refresh_token: true,
            trigger_devices: 214,
            // providers.md §1.3: it may.
            relay_groups_as_text: false,
            own_api_blank_token: false,
            // A third of providers.md §3, so that one sees something move.
            spoke_zone_tells_every: Duration::from_secs(5),
            // providers.md §5.1.
            wazo_session_cap: 100,
        }
    }
}
