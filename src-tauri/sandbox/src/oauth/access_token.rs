use std::time::SystemTime;

use super::grant::Grant;

/// An access token that was given.
#[derive(Debug, Clone, Copy)]
pub(super) struct AccessToken {
    pub(super) grant: u64,
    pub(super) expires_at: SystemTime,
}

/// What a presented access token turned out to be.
#[derive(Debug)]
pub(crate) enum Presented {
    /// Good, and this is what stands behind it.
    Good(Grant),
    /// Once good.
    Expired,
    /// Never given, or revoked.
    Unknown,
}
