use std::io;
use std::sync::atomic::{AtomicU64, Ordering};

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

/// Random values from one seed of the system's, so that only starting a sandbox can fail.
pub(crate) struct Random {
    seed: [u8; 32],
    drawn: AtomicU64,
}

impl Random {
    pub(crate) fn new() -> io::Result<Self> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(io::Error::other)?;
        Ok(Self { seed, drawn: AtomicU64::new(0) })
    }

    /// SHA-256 of the seed and a counter: no two alike, none to be guessed from the others.
    pub(crate) fn bytes(&self) -> [u8; 32] {
        let drawn = self.drawn.fetch_add(1, Ordering::Relaxed);
        let mut hash = Sha256::new();
        hash.update(self.seed);
        hash.update(drawn.to_le_bytes());
        hash.finalize().into()
    }

    /// 43 characters of base64url.
    pub(crate) fn base64url(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.bytes())
    }

    /// 32 hexadecimal digits.
    pub(crate) fn hex(&self) -> String {
        self.bytes()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// 32 hexadecimal digits set as a UUID of version 4.
    pub(crate) fn uuid(&self) -> String {
        let digits = self.hex();
        format!("{}-{}-4{}-a{}-{}", &digits[..8], &digits[8..12], &digits[13..16], &digits[17..20], &digits[20..])
    }
}
