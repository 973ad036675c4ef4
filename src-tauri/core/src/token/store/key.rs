//! The key of the file: an age identity (X25519), which is kept encrypted with the passphrase. The passphrase is paid for once
//! in a process; what the identity encrypts costs next to nothing. Both files are those of the age program: `age --decrypt
//! --identity secrets-key.age secrets.age` reads them.

use std::iter;

use age::secrecy::{ExposeSecret, SecretString};
use age::x25519::Identity;
use age::{DecryptError, Encryptor, scrypt};
use zeroize::Zeroizing;

use super::sealed::{unseal_by, write_all};
use crate::error::{Error, Result};
use crate::secret::Secret;

/// The shortest passphrase that is taken for a new file, in characters.
const SHORTEST: usize = 8;
/// What one guess at the passphrase costs: scrypt with N = 2^17, r = 8, p = 1, as OWASP's password storage cheat sheet has it. That is
/// 128 MiB and 0.3 to 0.5 s, which every `keydesk token` pays too. Fixed, where age would measure this machine and take a
/// second: a file must not become cheap because it was made on a slow or busy one.
const WORK: u8 = 17;
/// The most that is paid for a file of other making: 1 GiB and some 4 s.
const MOST_WORK: u8 = 20;

/// Why a key was not opened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NotOpened {
    /// This passphrase does not open it. A file whose salt or wrapped key is damaged says the same.
    Wrong,
    /// It is no key file, or a damaged one.
    Damaged,
    /// It asks for more work than is paid for.
    TooMuchWork,
}

/// Whether a new file may have this passphrase.
pub(super) fn check(passphrase: &Secret, field: &str) -> Result<()> {
    if passphrase.expose().chars().count() < SHORTEST {
        return Err(Error::input(field, format!("At least {SHORTEST} characters.")));
    }
    Ok(())
}

/// The key, encrypted with the passphrase.
pub(super) fn encrypt(identity: &Identity, passphrase: &Secret) -> std::io::Result<Vec<u8>> {
    let mut recipient = scrypt::Recipient::new(words(passphrase));
    recipient.set_work_factor(WORK);
    let encryptor = Encryptor::with_recipients(iter::once(&recipient as _)).map_err(std::io::Error::other)?;
    // As age-keygen writes it.
    let text = identity.to_string();
    let lines = Zeroizing::new(format!("# public key: {}\n{}\n", identity.to_public(), text.expose_secret()));
    write_all(encryptor, lines.as_bytes())
}

/// The key, with the passphrase taken off.
pub(super) fn decrypt(encrypted: &[u8], passphrase: &Secret) -> std::result::Result<Identity, NotOpened> {
    let mut by = scrypt::Identity::new(words(passphrase));
    by.set_max_work_factor(MOST_WORK);
    let lines = match unseal_by(&by, encrypted) {
        Ok(lines) => lines,
        Err(DecryptError::DecryptionFailed) => return Err(NotOpened::Wrong),
        Err(DecryptError::ExcessiveWork { .. }) => return Err(NotOpened::TooMuchWork),
        Err(_) => return Err(NotOpened::Damaged),
    };
    let text = std::str::from_utf8(&lines).map_err(|_| NotOpened::Damaged)?;
    let key = text.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    key.and_then(|key| key.parse().ok()).ok_or(NotOpened::Damaged)
}

fn words(passphrase: &Secret) -> SecretString {
    SecretString::from(passphrase.expose().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_opens_with_its_passphrase_only_and_a_damaged_one_opens_with_none() {
        let (identity, passphrase) = (Identity::generate(), Secret::new("correct horse"));
        let encrypted = encrypt(&identity, &passphrase).unwrap();
        let public = |identity: &Identity| identity.to_public().to_string();
        assert_eq!(public(&decrypt(&encrypted, &passphrase).ok().unwrap()), public(&identity));
        assert_eq!(decrypt(&encrypted, &Secret::new("correct hors")).err(), Some(NotOpened::Wrong));
        assert!(String::from_utf8_lossy(&encrypted).contains(" 17\n"), "the work is in the file");
        for tenth in 0..10 {
            let cut = &encrypted[..encrypted.len() * tenth / 10];
            assert_eq!(decrypt(cut, &passphrase).err(), Some(NotOpened::Damaged), "cut at {tenth}0 %");
        }
        for at in (0..encrypted.len()).step_by(encrypted.len() / 16) {
            let mut flipped = encrypted.clone();
            flipped[at] ^= 1;
            assert!(decrypt(&flipped, &passphrase).is_err(), "a bit flipped at {at}");
        }
        // One that would take all memory.
        let at = encrypted.windows(4).position(|part| part == b" 17\n").unwrap();
        let mut greedy = encrypted.clone();
        greedy[at + 1] = b'4';
        assert_eq!(decrypt(&greedy, &passphrase).err(), Some(NotOpened::TooMuchWork));
    }
}
