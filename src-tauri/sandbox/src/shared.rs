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
    pub(crate) random: Random,
    pub(crate) record: Record,
    pub(crate) faults: Faults,
    options: Mutex<Options>,
}

impl Shared {
    pub(crate) fn new(port: u16, options: &Options) -> io::Result<Self> {
        Ok(Self {
            url: format!("http://127.0.0.1:{port}"),
            port,
            random: Random::new()?,
            record: Record::default(),
            faults: Faults::default(),
            options: Mutex::new(options.clone()),
        })
    }

    pub(crate) fn access_token_lifetime(&self) -> Duration {
        self.options().access_token_lifetime
    }

    /// What it was told, as of now.
    pub(crate) fn options(&self) -> Options {
        self.options.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn change(&self, change: impl FnOnce(&mut Options)) {
        change(&mut self.options.lock().unwrap_or_else(PoisonError::into_inner));
    }
}
