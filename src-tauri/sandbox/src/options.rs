use std::time::Duration;

/// What a sandbox can be told before it starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The loopback port to listen at; 0 takes any free one.
    pub port: u16,
    /// How long an access token lives. Relay's live two hours (seed 0).
    pub access_token_lifetime: Duration,
    /// How long every answer is held back.
    pub latency: Duration,
    /// Whether Relay's current authorization server gives a new refresh token at each refresh.
    pub rotate: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { port: 0, access_token_lifetime: Duration::from_secs(2 * 60 * 60), latency: Duration::ZERO, rotate: true }
    }
}
