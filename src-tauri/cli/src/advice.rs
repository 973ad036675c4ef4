//! What a person can do about an error, where the error does not say it.

use keydesk_core::ErrorCode;

/// A sentence for people.
pub fn of(code: ErrorCode) -> Option<&'static str> {
    Some(match code {
        ErrorCode::KeychainAbsent => {
            "Keydesk keeps tokens in the system keychain, and in no file unless you say so. On Linux that is a Secret Service \
             such as gnome-keyring or KWallet, on the session bus that DBUS_SESSION_BUS_ADDRESS names. Without one: \
             keydesk store file"
        }
        ErrorCode::KeychainLocked => "Unlock it, as by logging in to the desktop, and try again.",
        ErrorCode::KeychainSilent => "It may be asking for its password in a window. Try again once it is unlocked.",
        ErrorCode::PassphraseNeeded => {
            "Without a terminal to ask at, KEYDESK_PASSPHRASE_FILE names a file whose first line is the passphrase."
        }
        ErrorCode::PassphraseWrong => {
            "A passphrase that is lost cannot be found again: keydesk store keychain --leave, or move the two files \
             secrets-key.age and secrets.age away, and log in again."
        }
        ErrorCode::ConfirmNeeded => "--yes sends it.",
        ErrorCode::RenewalInDoubt => {
            "Renew with: keydesk token NAME --renew. Where that is refused, log in with: keydesk login NAME"
        }
        ErrorCode::LoginNeeded | ErrorCode::TokenRefused => "Log in with: keydesk login NAME",
        ErrorCode::TlsUntrusted => "If its certificate is your own, give its authority: keydesk connect … --ca FILE",
        _ => return None,
    })
}
