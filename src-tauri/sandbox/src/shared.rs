use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::fault::Faults;
use crate::options::Options;
use crate::random::Random;
use crate::record::Record;

/// What all of the sandbox's providers share.
pub(crate) struct Shared {
    pub(crate) url: String,
    pub(crate) port: u16,
    pub(crate) latency: Duration,
    pub(crate) rotate: bool,
    pub(crate) random: Random,
    pub(crate) record: Record,
    pub(crate) faults: Faults,
    access_token_lifetime: Mutex<Duration>,
}

impl Shared {
    pub(crate) fn new(port: u16, options: &Options) -> io::Result<Self> {
        Ok(Self {
            url: format!("http://127.0.0.1:{port}"),
            port,
            latency: options.latency,
            rotate: options.rotate,
            random: Random::new()?,
            record: Record::default(),
            faults: Faults::default(),
            access_token_lifetime: Mutex::new(options.access_token_lifetime),
        })
    }

    pub(crate) fn access_token_lifetime(&self) -> Duration {
        *self.access_token_lifetime.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_access_token_lifetime(&self, lifetime: Duration) {
        *self.access_token_lifetime.lock().unwrap_or_else(PoisonError::into_inner) = lifetime;
    }
}
