//! AES in CBC mode as presidio-anonymizer encrypts: a random start, PKCS #7 padding, both in URL-safe Base64.

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockCipher, BlockEncryptMut, KeyIvInit};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE;
use cbc::Encryptor;

/// Whether a key has one of AES's three sizes.
pub fn is_key(key: &[u8]) -> bool {
    [16, 24, 32].contains(&key.len())
}

/// Encrypts a text. `None` for a key of another size.
pub fn encrypt(key: &[u8], text: &str, start: [u8; 16]) -> Option<String> {
    let blocks = match key.len() {
        16 => with::<aes::Aes128>(key, text.as_bytes(), start),
        24 => with::<aes::Aes192>(key, text.as_bytes(), start),
        32 => with::<aes::Aes256>(key, text.as_bytes(), start),
        _ => None,
    }?;
    Some(URL_SAFE.encode([start.as_slice(), &blocks].concat()))
}

fn with<C>(key: &[u8], bytes: &[u8], start: [u8; 16]) -> Option<Vec<u8>>
where
    Encryptor<C>: KeyIvInit + BlockEncryptMut,
    C: BlockEncryptMut + BlockCipher,
{
    let cipher = Encryptor::<C>::new_from_slices(key, &start).ok()?;
    Some(cipher.encrypt_padded_vec_mut::<Pkcs7>(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NIST SP 800-38A, F.2.1, F.2.3 and F.2.5: the first block of each.
    #[test]
    fn the_blocks_are_those_of_the_standard() {
        let start: [u8; 16] = std::array::from_fn(|i| i as u8);
        for (key, block) in [
            ("2b7e151628aed2a6abf7158809cf4f3c", "7649abac8119b246cee98e9b12e9197d"),
            ("8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b", "4f021db243bc633d7178183a9fa071e8"),
            (
                "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                "f58c4c04d6e5f1ba779eabfb5f7bfbd6",
            ),
        ] {
            let key = hex::decode(key).unwrap();
            let plain = hex::decode("6bc1bee22e409f96e93d7e117393172a").unwrap();
            let blocks = match key.len() {
                16 => with::<aes::Aes128>(&key, &plain, start),
                24 => with::<aes::Aes192>(&key, &plain, start),
                _ => with::<aes::Aes256>(&key, &plain, start),
            };
            assert_eq!(hex::encode(&blocks.unwrap()[..16]), block);
        }
    }

    #[test]
    fn what_is_sent_begins_with_the_start_and_has_whole_blocks() {
        for size in [16, 24, 32] {
            let sent = encrypt(&vec![b'k'; size], "diabétique", [7; 16]).unwrap();
            let bytes = URL_SAFE.decode(sent).unwrap();
            assert_eq!((&bytes[..16], bytes.len()), (&[7; 16][..], 32));
        }
        assert!(encrypt(b"short", "a", [0; 16]).is_none());
    }
}
