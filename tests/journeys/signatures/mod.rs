//! Signatures: the examples of the RFCs, tokens that were tampered with, keys that do not fit, and the vectors of Wycheproof.

mod examples;
mod keys;
pub mod signer;
mod tampered;
mod wycheproof;

use keydesk_core::{Keys, NotValid, Secret, SignatureVerdict, check_signature};

/// Checks a token with a key in text.
fn check(token: &str, key: &str) -> SignatureVerdict {
    check_signature(token, Keys::of_text(&Secret::new(key)))
}

/// Why a signature does not hold; none where it does.
fn reason(verdict: &SignatureVerdict) -> Option<NotValid> {
    match verdict {
        SignatureVerdict::Valid { .. } => None,
        SignatureVerdict::Invalid(unproven) => Some(unproven.reason),
    }
}
