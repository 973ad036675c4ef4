//! What age encrypts: bytes to and from a file, and the secrets as JSON, by name.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::iter;

use age::x25519::Identity;
use age::{DecryptError, Decryptor, Encryptor};
use zeroize::Zeroizing;

use crate::secret::Secret;

/// Secrets by name.
pub(super) type Secrets = BTreeMap<String, Secret>;

/// The secrets, encrypted.
pub(super) fn seal(identity: &Identity, secrets: &Secrets) -> std::io::Result<Vec<u8>> {
    let object: BTreeMap<&str, &str> = secrets.iter().map(|(name, secret)| (name.as_str(), secret.expose())).collect();
    let text = Zeroizing::new(serde_json::to_vec(&object)?);
    let recipient = identity.to_public();
    let encryptor = Encryptor::with_recipients(iter::once(&recipient as _)).map_err(std::io::Error::other)?;
    write_all(encryptor, &text)
}

/// The secrets, decrypted; none where that is not what it holds.
pub(super) fn unseal(identity: &Identity, sealed: &[u8]) -> Option<Secrets> {
    let text = unseal_by(identity, sealed).ok()?;
    serde_json::from_slice(&text).ok()
}

/// Decrypts.
pub(super) fn unseal_by(identity: &dyn age::Identity, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, DecryptError> {
    let decryptor = Decryptor::new_buffered(sealed)?;
    let mut reader = decryptor.decrypt(iter::once(identity))?;
    // As long as it can get, so that it does not move and leave copies behind.
    let mut text = Zeroizing::new(Vec::with_capacity(sealed.len()));
    reader.read_to_end(&mut text)?;
    Ok(text)
}

/// Encrypts.
pub(super) fn write_all(encryptor: Encryptor, text: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = encryptor.wrap_output(Vec::new())?;
    writer.write_all(text)?;
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f12_what_is_sealed_comes_back_and_every_cut_and_every_flipped_bit_is_noticed() {
        let identity = Identity::generate();
        let secrets: Secrets = [("c".to_owned(), Secret::new("token-0123456789 \"ä"))].into();
        let sealed = seal(&identity, &secrets).unwrap();
        assert!(unseal(&identity, &sealed).unwrap()["c"].same_as("token-0123456789 \"ä"));
        assert!(!sealed.windows(5).any(|part| part == b"token"));
        for cut in 0..sealed.len() {
            assert!(unseal(&identity, &sealed[..cut]).is_none(), "cut after {cut} bytes");
        }
        for at in 0..sealed.len() {
            let mut flipped = sealed.clone();
            flipped[at] ^= 1;
            assert!(unseal(&identity, &flipped).is_none(), "a bit flipped at {at}");
        }
        assert!(unseal(&Identity::generate(), &sealed).is_none());
    }
}
