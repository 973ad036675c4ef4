//! The items of this system's keychain, and what it may answer, in the same words on every system.

#[cfg(not(target_os = "linux"))]
mod native;
#[cfg(target_os = "linux")]
mod secret_service;

#[cfg(not(target_os = "linux"))]
pub(super) use native::Keyring;
#[cfg(target_os = "linux")]
pub(super) use secret_service::Keyring;

use crate::error::{Error, ErrorCode};
use crate::secret::Secret;

/// The name that our items have in common.
const SERVICE: &str = "Keydesk";

fn text(bytes: Vec<u8>) -> Result<Secret, Error> {
    let foreign = |_| refused("it holds something under our name that is not ours");
    String::from_utf8(bytes).map(Secret::new).map_err(foreign)
}

fn absent(cause: &str) -> Error {
    Error::new(ErrorCode::KeychainAbsent, format!("No keychain was found ({}).", short(cause)))
}

pub(super) fn locked() -> Error {
    Error::new(ErrorCode::KeychainLocked, "The keychain is locked.")
}

fn refused(cause: &str) -> Error {
    Error::new(ErrorCode::KeychainFailed, format!("The keychain refused ({}).", short(cause)))
}

/// The cause is another program's text.
fn short(cause: &str) -> String {
    crate::redact::one_line(cause, 160)
}
